#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "catalog/target_profile.h"
#include "engine/input_rewrite.h"

namespace covet::engine {

/// Code that is changed before the migration reads the files, so that it is understood and stores can become tables: star
/// imports of frameworks name what they are used for (see rules/frameworks/star_imports.h), objects that code makes anew
/// are emptied instead (see rules/store/reset_objects.h), containers that it makes when it first needs them are made at once
/// (lazy_containers.h), and what default arguments take from stores is written down (engine/import_time_values.h).
class PreparationPass {
public:
    /// `input` are the files as they were read, and `loaded` what they are; both outlive the pass. `active`: it may change
    /// something.
    static Result<PreparationPass> of(const LoadedProject& original, const InputRewrite& input, const LoadedProject& loaded,
                                const std::vector<SkippedFile>& skipped, const catalog::TargetProfile& target, bool active);

    const InputRewrite& input() const { return files_.empty() ? *input_ : *files_.back(); }
    const LoadedProject& loaded() const { return changed_.empty() ? *loaded_ : *changed_.back(); }
    /// Whether such an object or store does not get tables after all, so that its code had better stay as it is.
    bool isForNothing(const Analysis& analysis) const;

private:
    /// Goes on with what a step has changed.
    Status take(const LoadedProject& original, rules::MigrationContext& context, const std::vector<SkippedFile>& skipped);

    PreparationPass(const InputRewrite& input, const LoadedProject& loaded) : input_(&input), loaded_(&loaded) {}

    const InputRewrite* input_;
    const LoadedProject* loaded_;
    std::vector<std::unique_ptr<InputRewrite>> files_; // after each step
    std::vector<std::unique_ptr<LoadedProject>> changed_;
    bool namesImports_ = false;
    std::set<std::string> owners_; // of stores: classes and variables
    std::set<std::string> stores_;
};

} // namespace covet::engine
