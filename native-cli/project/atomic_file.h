#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "project/file_io.h"
#include "support/result.h"

namespace covet::cli {

/// A file to be put in place in one step.
struct FileWrite {
    std::string path;       // below the root
    std::string_view bytes;
    uint32_t mode = 0644;
    std::string expected;   // SHA-256 of what must be there now; "" = nothing may be there
    std::string temporary;  // name beside the file; one that only this change uses
    /// Modification time to give it, when `hasTime`.
    bool hasTime = false;
    int64_t seconds = 0, nanoseconds = 0;
};

/// Writes beside the file, flushes, checks that the file is still what it was, renames over it and
/// flushes the folder. The owner of a replaced file is kept where the system allows it. Never writes
/// through a link. Error `edited-since` when something else is there than expected.
Status writeAtomically(int root, const FileWrite& request);

/// As writeAtomically, but takes the file at `from` (same bytes, same file system) instead of making
/// one: works on a full disk.
Status moveIntoPlace(const std::string& from, int root, const FileWrite& request);

/// Removes a file whose bytes have the digest; Error `edited-since` otherwise.
Status removeFile(int root, const std::string& path, const std::string& expected);

/// Removes what an interrupted writeAtomically left; no error when there is nothing.
void removeTemporary(int root, const std::string& path, const std::string& temporary);

/// Creates missing folders above `path`; returns those it made, outermost first.
Result<std::vector<std::string>> makeFoldersFor(int root, const std::string& path);
/// Folders above `path` that do not exist, outermost first.
std::vector<std::string> missingFoldersFor(int root, const std::string& path);
/// Removes a folder if it is empty.
void removeEmptyFolder(int root, const std::string& path);

/// Writes a file of the tool itself: `path` is absolute, mode 0600, flushed, in place at once.
Status writePrivateFile(const std::string& path, std::string_view bytes);
/// The same for content that is not held whole: `make` hands it over piece by piece.
using ByteSink = std::function<Status(std::string_view)>;
Status writePrivatePieces(const std::string& path, const std::function<Status(const ByteSink&)>& make);

} // namespace covet::cli
