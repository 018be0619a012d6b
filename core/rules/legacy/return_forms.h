#pragma once

#include <set>

#include "semantic/project.h"

namespace covet::rules::legacy {

using semantic::Function;
using semantic::Module;
using semantic::Project;
using syntax::Node;

/// What an expression that a handler returns can be.
enum class ReturnForm {
    Single, // certainly no tuple
    Tuple, // a tuple that is written there
    Maybe  // a tuple at times, or it cannot be told
};

/// Follows local names, conditional expressions and calls of project functions.
ReturnForm returnForm(const Project& project, const Module& module, const Node& expression);

/// Whether a value is certainly not None.
bool neverNone(const Node& expression);

/// Return statements of a function itself, not of those inside it.
std::vector<Node> returnsOf(const Node& body);

} // namespace covet::rules::legacy
