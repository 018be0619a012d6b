#pragma once

#include "rules/frameworks/router_graph.h"

namespace covet::rules {

/// Records the functions that FastAPI calls beside the handlers of routes: dependencies, which may reach
/// stores as handlers do, and start-up code, middleware, error handlers and web sockets, which may not.
void findFastApiFunctions(MigrationContext& context, const RouterGraph& graph);

/// Handlers of sync functions that wait for something outside of the program keep their worker thread.
void keepBlockingInThreads(MigrationContext& context);

} // namespace covet::rules
