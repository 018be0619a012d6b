#pragma once

#include <string>
#include <vector>

#include "facts/store_finder.h"

namespace covet::facts {

/// Fields of which several records of a list have the same value, as the object that makes the records got it when it was
/// made itself, once: `{"id": self.new_id}` with `self.new_id = len(self.items) + 1` in `__init__` alone.
std::vector<std::string> fieldsOfOneValue(const semantic::Project& project, const FoundStore& store);

} // namespace covet::facts
