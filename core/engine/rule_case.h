#pragma once

#include <string>
#include <vector>

#include "covet/core.h"

namespace covet::engine {

/// A module (its bytes) as the rules of a file alone leave it, for the cases that rules are tested with. Offered
/// changes are made, too. `ids` names the rules; empty = every rule of the file. Errors of analyze().
Result<std::string> applyRules(const RuleFile& file, std::vector<std::string> ids, const std::string& module);

} // namespace covet::engine
