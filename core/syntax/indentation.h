#pragma once

#include <cstdint>
#include <vector>

#include "syntax/node.h"

namespace covet::syntax {

/// The first statement or clause below `root` that begins a line further in or out than its block has it: Python does not
/// read such a file, the parser does. Null if there is none. `known` are the places of statements of the module, in order,
/// inside of which there is none.
Node misplacedLine(const Node& root, const std::vector<uint32_t>& known = {});

} // namespace covet::syntax
