#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "covet/core.h"
#include "support/result.h"

namespace covet::cli {

/// A symbolic link inside the project. It is never followed.
struct LinkEntry {
    std::string path;
    std::string target;
};

/// A regular file found in a project.
struct FoundFile {
    std::string path; // relative, '/' separators
    uint64_t size = 0;
    uint32_t mode = 0;
    bool ignored = false; // by a .gitignore
};

struct WalkResult {
    std::vector<FoundFile> files; // sorted by path
    std::vector<LinkEntry> links; // sorted by path
    std::vector<SkippedFile> skipped;
    std::vector<FoundFile> ignoredFiles; // of other kinds than those in `files`, outside ignored folders
    std::vector<std::string> ignoredFolders;
};

/// Lists the files of a project below the folder `root`.
///
/// Left out: what `.gitignore` files (of the folder, those above it up to the repository's root, and
/// `.git/info/exclude`) ignore; version control, virtual environments, `node_modules`, caches, build
/// output, this tool's own folder and the runtime it copied in. Ignored files that matter all the same
/// (`.py`: their names are taken; `.json`: applications keep data there) are listed with `ignored` set,
/// and so are the modules of the runtime. Folders that cannot be read, links that lead out of the
/// project and links that go in circles are in `skipped`.
Result<WalkResult> walk(const std::string& root);

/// What is below an ignored folder of the project at `root` (absolute), with `ignored` set: applications keep data
/// in such folders too (`data/` in `.gitignore`). Nothing where it cannot be read or is an environment.
std::vector<FoundFile> filesOfIgnored(const std::string& root, const std::string& folder);

} // namespace covet::cli
