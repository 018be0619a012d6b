#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "covet/core.h"

namespace covet::cli {

/// Findings that are known and left for later. Their ids do not depend on lines, so the file stays
/// right while code moves.
struct Baseline {
    struct Entry {
        std::string id, rule, file, message;
    };
    std::vector<Entry> entries; // sorted by file, rule and id

    std::set<std::string> ids() const;
};

constexpr const char* kBaselineFile = "covetpy-migrate-baseline.json";

/// Errors `no-baseline` (there is no such file) and `baseline-damaged`.
Result<Baseline> readBaseline(const std::string& path);
std::string baselineText(Baseline baseline);

/// What of an analysis belongs into a baseline: all findings that no comment suppresses.
Baseline baselineOf(const Analysis& analysis);

/// The entries of `of` whose ids `in` does not have.
std::vector<Baseline::Entry> missingFrom(const Baseline& in, const Baseline& of);

} // namespace covet::cli
