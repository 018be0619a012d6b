// Whether an expression can no longer raise where it stands, because it has been evaluated or checked.
//
// before: if "owner" not in data: return ..., 400        rows = [p for p in xs if p["owner"] == data["owner"]]
// The comparison may become a query: what it asks for is there whether or not the table has rows.

#include "facts/reference_context.h"
#include "rules/store/exact/function_lowering.h"
#include "support/strings.h"
#include "syntax/flow.h"

namespace covet::rules::exact {
namespace {

/// Whether running the code evaluates the expression for sure.
bool evaluates(const Node& code, std::string_view expression) {
    bool found = false;
    syntax::walk(code, [&](const Node& node) {
        if (node.is("lambda") || node.is("list_comprehension") || node.is("generator_expression") ||
            node.is("dictionary_comprehension") || node.is("set_comprehension") || node.is("conditional_expression"))
            return false;
        if (node.is("boolean_operator")) {
            found = found || evaluates(node.field("left"), expression);
            return false;
        }
        found = found || node.text() == expression;
        return !found;
    });
    return found;
}

/// `"key" not in data` as one of the tests that lead out of the function.
bool excludesMissing(std::string_view condition, const std::string& test) {
    std::string text(condition);
    for (char& c : text) c = c == '\'' ? '"' : c;
    for (size_t at = text.find(test); at != std::string::npos; at = text.find(test, at + 1)) {
        const std::string before(trim(text.substr(0, at))), after(trim(text.substr(at + test.size())));
        const bool open = before.empty() || endsWith(before, " or") || before == "(";
        if (open && (after.empty() || startsWith(after, "or ") || after == ")")) return true;
    }
    return false;
}

} // namespace

bool FunctionLowering::isEvaluatedBefore(const Node& expression) const {
    std::string missing, key;
    if (expression.is("subscript") && constantText(expression.field("subscript"), key))
        missing = "\"" + key + "\" not in " + std::string(expression.field("value").text());
    Node child = facts::statementOf(expression);
    for (Node parent = child.parent(); parent && !parent.is("function_definition"); child = parent, parent = parent.parent()) {
        if (!parent.is("block")) continue;
        for (Node before = child.previousNamedSibling(); before; before = before.previousNamedSibling()) {
            const bool isIf = before.is("if_statement");
            if ((before.is("expression_statement") || isIf) &&
                evaluates(isIf ? before.field("condition") : before, expression.text()))
                return true;
            if (isIf && !missing.empty() && syntax::leavesFunction(before.field("consequence")) &&
                excludesMissing(before.field("condition").text(), missing))
                return true;
        }
    }
    return false;
}

} // namespace covet::rules::exact
