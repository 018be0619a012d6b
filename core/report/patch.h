#pragma once

#include "covet/core.h"
#include "text/unified_diff.h"

namespace covet {

/// patchOf() in pieces of whole lines: the patch of large data is never held whole.
void writePatch(const Analysis& analysis, const text::PatchSink& sink);

} // namespace covet
