#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/components.h"
#include "engine/project_loading.h"
#include "facts/store_finder.h"
#include "rules/migration_context.h"

namespace covet::engine {

/// The modules that share one place for generated modules: the components whose main modules are in
/// the same folder.
struct Unit {
    std::set<const Module*> modules;
    const Module* main = nullptr; // generated modules live in its folder
};

/// What stays as it is because the user wants it so, with the reason code.
struct Held {
    std::map<std::string, std::string> modules; // path -> reason: its component stays
    std::map<std::string, std::string> stores;  // id -> reason: stays in memory
    std::map<std::string, std::string> files;   // path of a dependency file -> reason
    std::set<std::string> rules;                // names of rules that do not run
};

/// Everything the passes of one analysis share.
struct UnitInput {
    const LoadedProject& loaded;
    const Components& components;
    const std::vector<facts::FoundStore>& stores; // of the whole project
    const catalog::TargetProfile& target;
    const schema::Schema& schema; // of the whole project, so that names are unique across units
    const Held& held;
};

/// Why a store stays in memory.
struct InMemory {
    std::string reason; // code
    std::string hint;
};

/// What the migration of one unit comes to.
struct UnitResult {
    const catalog::TargetProfile* target = nullptr; // whose names its code and its files use
    std::map<const Module*, SharedText> texts;   // rewritten modules, as UTF-8
    std::map<const Module*, SharedText> bytes;   // the same in the files' encodings
    std::map<std::string, std::string> generated; // path -> UTF-8 text, without the models
    std::string modelsPath;                       // "" when no models are needed
    std::string rowChecks; // where the models import the check of rows from, or ""
    bool staysOnFramework = false; // its applications stay, and only their data moves
    std::string importBase; // folder from which the unit's modules are imported
    /// Name under which the running application imports the module of an element class.
    std::map<std::string, std::string> classModules;
    /// Fields of element classes that are members of enumerations with plain values: field -> class.
    std::map<std::string, std::map<std::string, std::string>> members;
    std::vector<facts::App> migratedApps;
    std::vector<facts::App> refusedApps;          // whose routes cannot be converted
    std::vector<facts::StoreUse> uses;
    std::vector<rules::Finding> findings;
    schema::Schema schema;                        // tables of this unit's migrated stores
    std::map<std::string, InMemory> inMemory;     // by store id: data that stays
};

/// The units of a project, in order of folder. `found` has been through the frontends.
std::vector<Unit> unitsOf(const rules::MigrationContext& found, const UnitInput& input);

/// Runs the rules over one unit. `begun`, if there is one, has been through the frontends with the generated modules in
/// their place, and holds nothing but the unit. When a module of a component cannot be rewritten, the component is
/// left alone as a whole and the pass is repeated without its stores. When no route of the unit can be
/// converted and its framework is a target as well, the applications stay on it and their data moves.
UnitResult migrateUnit(const Unit& unit, const UnitInput& input, std::unique_ptr<rules::MigrationContext> begun);

} // namespace covet::engine
