#pragma once

#include "emit/requirement_files.h"
#include "emit/toml_scan.h"
#include "text/edit_set.h"

namespace covet::emit {

/// Which dialect of version constraints a table of dependencies uses.
enum class TableStyle { Poetry, Pipfile };

/// Edits a TOML table of `name = constraint` entries.
void editTable(std::string_view text, const TomlScan& scan, std::string_view table, TableStyle style,
               const RequirementPlan& plan, bool add, text::EditSet& edits, RequirementEdit& edit);

} // namespace covet::emit
