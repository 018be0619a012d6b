#pragma once

#include "facts/store_finder.h"

namespace covet::facts {

/// Fills `changed`, `filteredFields` (compared with while the store is searched) and
/// `uniqueFields`: every insertion is refused where a record with the same value is found, and no
/// code changes the field later. Needs the fields to be described.
void describeFieldUses(const semantic::Project& project, FoundStore& store);

} // namespace covet::facts
