#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace covet::text {

/// For each line of `after`, the line of `before` it stands for, 1-based.
std::vector<uint32_t> originalLines(std::string_view before, std::string_view after);

} // namespace covet::text
