#pragma once

#include <string>

#include "semantic/project.h"

namespace covet::facts {

/// What the program gave to a name or an attribute, where that shows.
struct GivenValue {
    const semantic::Module* module = nullptr; // where the value stands; nullptr if it does not show
    syntax::Node value;
};

/// The value of a name, of an attribute of an object or a class, or of a call that hands one on:
///
///     repo = Repo()                     `repo`, also through imports
///     class Tables: cats = Repo()       `Tables.cats`, `tables.cats`
///     self.users = Repo()               `self.users`, `container.users`
///     def get_repo(): return repo       `get_repo()`, and parameters with `Depends(get_repo)`
GivenValue givenValue(const semantic::Project& project, const semantic::Module& module, const syntax::Node& expression);

/// The method of a class ("module:Class"), or of the nearest first base in the project that has it; nullptr if none has.
const semantic::Function* methodOfClass(const semantic::Project& project, const std::string& classId, const std::string& name);

} // namespace covet::facts
