// Calls between the functions of a group.
//
// before: product = find(product_id)
// after:  product = await find(db, product_id)
//
// A helper that gave a stored record back now gives a copy of it, so its callers must only read that.

#include "rules/store/exact/function_lowering.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::exact {

using facts::Container;

namespace {

bool makesPlainValue(const Node& call) {
    static constexpr Words kPlain = {"len", "int", "str", "float", "bool",       "sum",  "any",
                                     "all", "abs", "round", "isinstance", "hash", "repr"};
    return call.field("function").is("identifier") && kPlain.count(call.field("function").text()) > 0;
}

} // namespace

/// Whether an expression of a function of the group may give a stored record, or something that holds one.
bool FunctionLowering::mayBeRecord(const Function& function, const Node& value, int depth) const {
    static constexpr Words kPlain = {"integer", "float", "string", "true",         "false", "none",
                                     "comparison_operator", "not_operator", "concatenated_string"};
    static constexpr Words kParts = {"binary_operator", "boolean_operator", "unary_operator",
                                     "parenthesized_expression", "tuple", "list", "set", "dictionary",
                                     "pair", "expression_list"};
    if (kPlain.count(value.typeName())) return false;
    if (depth > 6) return true;
    if (kParts.count(value.typeName())) {
        for (const Node& part : value.namedChildren())
            if (mayBeRecord(function, part, depth + 1)) return true;
        return false;
    }
    if (value.is("conditional_expression"))
        return mayBeRecord(function, value.namedChild(0), depth + 1) || mayBeRecord(function, value.namedChild(2), depth + 1);
    if (value.is("call")) {
        const Function* called = shared_.calledBy(*shared_.moduleOf(function), value);
        return called ? mayReturnRecords(*called, depth + 1) : !makesPlainValue(value);
    }
    if (!value.is("identifier")) return true;
    for (const FoundStore* store : shared_.group.stores)
        for (const StoreReference& reference : store->references)
            if (reference.node == value) return store->fact.container != Container::Scalar;
    // A variable that is only ever given plain values.
    bool known = false, plain = true;
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        bool assigns = (node.is("assignment") || node.is("augmented_assignment") || node.is("named_expression")) &&
                       (node.field("left").text() == value.text() || node.field("name").text() == value.text());
        if (assigns) {
            Node right = node.is("named_expression") ? node.field("value") : node.field("right");
            known = true;
            plain = plain && right && !mayBeRecord(function, right, depth + 1);
        }
        bool loops = (node.is("for_statement") || node.is("for_in_clause")) && mentions(node.field("left"), std::string(value.text()));
        plain = plain && !loops;
        return plain;
    });
    return !known || !plain;
}

bool FunctionLowering::mayReturnRecords(const Function& function, int depth) const {
    bool may = false;
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (node.is("return_statement") && node.namedChildCount() > 0)
            may = may || mayBeRecord(function, node.namedChild(0), depth);
        return !may && !node.is("function_definition") && !node.is("lambda");
    });
    return may;
}

void FunctionLowering::lowerCalls() {
    syntax::walk(function_.node.field("body"), [&](const Node& node) {
        const Function* called = node.is("call") ? shared_.calledBy(module_, node) : nullptr;
        if (!called) return true;
        if (!awaitIsPossible(node)) fail("await-impossible");
        if (shared_.writes(*called)) {
            // `return add(...)`: no commit can come between, so that the helper makes it.
            if (!facts::statementOf(node).is("return_statement")) wrote(node);
        }
        bool isHandler = shared_.context.handlerOf(*called) != nullptr;
        Node arguments = node.field("arguments");
        if (!arguments.is("argument_list")) fail("generator-argument");
        Node already = node.parent().is("await") ? node.parent() : Node();
        // What comes back is a copy: a change of it would not reach the table.
        if (mayReturnRecords(*called, 0) && !readOnlyUse(already ? already : node, true, 0))
            return fail("returned-record-changed"), false;
        bool empty = arguments.namedChildren().empty();
        Node argumentsNode = arguments;
        std::string db = db_;
        shared_.claims.replace(module_, arguments, [argumentsNode, db, isHandler, empty](const ModuleRewrite& rewrite) {
            std::string inner;
            for (const Node& argument : argumentsNode.namedChildren())
                inner += (inner.empty() ? "" : ", ") + rewrite.render(argument);
            if (isHandler) return "(" + inner + (empty ? "" : ", ") + db + "=" + db + ")";
            return "(" + db + (empty ? "" : ", ") + inner + ")";
        });
        if (!already && !shared_.context.awaitedCalls.count(node.id())) {
            bool parens = awaited(node, "x")[0] == '(';
            shared_.claims.surround(module_, node, parens ? "(await " : "await ", parens ? ")" : "");
        }
        return true;
    });
}

} // namespace covet::rules::exact
