#pragma once

#include <string_view>

namespace covet::semantic {

/// Whether `import NAME` means a library wherever the project has a folder of that name below another one:
/// `adapters/flask/`, `tests/fastapi/`.
bool namesLibrary(std::string_view package);

} // namespace covet::semantic
