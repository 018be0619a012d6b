#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "rules/frameworks/fastapi/names.h"
#include "rules/frameworks/router_graph.h"

namespace covet::rules::fastapi {

/// What code does with a request.
struct RequestUse {
    enum class Kind {
        Same,    // the target's request offers it in the same way
        Path,    // `request.url.path`; `node` is the whole
        Host,    // `request.client.host`
        Json,    // `await request.json()`
        State,   // `request.app.state`
        Full,    // anything else: through the request of the generated module; `node` is the name
        Unknown  // cannot be moved
    };
    Kind kind = Kind::Unknown;
    Node node;
};

/// Visits every use of the requests that functions of a module get: parameters of that type, and the
/// first parameter of handlers of errors.
void eachRequestUse(const RouterGraph& graph, const semantic::Module& module, const std::map<std::string, Name>& names,
                    const std::function<void(const std::string& parameter, const RequestUse&)>& visit);

} // namespace covet::rules::fastapi
