#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/version.h"

namespace covet::catalog {

/// A line of the framework's versions.
struct FrameworkVersion {
    Version version;    // a wildcard: "1.0.x"
    std::string text;   // as written
    std::string python; // oldest interpreter
    std::vector<std::string> features;
    std::string complexity; // of a migration to it: "low", "medium", "high", "" for the legacy line
    std::string status;     // "legacy", "active", "future"
};

/// A kind of database and the versions of its server that are supported.
struct DatabaseSupport {
    std::string name; // "postgresql"
    Version minimum, recommended;
    std::string complexity;
    std::vector<std::string> features;
    std::string note;
};

/// Steps that lead from one kind of storage to another. Time and rollback are worked out per run.
struct MigrationPath {
    std::string id, from, to;
    std::vector<std::string> steps;
};

struct ServiceSupport {
    std::string service, current;
    std::vector<std::string> target;
    std::string approach;
};

/// resources/registry/version_matrix.json.
struct VersionMatrix {
    std::vector<FrameworkVersion> versions;
    std::vector<DatabaseSupport> databases;
    std::vector<MigrationPath> paths;
    std::vector<ServiceSupport> services;

    /// The line a version belongs to; nullptr if it is not known.
    const FrameworkVersion* line(const Version& version) const;
    const DatabaseSupport* database(std::string_view name) const;
    const MigrationPath* path(std::string_view from, std::string_view to) const;
};

const VersionMatrix& versionMatrix();

} // namespace covet::catalog
