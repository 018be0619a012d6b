#pragma once

#include <set>
#include <vector>

#include "facts/store_finder.h"
#include "rules/migration_context.h"
#include "rules/store/call_graph.h"

namespace covet::rules {

/// Functions connected by calls, of which at least one refers to a store.
///
/// Everything that runs in one request shares one way of reaching the data, so a group is lowered
/// as a whole.
struct FunctionGroup {
    std::set<const semantic::Function*> functions;
    std::vector<const facts::FoundStore*> stores;            // in order of FoundStore ids
    std::vector<const facts::StoreReference*> references;    // in order of file and position
    std::vector<const Handler*> handlers;                    // its entry points that answer requests
};

/// Groups of the functions that use `stores`, in order of their first reference.
///
/// Two groups that share a counter or another scalar are one: a counter has one home.
std::vector<FunctionGroup> groupFunctions(const MigrationContext& context, const CallGraph& graph,
                                          const std::vector<const facts::FoundStore*>& stores);

} // namespace covet::rules
