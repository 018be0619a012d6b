#pragma once

#include <string>

#include "semantic/project.h"

namespace covet::rules {

/// A route that leaves out what nobody has set (`response_model_exclude_unset=True`) of objects of a class
/// ("module:Class"): a row does not say which of its values were set and which are defaults. Null if there is none.
semantic::Node answerWithoutUnset(const semantic::Project& project, const std::string& elementClass);

} // namespace covet::rules
