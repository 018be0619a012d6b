#pragma once

#include <vector>

#include "facts/store_finder.h"

namespace covet::facts {

/// Fields that start as ints but may take any number: `"balance": 0` and later `account["balance"] += amount`.
/// Their type becomes "number". Needs all stores described and their content read.
void openNumbers(const semantic::Project& project, std::vector<FoundStore>& stores);

} // namespace covet::facts
