#pragma once

#include <cstdint>
#include <string_view>

namespace covet::cli {

/// CRC-32C (Castagnoli, RFC 3720).
uint32_t crc32c(std::string_view bytes);

} // namespace covet::cli
