#pragma once

#include <map>
#include <string>
#include <vector>

#include "rules/store/main_block.h"
#include "rules/store/start_code.h"
#include "rules/store/store_engine.h"

namespace covet::rules {

/// Why a store stays in memory.
struct Obstacle {
    std::string reason; // code
    std::string hint;
    const semantic::Module* module = nullptr;
    Node where; // the code that is in the way
};

using Obstacles = std::map<const facts::FoundStore*, Obstacle>;

/// Stores of which some use can neither become a query nor run on the bridge, each with the first
/// reason found.
Obstacles findObstacles(MigrationContext& context, const CallGraph& graph, const StoreAccess& access,
                        const StorePlan& plan, const std::vector<const facts::FoundStore*>& stores,
                        const StartCode& start, const std::vector<MainBlockFill>& fills);

/// The store whose first content is made of this reference to another one, where both contents are known and share nothing:
/// `usage = dict.fromkeys(API_KEYS, 0)`; or where it takes the records themselves, which both hold then. nullptr for any other reference.
const facts::FoundStore* madeOf(const std::vector<const facts::FoundStore*>& stores, const facts::FoundStore& store,
                                const facts::StoreReference& reference);

/// Whether an import statement inside of a function binds the name that stands here.
bool importedInFunction(const semantic::Module& module, const Node& node);

/// What is in the way at the definition of a store: its data, its table, where and how it is made.
bool definitionObstacle(MigrationContext& context, const CallGraph& graph, const StorePlan& plan,
                        const facts::FoundStore& store, const std::vector<const facts::FoundStore*>& stores,
                        const StartCode& start, Obstacle& out);

/// What is in the way in how the code runs: threads, generators, unknown entry points, import time.
void functionObstacles(MigrationContext& context, const CallGraph& graph, const StoreAccess& access,
                       const std::vector<const facts::FoundStore*>& stores, const StartCode& start,
                       const std::vector<MainBlockFill>& fills, Obstacles& found);

} // namespace covet::rules
