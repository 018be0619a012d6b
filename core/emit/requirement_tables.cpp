#include "emit/requirement_tables.h"

#include <algorithm>

#include "catalog/version.h"
#include "support/strings.h"

namespace covet::emit {
namespace {

/// The PEP 440 clauses of a constraint: "^1.4" is >=1.4,<2 and a bare version is exact in Pipfile and
/// in Poetry.
std::vector<Clause> clausesOf(std::string_view constraint) {
    std::vector<Clause> clauses;
    for (const std::string& raw : split(constraint, ',')) {
        const std::string_view part = trim(raw);
        if (part.empty() || part == "*") continue;
        const size_t digits = part.find_first_of("0123456789");
        if (digits == part.npos) continue;
        const std::string op(trim(part.substr(0, digits)));
        const std::string number(trim(part.substr(digits)));
        if (op == "^" || op == "~") {
            clauses.push_back({">=", number});
            std::optional<catalog::Version> version = catalog::Version::parse(number);
            if (!version) continue;
            std::vector<long> ceiling = version->release();
            // ^ may change what is right of the first part that is not zero, ~ the last part.
            size_t fixed = op == "~" ? std::min<size_t>(1, ceiling.size() - 1) : 0;
            while (op == "^" && fixed + 1 < ceiling.size() && ceiling[fixed] == 0) ++fixed;
            ceiling.resize(fixed + 1);
            ++ceiling.back();
            std::string text;
            for (const long value : ceiling) text += (text.empty() ? "" : ".") + std::to_string(value);
            clauses.push_back({"<", text});
        } else {
            clauses.push_back({op.empty() ? "==" : op, number});
        }
    }
    return clauses;
}

/// An inline table's members, by the places of their strings.
struct Inline {
    std::optional<TomlString> version;
    std::vector<std::string> extras;
    bool hasExtras = false;
};

Inline inlineOf(std::string_view text, const TomlEntry& entry) {
    Inline found;
    for (const TomlString& item : stringsIn(text, entry.valueStart, entry.valueEnd)) {
        std::string_view before = text.substr(entry.valueStart, item.start - 1 - entry.valueStart);
        const size_t equals = before.rfind('=');
        std::string_view key = before.substr(0, equals == before.npos ? 0 : equals);
        const size_t cut = key.find_last_of("{,");
        key = trim(key.substr(cut == key.npos ? 0 : cut + 1));
        if (key == "version") found.version = item;
        if (key == "extras") {
            found.hasExtras = true;
            found.extras.emplace_back(text.substr(item.start, item.end - item.start));
        }
    }
    return found;
}

std::string quotedList(const std::vector<std::string>& items) {
    std::vector<std::string> quoted;
    for (const std::string& item : items) quoted.push_back("\"" + item + "\"");
    return "[" + join(quoted, ", ") + "]";
}

std::string valueOf(const Requirement& requirement) {
    const std::string version = requirement.clauses.empty() ? "*" : specifierText(requirement.clauses);
    if (requirement.extras.empty()) return "\"" + version + "\"";
    return "{version = \"" + version + "\", extras = " + quotedList(requirement.extras) + "}";
}

Requirement declaredBy(std::string_view text, const TomlEntry& entry, const Inline& members) {
    Requirement declared;
    declared.name = entry.key;
    declared.normalised = normalisedName(entry.key);
    const bool table = text.substr(entry.valueStart, 1) == "{";
    if (!table) {
        const std::vector<TomlString> strings = stringsIn(text, entry.valueStart, entry.valueEnd);
        if (!strings.empty())
            declared.clauses = clausesOf(text.substr(strings[0].start, strings[0].end - strings[0].start));
    } else if (members.version) {
        declared.clauses = clausesOf(text.substr(members.version->start, members.version->end - members.version->start));
    } else {
        declared.url = "elsewhere"; // git, path, url
    }
    declared.extras = members.extras;
    return declared;
}

} // namespace

void editTable(std::string_view text, const TomlScan& scan, std::string_view table, TableStyle style,
               const RequirementPlan& plan, bool add, text::EditSet& edits, RequirementEdit& edit) {
    std::vector<std::string> declared;
    for (const TomlEntry& entry : scan.entries) {
        if (entry.table != table || (style == TableStyle::Poetry && entry.key == "python")) continue;
        const Inline members = inlineOf(text, entry);
        const Requirement requirement = declaredBy(text, entry, members);
        declared.push_back(requirement.normalised);
        const Decision decision = decide(requirement, plan);
        if (decision.action == "remove") {
            (void)edits.add({{entry.lineStart, entry.end, ""}});
            edit.changes.push_back({requirement.normalised, requirement.name, "remove", decision.reason, false});
        } else if (decision.action == "replace") {
            const Requirement now = *parseRequirement(decision.text);
            const bool isTable = text.substr(entry.valueStart, 1) == "{";
            if (isTable && members.version && now.normalised == requirement.normalised) {
                (void)edits.add({{members.version->start, members.version->end, specifierText(now.clauses)}});
                if (!members.hasExtras && !now.extras.empty())
                    (void)edits.add({{members.version->end + 1, members.version->end + 1,
                                      ", extras = " + quotedList(now.extras)}});
            } else {
                (void)edits.add({{entry.lineStart, entry.valueEnd, now.name + " = " + valueOf(now)}});
            }
            edit.changes.push_back(
                {requirement.normalised, decision.text, "replace", decision.reason, decision.conflict});
        } else if (!decision.reason.empty()) {
            edit.changes.push_back({requirement.normalised, requirement.name, "keep", decision.reason, false});
        }
    }
    if (!add) return;
    std::string lines;
    for (const Wanted& wanted : missingFrom(declared, plan)) {
        lines += wanted.requirement.name + " = " + valueOf(wanted.requirement) + "\n";
        edit.changes.push_back(
            {wanted.requirement.normalised, toText(wanted.requirement), "add", wanted.reason, false});
    }
    if (lines.empty()) return;
    const size_t at = scan.table(table)->contentEnd;
    if (at > 0 && text[at - 1] != '\n') lines = "\n" + lines;
    (void)edits.add({{at, at, lines}});
}

} // namespace covet::emit
