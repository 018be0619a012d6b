#pragma once

#include "facts/store_finder.h"

namespace covet::facts {

/// A table of functions (routes, hooks), or the state of the request being answered: no data.
bool isRegistry(const Project& project, const FoundStore& store);

/// "runtime-object" when it holds sockets, locks, tasks and the like; "" when it holds data.
std::string runtimeObjectReason(const Project& project, const FoundStore& store);

} // namespace covet::facts
