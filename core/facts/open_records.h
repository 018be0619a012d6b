#pragma once

#include <vector>

#include "facts/store_finder.h"

namespace covet::facts {

/// Marks the stores whose records take any key because code merges a request into one of them that it got from
/// somewhere else: `item = find_item(id)` and `item.update(request.get_json())` or `item |= request.get_json()`.
/// Single keys that code sets on such a record, `item["note"] = note`, become fields of it. Needs all stores described.
void openMergedRecords(const semantic::Project& project, std::vector<FoundStore>& stores);

} // namespace covet::facts
