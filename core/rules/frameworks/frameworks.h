#pragma once

#include "rules/migration_context.h"

namespace covet::rules {

/// Applications, routes and handlers of one framework, as facts; nothing is rewritten.
void findFastApiRoutes(MigrationContext& context);
void findFlaskRoutes(MigrationContext& context);
/// Applications that are on the target already.
void findTargetRoutes(MigrationContext& context);
/// http.server handlers, aiohttp, Bottle and the like: the applications alone.
void findOtherServers(MigrationContext& context);

} // namespace covet::rules
