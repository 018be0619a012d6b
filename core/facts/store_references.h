#pragma once

#include "facts/store_finder.h"

namespace covet::facts {

/// Fills `references` of all stores: every place that denotes one, through imports and attributes.
void collectReferences(const Project& project, std::vector<FoundStore>& stores);

/// Finds further names that module-level code gives to stores for good, and what refers to those.
void collectNameAliases(const Project& project, std::vector<FoundStore>& stores);

/// Puts the references of each store in order of file and place.
void sortReferences(std::vector<FoundStore>& stores);

} // namespace covet::facts
