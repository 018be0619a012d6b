#pragma once

#include "semantic/project.h"

namespace covet::semantic {

/// Whether a module belongs to the project's tests: `test_*.py`, `*_test.py`, `conftest.py`, or
/// anything in a folder `tests` or `test`.
bool isTestModule(const Module& module);

} // namespace covet::semantic
