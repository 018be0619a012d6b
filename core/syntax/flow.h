#pragma once

#include "syntax/tree.h"

namespace covet::syntax {

/// Whether a block ends by leaving the function: `return` or `raise`.
bool leavesFunction(const Node& block);
/// Whether what follows a block is not reached from it: that, or `continue` or `break`.
bool leavesBlock(const Node& block);

} // namespace covet::syntax
