#pragma once

#include <string>
#include <utility>
#include <vector>

#include "rules/legacy/symbols.h"

namespace covet::rules::legacy {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// How a body is sent.
enum class Encoding { Json, Empty, Text };

/// What one way through a dispatcher sends.
struct Sent {
    Value body; // what is encoded
    Encoding encoding = Encoding::Json;
    Value status;
    Pairs headers;
    Value headerSource; // headers made from a part of the result
    bool understood = false;
};

/// What is not understood leaves `understood` false.
Sent sentOn(const DispatchPath& path);

bool sameValue(const Value& a, const Value& b);
bool isEmptyDict(const Value& value);
/// What a pattern gave for a path: its groups by name.
bool isRouteMatch(const Value& value);

/// Two values of one thing on different ways: one that stands for both, or null.
Value mergedValues(const Value& a, const Value& b);

} // namespace covet::rules::legacy
