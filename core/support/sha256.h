#pragma once

#include <string>
#include <string_view>

namespace covet {

/// SHA-256 in lower-case hex.
std::string sha256Of(std::string_view bytes);

} // namespace covet
