#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace covet::catalog {

/// One file of `resources/`, compiled in. `name` is relative to `resources/`, with '/'.
struct ResourceEntry {
    std::string_view name;
    std::string_view bytes;
};

extern const ResourceEntry kResources[];
extern const size_t kResourceCount;

/// Bytes of the named file; empty view if there is none.
std::string_view resource(std::string_view name);

/// Entries whose name starts with `prefix`, sorted by name.
std::vector<ResourceEntry> resourcesUnder(std::string_view prefix);

} // namespace covet::catalog
