#pragma once

#include <optional>
#include <string>
#include <vector>

#include "semantic/project.h"

namespace covet::facts {

/// An object of a class that lives as long as the program.
struct HeldObject {
    const semantic::Module* module = nullptr; // of the call
    syntax::Node made;                        // the call that makes it
    syntax::Node statement;                   // around the call
    std::string classId;                      // "module:Class" of what is called
    std::string path;                         // "users", "Container.users", "app.state.users": what the code calls it
    std::vector<std::string> typeArguments;   // "User" of `Repository[User]()`
};

/// All objects of a class and of those that derive from it; nothing if one of them does not live as long as the
/// program, or if the class is handed on so that others may be made.
std::optional<std::vector<HeldObject>> heldObjects(const semantic::Project& project, const semantic::Module& module,
                                                   const std::string& className);

/// Whether an object is put into a container: it is a record then, and no holder of data.
bool isElementOfContainer(const semantic::Project& project, const HeldObject& object);

/// Names of the type parameters of a class: `T` of `class Repository(Generic[T])` and of `class Repository[T]`.
std::vector<std::string> typeParameters(const semantic::Class& owner);

} // namespace covet::facts
