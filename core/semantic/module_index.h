#pragma once

#include <functional>

#include "semantic/project.h"

namespace covet::semantic {

/// Fills imports, assignments, functions and classes of a module from its tree.
void indexModule(Module& module);

/// What an import statement binds, in order: local name and binding.
void forEachImported(const Module& module, const Node& statement, const std::function<void(const std::string&, ImportBinding)>& visit);

/// Whether an identifier is bound by a comprehension or lambda around it.
bool boundByComprehension(const Node& identifier);

/// Name of a parameter node; "" for `*` and `/`.
std::string parameterName(const Node& parameter);

/// Whether an assignment target binds the name, see collectTargetNames().
bool bindsTarget(const Node& target, std::string_view name);

/// Names bound by an assignment target: identifiers in tuples, lists and starred targets.
void collectTargetNames(const Node& target, std::set<std::string>& names);

} // namespace covet::semantic
