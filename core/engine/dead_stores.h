#pragma once

#include "engine/migration_unit.h"

namespace covet::engine {

/// Stores whose rows live in their tables now and that no code refers to any more: what builds them
/// can go from the code. `texts` are the rewritten modules; modules that are not in it are unchanged.
///
/// Whatever could reach a name in another way (star imports, `__all__`, `globals()`) keeps it.
std::vector<const facts::FoundStore*> deadStores(const std::vector<facts::FoundStore>& stores,
                                                 const UnitResult& result, const semantic::Project& project);

/// Claims the removal of a store's definition and of the statements that fill it.
void removeDefinition(rules::MigrationContext& context, const facts::FoundStore& store);

} // namespace covet::engine
