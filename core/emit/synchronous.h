#pragma once

#include <string>

namespace covet::emit {

/// A part of a generated module that awaits its database, as code that does not: `await` and `async` go, and
/// the names of SQLAlchemy and the standard library are those of their synchronous twins.
std::string synchronousForm(std::string python);

} // namespace covet::emit
