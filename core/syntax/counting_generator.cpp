#include "syntax/counting_generator.h"

#include <cstdlib>
#include <vector>

namespace covet::syntax {
namespace {

std::optional<int64_t> wholeNumber(const Node& node) {
    if (!node.is("integer") || node.text().size() > 15) return std::nullopt;
    const std::string text(node.text());
    char* end = nullptr;
    const long long value = std::strtoll(text.c_str(), &end, 10);
    return *end == '\0' ? std::optional<int64_t>(value) : std::nullopt;
}

bool isForEver(const Node& loop) {
    return loop.is("while_statement") && (loop.field("condition").is("true") || loop.field("condition").text() == "1");
}

std::vector<Node> statementsOf(const Node& block) {
    std::vector<Node> statements;
    for (const Node& statement : block.namedChildren())
        if (!statement.is("comment") && !(statement.is("expression_statement") && statement.namedChild(0).is("string")))
            statements.push_back(statement);
    return statements;
}

} // namespace

std::optional<CountingGenerator> countingGenerator(const Node& function) {
    if (function.field("parameters").namedChildCount() > 0) return std::nullopt;
    const std::vector<Node> body = statementsOf(function.field("body"));
    if (body.size() != 2 || !isForEver(body[1])) return std::nullopt;
    const Node first = body[0].is("expression_statement") ? body[0].namedChild(0) : Node();
    const auto start = first.is("assignment") ? wholeNumber(first.field("right")) : std::nullopt;
    const std::vector<Node> loop = statementsOf(body[1].field("body"));
    if (!start || !first.field("left").is("identifier") || loop.size() != 2) return std::nullopt;
    const std::string_view name = first.field("left").text();
    CountingGenerator counter{*start, 0};
    bool yields = false;
    for (const Node& statement : loop) {
        const Node code = statement.is("expression_statement") ? statement.namedChild(0) : Node();
        if (code.is("yield") && code.namedChild(0).text() == name) {
            yields = true;
            // `i += 1` in front of the first `yield i`.
            counter.start += counter.step;
        } else if (code.is("augmented_assignment") && code.field("left").text() == name && code.field("operator").text() == "+=") {
            counter.step = wholeNumber(code.field("right")).value_or(0);
        } else {
            return std::nullopt;
        }
    }
    return yields && counter.step > 0 ? std::optional(counter) : std::nullopt;
}

bool yieldsForEver(const Node& function) {
    bool forEver = false;
    walk(function.field("body"), [&](const Node& node) {
        if (node.is("function_definition") || node.is("lambda")) return false;
        if (!isForEver(node)) return !forEver;
        bool yields = false, leaves = false;
        walk(node, [&](const Node& inner) {
            yields = yields || inner.is("yield");
            leaves = leaves || inner.is("break_statement") || inner.is("return_statement") || inner.is("raise_statement");
            return true;
        });
        forEver = forEver || (yields && !leaves);
        return !forEver;
    });
    return forEver;
}

} // namespace covet::syntax
