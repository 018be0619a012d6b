#pragma once

#include <functional>
#include <string>

#include "rules/frameworks/router_graph.h"

namespace covet::rules::fastapi {

/// What code does with an application or a router.
struct ApplicationUse {
    enum class Kind {
        Plain,          // defined, returned, handed over, `app.add_middleware(...)`: stays as it is
        Route,          // `@app.get(...)`; `call` is the decorator's
        RouteCall,      // `app.add_api_route(...)`
        Include,        // `app.include_router(...)`
        Documentation,  // `app.title = "..."`; `statement` goes
        State,          // `app.state`
        Mount,          // `app.mount("/static", StaticFiles(...))`
        WebSocket,      // `@app.websocket(...)`
        HttpMiddleware, // `@app.middleware("http")`
        EventHandler,   // `app.add_event_handler("startup", f)`
        ErrorHandler,   // `app.add_exception_handler(E, f)`
        Unknown         // `reason` says why it cannot be moved
    };
    Kind kind = Kind::Unknown;
    Node call;      // or attribute, or statement
    std::string reason = {};
};

ApplicationUse applicationUse(const semantic::Project& project, const RouterGraph& graph, const semantic::Module& module,
                              const Node& node, const Router& router);

/// Functions of a module that only make the description of an application: `app.openapi = custom_openapi`.
std::vector<Node> documentationFunctions(const RouterGraph& graph, const semantic::Module& module);
/// Whether code is inside of one of them.
bool isDocumentationCode(const std::vector<Node>& functions, const Node& node);
/// Visits every expression of a module that denotes a router of the graph, but for those in such functions.
void eachRouterUse(const RouterGraph& graph, const semantic::Module& module,
                   const std::function<void(const Node&, const Router&)>& visit);

/// What a parameter of a web socket gets where the query lacks it: the value itself, or that of `Query(value)`.
Node queryDefault(const Node& value);

/// Why a web socket cannot be moved: its path, its options or what its function takes; "" if it can.
std::string webSocketObstacle(const RouterGraph& graph, const semantic::Module& module, const Node& call, const Router& router);

} // namespace covet::rules::fastapi
