#include "journal/project_lock.h"

#include <cerrno>
#include <sstream>
#include <sys/file.h>
#include <sys/stat.h>

#include <fmt/format.h>

#include "support/strings.h"

namespace covet::cli {
namespace {

/// Process that holds a flock on the inode, from /proc/locks; "" if that cannot be told.
std::string holderOf(int folder) {
    struct stat info = {};
    Result<std::string> locks = readWhole("/proc/locks");
    if (fstat(folder, &info) != 0 || !locks) return "";
    std::istringstream lines(*locks);
    std::string inode = fmt::format(":{}", info.st_ino);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string number, kind, mode, access, process, file;
        words >> number >> kind >> mode >> access >> process >> file;
        if (kind == "FLOCK" && endsWith(file, inode)) return process;
    }
    return "";
}

} // namespace

Result<ProjectLock> ProjectLock::acquire(const std::string& root) {
    Result<Descriptor> folder = openFolder(root);
    if (!folder) return folder.error();
    ProjectLock lock;
    lock.folder_ = std::move(*folder);
    if (flock(lock.folder_.get(), LOCK_EX | LOCK_NB) == 0) return lock;
    if (errno != EWOULDBLOCK) return systemError(errno, "lock the project", root);
    std::string holder = holderOf(lock.folder_.get());
    return Error{"locked", holder.empty() ? "another run is working on this project"
                                          : fmt::format("process {} is working on this project", holder),
                 root, 0, "wait until it has ended, then run the same command again"};
}

} // namespace covet::cli
