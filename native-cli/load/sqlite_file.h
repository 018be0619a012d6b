#pragma once

#include <string>

#include "database/errors.h"

namespace covet::load {

/// A database file under construction beside its final place.
///
/// The name is fixed ("<target>.covet-partial"), so a run that was killed leaves nothing that the
/// next one does not clear away; a lock on it keeps two runs apart.
class PartialFile {
public:
    PartialFile() = default;
    ~PartialFile() { discard(); }
    PartialFile(const PartialFile&) = delete;
    PartialFile& operator=(const PartialFile&) = delete;

    /// Creates the empty file and locks it. Errors "database-locked", "database-file".
    Status create(const std::string& target);
    /// Makes it durable and gives it the final name. Refuses when a file with content is there by
    /// now. Everything else must have closed the file.
    Status publish();
    /// Removes it, unless published.
    void discard();

    const std::string& path() const { return path_; }

private:
    std::string target_;
    std::string path_;
    int descriptor_ = -1;
};

/// Removes the partial file of a run that was killed; leaves one alone that a living run works on.
void removeAbandonedPartial(const std::string& target);

/// Where the name leads: the target of symbolic links, even when it is not there yet.
std::string finalPath(const std::string& path);

/// Whether there is no file, or an empty one, so that a new database can take the name. Errors for
/// folders, devices and a missing or read-only parent folder.
Result<bool> isVacant(const std::string& path);

/// Flushes a folder's entries to the disk.
Status flushFolder(const std::string& path);

} // namespace covet::load
