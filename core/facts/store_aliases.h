#pragma once

#include "facts/store_finder.h"

namespace covet::facts {

/// Finds attributes that denote a store of a module for good:
///
///     class Parcels:
///         def __init__(self):
///             self.db = parcels
///
/// also where the class is given the store (`Parcels(parcels)`), or a function hands it back
/// (`self.db = opened(parcels)`). Each `self.db` is a reference to `parcels` then; the assignment itself is none any more, and the store
/// is marked as aliased.
void collectAliases(const Project& project, std::vector<FoundStore>& stores);

} // namespace covet::facts
