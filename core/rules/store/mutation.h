#pragma once

#include "rules/store/call_graph.h"

namespace covet::rules {

/// Whether a function and everything it runs certainly leave every store and every record as it is.
///
/// Records travel through variables, so any write into an object that is not certainly new counts:
/// `row["x"] = 1`, `row.x = 1`, `rows.append(...)` of a name that is more than a fresh local container.
bool onlyReads(const semantic::Project& project, const CallGraph& graph, const semantic::Function& function);
/// The same for an expression at module level.
bool onlyReads(const semantic::Project& project, const CallGraph& graph, const semantic::Module& module,
               const Node& code);

} // namespace covet::rules
