#pragma once

#include "engine/project_loading.h"

namespace covet::engine {

/// Closes the ledger: sorts the findings by file, position and rule, drops repeated ones and gives each
/// its stable id.
void closeLedger(Analysis& analysis, const LoadedProject& loaded);

/// By file, position and rule.
void sortFindings(std::vector<rules::Finding>& findings);

/// Gives findings their ids: rule, path, line without white space and suppression comments, and the
/// how-manieth with the same. They do not change when lines move.
void numberFindings(std::vector<rules::Finding>& findings, const LoadedProject& loaded);

} // namespace covet::engine
