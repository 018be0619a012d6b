#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "covet/core.h"
#include "semantic/project.h"

namespace covet::engine {

/// The input files as the pipeline works on them.
struct LoadedProject {
    semantic::Project project;
    /// Modules with a syntax error: their facts count, but nothing is rewritten in them.
    std::set<const semantic::Module*> broken;
    std::map<std::string, const InputFile*> files; // every file that was handed over
    std::set<std::string> paths;                   // of all files, skipped ones included
    std::set<std::string> unknownPaths;            // exist, but their bytes were not handed over
    std::vector<rules::Finding> findings;          // COV001 to COV003
    size_t parsed = 0;
    size_t skipped = 0; // Python files that could not be read, and what the host skipped
};

/// Decodes and parses all Python files. A file that cannot be read becomes a finding, never a
/// failure. False from `progress` stops early with the Error `interrupted`.
Result<LoadedProject> loadProject(const std::vector<InputFile>& files,
                                  const std::vector<SkippedFile>& skipped, ProgressSink* progress);

} // namespace covet::engine
