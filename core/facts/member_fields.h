#pragma once

#include <map>
#include <string>

#include "semantic/project.h"

namespace covet::facts {

/// Fields of a class, and of its bases, that are annotated with an enumeration whose members are texts or numbers
/// (`class Status(str, Enum)`): name of the field -> "module:Enumeration". Columns hold their plain values.
std::map<std::string, std::string> memberFields(const semantic::Project& project, const semantic::Module& module,
                                                const std::string& className);

} // namespace covet::facts
