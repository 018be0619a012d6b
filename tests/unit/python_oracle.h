#pragma once

#include <string>
#include <vector>

namespace covet::testing {

/// Lines that a Python script prints when the machine's python3 runs it (isolated mode, stdin).
/// The lines of the error output follow a line "exit N" when it fails, so that a test shows them.
std::vector<std::string> runPython(const std::string& script);

} // namespace covet::testing
