#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "support/result.h"
#include "support/shared_text.h"

namespace covet::cli {

/// An open file descriptor, closed at the end of its life.
class Descriptor {
public:
    explicit Descriptor(int fd = -1) : fd_(fd) {}
    ~Descriptor();
    Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }
    int release();

private:
    int fd_;
};

/// An Error for a failed system call: `disk-full`, `permission-denied`, `read-only`, `no-such-path`,
/// `io-error`. `doing` completes "cannot …".
Error systemError(int number, std::string_view doing, std::string path);

/// Opens the folder that holds `relative` below `root`, never through a link.
/// `name` receives the last component.
Result<Descriptor> openParent(int root, const std::string& relative, std::string& name);

/// What a path is at the moment.
struct FileState {
    bool exists = false;
    bool isRegular = false;
    uint32_t mode = 0; // permission bits
    uint64_t size = 0;
    int64_t modifiedSeconds = 0;
    int64_t modifiedNanoseconds = 0;
    std::string sha256; // of regular files
};

/// Reads a regular file below `root` without following links.
Result<std::string> readBelow(int root, const std::string& relative);
/// The same for files of any size: a large one is not held in memory.
Result<SharedText> readSharedBelow(int root, const std::string& relative);
/// State and digest of a path below `root`; a missing path is no error.
Result<FileState> stateBelow(int root, const std::string& relative);

/// Reads a file by its path, following links; for files of the tool and of the user's choosing.
Result<std::string> readWhole(const std::string& path);
Result<Descriptor> openFolder(const std::string& path);
/// Creates a folder and those above it with `mode`; no error when it exists.
Status makeFolders(const std::string& path, uint32_t mode);
Status syncFolder(const std::string& path);

} // namespace covet::cli
