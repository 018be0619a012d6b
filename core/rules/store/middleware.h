#pragma once

#include "rules/store/call_graph.h"
#include "rules/store/store_access.h"

namespace covet::rules {

/// A function around the handlers of an application: `async def limit(request, call_next)`.
struct Middleware {
    std::vector<Node> calls; // `call_next(request)`
    bool isPlain = false;    // it only awaits them, at once
};

/// `@app.middleware("http")`, `app.add_middleware(function)` in the same module, or `dispatch()` of a class that derives from BaseHTTPMiddleware.
bool isMiddleware(const semantic::Module& module, const semantic::Function& function);

Middleware readMiddleware(const semantic::Module& module, const semantic::Function& function);

/// The first use after `call_next` of a name that holds a part of a store from before it. The store is written there and
/// loaded anew, so that a change of that part would be lost; null if there is none.
Node heldOverAnswer(const CallGraph& graph, const StoreAccess& access, const semantic::Module& module,
                    const semantic::Function& function);

/// Whether the function may use stores after one of its `call_next(request)`.
bool usesStoresAfterAnswer(const CallGraph& graph, const StoreAccess& access, const semantic::Module& module,
                           const semantic::Function& function);

} // namespace covet::rules
