#pragma once

#include <string>
#include <vector>

#include "support/result.h"
#include "support/shared_text.h"

namespace covet::rules {

struct ImportRequest {
    std::string module;
    std::string name;  // "" = `import module`
    std::string alias; // "" = none
};

/// Settles all import changes of one file at once.
///
/// Adds what is `wanted` and not there yet (merged into an existing `from` statement, else after the
/// last top-level import, else after docstring and `from __future__`), removes the imports of local
/// names in `dropIfUnused` that nothing refers to, and puts `afterImports` after the import block. `indent` stands
/// before the names of an import that takes several lines.
Result<SharedText> planImports(const SharedText& rendered, const std::vector<ImportRequest>& wanted,
                               const std::vector<std::string>& dropIfUnused,
                               const std::vector<std::string>& afterImports, std::string_view indent = "    ");

} // namespace covet::rules
