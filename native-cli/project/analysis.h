#pragma once

#include <string>

#include "covet/core.h"
#include "project/project_files.h"
#include "terminal/terminal.h"

namespace covet::cli {

/// A project as read from disk, and what the core says about it.
struct ProjectAnalysis {
    ProjectFiles files;
    Analysis analysis;
};

/// Reads and analyses the project. Shows progress; stops when a signal came.
Result<ProjectAnalysis> analyzeProject(const std::string& path, const Options& options, Terminal& terminal);

/// The analysis alone, on a stack large enough for deeply nested code.
Result<Analysis> analyzeFiles(const ProjectFiles& files, const Options& options, Terminal& terminal);

} // namespace covet::cli
