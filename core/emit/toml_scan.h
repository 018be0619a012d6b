#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace covet::emit {

/// Just enough of TOML to edit dependency lists in place: tables, keys and where their values are.

struct TomlEntry {
    std::string table; // "project", "tool.poetry.dependencies"
    std::string key;   // without quotes
    size_t lineStart = 0;
    size_t valueStart = 0, valueEnd = 0; // of the value, without blanks and comments around it
    size_t end = 0;                      // past the line end after the value
};

struct TomlTable {
    std::string name;
    size_t headerEnd = 0;  // past the header's line end
    size_t contentEnd = 0; // past the last entry's line end (headerEnd if it has none)
};

struct TomlScan {
    std::vector<TomlTable> tables;
    std::vector<TomlEntry> entries;

    const TomlTable* table(std::string_view name) const;
    const TomlEntry* entry(std::string_view table, std::string_view key) const;
};

TomlScan scanToml(std::string_view text);

/// A string inside a value, by the place of its content.
struct TomlString {
    size_t start = 0, end = 0;
    char quote = '"';
};

/// The strings of a value (items of an array, values of an inline table), in order.
std::vector<TomlString> stringsIn(std::string_view text, size_t start, size_t end);

} // namespace covet::emit
