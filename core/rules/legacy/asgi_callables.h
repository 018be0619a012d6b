#pragma once

#include "rules/legacy/symbols.h"

namespace covet::rules::legacy {

/// Whether a function has the shape of an ASGI callable: three parameters, of which it reads the scope.
bool isAsgiCallable(const Function& function);

/// A callable that hands the request on to another application is middleware.
bool isMiddleware(const Function& function);

} // namespace covet::rules::legacy
