#include "project/baseline.h"

#include <algorithm>
#include <tuple>

#include <nlohmann/json.hpp>

#include "project/file_io.h"

namespace covet::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "covetpy-migrate/baseline/1";

std::string textOf(const Json& entry, const char* key) {
    return entry.contains(key) && entry[key].is_string() ? entry[key].get<std::string>() : "";
}

} // namespace

std::set<std::string> Baseline::ids() const {
    std::set<std::string> all;
    for (const Entry& entry : entries) all.insert(entry.id);
    return all;
}

Result<Baseline> readBaseline(const std::string& path) {
    Result<std::string> bytes = readWhole(path);
    if (!bytes && bytes.error().code == "no-such-path")
        return Error{"no-baseline", "there is no baseline", path, 0, "covetpy-migrate baseline write makes it"};
    if (!bytes) return bytes.error();
    const Json document = Json::parse(*bytes, nullptr, false);
    const Error damaged{"baseline-damaged", "this is no baseline of this tool, or it was edited by hand or by a merge",
                        path, 0, "restore it from version control, or remove it and write it anew"};
    if (!document.is_object() || textOf(document, "baseline") != kFormat || !document.contains("findings") ||
        !document["findings"].is_array())
        return damaged;
    Baseline baseline;
    for (const Json& entry : document["findings"]) {
        if (!entry.is_object() || textOf(entry, "id").empty()) return damaged;
        baseline.entries.push_back(
            {textOf(entry, "id"), textOf(entry, "rule"), textOf(entry, "file"), textOf(entry, "message")});
    }
    return baseline;
}

std::string baselineText(Baseline baseline) {
    std::sort(baseline.entries.begin(), baseline.entries.end(), [](const auto& a, const auto& b) {
        return std::tie(a.file, a.rule, a.id) < std::tie(b.file, b.rule, b.id);
    });
    // One line for each finding: version control then shows which came and which went.
    std::string text = "{\n  \"baseline\": \"" + std::string(kFormat) + "\",\n  \"findings\": [";
    for (size_t i = 0; i < baseline.entries.size(); ++i) {
        const Baseline::Entry& entry = baseline.entries[i];
        const Json json = {{"id", entry.id}, {"rule", entry.rule}, {"file", entry.file}, {"message", entry.message}};
        text += (i ? ",\n    " : "\n    ") + json.dump(-1, ' ', false, Json::error_handler_t::replace);
    }
    return text + (baseline.entries.empty() ? "]\n}\n" : "\n  ]\n}\n");
}

Baseline baselineOf(const Analysis& analysis) {
    Baseline baseline;
    for (const rules::Finding& finding : analysis.findings)
        if (finding.outcome != rules::Outcome::Suppressed)
            baseline.entries.push_back({finding.id, finding.rule, finding.file, finding.message});
    return baseline;
}

std::vector<Baseline::Entry> missingFrom(const Baseline& in, const Baseline& of) {
    const std::set<std::string> known = in.ids();
    std::vector<Baseline::Entry> missing;
    for (const Baseline::Entry& entry : of.entries)
        if (!known.count(entry.id)) missing.push_back(entry);
    return missing;
}

} // namespace covet::cli
