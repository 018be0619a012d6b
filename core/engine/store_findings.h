#pragma once

#include "engine/migration_unit.h"
#include "facts/reference_context.h"

namespace covet::engine {

/// Adds a manual use for every reference to a store that stays in memory and has none listed, and
/// makes the uses of those stores manual. Sorts by file and line.
void completeStoreUses(const std::vector<facts::FoundStore>& stores, UnitResult& result);

/// Adds what the ledger says about the stores and their uses, as far as no rule has said it.
void addStoreFindings(const std::vector<facts::FoundStore>& stores, UnitResult& result);

} // namespace covet::engine
