#pragma once

#include <utility>
#include <vector>

#include "semantic/project.h"

namespace covet::facts {

using StartupFunction = std::pair<const semantic::Module*, const semantic::Function*>;

/// Functions that fill stores when the application starts, in the order in which it runs them:
///
///     @app.on_event("startup")
///     def seed(): ...
///
/// Empty where that order does not show, because they stand in several modules.
std::vector<StartupFunction> startupFunctions(const semantic::Project& project);

} // namespace covet::facts
