#pragma once

#include <vector>

#include "semantic/project.h"

namespace covet::semantic {

/// Modules of the project that import statements of a module run, in functions, too.
std::vector<const Module*> importedModules(const Project& project, const Module& module);

} // namespace covet::semantic
