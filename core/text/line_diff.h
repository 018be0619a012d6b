#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "text/line_list.h"

namespace covet::text {

/// Lines [oldStart, oldEnd) become lines [newStart, newEnd).
struct LineChange {
    size_t oldStart = 0, oldEnd = 0, newStart = 0, newEnd = 0;
};

/// Shortest edit script between two sequences of line numbers (equal lines have equal numbers), in
/// linear memory (E. Myers 1986, section 4b). Where the search would take too long, the stretch is
/// given as one change, so the result is always right though not always shortest.
std::vector<LineChange> diffLines(const std::vector<uint32_t>& before, const std::vector<uint32_t>& after);

/// The same for the lines themselves. Takes memory for the lines that both have, not for those of one side only:
/// a table of rows that leaves a module costs nothing.
std::vector<LineChange> diffLines(const LineList& before, const LineList& after);

} // namespace covet::text
