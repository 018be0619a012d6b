#pragma once

#include <string>
#include <vector>

#include "covet/core.h"
#include "support/result.h"

namespace covet::cli {

/// A temporary folder, removed with everything in it at the end.
class Workspace {
public:
    static Result<Workspace> create();
    ~Workspace();
    Workspace(Workspace&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
    Workspace& operator=(Workspace&& other) noexcept;
    Workspace(const Workspace&) = delete;
    Workspace& operator=(const Workspace&) = delete;

    const std::string& path() const { return path_; }
    /// Writes a file below the folder, with the folders above it.
    Status write(const std::string& path, std::string_view bytes);
    /// Removes a file or folder below it; no error when it is not there.
    void remove(const std::string& path);
    /// Copies a project's files to the folder `name` below: without version control, environments,
    /// caches and the tool's own folder; links to files become files. Error `too-large`.
    Status copyProject(const std::string& from, const std::string& name);
    /// Copies one folder or file below to another name; what is there goes away.
    Status copy(const std::string& from, const std::string& to);

private:
    explicit Workspace(std::string path) : path_(std::move(path)) {}
    std::string path_;
};

} // namespace covet::cli
