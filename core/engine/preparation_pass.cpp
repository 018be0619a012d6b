#include "engine/preparation_pass.h"

#include <algorithm>

#include "engine/import_time_values.h"
#include "rules/frameworks/module_imports.h"
#include "rules/frameworks/star_imports.h"
#include "rules/store/lazy_containers.h"
#include "rules/store/reset_objects.h"
#include "support/strings.h"

namespace covet::engine {

Result<PreparationPass> PreparationPass::of(const LoadedProject& original, const InputRewrite& input, const LoadedProject& loaded,
                                const std::vector<SkippedFile>& skipped, const catalog::TargetProfile& target, bool active) {
    PreparationPass pass(input, loaded);
    if (!active) return pass;
    rules::MigrationContext named(loaded.project, target);
    pass.namesImports_ = rules::nameStarImports(named);
    pass.namesImports_ = rules::nameModuleImports(named) || pass.namesImports_;
    if (pass.namesImports_)
        if (const Status taken = pass.take(original, named, skipped); !taken) return taken.error();
    const LoadedProject& now = pass.loaded();
    rules::MigrationContext context(now.project, target);
    pass.owners_ = rules::emptyObjectsMadeAgain(context);
    pass.owners_.merge(rules::makeContainersAtOnce(context));
    pass.stores_ = fixImportTimeValues(context, now);
    if (pass.owners_.empty() && pass.stores_.empty()) return pass;
    if (const Status taken = pass.take(original, context, skipped); !taken) return taken.error();
    return pass;
}

Status PreparationPass::take(const LoadedProject& original, rules::MigrationContext& context, const std::vector<SkippedFile>& skipped) {
    Result<std::vector<InputFile>> files = changedFiles(context, input().files());
    if (!files) return files.error();
    files_.push_back(std::make_unique<InputRewrite>(original, std::move(*files)));
    Result<LoadedProject> changed = loadProject(files_.back()->files(), skipped, nullptr);
    if (!changed) return changed.error();
    changed_.push_back(std::make_unique<LoadedProject>(std::move(*changed)));
    return Ok{};
}

bool PreparationPass::isForNothing(const Analysis& analysis) const {
    if (namesImports_ && analysis.migratedApps.empty() && analysis.schema.tables.empty()) return true;
    // A value that is written down is that of every run, whatever becomes of its store; but for nothing no line is changed.
    const bool anyMoves = std::any_of(stores_.begin(), stores_.end(), [&](const std::string& store) { return analysis.schema.tableOfStore(store) != nullptr; });
    if (!stores_.empty() && !anyMoves) return true;
    return std::any_of(owners_.begin(), owners_.end(), [&](const std::string& owner) {
        bool moves = false, stays = false;
        for (const facts::Store& store : analysis.stores) {
            if (store.id != owner && !startsWith(store.id, owner + ".") && !startsWith(store.id, owner + "[")) continue;
            (analysis.schema.tableOfStore(store.id) ? moves : stays) = true;
        }
        // A variable may be another name of a store.
        const bool isClass = loaded().project.module(owner.substr(0, owner.find(':'))) &&
                             loaded().project.module(owner.substr(0, owner.find(':')))->classNamed(owner.substr(owner.find(':') + 1));
        return stays || (!moves && isClass);
    });
}

} // namespace covet::engine
