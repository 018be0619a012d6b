#pragma once

#include <optional>
#include <string>
#include <vector>

#include "semantic/project.h"

namespace covet::rules::legacy {

/// A module's text with the branches of its dispatcher made into functions.
struct Restructured {
    std::string text;            // UTF-8
    std::vector<uint32_t> lines; // line of the original for each line, 1-based
};

/// Makes a function of every branch of a chain such as
///
///     elif path == "/users" and method == "POST":
///         users.append(json.loads(await read_body(receive)))
///         await send_json(send, 201, users[-1])
///
/// where an ASGI callable, or a function that it asks, compares method and path itself. The text means
/// the same as before; it is what the frontend then understands as routes with handlers. Nothing when
/// the module has no such chain, or a branch does something that cannot be moved.
std::optional<Restructured> restructureBranches(const semantic::Project& project, const semantic::Module& module);

} // namespace covet::rules::legacy
