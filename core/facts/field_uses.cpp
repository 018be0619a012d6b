#include "facts/field_uses.h"

#include <algorithm>
#include <set>

#include "facts/injected_uses.h"
#include "facts/record_shape.h"
#include "facts/reference_context.h"

namespace covet::facts {
namespace {

std::string accessedField(const Node& node) {
    if (node.is("attribute")) return std::string(node.field("attribute").text());
    if (!node.is("subscript")) return "";
    const Node key = node.field("subscript");
    if (!key.is("string")) return "";
    for (const Node& part : key.namedChildren())
        if (part.is("string_content")) return std::string(part.text());
    return "";
}

Node accessedObject(const Node& node) {
    return node.field(node.is("attribute") ? syntax::NodeField("object") : syntax::NodeField("value"));
}

/// `item["field"] == value` while the store is searched.
struct Comparison {
    std::string field;
    Node value;
    Node node;
};

/// The loop or comprehension over the store around a reference, and the name it binds.
Node searchAround(const Node& reference, Node& bound) {
    Node inner = reference;
    for (Node node = reference.parent(); node; inner = node, node = node.parent()) {
        const bool clause = node.is("for_in_clause");
        if (clause || node.is("for_statement")) {
            if (!node.field("right").contains(reference)) return {};
            bound = node.field("left");
            if (bound.is("pattern_list") && bound.namedChildCount() == 2)
                bound = bound.namedChild(1);
            return clause ? node.parent() : node;
        }
        if (!node.is("call") && !node.is("attribute") && !node.is("argument_list")) return {};
    }
    return {};
}

std::vector<Comparison> comparisonsOf(const FoundStore& store) {
    std::vector<Comparison> found;
    for (const StoreReference& reference : store.references) {
        Node bound;
        const Node search = searchAround(reference.node, bound);
        if (!search || !bound.is("identifier")) continue;
        syntax::walk(search, [&](const Node& node) {
            if (!node.is("comparison_operator") || node.namedChildCount() != 2) return true;
            const bool equal = node.field("operators").text() == "==";
            for (uint32_t side = 0; equal && side < 2; ++side) {
                const Node access = node.namedChild(side);
                const std::string field = accessedField(access);
                if (!field.empty() && accessedObject(access).text() == bound.text())
                    found.push_back({field, node.namedChild(1 - side), node});
            }
            return true;
        });
    }
    return found;
}

/// Whether the comparison decides about leaving the function: `if any(...): return`, or an `if` in
/// a loop.
bool refuses(const Comparison& comparison) {
    Node inner = comparison.node;
    for (Node node = inner.parent(); node && !node.is("function_definition");
         inner = node, node = node.parent()) {
        const bool weaker = node.is("not_operator") ||
                            (node.is("boolean_operator") && node.field("operator").text() == "and");
        if (weaker) return false;
        if (!node.is("if_statement")) continue;
        if (!(node.field("condition") == inner)) return false;
        const std::vector<Node> body = node.field("consequence").namedChildren();
        return !body.empty() &&
               (body.back().is("return_statement") || body.back().is("raise_statement"));
    }
    return false;
}

/// Whether any code of the project may change a field of a record that is stored already.
bool mayChange(const Project& project, const std::string& field) {
    bool found = false;
    for (const auto& module : project.modules())
        syntax::walk(module->tree->root(), [&](const Node& node) {
            if (node.is("assignment") || node.is("augmented_assignment")) {
                const Node target = node.field("left");
                const bool own = target.is("attribute") && accessedObject(target).text() == "self";
                found = found || (!own && accessedField(target) == field);
            } else if (node.is("call")) {
                const Node callee = node.field("function");
                found = found || callee.text() == "setattr" ||
                        (callee.is("attribute") && callee.field("attribute").text() == "update");
            }
            return !found;
        });
    return found;
}

/// Whether a function changes the store, or anything that it may have taken from it.
bool mayBeChanged(const FoundStore& store) {
    std::set<const Function*> seen;
    for (const StoreReference& reference : store.references) {
        if (isMutation(contextOf(reference.node)) || changesInside(reference.node)) return true;
        if (!reference.function || !seen.insert(reference.function).second) continue;
        bool found = false;
        syntax::walk(reference.function->node, [&](const Node& node) {
            const Node target = node.field("left");
            if (node.is("assignment") || node.is("augmented_assignment"))
                found = found || target.is("subscript") || target.is("attribute");
            if (node.is("call") && node.field("function").is("attribute"))
                found = found || isMutatingMethod(node.field("function").field("attribute").text());
            return !found;
        });
        if (found) return true;
    }
    return false;
}

bool isInsertion(UseKind kind) {
    return kind == UseKind::Append || kind == UseKind::Insert || kind == UseKind::SetItem;
}

bool everyInsertionChecks(const FoundStore& store, const std::vector<Comparison>& comparisons,
                          const std::string& field) {
    bool any = false;
    for (const StoreReference& reference : store.references) {
        const ReferenceContext context = contextOf(reference.node);
        switch (context.kind) {
        case UseKind::Extend:
        case UseKind::Update:
        case UseKind::SetSlice:
        case UseKind::Rebind:
        case UseKind::Augment:
        case UseKind::SetDefault:
        case UseKind::Method:
            return false;
        default:
            break;
        }
        if (!isInsertion(context.kind)) continue;
        any = true;
        const Node stored = fieldValueIn(*reference.module, context.value, field);
        const bool checked =
            std::any_of(comparisons.begin(), comparisons.end(), [&](const Comparison& one) {
                return one.field == field && one.node.tree() == reference.node.tree() &&
                       reference.module->enclosingFunction(one.node) == reference.function &&
                       one.node.start() < reference.node.start() && stored &&
                       one.value.text() == stored.text() && refuses(one);
            });
        if (!checked) return false;
    }
    return any;
}

void addOnce(std::vector<std::string>& names, const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

} // namespace

void describeFieldUses(const semantic::Project& project, FoundStore& store) {
    const std::vector<StoreReference> injected = injectedUses(project, store);
    store.fact.changed = mayBeChanged(store) || std::any_of(injected.begin(), injected.end(), [](const StoreReference& use) {
                             return isMutation(contextOf(use.node)) || changesInside(use.node);
                         });
    const std::vector<Comparison> comparisons = comparisonsOf(store);
    for (const Comparison& comparison : comparisons)
        addOnce(store.fact.filteredFields, comparison.field);
    if (store.fact.openShape) return;
    for (const std::string& field : store.fact.filteredFields)
        if (everyInsertionChecks(store, comparisons, field) && !mayChange(project, field))
            addOnce(store.fact.uniqueFields, field);
}

} // namespace covet::facts
