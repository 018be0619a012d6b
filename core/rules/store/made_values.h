#pragma once

#include <string>
#include <string_view>

namespace covet::rules {

/// Type of what an expression will give that only running code can know, from its text alone: "str" of `token_hex(8)[:6]`,
/// "datetime" of `now() - timedelta(days=2)`, "float" of `round(uniform(1, 9), 2)`; "" if nothing tells, or where the text is
/// cut off. Types are named as schema::Column::pythonType names them.
std::string typeOfMade(std::string_view source);

} // namespace covet::rules
