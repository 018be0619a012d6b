#pragma once

#include "rules/migration_context.h"

namespace covet::rules {

/// Applications of the hand-rolled 0.1 kind: a registry of functions, a decorator or calls that fill
/// it, and an ASGI callable that dispatches. Fills the context's apps, routes and handlers and claims
/// the rewrites that turn each one it understands whole into a CovetApp. Whatever it does not
/// understand is reported with its reason and left alone.
void migrateLegacyApps(MigrationContext& context);

/// Applications of other frameworks (Flask, FastAPI, http.server, ...): recorded as facts.
void detectOtherApps(MigrationContext& context);

} // namespace covet::rules
