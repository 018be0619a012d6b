#pragma once

#include "engine/decisions.h"
#include "rules/proposal.h"

namespace covet::engine {

/// What comes after routes and the database: names that newer versions of the target's libraries have, and the later
/// phases. They work on what the migration has made of the files, or on an application that is on the target already.
class LaterPhases {
public:
    /// `original` are the files as they were.
    LaterPhases(const LoadedProject& original, const std::vector<InputFile>& files, const std::vector<SkippedFile>& skipped,
                const Options& options, const catalog::TargetProfile& target);

    /// Appends the changes of the phases up to the one that is asked for, as far as the decisions take them.
    Status run(Analysis& analysis, Decisions& decisions) const;

private:
    Status modernNames(Analysis& analysis, Decisions& decisions) const;
    Status validation(Analysis& analysis, Decisions& decisions) const;
    void storedPasswords(Decisions& decisions) const;
    Status security(Analysis& analysis, Decisions& decisions) const;
    Status make(std::vector<rules::Proposal> proposals, const LoadedProject& loaded, rules::MigrationContext& context,
                Analysis& analysis, Decisions& decisions) const;
    void ignoreEnvironment(const LoadedProject& loaded, Analysis& analysis) const;
    std::vector<InputFile> filesAfter(const Analysis& analysis) const;
    void placeBack(std::vector<rules::Proposal>& proposals, const LoadedProject& loaded) const;

    const LoadedProject& original_;
    const std::vector<InputFile>& files_;
    const std::vector<SkippedFile>& skipped_;
    const Options& options_;
    const catalog::TargetProfile& target_;
};

} // namespace covet::engine
