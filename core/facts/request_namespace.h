#pragma once

#include <string_view>

#include "facts/object_class.h"

namespace covet::facts {

/// `g` of Flask, and of an application that was one.
bool isRequestNamespace(const semantic::Project& project, const semantic::Module& module, const syntax::Node& object);

/// What all code gives to `g.name`; nothing where that differs.
GivenValue keptForRequest(const semantic::Project& project, std::string_view name);

} // namespace covet::facts
