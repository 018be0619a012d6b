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

} // namespace covet::facts
