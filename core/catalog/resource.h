#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace covet::catalog {

/// One file of `resources/`, compiled in. `name` is relative to `resources/`, with '/'.
struct ResourceEntry {
    std::string_view name;
    std::string_view firstLine; // of the beginning of a generated module: its docstring's
    std::string_view bytes;
    bool isLate = false; // `bytes` are there when they are asked for by the functions below
};

extern const ResourceEntry kResources[];
extern const size_t kResourceCount;

/// Bytes of the named file; empty view if there is none.
std::string_view resource(std::string_view name);

/// First line of a template that begins a generated module, without its bytes having to be there.
std::string_view firstLineOf(std::string_view name);

/// Parts of a generated Python module, `templates/<part>.py`, with two blank lines between them.
std::string joinedTemplates(std::initializer_list<const char*> parts);

/// Entries whose name starts with `prefix`, sorted by name, with their bytes.
std::vector<ResourceEntry> resourcesUnder(std::string_view prefix);

} // namespace covet::catalog
