// Before:  elif path == "/users": users.append(...); await send_json(send, 201, user)
// After:   elif path == "/users": status, data = await post_users(data); await send_json(send, status, data); return
// Safe: a branch is moved only with everything that it reads as a parameter, and only when each of its
// ways ends in one answer. The frontend works on the result; it is never written as it is.
#include "rules/legacy/branch_functions.h"

#include <algorithm>
#include <map>

#include "rules/legacy/asgi_callables.h"
#include "rules/legacy/branch_flow.h"
#include "rules/legacy/branch_text.h"
#include "rules/legacy/chain_conditions.h"
#include "rules/legacy/registration.h"
#include "rules/signature_edits.h"
#include "support/strings.h"

namespace covet::rules::legacy {
namespace {

class Chain {
public:
    Chain(const Project& project, const Module& module, const Function& function, const std::string& send, BranchText& text)
        : project_(project)
        , module_(module)
        , function_(function)
        , conditions_(function)
        , answers_(project, module, function, send)
        , text_(text)
        , isCallable_(!send.empty()) {}

    /// False when something cannot be moved; `text` is of no use then.
    bool run() {
        if (!conditions_.any()) return true;
        if (!answers_.understood()) return false;
        Names bound;
        for (const Node& parameter : function_.node.field("parameters").namedChildren()) bound.insert(parameterName(parameter));
        return process(function_.node.field("body").namedChildren(), {}, bound, {}, {});
    }

private:
    bool process(const Nodes& list, const Nodes& carried, Names bound, const ChainRoute& route, const Names& tail) {
        Nodes own;
        for (size_t i = 0; i < list.size(); ++i) {
            const Node& statement = list[i];
            const bool started = !carried.empty() || !own.empty();
            if (statement.is("comment")) {
                if (!own.empty()) own.push_back(statement);
                continue;
            }
            const bool last = i + 1 == list.size();
            const bool splits = conditions_.isRouteIf(statement);
            if (splits && (!started || (last && hasElse(statement)))) {
                Names after = tail;
                for (size_t k = i + 1; k < list.size(); ++k)
                    if (!conditions_.isRouteIf(list[k])) after.merge(identifiersIn(list[k]));
                Nodes carry = carried;
                carry.insert(carry.end(), own.begin(), own.end());
                if (!branches(statement, carry, bound, route, after)) return false;
                if (started) {
                    if (!own.empty()) text_.edit(own[0].start(), statement.start(), "");
                    return true;
                }
                continue;
            }
            if (!started && isKept(statement)) {
                bound.merge(assignedIn(statement));
                continue;
            }
            if (!started && statement.is("try_statement") && containsRouteIf(statement.field("body"))) {
                if (!process(statement.field("body").namedChildren(), {}, bound, route, tail)) return false;
                continue;
            }
            // The answer for all that no branch took stays where it is.
            if (!started && !route.known()) return true;
            own.push_back(statement);
        }
        return own.empty() || leaf(carried, own, bound, route, tail);
    }

    bool branches(const Node& statement, const Nodes& carry, const Names& bound, const ChainRoute& route, const Names& tail) {
        if (!process(statement.field("consequence").namedChildren(), carry, bound, conditions_.narrowed(route, statement.field("condition")), tail))
            return false;
        for (const Node& clause : statement.fields("alternative")) {
            const bool otherwise = clause.is("else_clause");
            ChainRoute inner = otherwise ? route : conditions_.narrowed(route, clause.field("condition"));
            // The last branch answers for all other paths: an answer of the dispatcher itself.
            const Nodes body = clause.field(otherwise ? syntax::NodeField("body") : syntax::NodeField("consequence")).namedChildren();
            if (otherwise && carry.empty() && !route.known()) continue;
            if (!process(body, carry, bound, inner, tail)) return false;
        }
        return true;
    }

    static bool hasElse(const Node& statement) {
        for (const Node& clause : statement.fields("alternative"))
            if (clause.is("else_clause")) return true;
        return false;
    }

    bool containsRouteIf(const Node& block) const {
        bool found = false;
        for (const Node& statement : block.namedChildren()) found = found || conditions_.isRouteIf(statement);
        return found;
    }

    /// Statements that take the request apart and nothing else.
    bool isKept(const Node& statement) const {
        if (statement.is("function_definition") || statement.is("global_statement") || statement.is("nonlocal_statement") ||
            statement.is("import_statement") || statement.is("import_from_statement") || statement.is("assert_statement"))
            return true;
        if (statement.is("if_statement") && statement.field("condition").text().find("\"type\"") != std::string_view::npos) return true;
        if (statement.is("while_statement") || statement.is("for_statement")) return identifiersIn(statement).count("receive") > 0;
        if (statement.is("if_statement")) {
            bool all = readsRequest(statement.field("condition"));
            for (const Node& inner : statement.field("consequence").namedChildren()) all = all && isKept(inner);
            for (const Node& clause : statement.fields("alternative")) {
                if (!clause.is("else_clause")) all = all && readsRequest(clause.field("condition"));
                for (const Node& inner : clause.field(clause.is("else_clause") ? syntax::NodeField("body") : syntax::NodeField("consequence")).namedChildren()) all = all && isKept(inner);
            }
            return all;
        }
        if (!statement.is("expression_statement")) return false;
        const Node inner = statement.namedChild(0);
        if (inner.is("string")) return true;
        const Node left = inner.field("left");
        if (!inner.is("assignment") && !inner.is("augmented_assignment")) return startsWith(std::string(inner.text()), "print(") || startsWith(std::string(inner.text()), "logg");
        return (left.is("identifier") || left.is("pattern_list")) && inner.field("right") && readsRequest(inner.field("right"));
    }

    /// Whether an expression reads nothing of the program: names of the dispatcher, of libraries, and
    /// functions that are given the messages.
    bool readsRequest(const Node& expression) const {
        bool only = true;
        syntax::walk(expression, [&](const Node& node) {
            if (!node.is("identifier") || !only) return only;
            const semantic::Symbol& symbol = project_.resolve(module_, node);
            const Node call = node.parent();
            if (symbol.kind == semantic::Symbol::Kind::Function || symbol.kind == semantic::Symbol::Kind::Class)
                only = call.is("call") && (identifiersIn(call.field("arguments")).count("receive") || identifiersIn(call.field("arguments")).count("scope"));
            else if (symbol.kind == semantic::Symbol::Kind::Variable || symbol.kind == semantic::Symbol::Kind::Module)
                only = false;
            return only;
        });
        return only;
    }

    bool isConstant(const Nodes& list, const Names& bound) const {
        for (const Node& statement : list) {
            if (statement.is("comment")) continue;
            const Node call = answers_.callOf(statement);
            if (call) {
                for (const Node& value : answers_.valueNodes(call))
                    for (const std::string& name : identifiersIn(value)) if (!bound.count(name)) return false;
                continue;
            }
            if (statement.is("return_statement")) {
                for (const std::string& name : identifiersIn(statement)) if (!bound.count(name)) return false;
                continue;
            }
            const Node inner = statement.is("expression_statement") ? statement.namedChild(0) : Node{};
            if (!inner.is("assignment")) return false;
            for (const std::string& name : identifiersIn(inner.field("right"))) if (!bound.count(name)) return false;
        }
        return true;
    }

    // -- one branch ------------------------------------------------------------------------------

    bool leaf(const Nodes& carried, const Nodes& own, const Names& bound, const ChainRoute& route, const Names& tail) {
        if (carried.empty() && isConstant(own, bound)) return true;
        Nodes all = carried;
        all.insert(all.end(), own.begin(), own.end());
        MovedBranch moved;
        moved.statements = all;
        moved.line = own[0].line();
        std::vector<std::string> outputs;
        bool sends = false, returns = false;
        for (const Node& statement : all)
            syntax::walk(statement, [&](const Node& node) {
                if (node.is("function_definition") || node.is("lambda")) return false;
                sends = sends || answers_.callOf(node);
                returns = returns || (node.is("return_statement") && node.namedChildCount() > 0 && !answers_.callOf(node));
                return true;
            });
        if (sends) {
            if (returns || !ends(all, answers_)) return false;
            for (const Node& statement : all)
                if (!replaceAnswers(statement, moved)) return false;
        } else if (isCallable_) {
            if (returns || !joins(all, tail, outputs)) return false;
        } else if (!returns || !ends(all, answers_)) {
            return false;
        }
        std::vector<std::string> parameters, arguments;
        if (!freeNames(all, bound, moved, parameters, arguments)) return false;
        moved.isAsync = isCallable_ || function_.isAsync;
        moved.name = text_.freeName(route.functionName());
        moved.parameters = join(parameters, ", ");
        moved.last = outputs.empty() ? "" : "return " + join(outputs, ", ");
        // `data, status = books, 200` alone.
        const Node only = all.size() == 1 && all[0].is("expression_statement") ? all[0].namedChild(0) : Node{};
        if (!outputs.empty() && only.is("assignment") && compactText(only.field("left")) == join(outputs, ",")) {
            moved.edits.push_back({only.start(), only.field("right").start(), "return "});
            moved.last.clear();
        }
        const std::string call = std::string(moved.isAsync ? "await " : "") + moved.name + "(" + join(arguments, ", ") + ")";
        std::vector<std::string> lines;
        if (sends) {
            std::vector<std::string> values;
            for (size_t i = 0; i < answers_.outputs().size(); ++i) values.push_back("answer_" + std::to_string(i));
            lines = {join(values, ", ") + " = " + call, answers_.answer(values), "return"};
        } else if (isCallable_) {
            lines = {join(outputs, ", ") + " = " + call};
        } else {
            lines = {"return " + call};
        }
        text_.add(moved);
        text_.edit(own[0].start(), own.back().end(), join(lines, "\n" + text_.indentOf(own[0])));
        return true;
    }

    /// `await send_json(send, 404, data)` and the `return` behind it become `return 404, data`.
    bool replaceAnswers(const Node& statement, MovedBranch& moved) const {
        bool good = true;
        syntax::walk(statement, [&](const Node& node) {
            if (!good || node.is("function_definition") || node.is("lambda")) return false;
            const Node call = answers_.callOf(node);
            if (!call) {
                if (node.is("return_statement") && node.namedChildCount() == 0 && !moved.isReplaced(node)) good = false;
                return good;
            }
            Node next = node.nextNamedSibling();
            while (next.is("comment")) next = next.nextNamedSibling();
            const bool returns = next.is("return_statement") && next.namedChildCount() == 0;
            for (Node loop = node.parent(); !returns && !node.is("return_statement") && loop && !(loop == function_.node); loop = loop.parent())
                if (loop.is("for_statement") || loop.is("while_statement") || loop.is("with_statement") || loop.is("try_statement")) good = false;
            if (!returns && !next.isNull() && !node.is("return_statement")) good = false;
            for (const Node& value : answers_.valueNodes(call)) {
                const Names names = identifiersIn(value);
                good = good && !names.count("receive") && !names.count("scope");
            }
            moved.edits.push_back({node.start(), node.end(), "return " + join(answers_.valuesOf(call), ", ")});
            if (returns) moved.edits.push_back({node.end(), next.end(), ""});
            return false;
        });
        // Nothing may run behind an answer that does not return.
        return good;
    }

    /// The variables that the end of the dispatcher sends.
    bool joins(const Nodes& all, const Names& tail, std::vector<std::string>& outputs) const {
        Names wanted;
        for (const Node& statement : all)
            for (const std::string& name : assignedIn(statement))
                if (tail.count(name)) wanted.insert(name);
        if (wanted.empty() || wanted.size() > 2 || !assignsAll(all, wanted)) return false;
        for (const Node& statement : all)
            syntax::walk(statement, [&](const Node& node) {
                if (node.is("assignment") && node.field("left").is("pattern_list") && outputs.empty())
                    for (const Node& target : node.field("left").namedChildren())
                        if (wanted.count(std::string(target.text()))) outputs.emplace_back(target.text());
                return true;
            });
        if (outputs.size() != wanted.size()) outputs.assign(wanted.begin(), wanted.end());
        return true;
    }

    /// What a branch reads of the dispatcher becomes its parameters.
    bool freeNames(const Nodes& all, const Names& bound, MovedBranch& moved, std::vector<std::string>& parameters,
                   std::vector<std::string>& arguments) const {
        Names assigned, taken;
        bool good = true;
        auto parameter = [&](const std::string& name, const std::string& argument) {
            if (taken.insert(name).second) {
                parameters.push_back(name);
                arguments.push_back(argument);
            }
        };
        for (const Node& statement : all) {
            syntax::walk(statement, [&](const Node& node) {
                if (!good || moved.isReplaced(node)) {
                    if (Node call = answers_.callOf(node); good && call)
                        for (const Node& value : answers_.valueNodes(call))
                            for (const std::string& name : identifiersIn(value))
                                if (bound.count(name) && !assigned.count(name)) parameter(name, name);
                    return false;
                }
                // `await read_body(receive)` is done by the dispatcher.
                if (node.is("await") && identifiersIn(node).count("receive")) {
                    std::string name = "body";
                    while (bound.count(name) || function_.locals.count(name)) name += "_";
                    good = good && taken.insert(name).second;
                    parameters.push_back(name);
                    arguments.emplace_back(node.text());
                    moved.edits.push_back({node.start(), node.end(), name});
                    return false;
                }
                if (node.is("subscript") && node.field("value").text() == "scope") {
                    std::string key;
                    good = good && literalText(std::string(node.field("subscript").text()), key) && isPythonIdentifier(key);
                    std::string name = key;
                    while (bound.count(name)) name += "_";
                    parameter(name, std::string(node.text()));
                    moved.edits.push_back({node.start(), node.end(), name});
                    return false;
                }
                if (!node.is("identifier")) return true;
                const Node parent = node.parent();
                if ((parent.is("attribute") && parent.field("attribute") == node) || (parent.is("keyword_argument") && parent.field("name") == node))
                    return true;
                const std::string name(node.text());
                if (name == "receive" || name == "send" || name == "scope" || name == "self") good = false;
                const bool isTarget = (parent.is("assignment") && parent.field("left") == node) || parent.is("pattern_list");
                if (isTarget || assigned.count(name)) return true;
                if (function_.globals.count(name)) moved.globals.insert(name);
                else if (bound.count(name)) parameter(name, name);
                return true;
            });
            assigned.merge(assignedIn(statement));
        }
        for (const std::string& name : assigned)
            if (function_.globals.count(name)) moved.globals.insert(name);
        return good;
    }

    const Project& project_;
    const Module& module_;
    const Function& function_;
    const ChainConditions conditions_;
    const ChainAnswers answers_;
    BranchText& text_;
    bool isCallable_;
};

} // namespace

std::optional<Restructured> restructureBranches(const Project& project, const Module& module) {
    BranchText text(module);
    for (const Function& function : module.functions) {
        if (!isAsgiCallable(function) || isMiddleware(function)) continue;
        std::vector<std::string> names;
        for (const Node& parameter : function.node.field("parameters").namedChildren()) names.push_back(parameterName(parameter));
        text.moveBefore(function.decorated);
        if (!Chain(project, module, function, names.back(), text).run()) return std::nullopt;
        // A function that the callable asks for the answer.
        std::set<const Function*> asked;
        syntax::walk(function.node.field("body"), [&](const Node& node) {
            if (!node.is("call")) return true;
            const Module* home = nullptr;
            const Function* callee = namedFunction(project, module, node.field("function"), &home);
            if (callee && home == &module && !callee->isNested && callee != &function && callee->className.empty()) asked.insert(callee);
            return true;
        });
        for (const Function* callee : asked) {
            text.moveBefore(callee->decorated);
            if (!Chain(project, module, *callee, "", text).run()) return std::nullopt;
        }
    }
    if (text.empty()) return std::nullopt;
    return text.apply();
}

} // namespace covet::rules::legacy
