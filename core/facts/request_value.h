#pragma once

#include "semantic/project.h"

namespace covet::facts {

/// Whether an expression is a part of what a client sent (JSON body, query, path parameters), or
/// made of such parts and constants alone: its value is one that JSON can hold, of a type that
/// nobody checked.
bool isRequestValue(const semantic::Project& project, const semantic::Module& module,
                    const semantic::Node& expression);

} // namespace covet::facts
