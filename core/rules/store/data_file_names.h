#pragma once

#include "facts/data_files.h"
#include "rules/migration_context.h"

namespace covet::rules {

/// Removes the variables that only named a file that nothing opens any more, and imports that only it needed.
void dropFileNames(MigrationContext& context, const facts::DataFile& file);

} // namespace covet::rules
