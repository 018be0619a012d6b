#include "rules/store/made_handlers.h"

namespace covet::rules {

using facts::FoundStore;
using facts::StoreReference;
using semantic::Function;

std::vector<MadeHandlerUse> madeHandlerUses(const MigrationContext& context, const CallGraph& graph,
                                            const StoreAccess& access,
                                            const std::vector<const FoundStore*>& stores) {
    std::vector<MadeHandlerUse> uses;
    std::set<const StoreReference*> seen; // one lambda may be registered twice
    for (const MadeHandler& handler : context.madeHandlers) {
        MadeHandlerUse use;
        use.handler = &handler;
        std::set<const FoundStore*> reached;
        for (const FoundStore* store : stores)
            for (const StoreReference& reference : store->references) {
                if (reference.module != handler.module || !handler.code.contains(reference.node)) continue;
                reached.insert(store);
                if (!seen.insert(&reference).second) continue;
                use.references.push_back(&reference);
                use.owners.push_back(store);
            }
        for (const Function* named : graph.namedIn(*handler.module, handler.code)) {
            const std::set<const Function*> run = graph.reachableFrom(*named);
            use.functions.insert(run.begin(), run.end());
            for (const FoundStore* store : access.storesOf(*named)) reached.insert(store);
        }
        for (const FoundStore* store : stores)
            if (reached.count(store)) use.stores.push_back(store);
        if (!use.stores.empty()) uses.push_back(std::move(use));
    }
    return uses;
}

} // namespace covet::rules
