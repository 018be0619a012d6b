#include "syntax/evaluator/interpreter.h"
#include "syntax/evaluator/literals.h"

namespace covet::syntax::eval {

namespace {

bool isSubset(const Box& part, Box& whole) {
    for (const Box::Entry& entry : part.entries)
        if (!entry.dead && !whole.lookup(entry.key)) return false;
    return true;
}

/// `< <= > >=` of sets.
std::optional<bool> comparedSets(std::string_view op, Box& left, Box& right) {
    if (!left.taint.empty() || !right.taint.empty()) return std::nullopt;
    const bool less = op[0] == '<';
    const bool strict = op.size() == 1;
    const bool inside = less ? isSubset(left, right) : isSubset(right, left);
    return inside && (!strict || left.live != right.live);
}

} // namespace

Ref Interpreter::evaluateComparison(const Node& node, Frame& frame) {
    std::vector<Ref> operands;
    std::vector<std::string> operators;
    for (const Node& child : node.children()) {
        if (child.is("comment")) continue;
        if (child.isNamed()) {
            operands.push_back(evaluate(child, frame));
            if (failed()) return {};
        } else if (!operators.empty() && operators.size() == operands.size()) {
            operators.back() += " " + std::string(child.text()); // older grammars split "not in"
        } else {
            operators.emplace_back(child.text());
        }
    }
    if (operators.size() + 1 != operands.size()) return opaque(node);
    for (size_t i = 0; i < operators.size(); ++i) {
        const Ref& left = operands[i];
        const Ref& right = operands[i + 1];
        const std::string& op = operators[i];
        std::optional<bool> result;
        if (op == "==" || op == "!=") {
            result = equal(left, right);
            if (result && op == "!=") result = !*result;
        } else if (op == "is" || op == "is not") {
            if (left.isNone() || right.isNone()) {
                if (!isOpaque(left) && !isOpaque(right)) result = left.isNone() && right.isNone();
            } else if (left.box && right.box && !isOpaque(left) && !isOpaque(right)) {
                result = left.box == right.box || (left.box->kind == Box::Kind::External &&
                                                   equal(left, right).value_or(false));
            } else if (!left.box && !right.box && left.value.kind() == Value::Kind::Bool) {
                result = left.value.identical(right.value);
            }
            if (result && op == "is not") result = !*result;
        } else if (op == "in" || op.substr(0, 3) == "not") {
            result = contains(right, left);
            if (result && op != "in") result = !*result;
        } else if (left.box && right.box && left.box->kind == Box::Kind::Set &&
                   right.box->kind == Box::Kind::Set) {
            result = comparedSets(op, *left.box, *right.box);
        } else if (const auto compared = order(left, right)) {
            result = op == "<"    ? *compared < 0
                     : op == "<=" ? *compared <= 0
                     : op == ">"  ? *compared > 0
                                  : *compared >= 0;
        }
        if (!result) return opaque(node);
        if (!*result) return Value::boolean(false);
    }
    return Value::boolean(true);
}

std::optional<bool> Interpreter::contains(const Ref& container, const Ref& needle) {
    if (isOpaque(needle) && !needle.box->isUnique) return std::nullopt;
    if (!container.box) {
        if (!container.isStr() || !needle.isStr()) return std::nullopt;
        return container.value.text().find(needle.value.text()) != std::string::npos;
    }
    touch(container);
    Box& box = *container.box;
    if (!box.taint.empty()) return std::nullopt;
    if (box.kind == Box::Kind::Dict || box.kind == Box::Kind::Set) {
        if (box.lookup(needle)) return true;
        for (const Box::Entry& entry : box.entries)
            if (!entry.dead && isOpaque(entry.key) && !entry.key.box->isUnique) return std::nullopt;
        return false;
    }
    std::vector<Ref> items;
    if (!iterate(container, items, true)) return std::nullopt;
    bool unknown = false;
    for (const Ref& item : items) {
        const auto same = equal(item, needle);
        if (same == true) return true;
        if (!same) unknown = true;
    }
    if (unknown) return std::nullopt;
    return false;
}

} // namespace covet::syntax::eval
