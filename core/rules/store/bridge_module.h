#pragma once

#include <string>

#include "catalog/target_profile.h"

namespace covet::rules {

/// Text of the generated bridge module, with the target's own names.
std::string bridgeModuleText(const catalog::TargetProfile& target);

} // namespace covet::rules
