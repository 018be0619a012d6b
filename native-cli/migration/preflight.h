#pragma once

#include "migration/plan.h"
#include "support/result.h"

namespace covet::cli {

/// Whether everything the plan writes can be written, found out without writing: file systems mounted
/// for reading, immutable files, missing permissions. Errors `read-only`, `permission-denied`.
Status checkWritable(const Plan& plan);

} // namespace covet::cli
