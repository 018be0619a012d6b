#include <cstdlib>
#include <map>

#include "catalog/json_access.h"
#include "catalog/resource.h"
#include "report/exchange.h"
#include "report/names.h"
#include "rules/diagnostics.h"
#include "support/strings.h"

namespace covet::report {
namespace {

using catalog::Json;
using rules::Finding;
using rules::Outcome;

constexpr const char* kRoot = "%SRCROOT%";

std::string uriOf(const std::string& path) {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string uri;
    for (const char c : path) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           std::string_view("-._~/").find(c) != std::string_view::npos;
        if (plain) {
            uri += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        uri += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
    return uri;
}

Json artifact(const std::string& path) { return {{"uri", uriOf(path)}, {"uriBaseId", kRoot}}; }

const char* levelOf(rules::Safety safety) { return safety == rules::Safety::Safe ? "note" : "warning"; }

Json ruleOf(const std::string& id) {
    const rules::Diagnostic* entry = rules::diagnostic(id);
    if (!entry) return {{"id", id}, {"shortDescription", {{"text", "a rule of the project"}}}};
    const std::string message = replaceAll(std::string(entry->message), "{}", "...");
    Json rule = {{"id", id},
                 {"name", entry->name},
                 {"shortDescription", {{"text", message}}},
                 {"defaultConfiguration", {{"level", levelOf(entry->safety)}}},
                 {"properties", {{"safety", nameOf(entry->safety)}}}};
    const std::string page(catalog::resource("findings/" + id + ".md"));
    if (!page.empty()) rule["help"] = {{"text", page}, {"markdown", page}};
    return rule;
}

size_t codePoints(const std::string& text) {
    size_t count = 0;
    for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    return count;
}

/// One hunk of Finding::fix: "@@ -4,1 +4,1 @@", then its lines.
struct Hunk {
    unsigned start = 0;
    std::vector<std::string> removed, added;
};

std::vector<Hunk> hunksOf(const std::string& fix) {
    std::vector<Hunk> hunks;
    for (const std::string& line : split(fix, '\n')) {
        if (startsWith(line, "@@ -")) {
            hunks.emplace_back();
            hunks.back().start = static_cast<unsigned>(std::strtoul(line.c_str() + 4, nullptr, 10));
        } else if (!hunks.empty() && startsWith(line, "-")) {
            hunks.back().removed.push_back(line.substr(1));
        } else if (!hunks.empty() && startsWith(line, "+")) {
            hunks.back().added.push_back(line.substr(1));
        }
    }
    return hunks;
}

Json replacementOf(const Hunk& hunk) {
    std::string text = join(hunk.added, "\n");
    Json region;
    if (hunk.removed.empty()) {
        region = {{"startLine", hunk.start + 1}, {"startColumn", 1}, {"endLine", hunk.start + 1}, {"endColumn", 1}};
        text += "\n";
    } else if (hunk.added.empty()) {
        region = {{"startLine", hunk.start}, {"startColumn", 1}, {"endLine", hunk.start + hunk.removed.size()}, {"endColumn", 1}};
    } else {
        region = {{"startLine", hunk.start},
                  {"startColumn", 1},
                  {"endLine", hunk.start + hunk.removed.size() - 1},
                  {"endColumn", codePoints(hunk.removed.back()) + 1}};
    }
    return {{"deletedRegion", region}, {"insertedContent", {{"text", text}}}};
}

bool standsAlone(const Finding& finding) {
    return startsWith(finding.group, "comment:") || startsWith(finding.group, "rule:");
}

Json regionOf(const Finding& finding) {
    Json region = {{"startLine", finding.start.line ? finding.start.line : 1},
                   {"startColumn", finding.start.column ? finding.start.column : 1}};
    const bool after = finding.end.line > finding.start.line ||
                       (finding.end.line == finding.start.line && finding.end.column > finding.start.column);
    if (after && finding.end.column > 0) {
        region["endLine"] = finding.end.line;
        region["endColumn"] = finding.end.column;
    }
    return region;
}

Json resultOf(const Finding& finding, size_t ruleIndex) {
    const bool isOpen = finding.outcome == Outcome::Offered || finding.outcome == Outcome::Skipped;
    Json properties = {{"outcome", nameOf(finding.outcome)},
                       {"safety", nameOf(finding.safety)},
                       {"safety_reason", finding.safetyReason},
                       {"hint", finding.hint},
                       {"group", finding.group}};
    const Json location = {
        {"physicalLocation", {{"artifactLocation", artifact(finding.file)}, {"region", regionOf(finding)}}}};
    Json result = {{"ruleId", finding.rule},
                   {"ruleIndex", ruleIndex},
                   {"level", isOpen ? "warning" : "note"},
                   {"message", {{"text", finding.message.empty() ? finding.rule : finding.message}}},
                   {"locations", Json::array({location})},
                   {"partialFingerprints", {{"covetpyMigrateFinding/v1", finding.id}}}};
    if (finding.outcome == Outcome::Suppressed || finding.outcome == Outcome::Baselined) {
        const bool inSource = finding.outcome == Outcome::Suppressed;
        const Json suppression = {{"kind", inSource ? "inSource" : "external"},
                                  {"status", "accepted"},
                                  {"justification", inSource ? finding.justification : "in the baseline"}};
        result["suppressions"] = Json::array({suppression});
    }
    Json replacements = Json::array();
    if (standsAlone(finding))
        for (const Hunk& hunk : hunksOf(finding.fix)) replacements.push_back(replacementOf(hunk));
    if (!replacements.empty()) {
        const Json change = {{"artifactLocation", artifact(finding.file)}, {"replacements", replacements}};
        const Json fix = {{"description", {{"text", finding.message}}}, {"artifactChanges", Json::array({change})}};
        result["fixes"] = Json::array({fix});
    } else if (!finding.fix.empty()) {
        properties["change"] = finding.fix;
    }
    result["properties"] = std::move(properties);
    return result;
}

} // namespace

std::string sarif(const Analysis& analysis) {
    std::map<std::string, size_t> indexes;
    Json rules = Json::array(), results = Json::array();
    for (const rules::Diagnostic& entry : rules::diagnostics()) {
        indexes[std::string(entry.id)] = rules.size();
        rules.push_back(ruleOf(std::string(entry.id)));
    }
    for (const Finding& finding : analysis.findings) {
        const auto [known, isNew] = indexes.emplace(finding.rule, rules.size());
        if (isNew) rules.push_back(ruleOf(finding.rule));
        results.push_back(resultOf(finding, known->second));
    }
    const FindingTotals totals = totalsOf(analysis.findings);
    const Json run = {{"tool", {{"driver", {{"name", "covetpy-migrate"}, {"version", version()}, {"rules", rules}}}}},
                      {"originalUriBaseIds", {{kRoot, {{"description", {{"text", "the project's folder"}}}}}}},
                      {"columnKind", "unicodeCodePoints"},
                      {"results", results},
                      {"properties",
                       {{"totals",
                         {{"total", analysis.findings.size()},
                          {"fixed", totals.fixed},
                          {"offered", totals.offered},
                          {"skipped", totals.skipped},
                          {"suppressed", totals.suppressed},
                          {"baselined", totals.baselined}}}}}};
    const Json document = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                           {"version", "2.1.0"},
                           {"runs", Json::array({run})}};
    return document.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

} // namespace covet::report
