#include <algorithm>
#include <optional>

#include "covet/core.h"
#include "engine/complexity.h"
#include "engine/components.h"
#include "engine/data_file_pass.h"
#include "engine/decisions.h"
#include "engine/later_phases.h"
#include "engine/input_rewrite.h"
#include "engine/ledger.h"
#include "engine/migration_unit.h"
#include "engine/output_files.h"
#include "engine/own_rules.h"
#include "engine/password_pass.h"
#include "engine/project_files.h"
#include "engine/project_loading.h"
#include "engine/relocation.h"
#include "engine/secrets.h"
#include "engine/preparation_pass.h"
#include "engine/store_data.h"
#include "rules/diagnostics.h"
#include "rules/rule.h"
#include "schema/overridden.h"
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

/// Takes back the changes of dependency files that are to stay.
void dropFiles(const std::map<std::string, std::string>& files, Analysis& analysis) {
    auto stays = [&](const FileChange& change) { return files.count(change.path) > 0; };
    analysis.changes.erase(std::remove_if(analysis.changes.begin(), analysis.changes.end(), stays),
                           analysis.changes.end());
    auto undeclared = [&](const Dependency& entry) { return files.count(entry.file) > 0; };
    analysis.dependencies.erase(
        std::remove_if(analysis.dependencies.begin(), analysis.dependencies.end(), undeclared),
        analysis.dependencies.end());
}

/// Data stays in memory until the phase in which it moves.
void holdData(engine::Held& held, int phase, const std::vector<facts::FoundStore>& stores) {
    if (phase >= 2) return;
    for (const facts::FoundStore& store : stores) held.stores.emplace(store.fact.id, "later-phase");
}

/// The whole analysis of loaded files; `relocation` leads back to the files as they were.
Result<Analysis> analyzeLoaded(const LoadedProject& loaded, const Options& options, const catalog::TargetProfile* target,
                               const engine::Held& held, const engine::HashedFields& hashed, ProgressSink* progress,
                               const engine::Relocation* relocation) {
    Analysis analysis;
    analysis.summary = {loaded.paths.size(), loaded.parsed, loaded.skipped};
    analysis.findings = loaded.findings;

    auto found = std::make_unique<rules::MigrationContext>(loaded.project, *target);
    // What is generated lies beside the one module there is, whatever it holds: its migration goes on from here.
    const auto& modules = loaded.project.modules();
    if (modules.size() == 1) found->placeGeneratedModules(modules[0].get(), loaded.paths);
    engine::Held all = held;
    if (options.phase < 2) all.rules.insert("async-sessions"); // they work with a database
    rules::runRules(*found, rules::Phase::Frontend, all.rules);
    const Result<engine::ExtractedValues> extracted = engine::readExtracted(options.extracted);
    if (!extracted) return extracted.error();
    std::vector<facts::FoundStore> stores = engine::readStores(loaded, *extracted, progress);
    for (facts::FoundStore& store : stores)
        if (const auto field = hashed.find(store.fact.id); field != hashed.end()) store.fact.passwordField = field->second;
    if (progress && !progress->progress("schema", 0, 1)) return interrupted();
    schema::Options inference;
    inference.takenNames = takenNames(loaded.project);
    const Result<schema::Overrides> overrides = schema::readOverrides(options.schema);
    if (!overrides) return overrides.error();
    const Result<schema::Schema> inferred = schema::inferSchema(factsOf(stores), inference, *overrides);
    if (!inferred) return inferred.error();
    const schema::Schema& whole = *inferred;

    const engine::Components components(loaded.project);
    holdData(all, options.phase, stores);
    const engine::UnitInput input{loaded, components, stores, *target, whole, all};
    const std::vector<engine::Unit> units = engine::unitsOf(*found, input);
    analysis.apps = found->apps;
    analysis.routes = found->routes;
    if (modules.size() != 1) found.reset();
    std::vector<engine::UnitResult> results;
    for (const engine::Unit& unit : units) {
        if (progress && !progress->progress("rewrite", results.size(), units.size())) return interrupted();
        results.push_back(engine::migrateUnit(unit, input, std::move(found)));
    }

    if (relocation) relocation->routes(analysis);
    analysis.stores = factsOf(stores);
    analysis.schema = migratedTables(whole, results);
    analysis.rows = schema::tableRows(analysis.schema, analysis.stores);
    for (const engine::UnitResult& unit : results) {
        Status added = engine::addCodeChanges(unit, loaded, analysis);
        if (!added) return added.error();
        engine::addProjectFiles(unit, loaded, options, analysis);
    }
    engine::addRequirements(results, loaded, options, *target, analysis);
    dropFiles(held.files, analysis);
    for (rules::Finding& finding : engine::secretFindings(loaded, stores))
        analysis.findings.push_back(std::move(finding));
    for (engine::UnitResult& unit : results) takeUnit(std::move(unit), analysis);
    engine::sortChanges(analysis);
    detectMigrated(loaded, *target, analysis);
    if (relocation) relocation->all(analysis);
    engine::closeLedger(analysis, relocation ? relocation->original() : loaded);
    // Later phases and rules of the user change the files once more: each shows its own part.
    if (options.phase > 2 || !options.ruleFiles.empty()) showFixes(analysis);
    return analysis;
}

/// The analysis of the files as they are, or with their dispatchers as functions where that leads further.
class Migration {
public:
    Migration(const std::vector<InputFile>& files, const std::vector<SkippedFile>& skipped, const Options& options,
              const catalog::TargetProfile* target, const LoadedProject& loaded, const engine::HashedFields& hashed,
              ProgressSink* progress)
        : options_(options)
        , target_(target)
        , hashed_(hashed)
        , loaded_(loaded)
        , relocation_(loaded)
        , progress_(progress) {
        // Dispatchers that compare paths themselves are looked at with their branches as functions. When
        // that does not lead to an application of the target, the files are taken as they are.
        if (relocation_.empty()) return;
        changed_ = relocation_.files(files);
        relocated_ = engine::loadProject(changed_, skipped, progress);
    }

    Result<Analysis> analyze(const engine::Held& held) {
        if (relocated_) {
            if (!*relocated_) return relocated_->error();
            Result<Analysis> analysis = analyzeLoaded(**relocated_, options_, target_, held, hashed_, progress_, &relocation_);
            if (!analysis || relocation_.succeeded(*analysis)) return analysis;
        }
        return analyzeLoaded(loaded_, options_, target_, held, hashed_, progress_, nullptr);
    }

private:
    const Options& options_;
    const catalog::TargetProfile* target_;
    const engine::HashedFields hashed_;
    const LoadedProject& loaded_;
    const engine::Relocation relocation_;
    ProgressSink* progress_;
    std::vector<InputFile> changed_;
    std::optional<Result<LoadedProject>> relocated_;
};

} // namespace

const char* version() { return COVET_VERSION; }

namespace {

/// `prepares`: code may be changed first so that more of it is understood (see engine/preparation_pass.h).
Result<Analysis> analyzeFiles(const std::vector<InputFile>& files, const std::vector<SkippedFile>& skipped,
                              const Options& options, bool prepares, ProgressSink* progress) {
    const catalog::TargetProfile* target = catalog::targetProfile(options.target);
    if (!target)
        return Error{"unknown-target", "there is no target `" + options.target + "`", "", 0,
                     "known targets: " + knownTargets()};
    if (options.vendorRuntime && target->runtimeFolder.empty())
        return Error{"usage", "the target `" + target->name + "` has no reference runtime to copy", "", 0,
                     "leave --vendor-runtime out: its packages can be installed"};
    Result<engine::OwnRules> own = engine::OwnRules::read(options.ruleFiles);
    if (!own) return own.error();
    Result<engine::RuleSelection> rules = engine::RuleSelection::of(options.selection, own->ids());
    if (!rules) return rules.error();
    Result<LoadedProject> loading = engine::loadProject(files, skipped, progress);
    if (!loading) return loading.error();

    std::set<const semantic::Module*> migrated;
    for (const auto& module : loading->project.modules())
        for (const auto& [name, binding] : module->imports)
            if (usesTarget(binding, *target)) migrated.insert(module.get());
    engine::Decisions decisions(*loading, options, *rules, migrated);
    Status applied = own->apply(files, skipped, *loading, decisions);
    if (!applied) return applied.error();
    const engine::InputRewrite owned(*loading, own->files());
    std::optional<Result<LoadedProject>> changed, hashing;
    if (owned.changed()) changed.emplace(engine::loadProject(owned.files(), skipped, progress));
    if (changed && !*changed) return changed->error();
    const LoadedProject& written = changed ? **changed : *loading;
    Result<engine::PreparationPass> prepared = engine::PreparationPass::of(*loading, owned, written, skipped, *target, prepares);
    if (!prepared) return prepared.error();
    const LoadedProject& read = prepared->loaded();
    engine::DataFilePass dataFiles(*loading, prepared->input(), read, skipped, *target);
    std::optional<engine::InputRewrite> input;
    std::optional<Result<LoadedProject>> moved;
    std::optional<engine::PasswordPass> passwords;
    std::optional<Migration> migration;
    for (;;) {
        if (!migration) {
            Result<engine::InputRewrite> rewritten = dataFiles.files();
            if (!rewritten) return rewritten.error();
            input.emplace(std::move(*rewritten));
            moved.reset();
            if (dataFiles.anyMoves()) moved.emplace(engine::loadProject(input->files(), skipped, progress));
            if (moved && !*moved) return moved->error();
            const LoadedProject& loaded = moved ? **moved : read;
            passwords.emplace(*loading, *input, loaded, options, *target);
            migration.emplace(input->files(), skipped, options, target, loaded, passwords->hashed(), progress);
        }
        Result<Analysis> analysis = migration->analyze(decisions.held());
        if (!analysis) return analysis;
        if (dataFiles.giveUp(*analysis)) {
            migration.reset();
            passwords.reset();
            continue;
        }
        if (prepared->isForNothing(*analysis)) return analyzeFiles(files, skipped, options, false, progress);
        (passwords->files() ? *passwords->files() : *input).placeBack(*loading, *analysis);
        dataFiles.report(*analysis);
        if (decisions.settle(*analysis)) continue;
        if (options.phase >= 4) {
            const Result<bool> again = passwords->change(*analysis, decisions);
            if (!again) return again.error();
            if (*again) {
                migration.reset();
                const std::vector<InputFile>& now = passwords->files() ? passwords->files()->files() : input->files();
                hashing.emplace(engine::loadProject(now, skipped, progress));
                if (!*hashing) return hashing->error();
                migration.emplace(now, skipped, options, target, **hashing, passwords->hashed(), progress);
                continue;
            }
        }
        Status later = engine::LaterPhases(*loading, files, skipped, options, *target).run(*analysis, decisions);
        if (!later) return later.error();
        Status finished = decisions.finish(*analysis);
        if (!finished) return finished.error();
        engine::sortChanges(*analysis);
        if (options.fixes) showFixes(*analysis);
        analysis->plan = engine::planOf(*analysis);
        analysis->complexity = engine::complexityOf(*analysis);
        return analysis;
    }
}

} // namespace

Result<Analysis> analyze(const std::vector<InputFile>& files, const std::vector<SkippedFile>& skipped,
                         const Options& options, ProgressSink* progress) {
    return analyzeFiles(files, skipped, options, true, progress);
}

} // namespace covet
