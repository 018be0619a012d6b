#pragma once

#include <functional>

#include "journal/journal.h"
#include "migration/plan.h"
#include "migration/tool_folder.h"
#include "support/result.h"

namespace covet::cli {

/// Copies of all files that the plan replaces, in the run's folder; on disk when this returns.
Status savePreimages(const Plan& plan, const RunFolder& run);

/// Puts the planned files in place, one by one, each between an intent and a done record.
/// `keepGoing` is asked before each.
Status writeChanges(const Plan& plan, int root, Journal& journal, const std::function<bool()>& keepGoing);

} // namespace covet::cli
