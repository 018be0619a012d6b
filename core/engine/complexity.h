#pragma once

#include "covet/core.h"

namespace covet::engine {

/// How much of the migration is left to people, as a weighted score with its reasons.
Complexity complexityOf(const Analysis& analysis);

/// The ordered steps of a run, without those that have nothing to do.
std::vector<PlanStep> planOf(const Analysis& analysis);

} // namespace covet::engine
