#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/version.h"

namespace covet::catalog {

/// What a breaking change breaks.
enum class ChangeCategory { ApiSignature, ImportStructure, Configuration, DatabaseSchema, Behavior };

/// How near the breakage is for users of a version.
enum class DeprecationLevel {
    Info,    // nothing to do yet
    Warning, // deprecated: it will be removed in some later version
    Error,   // the next major version removes it
    Critical // this version has removed it
};

/// One entry of resources/registry/breaking_changes.json.
struct BreakingChange {
    std::string id; // unique, snake_case
    ChangeCategory category = ChangeCategory::Behavior;
    std::string title, description;
    std::vector<Version> affectedVersions; // wildcards allowed; empty = every version
    std::optional<Version> deprecatedIn, removedIn;
    std::string migrationGuide, realWorldImpact;
    std::vector<std::string> rules; // ids of diagnostics whose rules do the work
    std::string line;               // product line: "covetpy" or "covet"

    /// Whether a rule of this tool does at least a part of it.
    bool automationAvailable() const { return !rules.empty(); }
    /// Whether users of a version are concerned at all.
    bool affects(const Version& version) const;
    DeprecationLevel levelIn(const Version& version) const;
};

/// All entries in order of the file. Entries with a missing or repeated id, an unknown category or a
/// version that cannot be read are left out and named in registryProblems().
const std::vector<BreakingChange>& breakingChanges();
const std::vector<std::string>& registryProblems();
/// nullptr if there is none of that id.
const BreakingChange* breakingChange(std::string_view id);

/// What concerns someone who moves from one version to another: changes that were deprecated or
/// removed after `from`, up to and including `to`. `from` may be a wildcard ("0.1.x").
std::vector<const BreakingChange*> breakingChangesBetween(const Version& from, const Version& to);

const char* nameOf(ChangeCategory category);
const char* nameOf(DeprecationLevel level);

} // namespace covet::catalog
