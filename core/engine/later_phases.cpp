#include "engine/later_phases.h"

#include <algorithm>
#include <optional>

#include "catalog/resource.h"
#include "emit/requirement.h"
#include "engine/anchors.h"
#include "engine/ledger.h"
#include "engine/output_files.h"
#include "engine/project_files.h"
#include "rules/diagnostics.h"
#include "rules/modern/annotated_dependencies.h"
#include "rules/modern/pydantic_names.h"
#include "rules/modern/start_functions.h"
#include "rules/security/environment.h"
#include "rules/security/password_store.h"
#include "rules/validation/body_models.h"
#include "support/paths.h"
#include "support/strings.h"
#include "text/line_origins.h"

namespace covet::engine {
namespace {

constexpr std::string_view kEnvironment = ".env";

/// A module of database models for each folder that has some.
std::map<std::string, const semantic::Module*> modelAnchors(const semantic::Project& project) {
    std::map<std::string, const semantic::Module*> anchors;
    const rules::validation::TableModels tables(project);
    for (const rules::validation::TableModel& model : tables.all()) anchors.emplace(folderOf(model.module->path()), model.module);
    return anchors;
}

/// Drops the finding of another rule at the same place: what it remarks has been changed.
void dropRemark(const char* rule, const rules::Finding& change, Analysis& analysis) {
    auto isIt = [&](const rules::Finding& finding) {
        return finding.rule == rule && finding.file == change.file && finding.start.line == change.start.line;
    };
    analysis.findings.erase(std::remove_if(analysis.findings.begin(), analysis.findings.end(), isIt), analysis.findings.end());
}

/// Whether the project declares a package in versions that are all too old.
bool declaresOlder(const LoadedProject& loaded, const char* needed) {
    const auto wanted = emit::parseRequirement(needed);
    const std::vector<emit::Requirement> declared = declaredRequirements(loaded, wanted->normalised);
    return std::any_of(declared.begin(), declared.end(), [&](const emit::Requirement& one) { return emit::fitOf(one, *wanted) == emit::Fit::Conflict; });
}

} // namespace

LaterPhases::LaterPhases(const LoadedProject& original, const std::vector<InputFile>& files,
                         const std::vector<SkippedFile>& skipped, const Options& options, const catalog::TargetProfile& target)
    : original_(original)
    , files_(files)
    , skipped_(skipped)
    , options_(options)
    , target_(target) {}

Status LaterPhases::run(Analysis& analysis, Decisions& decisions) const {
    const size_t before = analysis.changes.size();
    if (options_.phase >= 2)
        if (Status done = modernNames(analysis, decisions); !done) return done;
    if (options_.phase >= 3)
        if (Status done = validation(analysis, decisions); !done) return done;
    if (options_.phase >= 4) storedPasswords(decisions);
    if (options_.phase >= 4)
        if (Status done = security(analysis, decisions); !done) return done;
    if (before != 0 || analysis.changes.empty() || !analysis.alreadyMigrated) return Ok{};
    // Something was left to do after all.
    analysis.alreadyMigrated = false;
    auto says = [](const rules::Finding& finding) { return finding.rule == "COV004"; };
    analysis.findings.erase(std::remove_if(analysis.findings.begin(), analysis.findings.end(), says), analysis.findings.end());
    return Ok{};
}

std::vector<InputFile> LaterPhases::filesAfter(const Analysis& analysis) const {
    std::map<std::string, const FileChange*> changes;
    for (const FileChange& change : analysis.changes) changes[change.path] = &change;
    std::vector<InputFile> after;
    for (const InputFile& file : files_) {
        const auto change = changes.find(file.path);
        if (change == changes.end()) after.push_back(file);
        else if (change->second->kind != ChangeKind::Delete) after.push_back({file.path, change->second->after});
    }
    for (const FileChange& change : analysis.changes)
        if (change.kind == ChangeKind::Create) after.push_back({change.path, change.after});
    return after;
}

/// Leads findings back to the lines of the files as they were.
void LaterPhases::placeBack(std::vector<rules::Proposal>& proposals, const LoadedProject& loaded) const {
    std::map<std::string, std::vector<uint32_t>> origins; // by file, of each line
    for (rules::Proposal& proposal : proposals) {
        rules::Finding& finding = proposal.finding;
        const semantic::Module* before = original_.project.moduleByPath(finding.file);
        if (!before) continue;
        const auto [lines, isNew] = origins.try_emplace(finding.file);
        if (isNew)
            lines->second = text::originalLines(before->source.text(), loaded.project.moduleByPath(finding.file)->source.text());
        for (rules::Position* place : {&finding.start, &finding.end})
            if (place->line > 0 && place->line <= lines->second.size()) place->line = lines->second[place->line - 1];
        finding.end.line = std::max(finding.start.line, finding.end.line);
    }
}

Status LaterPhases::make(std::vector<rules::Proposal> proposals, const LoadedProject& loaded,
                         rules::MigrationContext& context, Analysis& analysis, Decisions& decisions) const {
    placeBack(proposals, loaded);
    std::vector<rules::Finding> findings;
    for (const rules::Proposal& proposal : proposals) findings.push_back(proposal.finding);
    numberFindings(findings, original_);
    decisions.settleOwn(findings);
    for (size_t i = 0; i < findings.size(); ++i) {
        if (findings[i].outcome != rules::Outcome::Fixed) continue;
        proposals[i].make();
        if (findings[i].rule == "COV404") dropRemark("COV401", findings[i], analysis);
    }
    decisions.takeOwn(findings, "");
    for (const semantic::Module* module : context.openedModules()) {
        Result<SharedText> text = context.rewrite(*module).apply();
        if (!text) return text.error();
        Result<SharedText> bytes = module->source.encode(*text);
        if (!bytes) return bytes.error();
        addFile(original_, module->path(), std::move(*bytes), analysis);
    }
    return Ok{};
}

Status LaterPhases::modernNames(Analysis& analysis, Decisions& decisions) const {
    const auto uses = [&](const char* package) {
        return std::any_of(original_.project.modules().begin(), original_.project.modules().end(), [&](const auto& module) {
            return module->tree->text().find(package) != std::string_view::npos;
        });
    };
    const bool hasModels = uses("pydantic") && (uses("fastapi") || uses(target_.package.c_str()));
    const bool isItself = target_.bringsSessions(); // the framework as it can be installed, in its newer versions
    const bool hasHooks = isItself && uses("on_event");
    const bool hasDefaults = isItself && uses("fastapi") && (uses("Depends(") || uses("Security("));
    if (!hasModels && !hasHooks && !hasDefaults) return Ok{};
    const std::vector<InputFile> files = filesAfter(analysis);
    Result<LoadedProject> loaded = loadProject(files, skipped_, nullptr);
    if (!loaded) return loaded.error();
    rules::MigrationContext context(loaded->project, target_);
    std::set<std::string> own; // files of the user
    for (const auto& module : original_.project.modules()) own.insert(module->path());
    std::vector<rules::Proposal> all;
    std::set<std::string> renamed; // files with names of another version of Pydantic
    if (hasHooks) all = rules::modern::startFunctions(context, own);
    if (hasDefaults)
        for (rules::Proposal& proposal : rules::modern::annotatedDependencies(context, own)) all.push_back(std::move(proposal));
    std::optional<rules::modern::PydanticNames> names;
    if (hasModels) {
        names.emplace(context, own, declaresOlder(original_, "pydantic>=2"));
        for (rules::Proposal& proposal : names->proposals()) {
            if (proposal.make)
                proposal.make = [&renamed, file = proposal.finding.file, make = std::move(proposal.make)] {
                    renamed.insert(file);
                    make();
                };
            all.push_back(std::move(proposal));
        }
    }
    if (Status made = make(std::move(all), *loaded, context, analysis, decisions); !made) return made;
    std::set<std::string> folders;
    for (const std::string& file : renamed) folders.insert(context.importBase(*loaded->project.moduleByPath(file)));
    const bool hasSettings = std::any_of(analysis.changes.begin(), analysis.changes.end(), [](const FileChange& change) {
        return change.after.view().find("from pydantic_settings import") != std::string_view::npos;
    });
    std::vector<std::string> needs = {"modern-names"};
    if (hasSettings) needs.emplace_back("import:pydantic_settings");
    for (const std::string& folder : folders) addRequirements(needs, folder, *loaded, target_, analysis);
    return Ok{};
}

Status LaterPhases::validation(Analysis& analysis, Decisions& decisions) const {
    const std::vector<InputFile> files = filesAfter(analysis);
    Result<LoadedProject> loaded = loadProject(files, skipped_, nullptr);
    if (!loaded) return loaded.error();
    for (const auto& [home, modules] : modulesAround(modelAnchors(loaded->project), loaded->project)) {
        const semantic::Project project = loaded->project.part(modules);
        rules::MigrationContext context(project, target_);
        context.placeGeneratedModules(home, loaded->paths);
        const std::string earlier = earlierText(*loaded, context, target_.schemasModules, "templates/validation/bodies.py", context.schemasModule);
        const rules::validation::TableModels tables(project);
        rules::validation::BodyModels bodies(context, tables, context.schemasModule, earlier);
        if (Status made = make(bodies.proposals(), *loaded, context, analysis, decisions); !made) return made;
        std::string text = bodies.schemas();
        if (text.empty()) continue;
        addFile(original_, context.generatedPath(context.schemasModule), std::move(text), analysis);
        addRequirements({"validation"}, context.importBase(*home), *loaded, target_, analysis);
    }
    return Ok{};
}

/// Passwords in tables that an earlier run made: their rows are in the database, where no rule of the code reaches them.
void LaterPhases::storedPasswords(Decisions& decisions) const {
    const semantic::Project& project = original_.project;
    for (const auto& module : project.modules())
        for (const char* hashing : {"covet_passwords", "check_password_hash", "checkpw", "pbkdf2", "bcrypt", "argon2", "passlib", "scrypt"})
            if (module->tree->text().find(hashing) != std::string_view::npos) return;
    const rules::validation::TableModels models(project);
    std::vector<rules::Finding> findings;
    for (const rules::validation::TableModel& model : models.all()) {
        const auto& names = target_.modelsModules;
        if (std::find(names.begin(), names.end(), model.module->name.substr(model.module->name.rfind('.') + 1)) == names.end()) continue;
        const auto column = std::find_if(model.order.begin(), model.order.end(), [](const std::string& name) { return rules::security::isPasswordName(name); });
        const semantic::Class* type = model.module->classNamed(model.className);
        if (column == model.order.end() || !type) continue;
        rules::Finding finding;
        finding.rule = "COV406";
        finding.file = model.module->path();
        const syntax::Node name = type->node.field("name");
        finding.start = {model.module->source.lineOf(name.start()), model.module->source.columnOf(name.start())};
        finding.end = {model.module->source.lineOf(name.end()), model.module->source.columnOf(name.end())};
        finding.message = rules::messageOf(finding.rule, model.className + "." + *column);
        finding.safetyReason = "in-database";
        finding.hint = "undo the run that loaded them and go to phase 4 at once, or hash the rows and what compares them by hand";
        findings.push_back(std::move(finding));
    }
    numberFindings(findings, original_);
    decisions.settleOwn(findings);
    decisions.takeOwn(findings, "");
}

Status LaterPhases::security(Analysis& analysis, Decisions& decisions) const {
    const std::vector<InputFile> files = filesAfter(analysis);
    Result<LoadedProject> loaded = loadProject(files, skipped_, nullptr);
    if (!loaded) return loaded.error();
    for (const auto& [home, modules] : modulesAround(applicationAnchors(analysis, loaded->project), loaded->project)) {
        const semantic::Project project = loaded->project.part(modules);
        rules::MigrationContext context(project, target_);
        context.placeGeneratedModules(home, loaded->paths);
        const std::string_view settings = catalog::resource("templates/security/settings.py");
        earlierText(*loaded, context, target_.settingsModules, "templates/security/settings.py", context.settingsModule);
        const std::string base = context.importBase(*home), path = inFolder(base, std::string(kEnvironment));
        const auto before = loaded->files.find(path);
        rules::security::EnvironmentSecrets secrets(context, before == loaded->files.end() ? "" : before->second->bytes);
        if (Status made = make(secrets.proposals(), *loaded, context, analysis, decisions); !made) return made;
        if (!secrets.hasMoved()) continue;
        addFile(original_, context.generatedPath(context.settingsModule), std::string(settings), analysis);
        addFile(original_, path, secrets.environment(), analysis);
        for (FileChange& change : analysis.changes)
            if (change.path == path) change.isSecret = true;
        ignoreEnvironment(*loaded, analysis);
    }
    return Ok{};
}

void LaterPhases::ignoreEnvironment(const LoadedProject& loaded, Analysis& analysis) const {
    const std::string path = ".gitignore";
    const auto before = loaded.files.find(path);
    std::string text = before == loaded.files.end() ? "" : before->second->bytes;
    for (const std::string& line : split(text, '\n')) {
        const std::string_view pattern = trim(line);
        if (pattern == kEnvironment || pattern == "/.env" || pattern == "**/.env" || pattern == "*.env" || pattern == ".env*") return;
    }
    if (!text.empty() && text.back() != '\n') text += '\n';
    addFile(original_, path, text + std::string(kEnvironment) + "\n", analysis);
}

} // namespace covet::engine
