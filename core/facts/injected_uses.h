#pragma once

#include <vector>

#include "facts/store_finder.h"

namespace covet::facts {

/// What handlers do with a store under the name of a parameter: `db=Depends(get_db)`, where get_db() returns or yields it.
/// These are no references to rewrite: the parameter is the container itself.
std::vector<StoreReference> injectedUses(const Project& project, const FoundStore& store);

} // namespace covet::facts
