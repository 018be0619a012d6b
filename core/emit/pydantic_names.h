#pragma once

#include <set>
#include <string>

namespace covet::emit {

/// The attribute of a Pydantic model for a key: the key itself, unless it is no identifier, starts with
/// an underscore or is a name that the class has; then one that is not in `taken`.
std::string modelAttribute(const std::string& key, const std::set<std::string>& taken);

} // namespace covet::emit
