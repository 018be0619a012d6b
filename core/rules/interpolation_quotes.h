#pragma once

#include <string>

#include "syntax/tree.h"

namespace covet::rules {

/// `text`, which stands in the place of an `interpolation` of an f-string, in a form that Python before 3.12
/// reads too: its own strings take other quotes than the f-strings around it, and it stays on one line where
/// they do. Text that was written for 3.12 already, and strings for which no quotes are left, stay as they are.
std::string fittedToInterpolation(const syntax::Node& interpolation, std::string text);

} // namespace covet::rules
