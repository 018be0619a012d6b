#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace covet {

/// The candidate that the user most likely meant; "" when none is near.
///
/// Near: a prefix, or at most a third of its letters differ (insertions, deletions, replacements and
/// swaps of neighbours count one each).
std::string closest(std::string_view typed, const std::vector<std::string>& candidates);

} // namespace covet
