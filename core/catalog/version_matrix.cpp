#include "catalog/version_matrix.h"

#include "catalog/json_access.h"
#include "catalog/resource.h"

namespace covet::catalog {
namespace {

VersionMatrix readMatrix() {
    VersionMatrix matrix;
    const Json root = parseJson(resource("registry/version_matrix.json"));
    for (const Json& entry : member(root, "versions"))
        if (auto version = Version::parse(textOf(entry, "version")))
            matrix.versions.push_back({*version, textOf(entry, "version"), textOf(entry, "python"),
                                       textsOf(entry, "features"), textOf(entry, "complexity"),
                                       textOf(entry, "status")});
    for (const Json& entry : member(root, "databases")) {
        auto minimum = Version::parse(textOf(entry, "minimum"));
        auto recommended = Version::parse(textOf(entry, "recommended"));
        if (minimum && recommended)
            matrix.databases.push_back({textOf(entry, "name"), *minimum, *recommended, textOf(entry, "complexity"),
                                        textsOf(entry, "features"), textOf(entry, "note")});
    }
    for (const Json& entry : member(root, "paths"))
        matrix.paths.push_back(
            {textOf(entry, "id"), textOf(entry, "from"), textOf(entry, "to"), textsOf(entry, "steps")});
    for (const Json& entry : member(root, "services"))
        matrix.services.push_back({textOf(entry, "service"), textOf(entry, "current"), textsOf(entry, "target"),
                                   textOf(entry, "approach")});
    return matrix;
}

} // namespace

const FrameworkVersion* VersionMatrix::line(const Version& version) const {
    for (const FrameworkVersion& candidate : versions)
        if (candidate.version.matches(version)) return &candidate;
    return nullptr;
}

const DatabaseSupport* VersionMatrix::database(std::string_view name) const {
    for (const DatabaseSupport& candidate : databases)
        if (candidate.name == name) return &candidate;
    return nullptr;
}

const MigrationPath* VersionMatrix::path(std::string_view from, std::string_view to) const {
    for (const MigrationPath& candidate : paths)
        if (candidate.from == from && candidate.to == to) return &candidate;
    return nullptr;
}

const VersionMatrix& versionMatrix() {
    static const VersionMatrix kMatrix = readMatrix();
    return kMatrix;
}

} // namespace covet::catalog
