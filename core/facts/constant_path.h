#pragma once

#include <optional>
#include <string>

#include "semantic/project.h"

namespace covet::facts {

/// The path that an expression gives wherever it is evaluated, relative to the project where it is built from
/// `__file__` or the working directory: constants, `os.path.join`, `Path(...) / name`, the default of an environment
/// variable, an attribute that an object gets when it is made, a parameter that gets one value. Nothing when it depends
/// on more than that.
std::optional<std::string> constantPath(const semantic::Project& project, const semantic::Module& module,
                                        const syntax::Node& expression);

} // namespace covet::facts
