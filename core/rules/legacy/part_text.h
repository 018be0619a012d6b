#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>

#include "rules/legacy/symbols.h"

namespace covet::rules::legacy {

/// Python text of a value in a migrated function.
struct PartText {
    std::string text;
    bool awaits = false;      // contains `await`
    bool usesRequest = false; // needs the Request parameter
    std::set<std::string> imports; // "urllib.parse:parse_qsl", "json:"
};

/// How values are spelled where they are written.
struct PartNames {
    std::string request = "request";
    std::string exception = "exc";
    std::string pathTail;            // parameter that stands for the rest of the path
    std::string pathPrefix;          // behind this
    const Module* module = nullptr;  // where the text goes; expressions of other modules are refused
};

/// Whether an expression takes the rest of the path behind a prefix: `int(path.rsplit("/", 1)[1])`.
bool holdsPathTail(const Sym& expression, const std::string& prefix);

/// Whether the text of a value needs parentheses where `place` stands.
bool bindsLooser(const Value& value, const Node& place);

/// Nothing when the value cannot be written there.
std::optional<PartText> partText(const Value& value, const PartNames& names);

} // namespace covet::rules::legacy
