#pragma once

#include <vector>

#include "engine/extracted_values.h"
#include "engine/project_loading.h"
#include "facts/store_finder.h"
#include "syntax/literal_evaluator.h"

namespace covet::engine {

/// Finds the stores and fills in what their code and their initial content say about them. Content
/// that cannot be known without running code leaves `data` empty and gives `opaqueReason`, unless it is among
/// what was extracted by running it.
std::vector<facts::FoundStore> readStores(const LoadedProject& loaded, const ExtractedValues& extracted,
                                          ProgressSink* progress);

/// What is known of a file of the project.
syntax::FileAnswer dataFile(const LoadedProject& loaded, const std::string& path);

} // namespace covet::engine
