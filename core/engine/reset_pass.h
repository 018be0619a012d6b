#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "catalog/target_profile.h"
#include "engine/input_rewrite.h"

namespace covet::engine {

/// Code that is changed before the migration reads the files, so that stores can become tables: objects that code makes anew
/// are emptied instead (see rules/store/reset_objects.h), containers that it makes when it first needs them are made at once
/// (lazy_containers.h), and what default arguments take from stores is written down (engine/import_time_values.h).
class ResetPass {
public:
    /// `input` are the files as they were read, and `loaded` what they are; both outlive the pass. `active`: it may change
    /// something.
    static Result<ResetPass> of(const LoadedProject& original, const InputRewrite& input, const LoadedProject& loaded,
                                const std::vector<SkippedFile>& skipped, const catalog::TargetProfile& target, bool active);

    const InputRewrite& input() const { return files_ ? *files_ : *input_; }
    const LoadedProject& loaded() const { return changed_ ? *changed_ : *loaded_; }
    /// Whether such an object or store does not get tables after all, so that its code had better stay as it is.
    bool isForNothing(const Analysis& analysis) const;

private:
    ResetPass(const InputRewrite& input, const LoadedProject& loaded) : input_(&input), loaded_(&loaded) {}

    const InputRewrite* input_;
    const LoadedProject* loaded_;
    std::unique_ptr<InputRewrite> files_;
    std::unique_ptr<LoadedProject> changed_;
    std::set<std::string> owners_; // of stores: classes and variables
    std::set<std::string> stores_;
};

} // namespace covet::engine
