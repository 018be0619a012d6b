#include "catalog/json_access.h"
#include "report/exchange.h"
#include "report/names.h"
#include "rules/diagnostics.h"
#include "support/strings.h"

namespace covet::report {
namespace {

using catalog::Json;
using rules::Finding;
using rules::Outcome;

bool isOpen(const Finding& finding) { return finding.outcome == Outcome::Offered || finding.outcome == Outcome::Skipped; }

bool isSettled(const Finding& finding) {
    return finding.outcome == Outcome::Suppressed || finding.outcome == Outcome::Baselined;
}

std::string titleOf(const Finding& finding) {
    const rules::Diagnostic* entry = rules::diagnostic(finding.rule);
    return finding.rule + (entry ? " " + std::string(entry->name) : "");
}

/// As the runner undoes it: data first, then what separates properties.
std::string commandData(std::string text) {
    text = replaceAll(std::move(text), "%", "%25");
    text = replaceAll(std::move(text), "\r", "%0D");
    return replaceAll(std::move(text), "\n", "%0A");
}

std::string commandProperty(std::string text) {
    text = replaceAll(commandData(std::move(text)), ":", "%3A");
    return replaceAll(std::move(text), ",", "%2C");
}

std::string xml(std::string text) {
    text = replaceAll(std::move(text), "&", "&amp;");
    text = replaceAll(std::move(text), "<", "&lt;");
    text = replaceAll(std::move(text), ">", "&gt;");
    text = replaceAll(std::move(text), "\"", "&quot;");
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') c = '?';
    return text;
}

std::string placeOf(const Finding& finding) { return finding.file + ":" + std::to_string(finding.start.line); }

std::string reasonOf(const Finding& finding) {
    return finding.safetyReason.empty() ? "" : " (" + finding.safetyReason + ")";
}

} // namespace

std::string githubAnnotations(const Analysis& analysis) {
    std::string out;
    for (const Finding& finding : analysis.findings) {
        if (isSettled(finding)) continue;
        out += std::string(isOpen(finding) ? "::warning" : "::notice") + " file=" + commandProperty(finding.file) +
               ",line=" + std::to_string(finding.start.line) + ",col=" + std::to_string(finding.start.column) +
               ",title=" + commandProperty(titleOf(finding)) + "::" + commandData(finding.message + reasonOf(finding)) +
               "\n";
    }
    return out;
}

std::string gitlabCodeQuality(const Analysis& analysis) {
    Json list = Json::array();
    for (const Finding& finding : analysis.findings)
        if (!isSettled(finding))
            list.push_back({{"description", finding.message + reasonOf(finding)},
                            {"check_name", finding.rule},
                            {"fingerprint", finding.id},
                            {"severity", isOpen(finding) ? "minor" : "info"},
                            {"location", {{"path", finding.file}, {"lines", {{"begin", finding.start.line}}}}}});
    return list.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

std::string junit(const Analysis& analysis) {
    std::string cases;
    size_t failures = 0, skipped = 0;
    for (const Finding& finding : analysis.findings) {
        cases += "    <testcase classname=\"" + xml(finding.file) + "\" name=\"" +
                 xml(titleOf(finding) + " " + placeOf(finding) + " " + finding.id) + "\"";
        if (isOpen(finding)) {
            ++failures;
            cases += ">\n      <failure type=\"" + xml(finding.safetyReason) + "\" message=\"" + xml(finding.message) +
                     "\">" + xml(finding.hint) + "</failure>\n    </testcase>\n";
        } else if (isSettled(finding)) {
            ++skipped;
            cases += ">\n      <skipped message=\"" + xml(std::string(nameOf(finding.outcome)) + " " + finding.justification) +
                     "\"/>\n    </testcase>\n";
        } else {
            cases += "/>\n";
        }
    }
    const std::string counts = " tests=\"" + std::to_string(analysis.findings.size()) + "\" failures=\"" +
                               std::to_string(failures) + "\" skipped=\"" + std::to_string(skipped) + "\"";
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + counts + ">\n  <testsuite name=\"covetpy-migrate\"" +
           counts + ">\n" + cases + "  </testsuite>\n</testsuites>\n";
}

} // namespace covet::report
