#pragma once

#include <functional>
#include <string>
#include <vector>

#include "support/result.h"

namespace covet::cli {

/// Calls `changed` at once, and again whenever a file of the project or one of `others` (rule files and
/// folders of them) has another content, name or place than before, with the paths that differ, relative
/// to the project. A burst of writes, as editors and version control make them, comes as one call, and
/// what changes during a call is the next one. Runs until a signal ends the process, or `changed` returns
/// false. Errors: those of resolveProject() and walk().
Status watchProject(const std::string& path, const std::vector<std::string>& others,
                    const std::function<bool(const std::vector<std::string>&)>& changed);

} // namespace covet::cli
