#include "engine/migration_unit.h"

#include "engine/unit_pass.h"
#include "rules/diagnostics.h"

namespace covet::engine {
namespace {

rules::Finding moduleFinding(const std::string& rule, const Module& module, uint32_t line,
                             const std::string& subject, const std::string& reason,
                             const std::string& hint) {
    rules::Finding finding;
    finding.rule = rule;
    finding.file = module.path();
    finding.start = finding.end = {line ? line : 1, 1};
    finding.message = rules::messageOf(rule, subject);
    finding.safetyReason = reason;
    finding.hint = hint;
    return finding;
}

/// The profile of the framework that all applications of a unit stay on; nullptr when some of them move,
/// or when theirs is no target.
const catalog::TargetProfile* frameworkThatStays(const UnitResult& result, const catalog::TargetProfile& asked) {
    if (result.refusedApps.empty() || !result.migratedApps.empty() || !result.texts.empty()) return nullptr;
    const std::string& framework = result.refusedApps[0].framework;
    for (const facts::App& app : result.refusedApps)
        if (app.framework != framework) return nullptr;
    for (const catalog::TargetProfile& profile : catalog::targetProfiles())
        if (profile.framework == framework && framework != asked.framework) return &profile;
    return nullptr;
}

/// Says of each application that its routes stay, and that its data does not.
void reportMovedAlone(const UnitResult& refused, UnitResult& moved) {
    for (const rules::Finding& routes : refused.findings) {
        if (routes.rule != "COV105") continue;
        for (const facts::App& app : refused.refusedApps) {
            if (app.where.file != routes.file || app.where.line != routes.start.line) continue;
            rules::Finding data = routes;
            data.rule = "COV110";
            data.message = rules::messageOf(data.rule, app.attribute);
            data.safety = rules::Safety::Safe;
            data.outcome = rules::Outcome::Fixed;
            data.hint = "its routes are left to you: see the finding COV105; start it as before";
            moved.findings.push_back(std::move(data));
        }
        moved.findings.push_back(routes);
    }
}

UnitResult attempt(const Unit& unit, const UnitInput& input, std::unique_ptr<rules::MigrationContext> begun) {
    Blocked blocked;
    Kept kept;
    for (const auto& [path, reason] : input.held.modules)
        if (const Module* module = input.loaded.project.moduleByPath(path))
            blocked.emplace(input.components.of(*module), reason);
    for (const auto& [id, reason] : input.held.stores)
        kept[id].why = {reason, reason == "later-phase" ? "--phase 2 moves it to the database" : ""};
    std::map<const Module*, Error> culprits;
    // Every pass but the last leaves at least one component or one store more alone.
    for (size_t attempt = 0; attempt <= input.components.count() + input.stores.size(); ++attempt) {
        UnitPass pass(unit, input, blocked, kept, std::move(begun)); // of which only the first can take it
        pass.run();
        if (!pass.newlyKept().empty()) {
            kept.insert(pass.newlyKept().begin(), pass.newlyKept().end());
            continue;
        }
        if (!pass.failures().empty()) {
            blocked.insert(pass.failures().begin(), pass.failures().end());
            culprits.insert(pass.culprits().begin(), pass.culprits().end());
            continue;
        }
        UnitResult result = pass.finish();
        for (const auto& [module, error] : culprits) {
            // The syntax error itself has been reported when the file was read.
            if (error.code != "syntax-error")
                result.findings.push_back(moduleFinding("COV005", *module, error.line, error.message,
                                                        error.code, error.hint));
            result.findings.push_back(moduleFinding("COV006", *module, 1, module->path(), error.code,
                                                    "correct that file, then run the migration again"));
        }
        return result;
    }
    return {};
}

} // namespace

UnitResult migrateUnit(const Unit& unit, const UnitInput& input, std::unique_ptr<rules::MigrationContext> begun) {
    UnitResult result = attempt(unit, input, std::move(begun));
    const catalog::TargetProfile* framework = frameworkThatStays(result, input.target);
    if (!framework) return result;
    UnitResult moved = attempt(unit, {input.loaded, input.components, input.stores, *framework, input.schema, input.held}, nullptr);
    if (moved.schema.tables.empty()) return result;
    reportMovedAlone(result, moved);
    return moved;
}

} // namespace covet::engine
