#pragma once

#include <set>
#include <string>

#include "rules/migration_context.h"

namespace covet::rules::fastapi {

/// The part of the generated module that defines a name; "" for what is always in it.
std::string partOf(const std::string& name);

/// Text of the generated module with what these parts need.
std::string helperText(const catalog::TargetProfile& target, std::set<std::string> parts);

} // namespace covet::rules::fastapi
