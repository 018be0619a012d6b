#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "rules/legacy/dispatch_shape.h"
#include "rules/legacy/handler_rewrite.h"
#include "rules/legacy/registration.h"
#include "rules/migration_context.h"

namespace covet::rules::legacy {

/// A hand-rolled application: its ASGI callable and the registry that it reads.
struct LegacyApp {
    const Module* module = nullptr;     // of the callable
    const Function* callable = nullptr;
    const Registry* registry = nullptr; // nullptr when it compares paths itself
    std::string name;                   // attribute that serves: "app"
    Node instance;                      // `app = MiniCovet()` of a class
    DispatchShape shape;
    std::set<const Function*> helpers;  // functions the dispatcher goes through
    std::shared_ptr<Registry> separate; // registry of an object that the callable asks: `router = Router()`
    const semantic::Class* routerClass = nullptr; // its class
    std::string unclear, detail;        // reason code; empty when it is understood whole
    std::set<const Function*> inlineHandlers; // functions that became handlers of inline routes
    std::map<const Function*, std::vector<std::string>> inlineLines; // what registers them, without a decorator
};

/// Rewrites one application, or says in `unclear` why not and touches nothing.
void rewriteApp(MigrationContext& context, LegacyApp& app);

/// Text of the generated module with respond() and registered_routes().
std::string helperText(const MigrationContext& context, const LegacyApp& app, const AppPlan& plan);

/// Lines of the functions that answer what no handler answers: unknown paths, errors, inline routes.
/// False when one of them cannot be written.
bool endpointLines(MigrationContext& context, const LegacyApp& app, AppPlan& plan, HandlerPlan& imports,
                   std::vector<std::string>& lines, std::string& detail);

/// Name of a path parameter that stands for the rest of a path: the parameter of the function that
/// gets it, else from the words before it.
std::string tailName(const MigrationContext& context, const InlineRoute& route);

/// `@app.get("/x")` without the `@`, for several methods of one path.
std::string decoratorText(const MigrationContext& context, const std::string& app, const std::string& path,
                          const std::vector<std::string>& methods);
std::string methodList(const std::vector<std::string>& methods);
/// Methods that a route without one answers to.
const std::vector<std::string>& anyMethod();

} // namespace covet::rules::legacy
