#pragma once

#include "rules/migration_context.h"

namespace covet::rules {

/// Records applications, routes and handlers of one framework; each application that is understood
/// whole is moved to the target, the others keep their code and get a reason.
void findFastApiRoutes(MigrationContext& context);
void findFlaskRoutes(MigrationContext& context);
/// The same for the package `covet` 0.1.
void findPackageRoutes(MigrationContext& context);
/// Applications that are on the target already, as facts.
void findTargetRoutes(MigrationContext& context);
/// Handlers that the helper module of an earlier phase registers.
void findHelperHandlers(MigrationContext& context);
/// Handler classes of http.server and WSGI callables that the program serves itself.
void findHttpServers(MigrationContext& context);
/// aiohttp, Bottle and the like: the applications alone, as facts.
void findOtherServers(MigrationContext& context);

} // namespace covet::rules
