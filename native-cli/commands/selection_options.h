#pragma once

#include "commands/command.h"

namespace covet::cli {

/// `--select`, `--ignore`, `--accept`, `--reject`, `--unsafe` as they stand on the command line.
struct SelectionOptions {
    std::vector<std::string> select, ignore, accept, reject;
    std::vector<std::string> rules; // files and folders
    bool unsafe = false;
};

void declareSelectionOptions(OptionSet& options, SelectionOptions& values);

/// Adds the words to the options; rule files are named there, and read with the project.
void addSelection(const SelectionOptions& values, Options& options);

} // namespace covet::cli
