#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace covet::catalog {

/// A version number: PEP 440 as far as packages use it, and beyond it wildcards ("0.1.x", "1.*") and
/// labels that PEP 440 does not know ("0.2.0-sprint1"), which count as pre-releases.
class Version {
public:
    /// Nothing when the text does not start with a number.
    static std::optional<Version> parse(std::string_view text);

    /// -1, 0 or 1. A wildcard compares as the highest version it stands for.
    int compare(const Version& other) const;
    bool operator<(const Version& other) const { return compare(other) < 0; }
    bool operator<=(const Version& other) const { return compare(other) <= 0; }
    bool operator==(const Version& other) const { return compare(other) == 0; }

    bool isWildcard() const { return wildcard_; }
    /// Whether a version is one of those a wildcard stands for (or the same version).
    bool matches(const Version& version) const;
    const std::vector<long>& release() const { return release_; }

private:
    /// Order inside one release number.
    enum class Phase { Dev, Alpha, Beta, Label, Candidate, Final, Post };

    std::vector<long> release_;
    bool wildcard_ = false;
    Phase phase_ = Phase::Final;
    long phaseNumber_ = 0;
    std::string label_;
};

/// Whether `from < version <= to`: what is new for someone who moves between the two.
bool isBetween(const Version& from, const Version& version, const Version& to);

} // namespace covet::catalog
