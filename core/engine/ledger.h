#pragma once

#include "engine/project_loading.h"

namespace covet::engine {

/// Closes the ledger: sorts the findings by file, position and rule, drops repeated ones, gives each
/// its stable id and shows the change that fixed it.
void closeLedger(Analysis& analysis, const LoadedProject& loaded);

} // namespace covet::engine
