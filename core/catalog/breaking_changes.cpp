#include "catalog/breaking_changes.h"

#include <algorithm>

#include "catalog/json_access.h"
#include "catalog/resource.h"

namespace covet::catalog {
namespace {

constexpr const char* kCategories[] = {"api_signature", "import_structure", "configuration", "database_schema",
                                       "behavior"};

struct Registry {
    std::vector<BreakingChange> changes;
    std::vector<std::string> problems;
};

bool readVersion(const Json& entry, std::string_view key, std::optional<Version>& version) {
    const std::string text = textOf(entry, key);
    if (text.empty()) return true;
    version = Version::parse(text);
    return version.has_value();
}

/// Why an entry is no use; "" if it is.
std::string readChange(const Json& entry, BreakingChange& change) {
    change.id = textOf(entry, "id");
    if (change.id.empty()) return "an entry has no id";
    const std::string category = textOf(entry, "category");
    const auto found = std::find(std::begin(kCategories), std::end(kCategories), category);
    if (found == std::end(kCategories)) return change.id + ": unknown category " + category;
    change.category = static_cast<ChangeCategory>(found - std::begin(kCategories));
    for (const std::string& text : textsOf(entry, "affected_versions")) {
        std::optional<Version> version = Version::parse(text);
        if (!version) return change.id + ": unreadable version " + text;
        change.affectedVersions.push_back(*version);
    }
    if (!readVersion(entry, "deprecated_in", change.deprecatedIn) ||
        !readVersion(entry, "removed_in", change.removedIn))
        return change.id + ": unreadable version";
    if (!change.deprecatedIn && !change.removedIn) return change.id + ": neither deprecated nor removed";
    change.title = textOf(entry, "title");
    change.description = textOf(entry, "description");
    change.migrationGuide = textOf(entry, "migration_guide");
    change.realWorldImpact = textOf(entry, "real_world_impact");
    change.rules = textsOf(entry, "rules");
    change.line = textOf(entry, "line");
    return "";
}

const Registry& registry() {
    static const Registry kRegistry = [] {
        Registry read;
        const Json root = parseJson(resource("registry/breaking_changes.json"));
        for (const Json& entry : member(root, "changes")) {
            BreakingChange change;
            std::string problem = readChange(entry, change);
            const bool repeated = std::any_of(read.changes.begin(), read.changes.end(),
                                              [&](const auto& other) { return other.id == change.id; });
            if (problem.empty() && repeated) problem = change.id + ": repeated id";
            if (problem.empty()) read.changes.push_back(std::move(change));
            else read.problems.push_back(std::move(problem));
        }
        return read;
    }();
    return kRegistry;
}

} // namespace

bool BreakingChange::affects(const Version& version) const {
    if (affectedVersions.empty()) return true;
    return std::any_of(affectedVersions.begin(), affectedVersions.end(), [&](const Version& pattern) {
        return pattern.matches(version) || (version.isWildcard() && pattern == version);
    });
}

DeprecationLevel BreakingChange::levelIn(const Version& version) const {
    if (removedIn && *removedIn <= version) return DeprecationLevel::Critical;
    const bool deprecated = deprecatedIn && *deprecatedIn <= version;
    if (deprecated && removedIn && removedIn->release()[0] == version.release()[0] + 1)
        return DeprecationLevel::Error;
    return deprecated ? DeprecationLevel::Warning : DeprecationLevel::Info;
}

const std::vector<BreakingChange>& breakingChanges() { return registry().changes; }

const std::vector<std::string>& registryProblems() { return registry().problems; }

const BreakingChange* breakingChange(std::string_view id) {
    for (const BreakingChange& change : breakingChanges())
        if (change.id == id) return &change;
    return nullptr;
}

std::vector<const BreakingChange*> breakingChangesBetween(const Version& from, const Version& to) {
    std::vector<const BreakingChange*> found;
    for (const BreakingChange& change : breakingChanges()) {
        const bool deprecated = change.deprecatedIn && isBetween(from, *change.deprecatedIn, to);
        const bool removed = change.removedIn && isBetween(from, *change.removedIn, to);
        if ((deprecated || removed) && change.affects(from)) found.push_back(&change);
    }
    return found;
}

const char* nameOf(ChangeCategory category) { return kCategories[static_cast<size_t>(category)]; }

const char* nameOf(DeprecationLevel level) {
    switch (level) {
    case DeprecationLevel::Info: return "info";
    case DeprecationLevel::Warning: return "warning";
    case DeprecationLevel::Error: return "error";
    case DeprecationLevel::Critical: return "critical";
    }
    return "";
}

} // namespace covet::catalog
