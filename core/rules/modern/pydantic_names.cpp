#include "rules/modern/pydantic_names.h"

#include <algorithm>

#include "rules/diagnostics.h"

namespace covet::rules::modern {

PydanticNames::PydanticNames(MigrationContext& context, const std::set<std::string>& paths, bool needsFirst)
    : context_(context)
    , types_(context.project())
    , needsFirst_(needsFirst)
    , isFirst_(needsFirst) {
    const PydanticReader reader{context_, types_, changes_};
    std::vector<const Module*> modules;
    for (const auto& module : context.project().modules())
        if (paths.count(module->path())) modules.push_back(module.get());
    for (const Module* module : modules) {
        readFirstVersion(reader, *module);
        readConfigs(reader, *module);
        readValidators(reader, *module);
        readFields(reader, *module);
        readCalls(reader, *module);
    }
    isFirst_ = isFirst_ || std::any_of(changes_.begin(), changes_.end(), [](const PydanticChange& change) { return change.isOnlyIn1; });
    if (isFirst_)
        for (const Module* module : modules) addMissingDefaults(reader, *module);
    std::stable_sort(changes_.begin(), changes_.end(), [](const PydanticChange& one, const PydanticChange& other) {
        const int order = one.module->path().compare(other.module->path());
        return order != 0 ? order < 0 : one.at.start() < other.at.start();
    });
}

Proposal PydanticNames::proposal(const PydanticChange& change, const char* rule) const {
    Proposal proposal;
    Finding& finding = proposal.finding;
    const auto& source = change.module->source;
    finding.rule = rule;
    finding.file = change.module->path();
    finding.start = {source.lineOf(change.at.start()), source.columnOf(change.at.start())};
    finding.end = {source.lineOf(change.at.end()), source.columnOf(change.at.end())};
    finding.message = messageOf(finding.rule, change.subject);
    finding.safety = diagnostic(finding.rule)->safety;
    finding.safetyReason = change.obstacle;
    finding.hint = change.hint;
    finding.outcome = Outcome::Skipped;
    return proposal;
}

std::vector<Proposal> PydanticNames::proposals() {
    if (isFirst_) return together();
    std::vector<Proposal> found;
    for (const PydanticChange& change : changes_) {
        Proposal one = proposal(change, change.obstacle.empty() ? "COV114" : "COV115");
        if (change.obstacle.empty()) {
            one.finding.outcome = change.differs.empty() ? Outcome::Fixed : Outcome::Offered;
            if (!change.differs.empty()) one.finding.safety = Safety::Unsafe;
            one.finding.safetyReason = change.differs.empty() ? "same-in-pydantic-2" : change.differs;
            one.make = change.make;
        }
        found.push_back(std::move(one));
    }
    return found;
}

std::vector<Proposal> PydanticNames::together() {
    std::vector<Proposal> found;
    for (const PydanticChange& change : changes_)
        if (!change.obstacle.empty()) found.push_back(proposal(change, "COV115"));
    if (changes_.empty()) return found;
    const auto first = std::find_if(changes_.begin(), changes_.end(), [](const PydanticChange& change) { return change.obstacle.empty(); });
    if (first == changes_.end()) return found;
    PydanticChange all = *first;
    all.subject = std::to_string(changes_.size()) + " names";
    Proposal whole = proposal(all, "COV114");
    if (!found.empty()) {
        whole.finding.safetyReason = "stays-on-pydantic-1";
        whole.finding.hint = "what COV115 names has to be changed first, or with them";
    } else {
        // Version 1 makes text of numbers and numbers of text where version 2 refuses them.
        whole.finding.outcome = needsFirst_ ? Outcome::Offered : Outcome::Fixed;
        whole.finding.safety = needsFirst_ ? Safety::Unsafe : Safety::Safe;
        whole.finding.safetyReason = needsFirst_ ? "pydantic-2-is-stricter" : "needed-by-pydantic-2";
        whole.finding.hint = needsFirst_ ? "Pydantic 2 refuses numbers for texts and answers wrong requests with other errors; try it with --unsafe, or --accept" : "";
        whole.make = [changes = changes_] {
            for (const PydanticChange& change : changes) change.make();
        };
    }
    found.insert(found.begin(), std::move(whole));
    return found;
}

} // namespace covet::rules::modern
