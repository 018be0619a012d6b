#pragma once

#include <optional>

#include "engine/rule_selection.h"
#include "semantic/project.h"

namespace covet::engine {

/// A comment that suppresses findings: `# covet: ignore[COV107] why`, at the end of a statement's line or
/// alone above it, or `# covet: ignore-file[COV4] why`, alone on a line, for the whole file.
struct Suppression {
    std::string file;
    size_t start = 0, end = 0; // bytes of the comment in the file's text
    rules::Position position;
    std::vector<std::string> rules; // selectors as written
    std::vector<bool> used;         // in step with `rules`
    std::string reason;
    bool wholeFile = false;
    uint32_t firstLine = 0, lastLine = 0; // where the findings start
    std::string problem;                  // what is wrong with it; it then suppresses nothing
};

/// All suppression comments of a module. A comment is one only if it starts as one: words about
/// suppressing inside another comment are prose.
std::vector<Suppression> suppressionsOf(const semantic::Module& module, const RuleSelection& selection,
                                        bool requireReasons);

/// The line without its suppression comment: ids of findings must not depend on it.
std::string_view withoutSuppression(std::string_view line);

/// The text without the rules of its suppression comments that are in `unused`: per comment, in order, a
/// flag for each rule. A comment that loses all its rules goes, with its line if it stands alone.
/// Nothing when the text does not have exactly these comments (a rewrite has removed some).
std::optional<std::string> withoutUnused(const semantic::Module& original, std::string_view text,
                                         const std::vector<std::vector<bool>>& unused);

} // namespace covet::engine
