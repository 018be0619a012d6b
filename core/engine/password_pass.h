#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/decisions.h"
#include "engine/input_rewrite.h"
#include "engine/store_data.h"
#include "rules/security/password_store.h"

namespace covet::engine {

/// Stores whose passwords are hashed when their rows are loaded: id -> field, "" for the elements of a dict.
using HashedFields = std::map<std::string, std::string>;

/// Hashes of passwords instead of passwords: before the migration reads the files, the code that compares and keeps
/// them is changed, and the loading of the rows is told which column to hash.
///
/// Only where the store gets a table, and where all that the code does with the passwords is understood. A store that
/// turns out to stay in memory once the code has changed keeps its passwords as they are.
class PasswordPass {
public:
    /// `input` are the files that the migration reads, and `loaded` what they are; both outlive the pass.
    PasswordPass(const LoadedProject& original, const InputRewrite& input, const LoadedProject& loaded,
                 const Options& options, const catalog::TargetProfile& target);

    /// Looks at an analysis of the files as the pass has them. True when it made others of them: analyse those.
    Result<bool> change(const Analysis& analysis, Decisions& decisions);
    /// Nothing as long as the pass changed nothing.
    const InputRewrite* files() const { return files_ ? &*files_ : nullptr; }
    const HashedFields& hashed() const { return hashed_; }

private:
    struct Candidate {
        const facts::FoundStore* store;
        rules::security::PasswordField field;
        rules::security::PasswordUses uses;
    };

    Status find(const Analysis& analysis);
    void judge(Decisions& decisions);
    Result<bool> rewrite(const Analysis& analysis);
    rules::Finding findingOf(const Candidate& candidate) const;

    const LoadedProject& original_;
    const InputRewrite& input_;
    const LoadedProject& loaded_;
    const Options& options_;
    const catalog::TargetProfile& target_;
    std::vector<facts::FoundStore> stores_;
    std::vector<Candidate> candidates_;
    std::map<std::string, size_t> rows_; // of the hashed stores, in the first analysis
    std::optional<InputRewrite> files_;
    HashedFields hashed_;
    bool searched_ = false;
};

} // namespace covet::engine
