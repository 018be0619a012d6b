#pragma once

#include "rules/store/obstacles.h"

namespace covet::rules {

/// Attributes that are stores, used through objects whose class does not show: `services["files"].files`,
/// `getattr(state, "repo").items`. Such a use may be one of the store, and would go on in memory when it moves. What
/// holds such objects among its elements stays with them.
void unclearObjectObstacles(const semantic::Project& project, const std::vector<const facts::FoundStore*>& stores, Obstacles& found);

} // namespace covet::rules
