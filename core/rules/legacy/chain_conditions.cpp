#include "rules/legacy/chain_conditions.h"

#include "rules/legacy/text_values.h"
#include "rules/signature_edits.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::legacy {
namespace {

/// `scope["path"]`, `scope["method"].upper()`, `scope.get("path")`.
bool isScopePart(const Node& node) {
    std::string text;
    for (char c : node.text()) text += c == '\'' ? '"' : c;
    if (endsWith(text, ".upper()")) text.erase(text.size() - 8);
    for (const char* part : {"path", "method"}) {
        const std::string quoted = std::string("\"") + part + "\"";
        if (text == "scope[" + quoted + "]" || startsWith(text, "scope.get(" + quoted)) return true;
    }
    return false;
}

} // namespace

std::string ChainRoute::functionName() const {
    std::string name = method.empty() ? "answer" : toLower(method);
    std::vector<std::string> words;
    for (const std::string& part : split(path, '/')) {
        const std::string word = snakeCase(replaceAll(part, "-", "_"));
        if (!word.empty() && isPythonIdentifier("a" + word)) words.push_back(word);
    }
    if (words.empty()) return path == "/" ? name + "_root" : name + "_any";
    if (isPart) words.back() = singular(words.back());
    for (const std::string& word : words) name += "_" + word;
    return name;
}

ChainConditions::ChainConditions(const Function& function)
    : function_(function) {
    static constexpr Words kParameters = {"method", "path", "verb", "http_method", "request_method", "request_path", "url_path"};
    for (const Node& parameter : function.node.field("parameters").namedChildren())
        if (kParameters.count(parameterName(parameter))) names_.insert(parameterName(parameter));
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (node.is("function_definition")) return false;
        if (!node.is("assignment")) return true;
        const Node left = node.field("left"), right = node.field("right");
        if (left.is("identifier") && isScopePart(right)) names_.emplace(left.text());
        if (left.is("pattern_list") && right.is("expression_list") && left.namedChildCount() == right.namedChildCount())
            for (size_t i = 0; i < left.namedChildCount(); ++i)
                if (isScopePart(right.namedChild(i))) names_.emplace(left.namedChild(i).text());
        return true;
    });
}

bool ChainConditions::isPathOrMethod(const Node& node) const {
    return isScopePart(node) || (node.is("identifier") && names_.count(std::string(node.text())));
}

bool ChainConditions::isRouteCondition(const Node& node) const {
    if (node.is("parenthesized_expression")) return isRouteCondition(node.namedChildren()[0]);
    if (node.is("not_operator")) return isRouteCondition(node.field("argument"));
    if (node.is("boolean_operator")) return isRouteCondition(node.field("left")) && isRouteCondition(node.field("right"));
    if (node.is("comparison_operator")) {
        if (node.children().size() != 3) return false;
        const Node left = node.children()[0], right = node.children()[2];
        const auto literal = [](const Node& side) { return side.is("string") || side.is("tuple") || side.is("list") || side.is("set"); };
        return (isPathOrMethod(left) && literal(right)) || (left.is("string") && isPathOrMethod(right));
    }
    if (!node.is("call") || !node.field("function").is("attribute")) return false;
    const std::string_view name = node.field("function").field("attribute").text();
    const Node arguments = node.field("arguments");
    return (name == "startswith" || name == "endswith") && isPathOrMethod(node.field("function").field("object")) &&
           arguments.namedChildCount() == 1 && arguments.namedChild(0).is("string");
}

bool ChainConditions::isRouteIf(const Node& statement) const {
    if (!statement.is("if_statement") || !isRouteCondition(statement.field("condition"))) return false;
    for (const Node& clause : statement.fields("alternative"))
        if (clause.is("elif_clause") && !isRouteCondition(clause.field("condition"))) return false;
    return true;
}

bool ChainConditions::any() const {
    bool found = false;
    syntax::walk(function_.node.field("body"), [&](const Node& node) {
        found = found || isRouteIf(node);
        return !found && !node.is("function_definition");
    });
    return found;
}

ChainRoute ChainConditions::narrowed(ChainRoute route, const Node& condition) const {
    if (condition.is("parenthesized_expression")) return narrowed(route, condition.namedChildren()[0]);
    if (condition.is("boolean_operator") && condition.field("operator").text() == "and")
        return narrowed(narrowed(route, condition.field("left")), condition.field("right"));
    std::string text;
    if (condition.is("comparison_operator") && condition.children()[1].text() == "==") {
        for (const Node& side : {condition.children()[0], condition.children()[2]}) {
            if (!side.is("string") || !literalText(std::string(side.text()), text)) continue;
            if (isMethod(text)) {
                route.method = text;
            } else {
                route.path = text;
                route.isPart = false;
            }
        }
    } else if (condition.is("call") && literalText(std::string(condition.field("arguments").namedChild(0).text()), text)) {
        route.path = text;
        route.isPart = true;
    }
    return route;
}

} // namespace covet::rules::legacy
