#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace covet::emit {

/// One clause of a version specifier: ">=", "2.0".
struct Clause {
    std::string op;
    std::string version;
};

/// A requirement as PEP 508 writes it, with the places of its parts in the text it was read from.
struct Requirement {
    std::string name;       // as written
    std::string normalised; // PEP 503: lower case, runs of "-_." are "-"
    std::vector<std::string> extras;
    std::vector<Clause> clauses;
    std::string url;    // of `name @ url`
    std::string marker; // after ';'
    size_t nameEnd = 0; // past the extras' bracket, where the specifier may start
    size_t specEnd = 0; // past the specifier
};

std::string normalisedName(std::string_view name);
/// Nothing when the text is not a requirement (an option, a path, a bare URL).
std::optional<Requirement> parseRequirement(std::string_view text);

/// How what is declared relates to what is needed.
enum class Fit {
    Satisfied, // everything it allows is new enough
    Loose,     // it allows what is needed, and older versions too
    Conflict   // it allows nothing that is new enough
};
Fit fitOf(const Requirement& declared, const Requirement& needed);

/// The declared requirement with the lower bound and the extras that are needed; its upper bound and
/// exclusions are kept unless they are in conflict. Without the marker.
std::string merged(const Requirement& declared, const Requirement& needed);
/// "name[extras]>=1,<2" of a requirement, without the marker.
std::string toText(const Requirement& requirement);
/// ">=1,<2"
std::string specifierText(const std::vector<Clause>& clauses);

} // namespace covet::emit
