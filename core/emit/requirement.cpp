#include "emit/requirement.h"

#include <algorithm>

#include "catalog/version.h"
#include "support/strings.h"

namespace covet::emit {
namespace {

using catalog::Version;

bool isNameChar(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
}

bool isBlank(char c) { return c == ' ' || c == '\t'; }

void skipBlanks(std::string_view text, size_t& at) {
    while (at < text.size() && isBlank(text[at])) ++at;
}

/// Clauses of a specifier; false if it is not one.
bool readClauses(std::string_view text, std::vector<Clause>& clauses) {
    for (const std::string& raw : split(text, ',')) {
        const std::string_view part = trim(raw);
        if (part.empty()) continue;
        const size_t op = part.find_first_not_of("<>=!~");
        if (op == 0 || op == part.npos) return false;
        clauses.push_back({std::string(part.substr(0, op)), std::string(trim(part.substr(op)))});
    }
    return true;
}

/// Lowest version a list of clauses allows; nothing if it has no lower bound.
std::optional<Version> lowerBound(const std::vector<Clause>& clauses) {
    std::optional<Version> lowest;
    for (const Clause& clause : clauses) {
        if (clause.op != ">=" && clause.op != "==" && clause.op != "~=" && clause.op != ">" && clause.op != "===")
            continue;
        std::string text = clause.version;
        if (endsWith(text, ".*")) text.resize(text.size() - 2);
        std::optional<Version> version = Version::parse(text);
        if (version && (!lowest || *lowest < *version)) lowest = version;
    }
    return lowest;
}

/// Whether no version at or above `wanted` passes the clause.
bool excludesFrom(const Clause& clause, const Version& wanted) {
    std::optional<Version> version = Version::parse(clause.version);
    if (!version) return false;
    if (clause.op == "<") return *version <= wanted;
    if (clause.op == "<=" || clause.op == "==" || clause.op == "===") return *version < wanted;
    if (clause.op == "~=" && version->release().size() > 1) {
        // ~=1.4.2 is >=1.4.2, ==1.4.*
        std::string prefix;
        for (size_t i = 0; i + 1 < version->release().size(); ++i)
            prefix += std::to_string(version->release()[i]) + ".";
        std::optional<Version> ceiling = Version::parse(prefix + "*");
        return ceiling && *ceiling < wanted;
    }
    return false;
}

std::vector<std::string> mergedExtras(const Requirement& declared, const Requirement& needed) {
    std::vector<std::string> extras = declared.extras;
    for (const std::string& extra : needed.extras)
        if (std::find(extras.begin(), extras.end(), extra) == extras.end()) extras.push_back(extra);
    return extras;
}

} // namespace

std::string normalisedName(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (c != '-' && c != '_' && c != '.') out += c;
        else if (!out.empty() && out.back() != '-') out += '-';
    }
    return toLower(out);
}

std::optional<Requirement> parseRequirement(std::string_view text) {
    Requirement found;
    size_t at = 0;
    skipBlanks(text, at);
    const size_t nameStart = at;
    while (at < text.size() && isNameChar(text[at])) ++at;
    found.name = std::string(text.substr(nameStart, at - nameStart));
    if (found.name.empty() || !isNameChar(found.name.front()) || found.name.front() == '-' ||
        found.name.front() == '.')
        return std::nullopt;
    found.normalised = normalisedName(found.name);
    found.nameEnd = found.specEnd = at;
    skipBlanks(text, at);
    if (at < text.size() && text[at] == '[') {
        const size_t close = text.find(']', at);
        if (close == text.npos) return std::nullopt;
        for (const std::string& extra : split(text.substr(at + 1, close - at - 1), ','))
            if (!trim(extra).empty()) found.extras.emplace_back(trim(extra));
        at = found.nameEnd = found.specEnd = close + 1;
        skipBlanks(text, at);
    }
    if (at < text.size() && text[at] == '@') {
        const size_t end = std::min(text.find(" ;", at), text.size());
        found.url = std::string(trim(text.substr(at + 1, end - at - 1)));
        found.specEnd = end;
        at = end;
    } else {
        size_t end = std::min(text.find(';', at), text.size());
        std::string_view specifier = trim(text.substr(at, end - at));
        found.specEnd = specifier.empty() ? found.nameEnd : at + specifier.size();
        if (startsWith(specifier, "(") && endsWith(specifier, ")"))
            specifier = specifier.substr(1, specifier.size() - 2);
        if (!readClauses(specifier, found.clauses)) return std::nullopt;
        at = end;
    }
    if (const size_t semicolon = text.find(';', at); semicolon != text.npos)
        found.marker = std::string(trim(text.substr(semicolon + 1)));
    return found;
}

Fit fitOf(const Requirement& declared, const Requirement& needed) {
    if (!declared.url.empty()) return Fit::Satisfied; // a pinned source is the user's decision
    std::optional<Version> wanted = lowerBound(needed.clauses);
    if (!wanted) return Fit::Satisfied;
    for (const Clause& clause : declared.clauses)
        if (excludesFrom(clause, *wanted)) return Fit::Conflict;
    std::optional<Version> lowest = lowerBound(declared.clauses);
    return lowest && *wanted <= *lowest ? Fit::Satisfied : Fit::Loose;
}

std::string merged(const Requirement& declared, const Requirement& needed) {
    Requirement out = declared;
    out.extras = mergedExtras(declared, needed);
    const Fit fit = fitOf(declared, needed);
    if (fit == Fit::Satisfied) return toText(out);
    out.clauses = needed.clauses;
    if (fit == Fit::Loose)
        for (const Clause& clause : declared.clauses)
            if (clause.op == "<" || clause.op == "<=" || clause.op == "!=") out.clauses.push_back(clause);
    return toText(out);
}

std::string specifierText(const std::vector<Clause>& clauses) {
    std::vector<std::string> parts;
    for (const Clause& clause : clauses) parts.push_back(clause.op + clause.version);
    return join(parts, ",");
}

std::string toText(const Requirement& requirement) {
    std::string out = requirement.name;
    if (!requirement.extras.empty()) out += "[" + join(requirement.extras, ",") + "]";
    if (!requirement.url.empty()) return out + " @ " + requirement.url;
    return out + specifierText(requirement.clauses);
}

} // namespace covet::emit
