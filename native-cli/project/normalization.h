#pragma once

#include "covet/core.h"

namespace covet::cli {

/// Gives values that are nested in records tables of their own (schema/normalized.h). Schema and rows only: the
/// changes of the code stay as they are, for the tables as they were.
void normalize(Analysis& analysis);

} // namespace covet::cli
