#pragma once

#include <string>

#include "rules/store/function_group.h"
#include "rules/store/store_engine.h"

namespace covet::rules {

/// Lowers a whole group of functions to set-based queries.
///
/// Claims nothing unless every reference of the group is understood: `reason` then says why not, as
/// a code. `uses[i]` belongs to `group.references[i]` and comes with its operation guessed from the
/// syntax and the outcome Exact; a lowering may name the operation better.
bool lowerExactly(MigrationContext& context, const StorePlan& plan, const FunctionGroup& group,
                  std::vector<facts::StoreUse>& uses, std::string& reason);

} // namespace covet::rules
