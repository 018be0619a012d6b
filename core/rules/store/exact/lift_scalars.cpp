// Single variables of a module that requests change: counters, above all.
//
// before: global next_id
//         users[next_id] = {"id": next_id, ...}
//         next_id += 1
// after:  next_id = await load_value(db, StateValue, "next_id", 3, change=True)
//         await put(db, User, next_id, {"id": next_id, ...})
//         next_id += 1
//         await save_value(db, StateValue, "next_id", next_id)
//
// The variable becomes a local one that is read first and saved after every change, so all other code
// around it stays as it is.

#include "rules/store/exact/function_lowering.h"
#include "support/strings.h"

namespace covet::rules::exact {

using facts::ReferenceContext;
using facts::UseKind;
using schema::Table;

namespace {

/// The first statement of a function that is no docstring.
Node firstStatement(const Node& function) {
    for (const Node& statement : function.field("body").namedChildren())
        if (!statement.is("expression_statement") || !statement.namedChild(0).is("string")) return statement;
    return {};
}

} // namespace

/// Whether anything in the statement around a call, other than the call, may raise.
bool FunctionLowering::canRaiseAround(const Node& call) {
    bool raises = false;
    syntax::walk(facts::statementOf(call), [&](const Node& part) {
        if (part == call) return false;
        bool around = part.contains(call);
        raises = raises || (around ? part.is("call") || part.is("binary_operator") || part.is("subscript")
                                   : canRaise(part));
        return around && !raises;
    });
    return raises;
}

void FunctionLowering::liftScalars() {
    std::map<const FoundStore*, std::vector<const StoreReference*>> scalars;
    for (const StoreReference* reference : references_) {
        const FoundStore* store = shared_.storeOf(*reference);
        if (store->fact.container == facts::Container::Scalar) scalars[store].push_back(reference);
    }
    std::vector<std::string> loads;
    for (const FoundStore* store : shared_.group.stores) {
        auto found = scalars.find(store);
        if (found == scalars.end()) continue;
        const Table& table = *shared_.tableOf(*store);
        auto named = table.stateNames.find(store->fact.id);
        if (named == table.stateNames.end()) return fail("no-table");
        std::string arguments = shared_.model(module_, table) + ", " + pythonQuote(named->second);
        if (store->isCounterObject) {
            const std::string start = store->counterArguments.empty() ? "0" : store->counterArguments;
            if (start.find_first_not_of("0123456789") != std::string::npos) return fail("counter-arguments");
            for (const StoreReference* reference : found->second) {
                ReferenceContext use = facts::contextOf(reference->node);
                if (use.kind != UseKind::Next || !awaitIsPossible(use.node)) return fail("counter-use");
                lowered_.insert(reference->node.id());
                shared_.setUse(*reference, "NextId");
                std::string text = call("next_value", arguments + ", " + start);
                // The number was used up even where the rest of the statement raised.
                if (canRaiseAround(use.node)) return fail("counter-use");
                shared_.claims.replace(module_, use.node, awaited(use.node, text));
                wrote(use.node);
            }
            continue;
        }
        bool changes = false;
        for (const StoreReference* reference : found->second) {
            ReferenceContext use = facts::contextOf(reference->node);
            bool writes = use.kind == UseKind::Rebind || use.kind == UseKind::Augment;
            changes = changes || writes;
            if (!reference->node.is("identifier") || store->variable != reference->node.text()) return fail("scalar-of-another-module");
            if (&module_ != store->module) return fail("scalar-of-another-module");
            if (writes && !isWholeStatement(use.node)) return fail("scalar-changed-in-an-expression");
            if (!awaitIsPossible(reference->node)) return fail("await-impossible");
        }
        if (!store->initialValue.is("integer") && !store->isVariable) return fail("scalar-default");
        std::string load = call("load_value", arguments + ", " + std::string(store->initialValue.text()) +
                                                  (changes ? ", change=True" : ""));
        scalars_.insert(store->variable);
        loads.push_back(store->variable + " = await " + load);
        for (const StoreReference* reference : found->second) {
            ReferenceContext use = facts::contextOf(reference->node);
            lowered_.insert(reference->node.id());
            bool writes = use.kind == UseKind::Rebind || use.kind == UseKind::Augment;
            shared_.setUse(*reference, writes ? "NextId" : "Scalar");
            if (!writes) continue;
            shared_.claims.after(module_, use.statement,
                                 {"await " + call("save_value", arguments + ", " + store->variable)});
            wrote(use.node);
        }
    }
    // `global` statements of names that are no longer shared.
    syntax::walk(function_.node.field("body"), [&](const Node& node) {
        if (!node.is("global_statement")) return true;
        std::string kept;
        size_t dropped = 0;
        for (const Node& name : node.namedChildren()) {
            bool isStore = false;
            for (const FoundStore* store : shared_.group.stores)
                isStore = isStore || (store->module == &module_ && store->variable == name.text());
            if (isStore) ++dropped;
            else kept += (kept.empty() ? "" : ", ") + std::string(name.text());
        }
        if (dropped && kept.empty() && !loads.empty() && node == firstStatement(function_.node)) {
            std::string indent = shared_.context.rewrite(module_).indentOf(node);
            shared_.claims.replace(module_, node, join(loads, "\n" + indent));
            loads.clear();
        } else if (dropped && kept.empty()) {
            shared_.claims.remove(module_, node);
        } else if (dropped) {
            shared_.claims.replace(module_, node, "global " + kept);
        }
        return true;
    });
    if (!loads.empty()) shared_.claims.atBodyStart(module_, function_.node, loads);
}

} // namespace covet::rules::exact
