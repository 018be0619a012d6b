#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <pwd.h>
#include <unistd.h>

#include <fmt/format.h>

#include "backup/backup_store.h"
#include "project/file_io.h"
#include "project/sha256.h"
#include "support/strings.h"

namespace covet::cli {
namespace {

/// The folder for state of programs, "" when there is none that could be written to.
std::string stateFolder() {
    const char* state = std::getenv("XDG_STATE_HOME");
    if (state && state[0] == '/') return state;
    const char* home = std::getenv("HOME");
    std::string base = home && home[0] == '/' ? home : "";
    if (base.empty())
        if (const passwd* user = getpwuid(geteuid())) base = user->pw_dir ? user->pw_dir : "";
    bool isWritable = !base.empty() && access(base.c_str(), W_OK | X_OK) == 0;
    return isWritable ? base + "/.local/state" : "";
}

std::string toolFolderOf(const std::string& root) { return root + "/.covetpy-migrate"; }

} // namespace

std::string defaultBackupFolder(const std::string& root) {
    std::string state = stateFolder();
    if (state.empty()) return toolFolderOf(root) + "/backups";
    std::string name = root.substr(root.rfind('/') + 1);
    return fmt::format("{}/covetpy-migrate/{}-{}/backups", state, name.empty() ? "root" : name,
                       sha256Hex(root).substr(0, 12));
}

Result<std::string> chooseBackupFolder(const std::string& root, const std::string& wanted) {
    if (wanted.empty()) return defaultBackupFolder(root);
    std::error_code problem;
    std::filesystem::path absolute = std::filesystem::absolute(wanted, problem);
    if (problem) return systemError(problem.value(), "find the backup folder", wanted);
    std::string folder = std::filesystem::weakly_canonical(absolute, problem);
    if (problem) folder = absolute.lexically_normal();
    while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
    bool isInside = startsWith(folder + "/", root + "/");
    if (isInside && !startsWith(folder, toolFolderOf(root) + "/"))
        return Error{"usage", "the backup folder is inside the project", folder, 0,
                     "choose a folder outside of it: the next backup would contain this one"};
    return folder;
}

} // namespace covet::cli
