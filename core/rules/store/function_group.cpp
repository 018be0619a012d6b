#include "rules/store/function_group.h"

#include <algorithm>

namespace covet::rules {
namespace {

using facts::FoundStore;
using facts::StoreReference;
using semantic::Function;

/// Sets of functions that are merged until nothing more connects them.
class Components {
public:
    const Function* rootOf(const Function* function) {
        auto found = parents_.emplace(function, function).first;
        if (found->second != function) found->second = rootOf(found->second);
        return found->second;
    }
    void join(const Function* a, const Function* b) { parents_[rootOf(a)] = rootOf(b); }

private:
    std::map<const Function*, const Function*> parents_;
};

bool comesFirst(const StoreReference* a, const StoreReference* b) {
    if (a->module != b->module) return a->module->path() < b->module->path();
    return a->node.start() < b->node.start();
}

} // namespace

std::vector<FunctionGroup> groupFunctions(const MigrationContext& context, const CallGraph& graph,
                                          const std::vector<const FoundStore*>& stores) {
    // Only functions that reach a store connect others: a helper that formats errors does not.
    std::map<const Function*, std::vector<const StoreReference*>> uses;
    std::set<const StoreReference*> owned;
    std::set<const Function*> touching;
    std::vector<const Function*> open;
    for (const FoundStore* store : stores)
        for (const StoreReference& reference : store->references) {
            if (!reference.function || !graph.contains(*reference.function) || graph.isApart(reference.node)) continue;
            uses[reference.function].push_back(&reference);
            owned.insert(&reference);
            if (touching.insert(reference.function).second) open.push_back(reference.function);
        }
    while (!open.empty()) {
        const Function* current = open.back();
        open.pop_back();
        for (const Function* caller : graph.callersOf(*current))
            if (touching.insert(caller).second) open.push_back(caller);
    }

    Components components;
    for (const Function* function : touching)
        for (const Function* called : graph.calledBy(*function))
            if (touching.count(called)) components.join(function, called);
    for (const FoundStore* store : stores) {
        const Function* first = nullptr;
        for (const StoreReference& reference : store->references) {
            if (store->fact.container != facts::Container::Scalar || !uses.count(reference.function)) continue;
            if (first) components.join(first, reference.function);
            first = reference.function;
        }
    }

    std::map<const Function*, FunctionGroup> groups;
    for (const Function* function : touching) {
        FunctionGroup& group = groups[components.rootOf(function)];
        group.functions.insert(function);
        auto used = uses.find(function);
        if (used != uses.end())
            group.references.insert(group.references.end(), used->second.begin(), used->second.end());
    }
    for (const FoundStore* store : stores) {
        std::set<FunctionGroup*> users;
        for (const StoreReference& reference : store->references)
            if (owned.count(&reference)) users.insert(&groups[components.rootOf(reference.function)]);
        for (FunctionGroup* group : users) group->stores.push_back(store);
    }
    for (const Handler& handler : context.handlers)
        if (touching.count(handler.function)) groups[components.rootOf(handler.function)].handlers.push_back(&handler);
    std::vector<FunctionGroup> result;
    for (auto& [root, group] : groups) {
        std::sort(group.references.begin(), group.references.end(), comesFirst);
        result.push_back(std::move(group));
    }
    std::sort(result.begin(), result.end(), [](const FunctionGroup& a, const FunctionGroup& b) {
        return comesFirst(a.references.front(), b.references.front());
    });
    return result;
}

} // namespace covet::rules
