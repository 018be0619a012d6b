#pragma once

#include <string>

#include "semantic/project.h"

namespace covet::facts {

/// The type of what Python, a library or the framework's request gives: "str" of `request.args.get("q")`, "int" of
/// `random.randint(1, 6)`; "" where it depends on more than the name.
std::string knownType(const semantic::Project& project, const semantic::Module& module, const syntax::Node& node);

/// Whether an attribute of a request or of an upload may be None: `request.referrer`, `upload.content_type`.
bool isOptionalOfRequest(const semantic::Project& project, const semantic::Module& module, const syntax::Node& attribute);

} // namespace covet::facts
