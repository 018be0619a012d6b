#include "rules/legacy/branch_flow.h"

namespace covet::rules::legacy {

Names identifiersIn(const Node& node) {
    Names names;
    syntax::walk(node, [&](const Node& inner) {
        if (!inner.is("identifier")) return true;
        const Node parent = inner.parent();
        if (parent.is("attribute") && parent.field("attribute") == inner) return true;
        if (parent.is("keyword_argument") && parent.field("name") == inner) return true;
        names.emplace(inner.text());
        return true;
    });
    return names;
}

std::string compactText(const Node& node) {
    std::string out;
    for (char c : node.text())
        if (c != ' ' && c != '\n') out += c;
    return out;
}

Names assignedIn(const Node& statement) {
    Names names;
    auto target = [&](const Node& node) {
        for (const std::string& name : identifiersIn(node))
            if (!node.is("attribute") && !node.is("subscript")) names.insert(name);
    };
    syntax::walk(statement, [&](const Node& node) {
        if (node.is("assignment") || node.is("augmented_assignment") || node.is("for_statement")) target(node.field("left"));
        if (node.is("named_expression")) names.emplace(node.field("name").text());
        if (node.is("as_pattern_target")) target(node);
        return !node.is("function_definition") && !node.is("lambda");
    });
    return names;
}

bool ends(const Nodes& list, const ChainAnswers& answers) {
    Nodes statements;
    for (const Node& node : list)
        if (!node.is("comment")) statements.push_back(node);
    if (statements.empty()) return false;
    const Node last = statements.back();
    if (last.is("return_statement") || last.is("raise_statement") || answers.callOf(last)) return true;
    if (last.is("if_statement")) {
        bool otherwise = false, all = ends(last.field("consequence").namedChildren(), answers);
        for (const Node& clause : last.fields("alternative")) {
            otherwise = otherwise || clause.is("else_clause");
            all = all && ends(clause.field(clause.is("else_clause") ? syntax::NodeField("body") : syntax::NodeField("consequence")).namedChildren(), answers);
        }
        return all && otherwise;
    }
    if (last.is("try_statement")) {
        bool all = ends(last.field("body").namedChildren(), answers);
        for (const Node& clause : last.namedChildren())
            if (clause.is("except_clause")) all = all && ends(clause.namedChildren().back().namedChildren(), answers);
            else if (clause.is("finally_clause")) return false;
        return all;
    }
    return false;
}

bool assignsAll(const Nodes& list, Names names) {
    for (const Node& statement : list) {
        if (statement.is("expression_statement") || statement.is("for_statement"))
            for (const std::string& name : statement.is("for_statement") ? Names{} : assignedIn(statement)) names.erase(name);
        if (statement.is("if_statement")) {
            bool otherwise = false, all = assignsAll(statement.field("consequence").namedChildren(), names);
            for (const Node& clause : statement.fields("alternative")) {
                otherwise = otherwise || clause.is("else_clause");
                all = all && assignsAll(clause.field(clause.is("else_clause") ? syntax::NodeField("body") : syntax::NodeField("consequence")).namedChildren(), names);
            }
            if (all && otherwise) return true;
        }
    }
    return names.empty();
}

} // namespace covet::rules::legacy
