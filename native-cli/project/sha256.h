#pragma once

#include <string>
#include <string_view>

namespace covet::cli {

/// SHA-256 in lower-case hex.
std::string sha256Hex(std::string_view bytes);

} // namespace covet::cli
