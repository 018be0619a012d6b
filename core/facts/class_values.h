#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "semantic/project.h"

namespace covet::facts {

/// The calls that make objects of a class which code hands to a function of the project:
///
///     get_repository(UserRepository)                      with the name of the class,
///     def get_repository(cls): return cls(database)       this call
///
/// nullopt if the function does anything else with it, or is not known.
std::optional<std::vector<std::pair<const semantic::Module*, syntax::Node>>>
callsOfPassedClass(const semantic::Project& project, const semantic::Module& module, const syntax::Node& name);

/// The argument of a call that a function makes its result of: `UserRepository` in `get_repository(UserRepository)`
/// where that returns `cls(database)`. Null for other functions.
syntax::Node passedClassOf(const semantic::Function& function, const syntax::Node& returned, const syntax::Node& call);

} // namespace covet::facts
