#pragma once

#include <set>
#include <vector>

#include "rules/store/store_access.h"

namespace covet::rules {

/// What a handler that a frontend makes out of an expression (a lambda) does with stores.
struct MadeHandlerUse {
    const MadeHandler* handler = nullptr;
    std::vector<const facts::FoundStore*> stores;           // all that it reaches
    std::vector<const facts::StoreReference*> references;   // inside its code
    std::vector<const facts::FoundStore*> owners;           // of the references, one by one
    std::set<const semantic::Function*> functions;          // what it may run
};

/// One for each made handler that reaches one of the stores.
std::vector<MadeHandlerUse> madeHandlerUses(const MigrationContext& context, const CallGraph& graph,
                                            const StoreAccess& access,
                                            const std::vector<const facts::FoundStore*>& stores);

} // namespace covet::rules
