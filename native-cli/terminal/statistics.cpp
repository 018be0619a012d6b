#include <map>

#include <fmt/format.h>

#include "rules/diagnostics.h"
#include "report/names.h"
#include "terminal/analysis_text.h"
#include "terminal/text_table.h"

namespace covet::cli {

std::string statisticsText(const ProjectAnalysis& project) {
    std::map<std::string, std::vector<rules::Finding>> byRule;
    std::map<std::string, size_t> reasons;
    for (const rules::Finding& finding : project.analysis.findings) {
        byRule[finding.rule].push_back(finding);
        if (finding.outcome == rules::Outcome::Skipped)
            ++reasons[finding.safetyReason.empty() ? "-" : finding.safetyReason];
    }
    TextTable rules({"rule", "name", "total", "fixed", "offered", "skipped", "suppressed", "baselined"});
    for (const auto& [rule, findings] : byRule) {
        const rules::Diagnostic* entry = rules::diagnostic(rule);
        const report::FindingTotals totals = report::totalsOf(findings);
        std::vector<std::string> row = {rule, entry ? std::string(entry->name) : "-"};
        for (const size_t count : {findings.size(), totals.fixed, totals.offered, totals.skipped, totals.suppressed,
                                   totals.baselined})
            row.push_back(std::to_string(count));
        rules.add(row);
    }
    TextTable why({"reason", "skipped"});
    for (const auto& [reason, count] : reasons) why.add({reason, std::to_string(count)});
    size_t bytes = 0;
    for (const InputFile& file : project.files.inputs) bytes += file.bytes.size();
    TextTable time({"step", "seconds"});
    for (const auto& [step, seconds] : project.seconds) time.add({step, fmt::format("{:.3f}", seconds)});
    return rules.text() + "\n" + why.text() + "\n" + time.text() +
           fmt::format("\n{} files, {} bytes", project.files.inputs.size(), bytes);
}

} // namespace covet::cli
