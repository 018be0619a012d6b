#pragma once

#include "facts/store_finder.h"
#include "semantic/project.h"

namespace covet::facts {

/// What was assigned last to a local name, in the order of the text, before this use; null for none.
semantic::Node lastAssigned(const semantic::Module& module, const semantic::Node& name);

/// Fills what makes the ids of a store's records, and whether they follow the insertions.
void describeIds(const semantic::Project& project, FoundStore& store);

} // namespace covet::facts
