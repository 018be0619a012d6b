#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "rules/legacy/symbols.h"

namespace covet::rules::legacy {

/// A piece of code that goes.
struct Removed {
    const Module* module = nullptr;
    Node node; // statement, with its decorators
};

/// References to a module-level name, attribute or method anywhere in the project.
struct Reference {
    const Module* module = nullptr;
    Node node; // identifier or attribute
};

/// All references to a function, class or variable of a module outside of its own definition;
/// imports are none. `qualified` is "name", "Class" or "Class.method".
std::vector<Reference> referencesTo(const Project& project, const Module& home, const std::string& qualified);

bool isInside(const Reference& reference, const std::vector<Removed>& removed);

/// Comment lines directly above a statement.
std::vector<Node> commentsAbove(const Node& statement);

} // namespace covet::rules::legacy
