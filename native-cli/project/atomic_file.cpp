#include "project/atomic_file.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "project/sha256.h"

namespace covet::cli {
namespace {

Status writeAll(int fd, std::string_view bytes, const std::string& path) {
    for (size_t written = 0; written < bytes.size();) {
        ssize_t count = write(fd, bytes.data() + written, bytes.size() - written);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return systemError(errno, "write the file", path);
        written += static_cast<size_t>(count);
    }
    return Ok{};
}

Error editedSince(const std::string& path, const char* what) {
    return {"edited-since", fmt::format("{} while the migration was running", what), path, 0,
            "nothing was overwritten; run the same command again when nobody edits the project"};
}

/// Whether the file at `path` is what the caller believes it to be.
Status checkExpected(int root, const std::string& path, const std::string& expected) {
    Result<FileState> state = stateBelow(root, path);
    if (!state) return state.error();
    if (expected.empty() && state->exists) return editedSince(path, "the file came to be");
    if (!expected.empty() && !state->exists) return editedSince(path, "the file went away");
    if (!expected.empty() && state->sha256 != expected) return editedSince(path, "the file was edited");
    return Ok{};
}

/// Gives `file` the owner of what is at `path`, then mode and time, and flushes it.
Status finishFile(int file, int root, const FileWrite& request) {
    std::string name;
    struct stat info = {};
    Result<Descriptor> parent = openParent(root, request.path, name);
    if (parent && fstatat(parent->get(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0 &&
        fchown(file, info.st_uid, info.st_gid) != 0 && fchown(file, static_cast<uid_t>(-1), info.st_gid) != 0)
        errno = 0; // only root gives files away; the file then belongs to whoever migrates
    if (fchmod(file, static_cast<mode_t>(request.mode)) != 0)
        return systemError(errno, "set the mode of the file", request.path);
    if (request.hasTime) {
        timespec times[2] = {{0, UTIME_OMIT},
                             {static_cast<time_t>(request.seconds), static_cast<long>(request.nanoseconds)}};
        futimens(file, times);
    }
    if (fsync(file) != 0) return systemError(errno, "flush the file", request.path);
    return Ok{};
}

Status fillTemporary(int folder, int root, const FileWrite& request) {
    unlinkat(folder, request.temporary.c_str(), 0);
    Descriptor file(
        openat(folder, request.temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file) return systemError(errno, "write beside the file", request.path);
    Status written = writeAll(file.get(), request.bytes, request.path);
    if (!written) return written;
    return finishFile(file.get(), root, request);
}

} // namespace

Status writeAtomically(int root, const FileWrite& request) {
    std::string name;
    Result<Descriptor> folder = openParent(root, request.path, name);
    if (!folder) return folder.error();
    Status status = fillTemporary(folder->get(), root, request);
    if (status) status = checkExpected(root, request.path, request.expected);
    if (status) {
        bool isNew = request.expected.empty();
        int result = isNew ? renameat2(folder->get(), request.temporary.c_str(), folder->get(), name.c_str(),
                                       RENAME_NOREPLACE)
                           : renameat(folder->get(), request.temporary.c_str(), folder->get(), name.c_str());
        // Some file systems do not know RENAME_NOREPLACE; the check above has just been made.
        if (result != 0 && isNew && errno == EINVAL)
            result = renameat(folder->get(), request.temporary.c_str(), folder->get(), name.c_str());
        if (result != 0 && errno == EEXIST)
            status = editedSince(request.path, "the file came to be");
        else if (result != 0)
            status = systemError(errno, "put the file in place", request.path);
    }
    if (!status) {
        unlinkat(folder->get(), request.temporary.c_str(), 0);
        return status;
    }
    if (fsync(folder->get()) != 0) return systemError(errno, "flush the folder of the file", request.path);
    return Ok{};
}

Status moveIntoPlace(const std::string& from, int root, const FileWrite& request) {
    std::string name;
    Result<Descriptor> folder = openParent(root, request.path, name);
    if (!folder) return folder.error();
    Descriptor file(open(from.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!file) return systemError(errno, "read the file", from);
    Status status = finishFile(file.get(), root, request);
    if (status) status = checkExpected(root, request.path, request.expected);
    if (!status) return status;
    if (renameat(AT_FDCWD, from.c_str(), folder->get(), name.c_str()) != 0)
        return systemError(errno, "put the file in place", request.path);
    if (fsync(folder->get()) != 0) return systemError(errno, "flush the folder of the file", request.path);
    return Ok{};
}

Status removeFile(int root, const std::string& path, const std::string& expected) {
    Status same = checkExpected(root, path, expected);
    if (!same) return same;
    std::string name;
    Result<Descriptor> folder = openParent(root, path, name);
    if (!folder) return folder.error();
    if (unlinkat(folder->get(), name.c_str(), 0) != 0) return systemError(errno, "remove the file", path);
    if (fsync(folder->get()) != 0) return systemError(errno, "flush the folder of the file", path);
    return Ok{};
}

void removeTemporary(int root, const std::string& path, const std::string& temporary) {
    std::string name;
    Result<Descriptor> folder = openParent(root, path, name);
    if (folder) unlinkat(folder->get(), temporary.c_str(), 0);
}

std::vector<std::string> missingFoldersFor(int root, const std::string& path) {
    std::vector<std::string> missing;
    for (size_t cut = path.find('/'); cut != std::string::npos; cut = path.find('/', cut + 1)) {
        std::string folder = path.substr(0, cut);
        Result<FileState> state = stateBelow(root, folder);
        if (state && !state->exists) missing.push_back(folder);
    }
    return missing;
}

Result<std::vector<std::string>> makeFoldersFor(int root, const std::string& path) {
    std::vector<std::string> made = missingFoldersFor(root, path);
    for (const std::string& folder : made) {
        std::string name;
        Result<Descriptor> parent = openParent(root, folder, name);
        if (!parent) return parent.error();
        if (mkdirat(parent->get(), name.c_str(), 0777) != 0 && errno != EEXIST)
            return systemError(errno, "create the folder", folder);
        if (fsync(parent->get()) != 0) return systemError(errno, "flush the folder", folder);
    }
    return made;
}

void removeEmptyFolder(int root, const std::string& path) {
    std::string name;
    Result<Descriptor> parent = openParent(root, path, name);
    if (parent) unlinkat(parent->get(), name.c_str(), AT_REMOVEDIR);
}

Status writePrivateFile(const std::string& path, std::string_view bytes) {
    return writePrivatePieces(path, [&](const ByteSink& write) { return write(bytes); });
}

Status writePrivatePieces(const std::string& path, const std::function<Status(const ByteSink&)>& make) {
    std::string temporary = path + ".tmp";
    {
        Descriptor file(open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (!file) return systemError(errno, "write the file", path);
        Status written = make([&](std::string_view bytes) { return writeAll(file.get(), bytes, path); });
        if (!written) {
            unlink(temporary.c_str());
            return written;
        }
        if (fsync(file.get()) != 0) return systemError(errno, "flush the file", path);
    }
    if (rename(temporary.c_str(), path.c_str()) != 0) return systemError(errno, "put the file in place", path);
    return syncFolder(path.substr(0, path.rfind('/')));
}

} // namespace covet::cli
