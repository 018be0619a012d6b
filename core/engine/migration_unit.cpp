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

} // namespace

UnitResult migrateUnit(const Unit& unit, const UnitInput& input) {
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
        UnitPass pass(unit, input, blocked, kept);
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

} // namespace covet::engine
