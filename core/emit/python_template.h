#pragma once

#include <set>
#include <string>
#include <string_view>

namespace covet::emit {

/// A template's text for some features: lines `#if NAME`, `#else` and `#endif` choose, nested or
/// not.
std::string expandTemplate(std::string_view text, const std::set<std::string>& features);

} // namespace covet::emit
