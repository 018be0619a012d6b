#include <algorithm>

#include "covet/core.h"
#include "engine/complexity.h"
#include "engine/components.h"
#include "engine/ledger.h"
#include "engine/migration_unit.h"
#include "engine/output_files.h"
#include "engine/project_files.h"
#include "engine/project_loading.h"
#include "engine/relocation.h"
#include "engine/secrets.h"
#include "engine/store_data.h"
#include "rules/diagnostics.h"
#include "rules/rule.h"
#include "schema/inference.h"
#include "support/strings.h"

namespace covet {
namespace {

using engine::LoadedProject;

Error interrupted() { return Error{"interrupted", "the analysis was stopped", "", 0, ""}; }

/// Names that generated classes must not shadow in any module.
std::set<std::string> takenNames(const semantic::Project& project) {
    std::set<std::string> names;
    for (const auto& module : project.modules()) {
        for (const semantic::Class& item : module->classes) names.insert(item.name);
        for (const semantic::Function& item : module->functions) names.insert(item.name);
        for (const auto& [name, binding] : module->imports) names.insert(name);
        for (const auto& [name, statements] : module->assignments) names.insert(name);
    }
    return names;
}

std::vector<facts::Store> factsOf(const std::vector<facts::FoundStore>& stores) {
    std::vector<facts::Store> out;
    for (const facts::FoundStore& store : stores) out.push_back(store.fact);
    return out;
}

void takeUnit(engine::UnitResult unit, Analysis& analysis) {
    auto append = [](auto& to, auto& from) {
        to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    };
    append(analysis.migratedApps, unit.migratedApps);
    append(analysis.uses, unit.uses);
    append(analysis.findings, unit.findings);
}

/// Tables that some unit migrates, in the order of the whole schema, with the references kept there.
schema::Schema migratedTables(const schema::Schema& whole, const std::vector<engine::UnitResult>& units) {
    schema::Schema out;
    for (const schema::Table& table : whole.tables) {
        const schema::Table* first = nullptr;
        std::map<std::string, std::string> stateNames;
        for (const engine::UnitResult& unit : units)
            if (const schema::Table* kept = unit.schema.table(table.name)) {
                if (!first) first = kept;
                stateNames.insert(kept->stateNames.begin(), kept->stateNames.end());
            }
        if (!first) continue;
        out.tables.push_back(*first);
        out.tables.back().stateNames = std::move(stateNames);
    }
    return out;
}

/// Whether only migrated code imports this.
bool usesTarget(const semantic::ImportBinding& binding, const catalog::TargetProfile& target) {
    if (!target.bringsSessions())
        return binding.module == target.application.module && binding.name == target.application.name;
    // The framework may have been there before; the module that makes sessions was not.
    const std::string module = binding.module.substr(binding.module.rfind('.') + 1);
    for (const auto* names : {&target.databaseModules, &target.bridgeModules})
        if (std::find(names->begin(), names->end(), module) != names->end()) return true;
    return false;
}

/// Says that nothing is left to do when the code uses the target already and nothing would change.
void detectMigrated(const LoadedProject& loaded, const catalog::TargetProfile& target, Analysis& analysis) {
    if (!analysis.changes.empty()) return;
    for (const auto& module : loaded.project.modules())
        for (const auto& [name, binding] : module->imports) {
            if (!usesTarget(binding, target)) continue;
            analysis.alreadyMigrated = true;
            rules::Finding finding;
            finding.rule = "COV004";
            finding.file = module->path();
            finding.start = finding.end = {binding.statement.line(), 1};
            finding.message = rules::messageOf(finding.rule, module->path() + " uses " + target.title);
            finding.safetyReason = "already-migrated";
            finding.hint = "nothing is left to do";
            analysis.findings.push_back(std::move(finding));
            return;
        }
}

std::string knownTargets() {
    std::vector<std::string> names;
    for (const catalog::TargetProfile& known : catalog::targetProfiles()) names.push_back(known.name);
    return join(names, ", ");
}

/// The whole analysis of loaded files; `relocation` leads back to the files as they were.
Result<Analysis> analyzeLoaded(const LoadedProject& loaded, const Options& options, const catalog::TargetProfile* target,
                               ProgressSink* progress, const engine::Relocation* relocation) {
    Analysis analysis;
    analysis.summary = {loaded.paths.size(), loaded.parsed, loaded.skipped};
    analysis.findings = loaded.findings;

    rules::MigrationContext found(loaded.project, *target);
    rules::runRules(found, rules::Phase::Frontend);
    const std::vector<facts::FoundStore> stores = engine::readStores(loaded, progress);
    if (progress && !progress->progress("schema", 0, 1)) return interrupted();
    schema::Options inference;
    inference.takenNames = takenNames(loaded.project);
    const schema::Schema whole = schema::inferSchema(factsOf(stores), inference);

    const engine::Components components(loaded.project);
    const engine::UnitInput input{loaded, components, stores, *target, whole};
    const std::vector<engine::Unit> units = engine::unitsOf(found, input);
    std::vector<engine::UnitResult> results;
    for (const engine::Unit& unit : units) {
        if (progress && !progress->progress("rewrite", results.size(), units.size())) return interrupted();
        results.push_back(engine::migrateUnit(unit, input));
    }

    analysis.apps = found.apps;
    analysis.routes = found.routes;
    if (relocation) relocation->routes(analysis);
    analysis.stores = factsOf(stores);
    analysis.schema = migratedTables(whole, results);
    analysis.rows = schema::tableRows(analysis.schema, analysis.stores);
    for (const engine::UnitResult& unit : results) {
        Status added = engine::addCodeChanges(unit, loaded, analysis);
        if (!added) return added.error();
        engine::addProjectFiles(unit, loaded, options, *target, analysis);
    }
    engine::addRequirements(results, loaded, options, *target, analysis);
    for (rules::Finding& finding : engine::secretFindings(loaded, stores))
        analysis.findings.push_back(std::move(finding));
    for (engine::UnitResult& unit : results) takeUnit(std::move(unit), analysis);
    std::sort(analysis.changes.begin(), analysis.changes.end(),
              [](const FileChange& a, const FileChange& b) { return a.path < b.path; });
    detectMigrated(loaded, *target, analysis);
    if (relocation) relocation->all(analysis);
    engine::closeLedger(analysis, relocation ? relocation->original() : loaded);
    analysis.plan = engine::planOf(analysis);
    analysis.complexity = engine::complexityOf(analysis);
    return analysis;
}

} // namespace

const char* version() { return COVET_VERSION; }

Result<Analysis> analyze(const std::vector<InputFile>& files, const std::vector<SkippedFile>& skipped,
                         const Options& options, ProgressSink* progress) {
    const catalog::TargetProfile* target = catalog::targetProfile(options.target);
    if (!target)
        return Error{"unknown-target", "there is no target `" + options.target + "`", "", 0,
                     "known targets: " + knownTargets()};
    if (options.vendorRuntime && target->runtimeFolder.empty())
        return Error{"usage", "the target `" + target->name + "` has no reference runtime to copy", "", 0,
                     "leave --vendor-runtime out: its packages can be installed"};
    Result<LoadedProject> loading = engine::loadProject(files, skipped, progress);
    if (!loading) return loading.error();

    // Dispatchers that compare paths themselves are looked at with their branches as functions. When
    // that does not lead to an application of the target, the files are taken as they are.
    const engine::Relocation relocation(*loading);
    if (!relocation.empty()) {
        const std::vector<InputFile> changed = relocation.files(files);
        Result<LoadedProject> again = engine::loadProject(changed, skipped, progress);
        if (!again) return again.error();
        Result<Analysis> analysis = analyzeLoaded(*again, options, target, progress, &relocation);
        if (!analysis || relocation.succeeded(*analysis)) return analysis;
    }
    return analyzeLoaded(*loading, options, target, progress, nullptr);
}

} // namespace covet
