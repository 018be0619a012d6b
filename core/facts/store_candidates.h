#pragma once

#include "facts/store_finder.h"

namespace covet::facts {

/// Containers and counters that a module defines at its top level, in its classes and their __init__.
void addCandidates(const Project& project, const Module& module, std::vector<FoundStore>& found);

/// Whether an expression denotes a class itself: `User`, `cls`, `type(self)`, `self.__class__`.
bool denotesClass(const Project& project, const Module& module, const Node& object);

/// `db = {"users": [], "orders": {}}`: each entry that is a container becomes a store of its own.
void splitNamespaces(const Project& project, std::vector<FoundStore>& found);

} // namespace covet::facts
