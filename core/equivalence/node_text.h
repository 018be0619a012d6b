#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

#include "syntax/tree.h"

namespace covet::equivalence {

/// Content of a string without interpolation and escapes; false for anything else.
bool stringOf(const syntax::Node& node, std::string& out);
/// A display of constants: list, tuple, set, dict, or parentheses.
bool isContainer(const syntax::Node& node);

inline bool isOneOf(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

} // namespace covet::equivalence
