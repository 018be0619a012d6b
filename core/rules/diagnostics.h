#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/finding.h"

namespace covet::rules {

/// One row of diagnostics.def.
struct Diagnostic {
    std::string_view id, name;
    Safety safety;
    std::string_view message; // `{}` is the subject
};

const std::vector<Diagnostic>& diagnostics();
/// nullptr if there is none of that id.
const Diagnostic* diagnostic(std::string_view id);
std::string messageOf(std::string_view id, std::string_view subject);

} // namespace covet::rules
