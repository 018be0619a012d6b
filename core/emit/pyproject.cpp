#include <algorithm>

#include "emit/requirement_tables.h"
#include "emit/toml_scan.h"
#include "support/strings.h"
#include "text/edit_set.h"

namespace covet::emit {
namespace {

std::string newlineOf(std::string_view text) { return text.find("\r\n") == text.npos ? "\n" : "\r\n"; }

/// White space at the start of the line on which `at` is.
std::string indentAt(std::string_view text, size_t at) {
    const size_t newline = at ? text.rfind('\n', at - 1) : text.npos;
    const size_t start = newline == text.npos ? 0 : newline + 1;
    size_t end = start;
    while (end < text.size() && (text[end] == ' ' || text[end] == '\t')) ++end;
    return std::string(text.substr(start, end - start));
}

/// The new items of an array, in the way its other items are laid out.
std::string additions(std::string_view text, const TomlEntry& array, const std::vector<TomlString>& items,
                      const std::vector<std::string>& fresh, size_t& at) {
    const std::string_view value = text.substr(array.valueStart, array.valueEnd - array.valueStart);
    const bool multiline = value.find('\n') != value.npos;
    std::string quoted;
    if (items.empty()) {
        at = array.valueEnd - 1;
        for (const std::string& item : fresh) quoted += (quoted.empty() ? "" : ", ") + ("\"" + item + "\"");
        return quoted;
    }
    const TomlString& last = items.back();
    at = last.end + 1;
    const std::string quote(1, last.quote);
    const std::string separator = multiline ? "," + newlineOf(text) + indentAt(text, last.start) : ", ";
    for (const std::string& item : fresh) quoted += separator + quote + item + quote;
    return quoted;
}

/// `dependencies` of `[project]`: an array of PEP 508 strings.
void editProjectArray(std::string_view text, const TomlEntry& array, const RequirementPlan& plan, bool add,
                      text::EditSet& edits, RequirementEdit& edit) {
    const std::vector<TomlString> items = stringsIn(text, array.valueStart, array.valueEnd);
    std::vector<std::string> declared;
    for (const TomlString& item : items) {
        const std::string_view content = text.substr(item.start, item.end - item.start);
        std::optional<Requirement> requirement = parseRequirement(content);
        if (!requirement) continue;
        declared.push_back(requirement->normalised);
        const Decision decision = decide(*requirement, plan);
        if (decision.action == "replace") {
            (void)edits.add({{item.start, item.start + requirement->specEnd, decision.text}});
            edit.changes.push_back(
                {requirement->normalised, decision.text, "replace", decision.reason, decision.conflict});
        } else if (decision.action == "remove") {
            size_t end = item.end + 1;
            while (end < array.valueEnd && (text[end] == ' ' || text[end] == ',')) ++end;
            size_t start = item.start - 1;
            // A line of its own goes as a whole.
            const size_t newline = text.rfind('\n', start);
            if (newline != text.npos && trim(text.substr(newline, start - newline)).empty() &&
                (text[end] == '\n' || text[end] == '\r'))
                start = newline + 1, end = std::min(text.find('\n', end), text.size() - 1) + 1;
            (void)edits.add({{start, end, ""}});
            edit.changes.push_back({requirement->normalised, toText(*requirement), "remove", decision.reason, false});
        } else if (!decision.reason.empty()) {
            edit.changes.push_back({requirement->normalised, toText(*requirement), "keep", decision.reason, false});
        }
    }
    if (!add) return;
    std::vector<std::string> fresh;
    for (const Wanted& wanted : missingFrom(declared, plan)) {
        fresh.push_back(toText(wanted.requirement));
        edit.changes.push_back({wanted.requirement.normalised, fresh.back(), "add", wanted.reason, false});
    }
    if (fresh.empty()) return;
    size_t at = 0;
    const std::string added = additions(text, array, items, fresh, at);
    (void)edits.add({{at, at, added}});
}

} // namespace

RequirementEdit editPyproject(std::string_view text, const RequirementPlan& plan, bool add) {
    RequirementEdit edit;
    const TomlScan scan = scanToml(text);
    text::EditSet edits;
    const TomlEntry* array = scan.entry("project", "dependencies");
    if (array && text.substr(array->valueStart, 1) == "[") {
        edit.declares = true;
        editProjectArray(text, *array, plan, add, edits, edit);
    } else if (scan.table("tool.poetry.dependencies")) {
        edit.declares = true;
        editTable(text, scan, "tool.poetry.dependencies", TableStyle::Poetry, plan, add, edits, edit);
    }
    edit.text = edits.apply(text, newlineOf(text));
    return edit;
}

RequirementEdit editPipfile(std::string_view text, const RequirementPlan& plan, bool add) {
    RequirementEdit edit;
    const TomlScan scan = scanToml(text);
    text::EditSet edits;
    if (scan.table("packages")) {
        edit.declares = true;
        editTable(text, scan, "packages", TableStyle::Pipfile, plan, add, edits, edit);
    }
    edit.text = edits.apply(text, newlineOf(text));
    return edit;
}

} // namespace covet::emit
