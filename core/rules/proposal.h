#pragma once

#include <functional>

#include "rules/finding.h"

namespace covet::rules {

/// A change that can be made alone or left.
struct Proposal {
    Finding finding;            // Fixed, Offered or Skipped; without an id
    std::function<void()> make; // claims the change; empty when the finding is only a remark
};

} // namespace covet::rules
