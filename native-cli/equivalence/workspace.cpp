#include "equivalence/workspace.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include <fmt/format.h>

#include "project/file_io.h"

namespace covet::cli {
namespace {

namespace fs = std::filesystem;

constexpr uintmax_t kMostBytes = uintmax_t{1} << 30;

bool isLeftOut(const fs::path& folder) {
    static const std::set<std::string> kNames = {".git",        ".hg",           ".svn",          "node_modules",
                                                 "__pycache__", ".mypy_cache",   ".pytest_cache", ".ruff_cache",
                                                 ".tox",        ".covetpy-migrate"};
    std::error_code problem;
    return kNames.count(folder.filename().string()) > 0 || fs::exists(folder / "pyvenv.cfg", problem);
}

Error failed(const std::error_code& problem, const std::string& path) {
    return systemError(problem.value(), "copy the project", path);
}

} // namespace

Result<Workspace> Workspace::create() {
    std::error_code problem;
    const fs::path base = fs::temp_directory_path(problem);
    std::string pattern = (problem ? fs::path("/tmp") : base) / "covetpy-migrate-test-XXXXXX";
    if (!mkdtemp(pattern.data())) return systemError(errno, "make a temporary folder", pattern);
    return Workspace(pattern);
}

Workspace::~Workspace() {
    std::error_code problem;
    if (!path_.empty()) fs::remove_all(path_, problem);
}

Workspace& Workspace::operator=(Workspace&& other) noexcept {
    std::swap(path_, other.path_);
    return *this;
}

Status Workspace::write(const std::string& path, std::string_view bytes) {
    const fs::path full = fs::path(path_) / path;
    std::error_code problem;
    fs::create_directories(full.parent_path(), problem);
    std::ofstream file(full, std::ios::binary | std::ios::trunc);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (!file) return systemError(errno ? errno : EIO, "write", full.string());
    return Ok{};
}

void Workspace::remove(const std::string& path) {
    std::error_code problem;
    fs::remove_all(fs::path(path_) / path, problem);
}

Status Workspace::copyProject(const std::string& from, const std::string& name) {
    std::error_code problem;
    const fs::path root(from), target = fs::path(path_) / name;
    fs::create_directories(target, problem);
    uintmax_t bytes = 0;
    fs::recursive_directory_iterator it(root, fs::directory_options::skip_permission_denied, problem), end;
    for (; !problem && it != end; it.increment(problem)) {
        const fs::path to = target / fs::relative(it->path(), root, problem);
        if (it->is_directory(problem) && !it->is_symlink(problem)) {
            if (isLeftOut(it->path()))
                it.disable_recursion_pending();
            else
                fs::create_directories(to, problem);
        } else if (it->is_regular_file(problem)) {
            bytes += it->file_size(problem);
            if (bytes > kMostBytes)
                return Error{"too-large", "the project is larger than 1 GB and would be copied several times", from, 0,
                             "give a folder that holds the application alone"};
            fs::copy_file(it->path(), to, fs::copy_options::overwrite_existing, problem);
        }
        problem.clear(); // unreadable files are the application's to miss
    }
    if (problem) return failed(problem, from);
    return Ok{};
}

Status Workspace::copy(const std::string& from, const std::string& to) {
    std::error_code problem;
    const fs::path source = fs::path(path_) / from, target = fs::path(path_) / to;
    fs::remove_all(target, problem);
    fs::create_directories(target.parent_path(), problem);
    fs::copy(source, target, fs::copy_options::recursive | fs::copy_options::copy_symlinks, problem);
    if (problem) return failed(problem, source.string());
    return Ok{};
}

} // namespace covet::cli
