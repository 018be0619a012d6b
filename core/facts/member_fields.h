#pragma once

#include <map>
#include <string>

#include "facts/facts.h"
#include "semantic/project.h"

namespace covet::facts {

struct MemberField {
    std::string enumeration; // "module:Enumeration"
    std::string type;        // of its values: "str", "int", "float"
};

/// Fields of a class, and of its bases, that are annotated with an enumeration whose members are texts or numbers
/// of one type (`class Status(str, Enum)`, `class State(Enum): OPEN = "open"`). Columns hold their plain values.
std::map<std::string, MemberField> memberFields(const semantic::Project& project, const semantic::Module& module,
                                                const std::string& className);
/// Gives the fields of a store's objects that are members of enumerations the type of the members' values.
void readMembersAsValues(const semantic::Project& project, Store& fact);

} // namespace covet::facts
