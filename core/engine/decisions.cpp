#include "engine/decisions.h"

#include <algorithm>

#include "engine/ledger.h"
#include "support/strings.h"
#include "support/suggest.h"

namespace covet::engine {
namespace {

using rules::Finding;
using rules::Outcome;

constexpr std::string_view kApplication = "app:";
constexpr std::string_view kStore = "store:";
constexpr std::string_view kFile = "file:";
constexpr std::string_view kRule = "only:"; // a rule whose changes can be left alone

bool isAbout(const Finding& finding, const char* family) { return startsWith(finding.rule, family); }

} // namespace

Decisions::Decisions(const LoadedProject& loaded, const Options& options, const RuleSelection& rules,
                     const std::set<const semantic::Module*>& migrated)
    : loaded_(loaded)
    , options_(options)
    , rules_(rules)
    , components_(loaded.project) {
    for (const semantic::Module* module : migrated) migrated_.insert(components_.of(*module));
    for (const auto& module : loaded.project.modules()) {
        applications_.emplace(components_.of(*module), std::string(kApplication) + module->path());
        for (Suppression& found : suppressionsOf(*module, rules, options.selection.requireReasons))
            suppressions_.push_back(std::move(found));
    }
}

std::string Decisions::applicationGroup(const std::string& file) const {
    const semantic::Module* module = loaded_.project.moduleByPath(file);
    if (!module) return "";
    auto found = applications_.find(components_.of(*module));
    return found == applications_.end() ? "" : found->second;
}

std::string Decisions::groupOf(const Analysis& analysis, const Finding& finding) const {
    if (!finding.group.empty()) return finding.group;
    if (isAbout(finding, "COV2"))
        for (const facts::Store& store : analysis.stores) {
            if (finding.message.find(store.name) == std::string::npos) continue;
            bool here = store.where.file == finding.file && store.where.line == finding.start.line;
            for (const facts::StoreUse& use : analysis.uses)
                here = here || (use.store == store.id && use.where.file == finding.file &&
                                use.where.line >= finding.start.line && use.where.line <= finding.end.line);
            if (here) return std::string(kStore) + store.id;
        }
    if (finding.outcome != Outcome::Fixed) return "";
    const std::string application = applicationGroup(finding.file);
    return application.empty() ? std::string(kFile) + finding.file : application;
}

bool Decisions::isLeft(const Finding& finding) const {
    return left_.count(finding.group) > 0 || left_.count(applicationGroup(finding.file)) > 0;
}

void Decisions::note(const std::vector<Finding>& findings) {
    for (const Finding& finding : findings) {
        if (!known_.emplace(finding.id, finding).second || !options_.selection.accept.count(finding.id)) continue;
        acceptedGroups_.insert(finding.group);
        // Neither a store nor sessions move without their application.
        if (startsWith(finding.group, kStore) || startsWith(finding.group, kRule)) acceptedGroups_.insert(applicationGroup(finding.file));
    }
}

Status Decisions::checkIds() const {
    std::vector<std::string> ids;
    for (const auto& [id, finding] : known_) ids.push_back(id);
    for (const auto* wanted : {&options_.selection.accept, &options_.selection.reject})
        for (const std::string& id : *wanted) {
            auto found = known_.find(id);
            if (found == known_.end()) {
                const std::string near = closest(id, ids);
                return Error{"unknown-finding", "there is no finding `" + id + "`", "", 0,
                             near.empty() ? "ids are in the report of `analyze --format json`"
                                          : "did you mean " + near + "?"};
            }
            const Finding& finding = found->second;
            const bool hasChange = finding.outcome == Outcome::Fixed || finding.outcome == Outcome::Offered;
            if (wanted == &options_.selection.accept && !hasChange)
                return Error{"unknown-finding",
                             "the finding `" + id + "` has no change that could be accepted: " + finding.message,
                             finding.file, finding.start.line,
                             finding.hint.empty() ? "it is left to you" : finding.hint};
        }
    return Ok{};
}

bool Decisions::isAccepted(const Finding& finding) const {
    if (options_.selection.accept.empty()) return true;
    // Requirements follow the code.
    return options_.selection.accept.count(finding.id) || acceptedGroups_.count(finding.group) ||
           startsWith(finding.group, kFile);
}

bool Decisions::suppress(Finding& finding) {
    bool found = false;
    for (Suppression& entry : suppressions_) {
        if (!entry.problem.empty() || entry.file != finding.file) continue;
        const bool here = finding.start.line >= entry.firstLine && finding.start.line <= entry.lastLine;
        if (!entry.wholeFile && !here) continue;
        for (size_t i = 0; i < entry.rules.size(); ++i) {
            if (!rules_.means(entry.rules[i], finding.rule)) continue;
            entry.used[i] = true;
            if (!found) finding.justification = entry.reason;
            found = true;
        }
    }
    return found;
}

std::string Decisions::judge(Finding& finding) {
    std::string reason;
    if (!rules_.includes(finding.rule, finding.file)) {
        reason = "not-selected";
    } else if (suppress(finding)) {
        reason = "suppressed";
    } else if (options_.selection.reject.count(finding.id)) {
        reason = "rejected";
    } else if (finding.outcome == Outcome::Fixed && !isAccepted(finding)) {
        reason = "not-accepted";
    } else {
        const bool open = finding.outcome == Outcome::Skipped || finding.outcome == Outcome::Offered;
        if (open && options_.baseline.count(finding.id)) finding.outcome = Outcome::Baselined;
        return "";
    }
    const bool changed = finding.outcome == Outcome::Fixed;
    finding.outcome = reason == "suppressed" ? Outcome::Suppressed : Outcome::Skipped;
    if (changed || reason == "not-selected") finding.safetyReason = reason;
    judged_.insert(finding.id);
    return changed ? reason : "";
}

void Decisions::leave(const std::string& group, const std::string& reason, Analysis& analysis) {
    auto inside = [&](const std::string& prefix) { return group.substr(prefix.size()); };
    if (startsWith(group, kApplication)) held_.modules[inside(std::string(kApplication))] = reason;
    else if (startsWith(group, kStore)) held_.stores[inside(std::string(kStore))] = reason;
    else if (startsWith(group, kRule)) held_.rules.insert(inside(std::string(kRule)));
    else held_.files[inside(std::string(kFile))] = reason;
    for (Finding& finding : analysis.findings) {
        const bool member = finding.group == group || applicationGroup(finding.file) == group;
        if (!member) continue;
        if (finding.outcome == Outcome::Fixed) {
            finding.outcome = Outcome::Skipped;
            finding.safetyReason = "stays-with-" + reason;
        }
        leftFindings_.push_back(finding);
    }
    analysis.findings.erase(std::remove_if(analysis.findings.begin(), analysis.findings.end(),
                                           [&](const Finding& finding) {
                                               return finding.group == group ||
                                                      applicationGroup(finding.file) == group;
                                           }),
                            analysis.findings.end());
}

bool Decisions::settle(Analysis& analysis) {
    for (Finding& finding : analysis.findings) finding.group = groupOf(analysis, finding);
    if (!noted_) note(analysis.findings);
    noted_ = true;
    analysis.findings.erase(std::remove_if(analysis.findings.begin(), analysis.findings.end(),
                                           [&](const Finding& finding) { return isLeft(finding); }),
                            analysis.findings.end());
    std::vector<std::pair<std::string, std::string>> leaving;
    for (Finding& finding : analysis.findings) {
        const std::string reason = judge(finding);
        if (!reason.empty() && left_.emplace(finding.group, reason).second)
            leaving.emplace_back(finding.group, reason);
    }
    for (const auto& [group, reason] : leaving) leave(group, reason, analysis);
    return !leaving.empty();
}

void Decisions::settleOwn(std::vector<Finding>& findings) {
    for (Finding& finding : findings) finding.group = "rule:" + finding.id;
    note(findings);
    for (Finding& finding : findings) {
        const auto known = ownFindings_.find(finding.id);
        if (known != ownFindings_.end()) {
            finding.outcome = known->second.outcome;
            continue;
        }
        const bool isWanted = options_.selection.unsafe || options_.selection.accept.count(finding.id) > 0;
        if (finding.outcome == Outcome::Offered && isWanted) finding.outcome = Outcome::Fixed;
        judge(finding);
    }
}

void Decisions::takeOwn(const std::vector<Finding>& findings, const std::string& problem) {
    for (Finding finding : findings) {
        if (!problem.empty() && finding.outcome == Outcome::Fixed) {
            finding.outcome = Outcome::Skipped;
            finding.safetyReason = problem;
        }
        ownFindings_.emplace(finding.id, std::move(finding));
    }
}

void Decisions::giveUpOwn(const std::string& file, const std::string& reason) {
    for (auto& [id, finding] : ownFindings_) {
        if (finding.file != file || finding.outcome != Outcome::Fixed) continue;
        finding.outcome = Outcome::Skipped;
        finding.safetyReason = reason;
    }
}

Status Decisions::finish(Analysis& analysis) {
    std::set<std::string> known;
    for (const Finding& finding : leftFindings_) known.insert(finding.id);
    std::vector<Finding> all = leftFindings_;
    for (Finding& finding : analysis.findings)
        if (known.insert(finding.id).second) all.push_back(std::move(finding));
    all.erase(std::remove_if(all.begin(), all.end(),
                             [&](const Finding& finding) {
                                 return judged_.count(finding.id) && finding.safetyReason == "not-selected";
                             }),
              all.end());
    for (const auto& [id, finding] : ownFindings_) all.push_back(finding);
    analysis.findings = std::move(all);
    reportSuppressions(analysis);
    sortFindings(analysis.findings);
    return checkIds();
}

} // namespace covet::engine
