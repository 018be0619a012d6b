#pragma once

#include <utility>
#include <vector>

#include "rules/store/bridge_rewrite.h"

namespace covet::rules {

/// Takes the definitions of migrated stores, and the statements that fill them, out of their modules.
///
/// A store with a proxy is defined as that proxy; the others vanish, with the imports of their names.
/// What fills `started` stores stays: it goes on working on their first content.
/// `seeding` are statements at import time that only filled migrated stores.
void replaceDefinitions(MigrationContext& context, const std::vector<const facts::FoundStore*>& stores,
                        const StoreAccess& access, const Proxies& proxies,
                        const std::set<const facts::FoundStore*>& started,
                        const std::vector<std::pair<const semantic::Module*, Node>>& seeding);

} // namespace covet::rules
