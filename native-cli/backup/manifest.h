#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support/result.h"

namespace covet::cli {

struct BackedUpFile {
    std::string path;
    uint32_t mode = 0;
    uint64_t size = 0;
    int64_t modifiedSeconds = 0, modifiedNanoseconds = 0;
    std::string sha256;
};

struct BackedUpLink {
    std::string path, target;
};

/// Contents of a backup's manifest.json, `covetpy-migrate/backup/1`.
struct Manifest {
    std::string created, project;
    std::vector<BackedUpFile> files;
    std::vector<BackedUpLink> links;

    const BackedUpFile* file(const std::string& path) const;
};

/// Names that are not UTF-8 are written as {"hex": "..."}.
std::string manifestText(const Manifest& manifest);
/// Error `backup-damaged`; `path` is for the message.
Result<Manifest> parseManifest(const std::string& text, const std::string& path);

} // namespace covet::cli
