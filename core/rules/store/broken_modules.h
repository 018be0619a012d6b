#pragma once

#include "rules/store/obstacles.h"

namespace covet::rules {

/// Files that do not parse, in an application that stays on its framework: what is in them cannot follow a store to the
/// database. Only stores are stopped that such a file imports, or whose users import it.
void brokenModuleObstacles(const MigrationContext& context, const std::vector<const facts::FoundStore*>& stores, Obstacles& found);

} // namespace covet::rules
