#include "rules/store/store_access.h"

namespace covet::rules {

using facts::FoundStore;
using semantic::Function;

StoreAccess::StoreAccess(const CallGraph& graph, const std::vector<const FoundStore*>& stores)
    : graph_(graph), stores_(stores), reach_(graph, stores) {
    std::vector<const Function*> open;
    for (const FoundStore* store : stores)
        for (const facts::StoreReference& reference : store->references) {
            if (!reference.function || !graph.contains(*reference.function) || graph.isApart(reference.node)) continue;
            direct_[reference.function].insert(store);
            if (touching_.insert(reference.function).second) open.push_back(reference.function);
        }
    while (!open.empty()) {
        const Function* current = open.back();
        open.pop_back();
        for (const Function* caller : graph.callersOf(*current))
            if (touching_.insert(caller).second) open.push_back(caller);
    }
}

std::vector<const FoundStore*> StoreAccess::storesOf(const Function& function) const {
    std::set<const FoundStore*> reached;
    for (const Function* called : graph_.reachableFrom(function)) {
        const auto& named = directly(*called);
        reached.insert(named.begin(), named.end());
    }
    reach_.narrow(function, reached);
    std::vector<const FoundStore*> result;
    for (const FoundStore* store : stores_)
        if (reached.count(store)) result.push_back(store);
    return result;
}

const std::set<const FoundStore*>& StoreAccess::directly(const Function& function) const {
    static const std::set<const FoundStore*> kNone;
    auto found = direct_.find(&function);
    return found == direct_.end() ? kNone : found->second;
}

} // namespace covet::rules
