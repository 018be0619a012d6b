#pragma once

#include <map>
#include <string>
#include <vector>

#include "rules/frameworks/fastapi/names.h"

namespace covet::rules::fastapi {

/// Whether a function takes fields of forms, files or cookies, so that it needs `@with_fields`.
bool takesFields(const semantic::Function& function, const std::map<std::string, Name>& names);

/// Names of the parameters of a function whose type is the given one.
std::vector<std::string> parametersOfType(const semantic::Function& function, const std::string& type);

} // namespace covet::rules::fastapi
