#pragma once

#include <string>

#include "rules/migration_context.h"

namespace covet::rules {

/// Whether a call of a library, by its full dotted name, waits for something outside of the program.
bool isBlockingCall(const std::string& name);

/// COV107 for calls that stop the event loop inside functions that are async after the migration.
void reportBlockingCalls(MigrationContext& context);

} // namespace covet::rules
