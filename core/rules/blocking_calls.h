#pragma once

#include "rules/migration_context.h"

namespace covet::rules {

/// COV107 for calls that stop the event loop inside functions that are async after the migration.
void reportBlockingCalls(MigrationContext& context);

} // namespace covet::rules
