#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "catalog/target_profile.h"
#include "engine/input_rewrite.h"
#include "facts/data_files.h"
#include "syntax/value.h"

namespace covet::engine {

/// Data that functions load from a JSON file and save to it: before the migration reads the files, that code gets to
/// work on variables of its module, which are stores like any other (see rules/store/data_file_rewrite.h).
///
/// Files whose variables do not become tables stay files, with all their code, and are named with the reason.
class DataFilePass {
public:
    /// `input` are the files that the migration reads, and `loaded` what they are; all outlive the pass.
    DataFilePass(const LoadedProject& original, const InputRewrite& input, const LoadedProject& loaded,
                 const std::vector<SkippedFile>& skipped, const catalog::TargetProfile& target);

    /// The files with the changes that are left.
    Result<InputRewrite> files();
    /// Whether files() changed any.
    bool anyMoves() const;
    /// Looks at an analysis of files(). True when some data does not move after all: analyse the new files().
    bool giveUp(const Analysis& analysis);
    /// Adds what became of each file to the ledger.
    void report(Analysis& analysis) const;

private:
    struct Candidate {
        facts::DataFile file;
        Value content; // at first
        bool isThere = false;
        bool mayBeMissing = false; // requests can tell that it is not there yet
        std::string refusal, hint;       // why it stays; "" if it moves
        std::vector<std::string> stores; // ids of its variables
    };

    /// Files and project as the pass works on them.
    const InputRewrite& input() const { return dividedInput_ ? *dividedInput_ : input_; }
    const LoadedProject& loaded() const { return divided_ ? *divided_ : loaded_; }
    void divide(const std::vector<SkippedFile>& skipped);
    bool undivideWhereSomeStays();
    void find();
    void findContent(Candidate& candidate) const;
    bool toldFromContent(const Candidate& candidate) const;
    void placeInCode(const Candidate& candidate, Analysis& analysis) const;
    rules::Finding findingOf(const Candidate& candidate) const;

    const LoadedProject& original_;
    const InputRewrite& input_;
    const LoadedProject& loaded_;
    const catalog::TargetProfile& target_;
    /// With functions of their own for files that one function worked on; that is for nothing where some of them stay.
    std::optional<InputRewrite> dividedInput_;
    std::optional<LoadedProject> divided_;
    std::set<std::string> dividedPaths_;
    const semantic::Module* home_ = nullptr; // of the application
    std::vector<Candidate> candidates_;
};

} // namespace covet::engine
