#pragma once

#include "commands/command.h"

namespace covet::cli {

/// `--select`, `--ignore`, `--accept`, `--reject`, `--unsafe` as they stand on the command line.
struct SelectionOptions {
    std::vector<std::string> select, ignore, accept, reject;
    bool unsafe = false;
};

void declareSelectionOptions(OptionSet& options, SelectionOptions& values);

/// Adds the words to a selection.
void addSelection(const SelectionOptions& values, Selection& selection);

} // namespace covet::cli
