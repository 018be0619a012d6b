#include "project/file_io.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "project/mapped_text.h"
#include "project/sha256.h"
#include "support/strings.h"

namespace covet::cli {

Descriptor::~Descriptor() {
    if (fd_ >= 0) close(fd_);
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    if (this != &other) {
        if (fd_ >= 0) close(fd_);
        fd_ = other.release();
    }
    return *this;
}

int Descriptor::release() {
    int fd = fd_;
    fd_ = -1;
    return fd;
}

Error systemError(int number, std::string_view doing, std::string path) {
    Error error{"io-error", fmt::format("cannot {}: {}", doing, std::strerror(number)), std::move(path), 0,
                "check the disk and the path, then run the same command again"};
    switch (number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        error.code = "disk-full";
        error.hint = "free some space (or raise the quota or file size limit), then run the same command again";
        break;
    case EACCES:
    case EPERM:
        error.code = "permission-denied";
        error.hint = "give your user access to this path (ls -l, chmod, chown), or run as its owner";
        break;
    case EROFS:
        error.code = "read-only";
        error.hint = "mount the file system for writing, or work on a copy of the project";
        break;
    case ENOENT:
    case ENOTDIR:
        error.code = "no-such-path";
        error.hint = "check the spelling of the path";
        break;
    case ELOOP:
        error.hint = "the path leads through a symbolic link; links are never written through";
        break;
    default: break;
    }
    return error;
}

Result<Descriptor> openFolder(const std::string& path) {
    Descriptor folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder) return systemError(errno, "open the folder", path);
    return folder;
}

Result<Descriptor> openParent(int root, const std::string& relative, std::string& name) {
    std::vector<std::string> parts = split(relative, '/');
    for (const std::string& part : parts)
        if (part.empty() || part == "." || part == "..")
            return Error{"io-error", "the path leaves the project", relative, 0, ""};
    Descriptor folder(openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    for (size_t i = 0; folder && i + 1 < parts.size(); ++i)
        folder = Descriptor(
            openat(folder.get(), parts[i].c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder) return systemError(errno, "open the folder of the file", relative);
    name = parts.back();
    return folder;
}

namespace {

/// Hands the file over in pieces.
template <typename Take> Status readPieces(int fd, const std::string& path, Take&& take) {
    char buffer[1 << 16];
    for (;;) {
        ssize_t count = read(fd, buffer, sizeof buffer);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return systemError(errno, "read the file", path);
        if (count == 0) return Ok{};
        take(std::string_view(buffer, static_cast<size_t>(count)));
    }
}

Result<std::string> readAll(int fd, const std::string& path) {
    std::string bytes;
    struct stat info = {};
    if (fstat(fd, &info) == 0 && info.st_size > 0) bytes.reserve(static_cast<size_t>(info.st_size));
    Status done = readPieces(fd, path, [&](std::string_view piece) { bytes += piece; });
    if (!done) return done.error();
    return bytes;
}

Result<Descriptor> openBelow(int root, const std::string& relative) {
    std::string name;
    Result<Descriptor> parent = openParent(root, relative, name);
    if (!parent) return parent.error();
    struct stat info = {};
    if (fstatat(parent->get(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0)
        return systemError(errno, "read the file", relative);
    if (!S_ISREG(info.st_mode)) return Error{"io-error", "this is not a regular file", relative, 0, ""};
    Descriptor file(openat(parent->get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    if (!file) return systemError(errno, "read the file", relative);
    return file;
}

} // namespace

Result<std::string> readBelow(int root, const std::string& relative) {
    Result<Descriptor> file = openBelow(root, relative);
    if (!file) return file.error();
    return readAll(file->get(), relative);
}

Result<SharedText> readSharedBelow(int root, const std::string& relative) {
    Result<Descriptor> file = openBelow(root, relative);
    if (!file) return file.error();
    struct stat info = {};
    if (fstat(file->get(), &info) == 0 && static_cast<uint64_t>(info.st_size) >= kMappedBytes)
        if (std::optional<SharedText> mapped = mapCopy(file->get())) return std::move(*mapped);
    Result<std::string> bytes = readAll(file->get(), relative);
    if (!bytes) return bytes.error();
    return SharedText(std::move(*bytes));
}

Result<FileState> stateBelow(int root, const std::string& relative) {
    FileState state;
    std::string name;
    Result<Descriptor> parent = openParent(root, relative, name);
    if (!parent) {
        if (parent.error().code == "no-such-path") return state;
        return parent.error();
    }
    struct stat info = {};
    if (fstatat(parent->get(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT || errno == ENOTDIR) return state;
        return systemError(errno, "look at the file", relative);
    }
    state.exists = true;
    state.isRegular = S_ISREG(info.st_mode);
    state.mode = info.st_mode & 07777;
    state.size = static_cast<uint64_t>(info.st_size);
    state.modifiedSeconds = info.st_mtim.tv_sec;
    state.modifiedNanoseconds = info.st_mtim.tv_nsec;
    if (!state.isRegular) return state;
    Result<Descriptor> file = openBelow(root, relative);
    if (!file) return file.error();
    Sha256 digest;
    Status read = readPieces(file->get(), relative, [&](std::string_view piece) { digest.add(piece); });
    if (!read) return read.error();
    state.sha256 = digest.hex();
    return state;
}

Result<std::string> readWhole(const std::string& path) {
    Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return systemError(errno, "read the file", path);
    return readAll(file.get(), path);
}

Status makeFolders(const std::string& path, uint32_t mode) {
    for (size_t cut = path.find('/', 1);; cut = path.find('/', cut + 1)) {
        std::string part = path.substr(0, cut);
        if (mkdir(part.c_str(), static_cast<mode_t>(mode)) != 0 && errno != EEXIST) {
            int number = errno;
            struct stat info = {};
            if (stat(part.c_str(), &info) != 0 || !S_ISDIR(info.st_mode))
                return systemError(number, "create the folder", part);
        }
        if (cut == std::string::npos) break;
    }
    struct stat info = {};
    if (stat(path.c_str(), &info) != 0) return systemError(errno, "create the folder", path);
    if (!S_ISDIR(info.st_mode)) return systemError(ENOTDIR, "create the folder", path);
    return Ok{};
}

Status syncFolder(const std::string& path) {
    Result<Descriptor> folder = openFolder(path);
    if (!folder) return folder.error();
    if (fsync(folder->get()) != 0 && errno != EINVAL) return systemError(errno, "flush the folder", path);
    return Ok{};
}

} // namespace covet::cli
