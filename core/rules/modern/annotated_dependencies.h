#pragma once

#include <set>
#include <string>
#include <vector>

#include "rules/migration_context.h"
#include "rules/proposal.h"

namespace covet::rules::modern {

/// Dependencies that are defaults of parameters go into their annotations. `paths`: the files that may change.
std::vector<Proposal> annotatedDependencies(MigrationContext& context, const std::set<std::string>& paths);

} // namespace covet::rules::modern
