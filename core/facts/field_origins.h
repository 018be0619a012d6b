#pragma once

#include <vector>

#include "facts/store_finder.h"

namespace covet::facts {

/// Types of fields that are filled with what other stores hold: `"product_id": product["id"]`,
/// `"total": product["price"] * quantity`. Needs all stores described and their content read;
/// changes only facts whose type is unknown.
void typeFieldsFromStores(const semantic::Project& project, std::vector<FoundStore>& stores);

} // namespace covet::facts
