#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "facts/facts.h"

namespace covet::emit {

/// Text of the route manifest (JSON): what `verify` and people compare the running application with.
/// Routes of `existing` that are not among `routes` are kept.
std::string manifestText(std::string_view existing, const std::vector<facts::Route>& routes);

} // namespace covet::emit
