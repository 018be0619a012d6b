#include "rules/store/broken_modules.h"

#include <algorithm>
#include <map>
#include <set>

#include "semantic/imported_modules.h"

namespace covet::rules {
namespace {

using semantic::Module;

using Imports = std::map<const Module*, std::vector<const Module*>>;

/// The module and all that run when it is imported.
std::set<const Module*> reachedFrom(const Imports& imports, const Module& module) {
    std::set<const Module*> reached{&module};
    std::vector<const Module*> open{&module};
    while (!open.empty()) {
        const Module* next = open.back();
        open.pop_back();
        for (const Module* imported : imports.at(next))
            if (reached.insert(imported).second) open.push_back(imported);
    }
    return reached;
}

} // namespace

void brokenModuleObstacles(const MigrationContext& context, const std::vector<const facts::FoundStore*>& stores, Obstacles& found) {
    if (!context.staysOnFramework) return;
    const auto& modules = context.project().modules();
    if (std::none_of(modules.begin(), modules.end(), [](const auto& module) { return module->tree->root().hasError(); })) return;
    Imports imports;
    for (const auto& module : modules) imports.emplace(module.get(), semantic::importedModules(context.project(), *module));
    for (const auto& broken : modules) {
        if (!broken->tree->root().hasError()) continue;
        const std::set<const Module*> reached = reachedFrom(imports, *broken);
        const auto importsBroken = [&](const facts::StoreReference& reference) {
            const auto known = imports.find(reference.module);
            return known != imports.end() && std::find(known->second.begin(), known->second.end(), broken.get()) != known->second.end();
        };
        for (const facts::FoundStore* store : stores)
            if (reached.count(store->module) || std::any_of(store->references.begin(), store->references.end(), importsBroken))
                found.emplace(store, Obstacle{"syntax-error", "correct that file, then run the migration again", broken.get(),
                                              *broken->tree->firstError()});
    }
}

} // namespace covet::rules
