#pragma once

#include <map>
#include <string>
#include <vector>

#include "covet/core.h"
#include "project/walk.h"
#include "support/result.h"

namespace covet::cli {

/// Files larger than this are left out of the analysis, with a reason. Of Python files, and of JSON files that
/// they name, constants are read where they stand and take no more room; other documents are read whole.
constexpr uint64_t kLargestData = uint64_t{1} << 30;
constexpr uint64_t kLargestDocument = 20u * 1024 * 1024;

/// What of a project goes to the core.
struct ProjectFiles {
    std::string root;        // absolute, links resolved
    std::string shownRoot;   // as the user wrote it, for messages
    WalkResult found;
    std::vector<InputFile> inputs; // sorted by path
    std::vector<SkippedFile> skipped;
    std::map<std::string, std::string> digests; // path -> sha256 of every input
    std::map<std::string, uint32_t> modes;
    size_t pythonFiles = 0; // also those that could not be read
};

/// Absolute path, links resolved, of an existing project folder. Errors: `no-such-path`,
/// `not-a-folder`, `permission-denied`.
Result<std::string> resolveProject(const std::string& path);

/// Reads the Python modules, the dependency files and the files of data that the modules name: JSON files, and where modules
/// use JSON, text files of other names. Those count also where `.gitignore` ignores them: what a running application has
/// saved often is.
///
/// Errors: `no-such-path`, `not-a-folder`, `permission-denied`, `empty-project`.
Result<ProjectFiles> readProject(const std::string& path);

/// Adds the files that moving secrets out of the code completes: `.env` and the project's `.gitignore`. Others
/// need not hand over what is secret. Errors of reading them.
Status readEnvironmentFiles(ProjectFiles& files);

/// Whether dependencies are declared in a file of this name ("requirements-dev.txt", "pyproject.toml").
bool isDependencyFile(std::string_view path);
bool isUtf8(std::string_view text);

} // namespace covet::cli
