#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "rules/frameworks/router_graph.h"

namespace covet::rules::published {

using semantic::Function;
using semantic::Module;

/// What becomes of a name of the package `covet`.
enum class Kind {
    None,        // no name of the package
    Application, // the target's application
    Assembly,    // `create_asgi_app(router=...)`, which becomes one, too
    Group,       // a router: RouteGroup of the generated module
    Helper,      // the generated module has it under the same name
    Cors,        // Starlette has it for any ASGI application
    Foreign      // nothing: keeps the application as it is
};

struct Name {
    Kind kind = Kind::None;
    std::string name; // "json_response"
};

/// The name behind an expression; Kind::None for anything that is not of the package.
Name nameOf(const semantic::Project& project, const Module& module, const Node& expression);
/// What the package calls so.
Name nameFor(const std::string& last);
bool isPackage(const std::string& module);

/// `/users/<int:user_id>` as the target writes it, and the parts that must be numbers.
struct Rule {
    std::string path;
    std::map<std::string, std::string> forms; // "user_id" -> "int"
    bool isKnown = true;
};
Rule readRule(const std::string& text);

/// A route as the code registers it.
struct Site {
    size_t router = 0;
    const Module* module = nullptr;
    Node node;   // decorator, or the call that registers
    Node call;   // `app.get("/x")` or `app.add_route(...)`
    Node object; // what stands before the dot
    Rule rule;
    std::vector<std::string> methods;
    Node endpoint; // expression of the handler; null under a decorator
    const Function* function = nullptr;
    const Function* behind =
        nullptr; // the handler whose route has to be registered first, in the same block

    bool isDecorator() const { return node.is("decorator"); }
};

/// Something else that is done with an application or a router.
struct Use {
    enum class Kind {
        Include,      // app.include_router(child), group.include_in_router(app)
        Middleware,   // app.add_middleware(f), app.middleware(Cls)
        Around,       // @app.middleware("http")
        Lifecycle,    // @app.on_startup, app.add_startup_handler(f)
        Event,        // @app.on_event("startup"): the same afterwards
        ErrorHandler, // @app.exception_handler(E)
        ErrorCall,    // app.add_exception_handler(E, f)
        Run,
        Mount,
        Answer // app.json_response(...)
    };
    Kind kind;
    const Module* module = nullptr;
    size_t router = 0;
    Node node;                          // decorator or call
    Node object;                        // what stands before the dot
    std::string event = {};             // of Lifecycle
    const Function* function = nullptr; // that is registered
};

struct Refusal {
    const Module* module = nullptr;
    Node node;
    std::string reason, detail;
};

/// All that a project does with the package, before anything is rewritten.
struct Reading {
    explicit Reading(MigrationContext& context) : graph(context, "covet") {}
    RouterGraph graph;
    std::vector<Site> sites;
    std::vector<Use> uses;
    std::vector<Refusal> refusals;
};
void read(MigrationContext& context, Reading& reading);
/// Finds the routes that have to be registered in another order, and those that cannot be.
void settleOrder(Reading& reading);
/// Options of an application that are understood.
bool isApplicationOption(std::string_view keyword);

/// Bare name and text of the generated module.
std::string helperName(const MigrationContext& context);
std::string helperText(const catalog::TargetProfile& target);

/// Rewrites everything that was read; nothing of it is refused. Call after the graph was published.
void move(MigrationContext& context, Reading& reading);

} // namespace covet::rules::published
