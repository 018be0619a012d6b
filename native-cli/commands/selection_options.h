#pragma once

#include "commands/command.h"
#include "project/extraction.h"

namespace covet::cli {

/// `--select`, `--ignore`, `--accept`, `--reject`, `--unsafe` as they stand on the command line.
struct SelectionOptions {
    std::vector<std::string> select, ignore, accept, reject;
    std::vector<std::string> rules; // files and folders
    bool unsafe = false;
};

void declareSelectionOptions(OptionSet& options, SelectionOptions& values);

/// `--extract-with-python` and what belongs to it, as they stand on the command line.
struct ExtractionOptions {
    bool wanted = false;
    std::string python, seconds;
};

void declareExtractionOptions(OptionSet& options, ExtractionOptions& values);

/// What the words ask for. Error `usage` for words that do not go together or are no number.
Result<Extraction> extractionOf(const ExtractionOptions& values);

/// Adds the words to the options; rule files are named there, and read with the project.
void addSelection(const SelectionOptions& values, Options& options);

} // namespace covet::cli
