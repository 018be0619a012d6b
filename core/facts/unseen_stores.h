#pragma once

#include <set>

#include "facts/store_finder.h"

namespace covet::facts {

/// Adds what functions change and nothing else has recognised, so that no data stays behind unnoticed: attributes of
/// objects that last, variables of functions that last, names of modules that hold what a library gives. They are left
/// alone with the reason `not-followed`, objects of libraries that hold them as `runtime-object`.
///
/// `seen`: all nodes that denote a candidate for a store, whatever became of it.
void addUnseenStores(const Project& project, const std::set<const void*>& seen, std::vector<FoundStore>& found);

} // namespace covet::facts
