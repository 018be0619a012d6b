#pragma once

#include "engine/project_loading.h"
#include "facts/store_finder.h"

namespace covet::engine {

/// Findings for passwords, keys and tokens in plain text: in the rows of stores (one finding per store
/// and field) and in the code. Values are never part of a finding.
std::vector<rules::Finding> secretFindings(const LoadedProject& loaded,
                                           const std::vector<facts::FoundStore>& stores);

} // namespace covet::engine
