#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "catalog/target_profile.h"
#include "engine/input_rewrite.h"

namespace covet::engine {

/// Objects that code makes anew to empty them, and containers that it makes when it first needs them: before the migration
/// reads the files, that code empties them instead, or finds them made (see rules/store/reset_objects.h, lazy_containers.h).
class ResetPass {
public:
    /// `input` are the files as they were read, and `loaded` what they are; both outlive the pass. `active`: it may change
    /// something.
    static Result<ResetPass> of(const LoadedProject& original, const InputRewrite& input, const LoadedProject& loaded,
                                const std::vector<SkippedFile>& skipped, const catalog::TargetProfile& target, bool active);

    const InputRewrite& input() const { return files_ ? *files_ : *input_; }
    const LoadedProject& loaded() const { return changed_ ? *changed_ : *loaded_; }
    /// Whether such an object does not get tables after all, so that its code had better stay as it is.
    bool isForNothing(const Analysis& analysis) const;

private:
    ResetPass(const InputRewrite& input, const LoadedProject& loaded) : input_(&input), loaded_(&loaded) {}

    const InputRewrite* input_;
    const LoadedProject* loaded_;
    std::unique_ptr<InputRewrite> files_;
    std::unique_ptr<LoadedProject> changed_;
    std::set<std::string> owners_; // of stores: classes and variables
};

} // namespace covet::engine
