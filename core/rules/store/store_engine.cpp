#include "rules/store/store_engine.h"

#include <algorithm>
#include <tuple>

#include "facts/reference_context.h"
#include "rules/store/exact_lowering.h"
#include "rules/store/function_group.h"

namespace covet::rules {
namespace {

using facts::FoundStore;
using facts::StoreReference;
using facts::StoreUse;

StoreUse useOf(const FoundStore& store, const StoreReference& reference, facts::Outcome outcome,
               const std::string& reason) {
    StoreUse use;
    use.store = store.fact.id;
    use.where = {reference.module->path(), reference.module->source.lineOf(reference.node.start())};
    use.function = reference.function ? reference.function->qualified : "";
    use.op = facts::useKindName(facts::contextOf(reference.node).kind);
    use.outcome = outcome;
    use.reason = reason;
    return use;
}

const FoundStore* ownerOf(const FunctionGroup& group, const StoreReference& reference) {
    for (const FoundStore* store : group.stores) {
        const StoreReference* first = store->references.data();
        if (&reference >= first && &reference < first + store->references.size()) return store;
    }
    return nullptr;
}

} // namespace

std::vector<StoreUse> migrateStores(MigrationContext& context, const StorePlan& plan,
                                    std::vector<std::string>& keptInMemory) {
    std::vector<const FoundStore*> stores;
    for (const FoundStore& store : plan.stores)
        if (store.fact.leftAlone.empty()) stores.push_back(&store);
    CallGraph graph(context);
    std::vector<StoreUse> result;
    std::set<std::string> kept;
    for (const FunctionGroup& group : groupFunctions(context, graph, stores)) {
        std::vector<StoreUse> uses;
        for (const StoreReference* reference : group.references)
            uses.push_back(useOf(*ownerOf(group, *reference), *reference, facts::Outcome::Exact, ""));
        std::string reason;
        if (!lowerExactly(context, plan, group, uses, reason))
            for (size_t i = 0; i < uses.size(); ++i) {
                uses[i] = useOf(*ownerOf(group, *group.references[i]), *group.references[i],
                                facts::Outcome::Manual, reason);
                kept.insert(uses[i].store);
            }
        result.insert(result.end(), uses.begin(), uses.end());
    }
    keptInMemory.assign(kept.begin(), kept.end());
    std::sort(result.begin(), result.end(), [](const StoreUse& a, const StoreUse& b) {
        return std::tie(a.where.file, a.where.line, a.store) < std::tie(b.where.file, b.where.line, b.store);
    });
    return result;
}

} // namespace covet::rules
