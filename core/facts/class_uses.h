#pragma once

#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "semantic/project.h"

namespace covet::facts {

/// What the code outside of tests does with one class of the project.
struct ClassUses {
    /// `C(...)` and `C[T](...)`, with the module of each; `cls(...)` in a function that is given the class.
    std::vector<std::pair<const semantic::Module*, syntax::Node>> made;
    /// `Depends(C)`, with `C`: the framework makes one for each request.
    std::vector<std::pair<const semantic::Module*, syntax::Node>> injected;
    std::vector<std::pair<const semantic::Module*, const semantic::Class*>> subclasses;
    bool asValue = false;   // handed on: an argument, an element, an assignment
    bool otherwise = false; // `C.name`, or its name in a text
};

/// Annotations, imports and `isinstance` are no uses.
ClassUses usesOfClass(const semantic::Project& project, const semantic::Module& owner, const std::string& className);

/// The class and all that derive from it. Calls are listed once.
ClassUses usesOfFamily(const semantic::Project& project, const semantic::Module& owner, const std::string& className);

/// Whether a function gives a global another value and nothing outside of tests names it: `def reset_db(): global _db; _db = Database()`.
bool resetsForTests(const semantic::Project& project, const semantic::Function& function, std::string_view global);

/// Whether a class is "module:Class" or derives from it.
bool derivesFrom(const semantic::Project& project, const semantic::Module& module, const std::string& className,
                 const std::string& baseId);

} // namespace covet::facts
