#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/decisions.h"
#include "rules/own/own_rule.h"

namespace covet::engine {

/// The rules that the user wrote. They work on the files as they are, before the migration, which then
/// reads what they made of them.
class OwnRules {
public:
    /// Errors of parseOwnRules, and `rule-file` for an id that two files have.
    static Result<OwnRules> read(const std::vector<RuleFile>& files);

    std::vector<std::string> ids() const;
    /// Finds, lets the decisions settle, and rewrites, until nothing changes any more. A file in which the
    /// rules never come to an end stays as it is.
    Status apply(const std::vector<InputFile>& files, const std::vector<SkippedFile>& skipped,
                 const LoadedProject& loaded, Decisions& decisions);
    /// The files with the changes of the rules.
    const std::vector<InputFile>& files() const { return files_; }

private:
    using Texts = std::map<std::string, SharedText>; // path -> UTF-8
    /// One pass over all modules but those in `given`; the new texts of those that change.
    Texts pass(const LoadedProject& loaded, const std::vector<rules::OwnRule>& active, const std::set<std::string>& given,
               Decisions& decisions) const;
    std::vector<rules::OwnRule> activeRules(const LoadedProject& loaded) const;

    std::vector<rules::OwnRule> rules_;
    std::vector<InputFile> files_;
    std::vector<std::shared_ptr<std::vector<InputFile>>> passes_;
};

} // namespace covet::engine
