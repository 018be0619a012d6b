#include "load/sqlite_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace covet::load {
namespace {

using database::makeError;
using database::shown;
namespace code = database::code;

Error failure(const std::string& what, const std::string& path) {
    const int reason = errno;
    return makeError(code::kInputOutput, what + " " + shown(path) + ": " + std::strerror(reason),
                     reason == ENOSPC ? "free some space" : "check the folder and its permissions");
}

std::string parentOf(const std::string& path) {
    const std::string parent = std::filesystem::path(path).parent_path();
    return parent.empty() ? "." : parent;
}

bool sameFile(int descriptor, const std::string& path) {
    struct stat mine {};
    struct stat named {};
    return fstat(descriptor, &mine) == 0 && lstat(path.c_str(), &named) == 0 &&
           mine.st_dev == named.st_dev && mine.st_ino == named.st_ino;
}

} // namespace

std::string finalPath(const std::string& path) {
    std::error_code failed;
    std::filesystem::path current(path);
    for (int depth = 0; depth < 40 && std::filesystem::is_symlink(current, failed); ++depth) {
        const std::filesystem::path next = std::filesystem::read_symlink(current, failed);
        if (failed) break;
        current = next.is_absolute() ? next : current.parent_path() / next;
    }
    return current.lexically_normal();
}

Result<bool> isVacant(const std::string& path) {
    struct stat status {};
    if (stat(path.c_str(), &status) == 0) {
        if (!S_ISREG(status.st_mode))
            return makeError(code::kInputOutput, shown(path) + " is not a regular file",
                             "give the URL the name of a file");
        return status.st_size == 0;
    }
    if (errno != ENOENT) return failure("cannot look at", path);
    const std::string parent = parentOf(path);
    if (stat(parent.c_str(), &status) != 0 || !S_ISDIR(status.st_mode))
        return makeError(code::kInputOutput,
                         "there is no folder " + shown(parent) + " for the database file",
                         "create the folder first: mkdir -p " + parent);
    if (access(parent.c_str(), W_OK | X_OK) != 0) return failure("cannot write to", parent);
    return true;
}

Status PartialFile::create(const std::string& target) {
    target_ = target;
    path_ = target + ".covet-partial";
    descriptor_ = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (descriptor_ < 0) return failure("cannot create", path_);
    // Another run may have renamed the file between our open and our lock.
    if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0 || !sameFile(descriptor_, path_)) {
        close(descriptor_);
        descriptor_ = -1;
        return makeError(code::kLocked, "another run is making " + shown(target),
                         "wait until it has ended");
    }
    std::remove((path_ + "-journal").c_str());
    if (ftruncate(descriptor_, 0) != 0) return failure("cannot clear", path_);
    return Ok{};
}

Status PartialFile::publish() {
    if (fsync(descriptor_) != 0) return failure("cannot write", path_);
    const Result<bool> vacant = isVacant(target_);
    if (!vacant) return vacant.error();
    if (!*vacant)
        return makeError(code::kConflict, shown(target_) + " has come into being during the load",
                         "run again");
    // A link fails where a rename would replace a file made in this very moment.
    unlink(target_.c_str());
    if (link(path_.c_str(), target_.c_str()) != 0) {
        if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS)
            return failure("cannot create", target_);
        if (rename(path_.c_str(), target_.c_str()) != 0) return failure("cannot create", target_);
    } else {
        unlink(path_.c_str());
    }
    close(descriptor_);
    descriptor_ = -1;
    return flushFolder(parentOf(target_));
}

void PartialFile::discard() {
    if (descriptor_ < 0) return;
    unlink(path_.c_str());
    std::remove((path_ + "-journal").c_str());
    close(descriptor_);
    descriptor_ = -1;
}

void removeAbandonedPartial(const std::string& target) {
    const std::string path = target + ".covet-partial";
    const int descriptor = open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0) return;
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0 && sameFile(descriptor, path)) {
        unlink(path.c_str());
        std::remove((path + "-journal").c_str());
    }
    close(descriptor);
}

Status flushFolder(const std::string& path) {
    const int folder = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return failure("cannot open", path);
    const int result = fsync(folder);
    const int reason = errno;
    close(folder);
    errno = reason;
    // Some file systems cannot flush folders; they order the change themselves.
    if (result != 0 && reason != EINVAL) return failure("cannot write", path);
    return Ok{};
}

} // namespace covet::load
