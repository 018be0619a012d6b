#pragma once

#include <optional>
#include <string_view>

#include "syntax/value.h"

namespace covet::syntax::eval {

/// Python's json.loads: integers of any size, NaN and Infinity, last duplicate key wins.
/// Nothing if the text is not JSON.
std::optional<Value> readJson(std::string_view text);

} // namespace covet::syntax::eval
