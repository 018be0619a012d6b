#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "project/walk.h"
#include "support/result.h"

namespace covet::cli {

struct BackupInfo {
    unsigned number = 0;
    std::string path; // folder of the backup
    std::string created; // UTC
    std::string project;
    size_t files = 0;
    uint64_t bytes = 0;
    std::string manifestDigest;
};

/// Numbered copies of a project, each complete or absent:
///
///     0001/manifest.json    paths, modes, times, digests, links
///     0001/manifest.sha256  digest of the manifest
///     0001/files/...        the bytes, as they were
///
/// Folders have mode 0700 and files 0600, whatever they were in the project: copies of secrets must
/// not become readable. A backup is never written to again.
class BackupStore {
public:
    explicit BackupStore(std::string folder) : folder_(std::move(folder)) {}

    /// Told before each file; false stops.
    using Progress = std::function<bool(size_t done, size_t total)>;

    /// Copies the files found in a project. `digests`: what their bytes must be (those that are not
    /// named are taken as they are); Error `edited-since` otherwise.
    Result<BackupInfo> create(const std::string& root, const WalkResult& found,
                              const std::map<std::string, std::string>& digests, const Progress& progress);
    /// Oldest first. Unfinished ones are not listed.
    std::vector<BackupInfo> list() const;
    Result<BackupInfo> find(unsigned number) const;
    /// Compares every file with the manifest; Error `backup-damaged` names the first difference.
    Status verify(unsigned number) const;
    /// Bytes of one file, checked against the manifest.
    Result<std::string> read(unsigned number, const std::string& path) const;

    const std::string& folder() const { return folder_; }

private:
    std::string pathOf(unsigned number) const;
    std::string folder_;
};

/// Where backups of the project at `root` go unless the user says otherwise: below
/// `$XDG_STATE_HOME` or `~/.local/state`; in the tool's folder when there is no home to write to.
std::string defaultBackupFolder(const std::string& root);

/// `wanted` as an absolute path, or the default. Error `usage` when it lies inside the project.
Result<std::string> chooseBackupFolder(const std::string& root, const std::string& wanted);

} // namespace covet::cli
