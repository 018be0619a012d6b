#pragma once

#include <string>
#include <vector>

#include "semantic/project.h"

namespace covet::facts {

/// What a call of the project gives to a parameter.
struct PassedValue {
    const semantic::Module* module = nullptr; // of the call
    semantic::Node value;
};

/// Everything that calls by its name give to a parameter of a function, by position or by keyword.
std::vector<PassedValue> valuesPassedTo(const semantic::Project& project, const semantic::Module& home,
                                        const semantic::Function& function, const std::string& parameter);

/// The name of the parameter that gets an argument of a call (its node, or the keyword argument around it);
/// "" where that does not show. `isBound`: the first parameter is the object.
std::string parameterFor(const semantic::Function& function, const semantic::Node& argument, bool isBound);

/// Whether a class of the project that is called with an argument only keeps it: `self.users = users` in its `__init__`,
/// and nothing else there.
bool isOnlyKept(const semantic::Project& project, const semantic::Module& module, const semantic::Node& argument);

} // namespace covet::facts
