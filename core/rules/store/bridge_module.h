#pragma once

#include <string>

#include "rules/migration_context.h"

namespace covet::rules {

/// Text of the generated bridge module, with the target's own names; `forDependencies`: with what
/// injected functions need; `forFilling`: with what stores need whose first content code makes.
std::string bridgeModuleText(MigrationContext& context, bool forDependencies, bool forFilling);

/// The same for an application that stays on a WSGI framework, and the module that gives it sessions.
/// `hasLocks`: the application has locks of its own.
std::string wsgiBridgeModuleText(const MigrationContext& context, bool hasLocks);
std::string wsgiDatabaseModuleText(const MigrationContext& context);

} // namespace covet::rules
