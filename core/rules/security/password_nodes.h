#pragma once

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "syntax/tree.h"

namespace covet::rules::security {

inline bool isOneOf(std::string_view name, std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// The text of a constant key; "" for any other expression.
inline std::string_view constantOf(const syntax::Node& key) {
    if (!key.is("string")) return {};
    for (const syntax::Node& part : key.namedChildren()) {
        if (part.is("interpolation")) return {};
        if (part.is("string_content")) return part.text();
    }
    return {};
}

} // namespace covet::rules::security
