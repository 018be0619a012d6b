#include "engine/store_findings.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "facts/store_lifetime.h"
#include "rules/diagnostics.h"

namespace covet::engine {
namespace {

using rules::Outcome;
using rules::Safety;

rules::Finding findingAt(const std::string& rule, const Module& module, const syntax::Node& node,
                         const std::string& subject) {
    rules::Finding finding;
    finding.rule = rule;
    finding.file = module.path();
    finding.start = {module.source.lineOf(node.start()), module.source.columnOf(node.start())};
    finding.end = {module.source.lineOf(node.end()), module.source.columnOf(node.end())};
    finding.message = rules::messageOf(rule, subject);
    const rules::Diagnostic* entry = rules::diagnostic(rule);
    finding.safety = entry ? entry->safety : Safety::Manual;
    finding.outcome = finding.safety == Safety::Safe ? Outcome::Fixed : Outcome::Skipped;
    return finding;
}

/// The findings of a unit, with what has been said so far by its words.
class Ledger {
public:
    explicit Ledger(std::vector<rules::Finding>& findings) : findings_(findings) {
        for (size_t place = 0; place < findings.size(); ++place) said_.emplace(findings[place].message, place);
    }

    /// Unless the same words have been said about a place that contains this one.
    void add(rules::Finding finding) {
        auto key = [](const rules::Position& position) { return std::pair(position.line, position.column); };
        const auto [first, last] = said_.equal_range(finding.message);
        for (auto said = first; said != last; ++said) {
            const rules::Finding& known = findings_[said->second];
            if (key(known.start) <= key(finding.start) && key(finding.end) <= key(known.end) && known.file == finding.file &&
                known.rule == finding.rule)
                return;
        }
        said_.emplace(finding.message, findings_.size());
        findings_.push_back(std::move(finding));
    }

private:
    std::vector<rules::Finding>& findings_;
    std::unordered_multimap<std::string, size_t> said_;
};

using UsesOfStores = std::unordered_map<std::string_view, std::vector<const facts::StoreUse*>>;

const char* ruleOf(facts::Outcome outcome) {
    return outcome == facts::Outcome::Exact ? "COV202" : outcome == facts::Outcome::Bridged ? "COV203" : "COV204";
}

/// Findings of the uses of one store: one per reference, in step with StoreUse.
void addUseFindings(const facts::FoundStore& store, const UsesOfStores& all, Ledger& ledger) {
    std::multimap<std::pair<std::string, uint32_t>, const facts::StoreUse*> uses;
    if (const auto own = all.find(store.fact.id); own != all.end())
        for (const facts::StoreUse* use : own->second) uses.emplace(std::pair(use->where.file, use->where.line), use);
    for (const facts::StoreReference& reference : store.references) {
        const uint32_t line = reference.module->source.lineOf(reference.node.start());
        auto found = uses.find({reference.module->path(), line});
        if (found == uses.end()) continue;
        const facts::StoreUse& use = *found->second;
        uses.erase(found);
        rules::Finding finding = findingAt(ruleOf(use.outcome), *reference.module, reference.node, store.fact.name);
        finding.safetyReason = use.reason;
        finding.group = "store:" + store.fact.id;
        ledger.add(std::move(finding));
    }
}

} // namespace

void completeStoreUses(const std::vector<facts::FoundStore>& stores, UnitResult& result) {
    for (facts::StoreUse& use : result.uses) {
        auto kept = result.inMemory.find(use.store);
        if (kept == result.inMemory.end() || use.outcome == facts::Outcome::Manual) continue;
        use.outcome = facts::Outcome::Manual;
        use.reason = kept->second.reason;
    }
    for (const facts::FoundStore& store : stores) {
        auto kept = result.inMemory.find(store.fact.id);
        if (kept == result.inMemory.end() || facts::isNoDataReason(kept->second.reason)) continue;
        std::multiset<std::pair<std::string, uint32_t>> places;
        for (const facts::StoreUse& use : result.uses)
            if (use.store == store.fact.id) places.emplace(use.where.file, use.where.line);
        for (const facts::StoreReference& reference : store.references) {
            const uint32_t line = reference.module->source.lineOf(reference.node.start());
            auto listed = places.find({reference.module->path(), line});
            if (listed != places.end()) {
                places.erase(listed);
                continue;
            }
            facts::StoreUse use;
            use.store = store.fact.id;
            use.where = {reference.module->path(), line};
            use.function = reference.function ? reference.function->qualified : "";
            use.op = facts::useKindName(facts::contextOf(reference.node).kind);
            use.reason = kept->second.reason;
            result.uses.push_back(std::move(use));
        }
    }
    std::stable_sort(result.uses.begin(), result.uses.end(), [](const auto& a, const auto& b) {
        return std::tie(a.where.file, a.where.line) < std::tie(b.where.file, b.where.line);
    });
}

void addStoreFindings(const std::vector<facts::FoundStore>& stores, UnitResult& result) {
    Ledger ledger(result.findings);
    UsesOfStores uses;
    for (const facts::StoreUse& use : result.uses) uses[use.store].push_back(&use);
    for (const facts::FoundStore& store : stores) {
        const facts::Store& fact = store.fact;
        auto kept = result.inMemory.find(fact.id);
        auto add = [&](const char* rule, const std::string& reason, const std::string& hint) {
            rules::Finding finding = findingAt(rule, *store.module, store.definition, fact.name);
            finding.safetyReason = reason;
            finding.hint = hint;
            finding.group = "store:" + fact.id;
            ledger.add(std::move(finding));
        };
        if (kept != result.inMemory.end()) {
            const InMemory& why = kept->second;
            add(facts::isNoDataReason(why.reason) ? "COV208" : "COV207", why.reason,
                why.hint.empty() ? "its uses are listed with their reasons; move them by hand" : why.hint);
        } else if (fact.leftAlone == "not-followed") {
            add("COV207", fact.leftAlone,
                store.owner == facts::Owner::None
                    ? "its first value does not show what it holds; `list(...)` or `dict(...)` around it tells, and --extract-with-python reads it"
                    : "what holds this data is not followed: keep it in a variable of a module, or in an object "
                      "that is made once, at module level");
        } else if (!fact.leftAlone.empty()) {
            add(facts::isNoDataReason(fact.leftAlone) ? "COV208" : "COV205", fact.leftAlone, "");
        } else if (result.schema.tableOfStore(fact.id)) {
            add("COV201", "", "");
            if (fact.extracted)
                add("COV303", "code-was-run",
                    store.module->path() + " was imported in a process of its own; what depends on time, chance or "
                                           "surroundings is as it was then");
            if (fact.madeAtStart) add("COV302", "made-at-start", fact.opaqueReason);
            if (!fact.data && !fact.opaqueReason.empty() && !store.isCounterObject)
                add("COV301", "opaque-data",
                    "why: " + fact.opaqueReason + "; the table starts empty, load its rows by hand");
        }
        const bool counted = kept == result.inMemory.end() ? fact.leftAlone.empty() : !facts::isNoDataReason(kept->second.reason);
        if (counted) addUseFindings(store, uses, ledger);
    }
}

} // namespace covet::engine
