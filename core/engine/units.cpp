#include "engine/migration_unit.h"
#include "support/paths.h"

namespace covet::engine {
namespace {

/// The module of a component beside which its generated modules belong; nullptr when the component
/// has neither an application nor data.
const Module* mainModuleOf(const rules::MigrationContext& found, const UnitInput& input, size_t component) {
    for (const auto* apps : {&found.migratedApps, &found.apps})
        for (const facts::App& app : *apps) {
            const Module* module = input.loaded.project.moduleByPath(app.where.file);
            if (module && input.components.of(*module) == component) return module;
        }
    for (const rules::Handler& handler : found.handlers)
        if (handler.module && input.components.of(*handler.module) == component) return handler.module;
    for (const facts::FoundStore& store : input.stores)
        if (input.components.of(*store.module) == component) return store.module;
    return nullptr;
}

} // namespace

std::vector<Unit> unitsOf(const rules::MigrationContext& found, const UnitInput& input) {
    std::vector<const Module*> mains(input.components.count(), nullptr);
    for (size_t i = 0; i < mains.size(); ++i) mains[i] = mainModuleOf(found, input, i);
    std::map<std::string, Unit> byFolder;
    for (const auto& module : input.loaded.project.modules()) {
        const Module* main = mains[input.components.of(*module)];
        if (!main) continue;
        Unit& unit = byFolder[folderOf(main->path())];
        unit.modules.insert(module.get());
        // A module whose application migrates is a better anchor than one that only holds data.
        if (!unit.main) unit.main = main;
    }
    std::vector<Unit> units;
    for (auto& [folder, unit] : byFolder) units.push_back(std::move(unit));
    return units;
}

} // namespace covet::engine
