#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace covet::text {

/// Replaces bytes [start, end) of a text. start == end inserts.
struct TextEdit {
    size_t start = 0;
    size_t end = 0;
    std::string replacement;
};

/// Edits of one file, applied together in one forward copy.
///
/// Half-open ranges. Edits that overlap are refused by add(); two inserts at one offset keep the
/// order in which they were added; an identical replacement is kept once.
class EditSet {
public:
    /// All or none of `edits`. Error `overlapping-edits` if any overlaps what is there already.
    Status add(std::vector<TextEdit> edits);
    bool empty() const { return edits_.empty(); }
    const std::vector<TextEdit>& edits() const { return edits_; }
    /// New text; line ends inside replacements are turned into `newline`.
    std::string apply(std::string_view text, std::string_view newline = "\n") const;

private:
    std::vector<TextEdit> edits_; // sorted by start, stable
};

} // namespace covet::text
