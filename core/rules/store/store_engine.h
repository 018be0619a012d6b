#pragma once

#include <string>
#include <vector>

#include "facts/store_finder.h"
#include "rules/migration_context.h"
#include "schema/model.h"

namespace covet::rules {

/// The stores of a project and the tables they become, as the store engine needs them.
struct StorePlan {
    const std::vector<facts::FoundStore>& stores;
    const schema::Schema& schema;
    bool bridgeOnly = false; // for tests: nothing becomes a query
};

/// A store that stays in memory.
struct KeptStore {
    std::string id;
    std::string reason; // code
    std::string hint;
};

/// Rewrites every use of the stores, on top of what the frontends have claimed.
///
/// Functions that use stores are taken in groups connected by calls. A group is lowered to queries
/// as a whole (`exact`) or runs unchanged on bridged containers (`bridged`); where neither is
/// correct its stores stay in memory in the whole project (`manual`). Returns one entry per
/// reference, sorted by file and line. Stores that stay in memory are listed in `keptInMemory`.
std::vector<facts::StoreUse> migrateStores(MigrationContext& context, const StorePlan& plan,
                                           std::vector<KeptStore>& keptInMemory);

} // namespace covet::rules
