#pragma once

#include <vector>

#include "rules/store/store_access.h"

namespace covet::rules {

/// A function that reaches stores and is named by module-level code, so that it may run at import, or
/// that the application runs when it starts (`statement` is its definition).
struct ImportTimeUse {
    enum class Kind {
        Seeding,   // a call statement or a start-up function that does nothing but fill stores
        MainBlock, // under `if __name__ == "__main__":`
        Other      // anything else: a callback, a value computed from a store
    };
    const semantic::Module* module = nullptr;
    Node statement;
    const semantic::Function* function = nullptr;
    Kind kind = Kind::Other;
};

/// Handlers are left out: naming them registers a route.
std::vector<ImportTimeUse> importTimeUses(MigrationContext& context, const CallGraph& graph,
                                          const StoreAccess& access,
                                          const std::vector<const facts::FoundStore*>& stores);

} // namespace covet::rules
