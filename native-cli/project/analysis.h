#pragma once

#include <string>

#include "covet/core.h"
#include "project/config.h"
#include "project/extraction.h"
#include "project/project_files.h"
#include "terminal/terminal.h"

namespace covet::cli {

/// A project as read from disk, and what the core says about it.
struct ProjectAnalysis {
    ProjectFiles files;
    Analysis analysis;
    Config config;
    Options options; // of the command line and the configuration together
    std::vector<std::pair<std::string, double>> seconds; // by step, for --stats
};

/// Reads and analyses the project with its configuration. Shows progress; stops when a signal came.
/// `options.target` may be "", `options.phase` 0: then the configuration says it, or it is the default. Code of the
/// project runs only where `extraction` wants it.
Result<ProjectAnalysis> analyzeProject(const std::string& path, const Options& options, Terminal& terminal,
                                       bool useBaseline = true, const Extraction& extraction = {});

/// Options that leave everything to the configuration.
Options configuredOptions();

/// The analysis alone, on a stack large enough for deeply nested code.
Result<Analysis> analyzeFiles(const ProjectFiles& files, const Options& options, Terminal& terminal,
                              std::vector<std::pair<std::string, double>>* seconds = nullptr);

} // namespace covet::cli
