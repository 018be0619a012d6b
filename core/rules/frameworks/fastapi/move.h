#pragma once

#include "rules/frameworks/fastapi/inspection.h"

namespace covet::rules::fastapi {

/// Rewrites the modules that `inspection` lets through for a target of another framework.
void moveToTarget(MigrationContext& context, const RouterGraph& graph, const Inspection& inspection);

/// The literal `media_type=` of a response as the target sends it, if it is not one of JSON; else "".
std::string plainMediaType(const Node& call);

/// `JSONResponse(content, 201)` -> `Response(data=content, status_code=201)`: its arguments.
void responseArguments(ModuleRewrite& rewrite, const Node& call, const Name& name);

/// What `@answers(...)` says for a route: the options of its decorator, else the return annotation.
std::string answerArguments(const Node& routeCall, const semantic::Function& function, const std::map<std::string, Name>& names);

} // namespace covet::rules::fastapi
