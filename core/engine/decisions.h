#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/components.h"
#include "engine/migration_unit.h"
#include "engine/suppressions.h"

namespace covet::engine {

/// What the user says about findings: selections, suppression comments, accepted and rejected ids,
/// the baseline. Outcomes follow from it, and so does what has to be left alone.
///
/// Changes come in groups (Finding::group). When one member of a group is not to be changed, the group
/// stays, and the project is analysed again without it; the ledger then keeps what the analysis that
/// still had the group said about it, so that ids do not depend on decisions.
class Decisions {
public:
    /// `migrated` are the modules that use the target: what was suppressed there for the migration is not
    /// looked for any more, so that its comments stay.
    Decisions(const LoadedProject& loaded, const Options& options, const RuleSelection& rules,
              const std::set<const semantic::Module*>& migrated);

    const Held& held() const { return held_; }
    /// Settles the findings of one analysis, whose ledger is closed. True when more has to be left alone
    /// than before: analyse again, then call this again.
    bool settle(Analysis& analysis);
    /// Settles findings of the user's own rules; each is a group of its own. Those that are known by id from an
    /// earlier pass end as they did.
    void settleOwn(std::vector<rules::Finding>& findings);
    /// Takes them into the ledger, after their changes were made; `problem` is the reason why none was.
    void takeOwn(const std::vector<rules::Finding>& findings, const std::string& problem);
    /// The changes of own rules in a file are not made after all.
    void giveUpOwn(const std::string& file, const std::string& reason);

    /// Completes the ledger of the last analysis: what was left alone, and suppression comments that
    /// suppress nothing, which are removed. Error `unknown-finding` for ids that name none, or none that
    /// can be accepted.
    Status finish(Analysis& analysis);

private:
    std::string groupOf(const Analysis& analysis, const rules::Finding& finding) const;
    std::string applicationGroup(const std::string& file) const;
    bool isLeft(const rules::Finding& finding) const;
    void note(const std::vector<rules::Finding>& findings);
    Status checkIds() const;
    /// Sets the outcome. Returns the reason code when a change must not be made, "" otherwise.
    std::string judge(rules::Finding& finding);
    bool suppress(rules::Finding& finding);
    bool isAccepted(const rules::Finding& finding) const;
    void leave(const std::string& group, const std::string& reason, Analysis& analysis);
    void reportSuppressions(Analysis& analysis);
    bool looksFor(const std::string& selector, const std::string& file) const;
    std::vector<bool> unusedRules(const Suppression& entry) const;
    bool removeSuppressions(const semantic::Module& module, const std::set<const Suppression*>& going,
                            Analysis& analysis) const;

    const LoadedProject& loaded_;
    const Options& options_;
    const RuleSelection& rules_;
    const Components components_;
    std::set<size_t> migrated_;                   // components
    std::map<size_t, std::string> applications_; // component -> group
    std::vector<Suppression> suppressions_;
    std::set<std::string> acceptedGroups_;
    std::map<std::string, rules::Finding> known_; // by id, as first seen
    Held held_;
    std::map<std::string, std::string> left_; // group -> reason
    std::set<std::string> judged_;            // ids of findings whose outcome the user decided
    std::vector<rules::Finding> leftFindings_;
    std::map<std::string, rules::Finding> ownFindings_; // by id
    bool noted_ = false;
};

} // namespace covet::engine
