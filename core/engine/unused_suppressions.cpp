/// before: total = add(a, b)  # covet: ignore[COV107] the driver is fast
/// after:  total = add(a, b)
///
/// Safe: only a comment goes, and only when nothing of that rule is found there any more.

#include <algorithm>

#include "engine/decisions.h"
#include "engine/ledger.h"
#include "engine/output_files.h"
#include "rules/diagnostics.h"
#include "support/strings.h"

namespace covet::engine {
namespace {

using rules::Finding;
using rules::Outcome;

Finding findingAt(const char* rule, const Suppression& entry, const std::string& subject) {
    Finding finding;
    finding.rule = rule;
    finding.file = entry.file;
    finding.start = entry.position;
    finding.end = {entry.position.line, entry.position.column + 1};
    finding.message = rules::messageOf(rule, subject);
    finding.safety = rules::diagnostic(rule)->safety;
    finding.outcome = finding.safety == rules::Safety::Safe ? Outcome::Fixed : Outcome::Skipped;
    return finding;
}

} // namespace

bool Decisions::looksFor(const std::string& selector, const std::string& file) const {
    const semantic::Module* module = loaded_.project.moduleByPath(file);
    const bool migrated = module && migrated_.count(components_.of(*module));
    const std::vector<rules::Diagnostic>& all = rules::diagnostics();
    // Findings about configuration and files come up in migrated code, too.
    const bool always = !migrated || std::any_of(all.begin(), all.end(), [&](const rules::Diagnostic& entry) {
        const std::string rule(entry.id);
        return rules_.means(selector, rule) && (startsWith(rule, "COV4") || startsWith(rule, "COV0"));
    });
    return always && rules_.looksFor(selector, file);
}

std::vector<bool> Decisions::unusedRules(const Suppression& entry) const {
    std::vector<bool> unused;
    for (size_t i = 0; i < entry.rules.size(); ++i)
        // What is not looked for cannot be missed.
        unused.push_back(entry.problem.empty() && !entry.used[i] && looksFor(entry.rules[i], entry.file));
    return unused;
}

void Decisions::reportSuppressions(Analysis& analysis) {
    std::vector<Finding> reported;
    std::vector<const Suppression*> origins;
    for (const Suppression& entry : suppressions_) {
        const std::vector<bool> flags = unusedRules(entry);
        std::vector<std::string> unused;
        for (size_t i = 0; i < flags.size(); ++i)
            if (flags[i]) unused.push_back(entry.rules[i]);
        if (entry.problem.empty() && unused.empty()) continue;
        origins.push_back(&entry);
        if (entry.problem.empty()) {
            reported.push_back(findingAt("COV007", entry, join(unused, ", ")));
            continue;
        }
        reported.push_back(findingAt("COV008", entry, entry.problem));
        reported.back().safetyReason = "invalid-suppression";
    }
    numberFindings(reported, loaded_);
    for (Finding& finding : reported)
        if (finding.outcome == Outcome::Fixed) finding.group = "comment:" + finding.id;
    note(reported);
    std::map<const semantic::Module*, std::set<const Suppression*>> going;
    for (size_t i = 0; i < reported.size(); ++i) {
        judge(reported[i]);
        if (reported[i].outcome == Outcome::Fixed)
            going[loaded_.project.moduleByPath(reported[i].file)].insert(origins[i]);
    }
    std::set<std::string> failed;
    for (const auto& [module, entries] : going)
        if (!removeSuppressions(*module, entries, analysis)) failed.insert(module->path());
    for (Finding& finding : reported) {
        if (finding.safetyReason == "not-selected") continue;
        if (finding.outcome == Outcome::Fixed && failed.count(finding.file)) {
            finding.outcome = Outcome::Skipped;
            finding.safetyReason = "comments-changed";
        }
        analysis.findings.push_back(std::move(finding));
    }
}

bool Decisions::removeSuppressions(const semantic::Module& module, const std::set<const Suppression*>& going,
                                   Analysis& analysis) const {
    if (loaded_.broken.count(&module)) return false;
    std::vector<std::vector<bool>> unused;
    for (const Suppression& entry : suppressions_)
        if (entry.file == module.path())
            unused.push_back(going.count(&entry) ? unusedRules(entry) : std::vector<bool>(entry.rules.size(), false));
    std::string text(module.source.text());
    for (const FileChange& change : analysis.changes) {
        if (change.path != module.path()) continue;
        Result<text::SourceText> after = text::SourceText::fromBytes(change.path, change.after);
        if (!after) return false;
        text = std::string(after->text());
    }
    const std::optional<std::string> without = withoutUnused(module, text, unused);
    if (!without) return false;
    Result<SharedText> bytes = module.source.encode(*without);
    if (!bytes) return false;
    addFile(loaded_, module.path(), std::move(*bytes), analysis);
    return true;
}

} // namespace covet::engine
