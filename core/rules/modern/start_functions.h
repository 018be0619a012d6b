#pragma once

#include <set>
#include <string>
#include <vector>

#include "rules/migration_context.h"
#include "rules/proposal.h"

namespace covet::rules::modern {

/// Calls the functions that an application runs when it starts and stops (`@app.on_event`) from one function around
/// its life, which it gets as its `lifespan`. `paths`: the files that may change. For targets that have both.
std::vector<Proposal> startFunctions(MigrationContext& context, const std::set<std::string>& paths);

} // namespace covet::rules::modern
