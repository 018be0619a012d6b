// Where the transaction of a handler ends.
//
// One commit after its last write. Memory kept what a handler had written before it raised, so where
// code that may raise stands between two writes, the first one is committed before it. No other
// request may come in between what belongs together, though: a handler that goes on with stores
// after such a commit, or that calls handlers which write, ends its transaction in @one_transaction.

#include <algorithm>
#include <cstdint>

#include "rules/store/exact/function_lowering.h"
#include "support/words.h"

namespace covet::rules::exact {

/// Whether evaluating the code may end in an exception: anything but names, constants, what is made of
/// them, and fields of rows.
bool FunctionLowering::canRaise(const Node& node) {
    bool raises = false;
    syntax::walk(node, [&](const Node& part) {
        std::string text;
        if (part.is("subscript") && variables_.count(std::string(part.field("value").text())) &&
            constantText(part.field("subscript"), text))
            return false; // a field of a row
        if (part.is("comparison_operator")) {
            for (const Node& op : part.children())
                if (!op.isNamed() && op.text() != "==" && op.text() != "!=" && op.text() != "is" && op.text() != "is not")
                    raises = true;
            return !raises;
        }
        if (part.is("binary_operator") && scalars_.count(std::string(part.field("left").text())) &&
            part.field("right").is("integer"))
            return false; // arithmetic with a counter
        if (part.is("augmented_assignment")) { // counting
            raises = raises || !part.field("left").is("identifier") || !part.field("right").is("integer");
            return false;
        }
        static constexpr Words kHarmless = {
            "expression_statement", "assignment", "identifier", "integer", "float", "string", "string_start",
            "string_content", "string_end", "true", "false", "none", "dictionary", "pair", "list", "tuple",
            "expression_list", "parenthesized_expression", "not_operator", "boolean_operator", "pass_statement",
            "comment", "return_statement", "block", "if_statement", "else_clause", "global_statement", "conditional_expression"};
        if (part.isNamed() && !kHarmless.count(part.typeName())) raises = true;
        return !raises;
    });
    return raises;
}

/// Whether a look-up has become the variable that a guard before it filled.
bool FunctionLowering::isRowByNow(const Node& reference) const {
    const Node statement = facts::statementOf(reference);
    for (Node at = reference; at && !(at == statement); at = at.parent())
        if (fused_.count(at.id()) || names_.count(at.id())) return true;
    return false;
}

/// Whether code that may run after a statement looks at stores again, itself or in another function.
bool FunctionLowering::usesStoresAfter(const Node& statement) const {
    auto uses = [&](const Node& code) {
        for (const StoreReference* reference : references_) {
            if (!code.contains(reference->node) || reference->node.parent().is("global_statement")) continue;
            const FoundStore& store = *shared_.storeOf(*reference);
            // A single variable is a local one by now.
            if (store.fact.container == facts::Container::Scalar && !store.isCounterObject) continue;
            if (!isRowByNow(reference->node)) return true;
        }
        bool calls = false;
        syntax::walk(code, [&](const Node& node) {
            calls = calls || (node.is("call") && shared_.calledBy(module_, node));
            return !calls;
        });
        return calls;
    };
    for (Node at = statement; !(at == function_.node); at = at.parent()) {
        const Node parent = at.parent();
        if ((parent.is("for_statement") || parent.is("while_statement")) && at == parent.field("body") && uses(parent)) return true;
        if (!parent.is("block")) continue;
        for (Node next = at.nextNamedSibling(); !next.isNull(); next = next.nextNamedSibling()) {
            if (uses(next)) return true;
            if (next.is("return_statement") || next.is("raise_statement")) return false;
        }
    }
    return false;
}

void FunctionLowering::endInOneTransaction() {
    const Handler* handler = shared_.context.handlerOf(function_);
    const std::string decorator = "@" + shared_.name(module_, "one_transaction") + "\n";
    const Node below = handler->routeDecorators.empty() ? function_.node : belowRoutes(*handler);
    ModuleRewrite& rewrite = shared_.context.rewrite(module_);
    shared_.claims.then([&rewrite, below, decorator] { rewrite.wrap(below, decorator + rewrite.indentOf(below), ""); });
}

void FunctionLowering::placeCommits() {
    bool isHandler = shared_.context.handlerOf(function_) != nullptr;
    if (shared_.endsInOneTransaction(function_)) return endInOneTransaction();
    std::string line = "await " + db_ + ".commit()";
    auto isWrite = [&](const Node& statement) {
        return std::any_of(writes_.begin(), writes_.end(), [&](const Node& write) { return write == statement; });
    };
    std::vector<Node> anchors;
    for (const Node& write : writes_) {
        bool needed = true, open = false; // open: nothing that may raise follows in this block
        for (Node next = write.nextNamedSibling();; next = next.nextNamedSibling()) {
            if (next.isNull()) {
                open = true;
                break;
            }
            if (next.is("comment")) continue;
            if (isWrite(next)) {
                // The next write's commit is this one's too, unless it may fail before it writes.
                Node expression = next.namedChild(0);
                Node value = expression.is("augmented_assignment") || expression.is("assignment")
                                 ? expression.field("right") : expression.is("call") ? expression.field("arguments") : expression;
                bool adds = expression.is("assignment") || expression.is("augmented_assignment") || expression.is("call");
                needed = !adds || canRaiseInside(value);
                break;
            }
            if (canRaise(next)) break;
            if (next.is("return_statement")) {
                open = true;
                break;
            }
        }
        if (!needed) continue;
        if (isHandler && (usesStoresAfter(open ? afterLoops(write) : write) || (!open && dependsOnEarlier(write))))
            return endInOneTransaction();
        if (!open && dependsOnEarlier(write)) return fail("commit-in-between");
        // A helper leaves the commit to its caller where nothing can go wrong before that.
        bool atEnd = write.parent() == function_.node.field("body");
        if (!isHandler && !shared_.commits(function_) && open && atEnd) continue;
        Node anchor = open ? afterLoops(write) : write;
        if (std::any_of(anchors.begin(), anchors.end(), [&](const Node& known) { return known == anchor; })) continue;
        anchors.push_back(anchor);
    }
    for (const Node& anchor : anchors) shared_.claims.after(module_, anchor, {line});
}

/// Tables of the stores and row variables that a part of the function mentions up to a position.
std::set<const schema::Table*> FunctionLowering::tablesIn(const Node& scope, size_t end, bool onlyChanged) const {
    std::set<const schema::Table*> tables;
    for (const StoreReference* reference : references_) {
        if (!scope.contains(reference->node) || reference->node.start() >= end) continue;
        bool changes = facts::isMutation(facts::contextOf(reference->node)) || facts::changesInside(reference->node);
        if (!reference->node.parent().is("global_statement") && (changes || !onlyChanged))
            tables.insert(shared_.tableOf(*shared_.storeOf(*reference)));
    }
    Node expression = scope.namedChild(0);
    Node target = expression.is("call") ? expression.field("function") : expression.field("left");
    syntax::walk(onlyChanged ? target : scope, [&](const Node& node) {
        auto known = node.is("identifier") ? variables_.find(std::string(node.text())) : variables_.end();
        if (known != variables_.end() && node.start() < end)
            for (const RowVariable& variable : known->second) tables.insert(variable.table);
        return true;
    });
    return tables;
}

/// Whether something is written after `write` that was looked at up to it: a commit in between would let
/// another request in between the look and the write. Setting a field to something new is no such case.
bool FunctionLowering::dependsOnEarlier(const Node& write) const {
    std::set<const schema::Table*> seen = tablesIn(function_.node, write.end(), false);
    for (const Node& later : writes_) {
        if (later.start() <= write.start()) continue;
        Node assignment = later.namedChild(0);
        bool setsField = assignment.is("assignment") && assignment.field("left").is("subscript") &&
                         variables_.count(std::string(assignment.field("left").field("value").text())) &&
                         tablesIn(assignment.field("right"), SIZE_MAX, false).empty();
        if (setsField) continue;
        for (const schema::Table* table : tablesIn(later, SIZE_MAX, true))
            if (seen.count(table)) return true;
    }
    return false;
}

/// The outermost loop around a write in which nothing can go wrong and nothing leaves early.
Node FunctionLowering::afterLoops(const Node& write) {
    Node anchor = write;
    for (Node parent = write.parent(); parent && !(parent == function_.node); parent = parent.parent()) {
        if (!parent.is("for_statement")) continue;
        bool leaves = false;
        syntax::walk(parent.field("body"), [&](const Node& node) {
            leaves = leaves || node.is("return_statement") || node.is("break_statement") || node.is("raise_statement");
            bool own = std::any_of(writes_.begin(), writes_.end(), [&](const Node& one) { return one == node; });
            if (own) leaves = leaves || canRaiseInside(node.namedChild(0).field("right"));
            else if (node.parent().is("block") && !node.is("if_statement")) leaves = leaves || canRaise(node);
            else if (node.is("if_statement")) leaves = leaves || canRaise(node.field("condition"));
            return !own && !leaves;
        });
        if (leaves) break;
        anchor = parent;
    }
    return anchor;
}

bool FunctionLowering::canRaiseInside(const Node& value) {
    if (!value.is("argument_list")) return canRaise(value);
    for (const Node& argument : value.namedChildren())
        if (canRaise(argument)) return true;
    return false;
}

} // namespace covet::rules::exact
