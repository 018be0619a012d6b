#pragma once

#include <vector>

#include "rules/store/bridge_rewrite.h"
#include "rules/store/store_access.h"

namespace covet::rules {

/// A call in the main block of a module that does nothing but fill stores which are empty until then:
///
///     if __name__ == "__main__":
///         seed()
///         app.run()
///
/// Whether it runs depends on how the program is started, so that no rows can stand for it. It goes on running
/// then, on tables that are still empty.
struct MainBlockFill {
    const semantic::Module* module = nullptr;
    Node call;
    std::vector<const facts::FoundStore*> stores;
};

/// Those of main blocks in which nothing else works on stores.
std::vector<MainBlockFill> mainBlockFills(MigrationContext& context, const CallGraph& graph, const StoreAccess& access,
                                          const std::vector<const facts::FoundStore*>& stores);

/// `if __name__ == "__main__":` of a module that the application imports and that serves nothing: a program of its own,
/// which tries out what the module defines.
bool isTrialBlock(const semantic::Project& project, const semantic::Module& module, const Node& statement);

/// Whether a node stands in such a block.
bool isInTrialBlock(const semantic::Project& project, const semantic::Module& module, const Node& node);

/// Names the stores that such blocks use: they have neither a request nor a session.
void reportTrialBlocks(MigrationContext& context, const CallGraph& graph, const StoreAccess& access,
                       const std::vector<const facts::FoundStore*>& stores);

/// Whether one of them fills a store.
bool fills(const std::vector<MainBlockFill>& all, const facts::FoundStore& store);

/// Lets the calls whose stores have proxies work on the tables. Whether there are any.
bool rewriteMainBlocks(MigrationContext& context, const std::vector<MainBlockFill>& fills, const Proxies& proxies);

/// Whether a node stands in one of them.
bool isInFill(const std::vector<MainBlockFill>& fills, const Node& node);

} // namespace covet::rules
