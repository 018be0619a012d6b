#pragma once

#include <string>
#include <vector>

#include "facts/store_finder.h"
#include "semantic/project.h"

namespace covet::facts {

/// Whether an expression may be None in a request that nothing is wrong with: a literal None, `.get(key)`,
/// an optional parameter, what callers pass, what a function returns. A part of a body that is asked for
/// by `[...]` is what its name says: a client that sends null there is one that nobody reckoned with.
bool mayBeNone(const semantic::Project& project, const semantic::Module& module, const semantic::Node& expression);

/// Whether the conditions around or before a name rule None out where it stands.
bool isNoneExcluded(const semantic::Node& node, const std::string& name);

/// Marks fields that some code sets to what may be None: `record["year"] = data.get("year")`.
void markFieldsSetToNone(const semantic::Project& project, std::vector<FoundStore>& stores);

} // namespace covet::facts
