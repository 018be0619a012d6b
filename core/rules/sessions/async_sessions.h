#pragma once

#include "rules/migration_context.h"

namespace covet::rules {

/// Synchronous sessions of SQLAlchemy in a FastAPI application become asynchronous ones, with the functions that
/// they are given to, where all of that is understood; else nothing changes, and the reason is reported.
void makeSessionsAsync(MigrationContext& context);

} // namespace covet::rules
