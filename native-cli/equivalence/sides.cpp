#include "equivalence/sides.h"

#include <fmt/format.h>

#include "catalog/resource.h"
#include "migration/original_inputs.h"
#include "project/analysis.h"

namespace covet::cli {
namespace {

/// Where the legacy form is.
struct Origin {
    ProjectFiles files;
    std::vector<std::string> created; // by the run, not part of the legacy form
    std::string text;
    std::string extracted; // what the run read by running modules
    bool isPlanned = false; // the migrated form is computed, too
};

/// The newest complete run that rewrote code.
Result<std::optional<RunSummary>> codeRun(const std::string& root) {
    Result<std::vector<RunSummary>> runs = ToolFolder(root).runs();
    if (!runs) return runs.error();
    for (size_t i = runs->size(); i-- > 0;) {
        const RunSummary& run = (*runs)[i];
        if (run.state == RunState::Interrupted)
            return Error{"interrupted-run", fmt::format("run {} was interrupted at step {}", run.folder.number, run.lastStep),
                         run.folder.path, 0, "covetpy-migrate rollback undoes it; the same command again starts anew"};
        if (run.state == RunState::Complete && (run.kind == "run" || run.kind == "code"))
            return std::optional<RunSummary>(run);
    }
    return std::optional<RunSummary>();
}

Result<Origin> originOf(const std::string& project, const std::string& root, const EquivalenceRequest& request) {
    Origin origin;
    if (!request.legacyFolder.empty()) {
        Result<ProjectFiles> files = readProject(request.legacyFolder);
        if (!files) return files.error();
        origin.files = std::move(*files);
        origin.text = request.legacyFolder;
        return origin;
    }
    Result<std::optional<RunSummary>> run = codeRun(root);
    if (!run) return run.error();
    if (!*run) {
        Result<ProjectFiles> files = readProject(project);
        if (!files) return files.error();
        origin.files = std::move(*files);
        origin.text = project;
        origin.isPlanned = true;
        return origin;
    }
    Result<Plan> plan = planOf((*run)->folder);
    if (!plan) return plan.error();
    Result<ProjectFiles> files = originalInputs(root, (*run)->folder, *plan);
    if (!files) {
        Error error = files.error();
        error.hint = "name a folder that holds the application as it was: --legacy DIR";
        return error;
    }
    origin.files = std::move(*files);
    origin.extracted = plan->extracted;
    for (const PlannedChange& change : plan->changes)
        if (change.kind == ChangeKind::Create) origin.created.push_back(change.path);
    origin.text = fmt::format("{} before run {}", project, (*run)->folder.number);
    return origin;
}

Status writeReferenceRuntime(Workspace& workspace) {
    static constexpr std::string_view kPrefix = "runtime/";
    for (const catalog::ResourceEntry& entry : catalog::resourcesUnder(kPrefix)) {
        Status written = workspace.write("reference/" + std::string(entry.name.substr(kPrefix.size())), entry.bytes);
        if (!written) return written.error();
    }
    return workspace.write("serve.py", catalog::resource("equivalence/serve.py"));
}

Status copyLegacy(Workspace& workspace, const Origin& origin, const std::string& root) {
    Status copied = workspace.copyProject(origin.files.root.empty() ? root : origin.files.root, "legacy");
    if (!copied) return copied.error();
    for (const std::string& path : origin.created) workspace.remove("legacy/" + path);
    for (const InputFile& file : origin.files.inputs) {
        Status written = workspace.write("legacy/" + file.path, file.bytes);
        if (!written) return written.error();
    }
    return Ok{};
}

Status copyMigrated(Workspace& workspace, const std::string& root, const Origin& origin, const Analysis& analysis) {
    Status copied = workspace.copyProject(root, "migrated");
    if (!copied || !origin.isPlanned) return copied;
    for (const FileChange& change : analysis.changes) {
        if (change.kind == ChangeKind::Delete) {
            workspace.remove("migrated/" + change.path);
            continue;
        }
        Status written = workspace.write("migrated/" + change.path, change.after);
        if (!written) return written.error();
    }
    return Ok{};
}

/// What the analysis would see of the migrated form.
std::vector<InputFile> plannedInputs(const std::vector<InputFile>& inputs, const Analysis& analysis) {
    std::map<std::string, std::string> files;
    for (const InputFile& file : inputs) files[file.path] = file.bytes;
    for (const FileChange& change : analysis.changes) {
        if (change.kind == ChangeKind::Delete) files.erase(change.path);
        else files[change.path] = change.after;
    }
    std::vector<InputFile> result;
    for (auto& [path, bytes] : files) result.push_back({path, bytes});
    return result;
}

} // namespace

Result<Sides> prepareSides(Context& context, const EquivalenceRequest& request) {
    const std::string& project = context.common.projectPath;
    Result<std::string> root = resolveProject(project);
    if (!root) return root.error();
    Result<Origin> origin = originOf(project, *root, request);
    if (!origin) return origin.error();
    Options options;
    options.target = request.target;
    options.phase = request.phase;
    options.extracted = origin->extracted;
    Result<Analysis> analysis = analyzeFiles(origin->files, options, context.terminal);
    if (!analysis) return analysis.error();
    if (origin->isPlanned && analysis->migratedApps.empty())
        return Error{"nothing-to-compare",
                     analysis->alreadyMigrated ? "the project is on the target already, and no run is recorded that rewrote it"
                                               : "the migration would leave the application's code as it is",
                     project, 0, "name a folder that holds the application as it was: --legacy DIR"};

    std::vector<InputFile> migratedInputs;
    if (origin->isPlanned) {
        migratedInputs = plannedInputs(origin->files.inputs, *analysis);
    } else {
        Result<ProjectFiles> files = readProject(project);
        if (!files) return files.error();
        migratedInputs = std::move(files->inputs);
    }
    ProjectFiles migratedFiles;
    migratedFiles.inputs = migratedInputs;
    Result<Analysis> after = analyzeFiles(migratedFiles, options, context.terminal);
    if (!after) return after.error();

    Result<Workspace> workspace = Workspace::create();
    if (!workspace) return workspace.error();
    for (const Status& done : {writeReferenceRuntime(*workspace), copyLegacy(*workspace, *origin, *root),
                               copyMigrated(*workspace, *root, *origin, *analysis)})
        if (!done) return done.error();

    Sides sides{std::move(*workspace), *root, std::move(*analysis), {}, {}, {}, {}, {}};
    const std::vector<std::string> python = pythonFor(request.python, *root);
    for (Launch* launch : {&sides.legacy, &sides.migrated}) {
        const bool isLegacy = launch == &sides.legacy;
        launch->side = isLegacy ? "legacy" : "migrated";
        launch->python = python;
        launch->runner = sides.workspace.path() + "/serve.py";
        launch->command = isLegacy ? request.legacyCommand : request.migratedCommand;
        launch->seconds = request.startSeconds;
        launch->variables["COVET_REFERENCE_RUNTIME"] = sides.workspace.path() + "/reference";
        if (!launch->command.empty()) continue;
        // The migration knows which module of the migrated form is the one to import.
        const std::vector<facts::App>& preferred = sides.analysis.migratedApps;
        const bool isKnown = !preferred.empty() && !after->apps.empty();
        const std::vector<facts::App>& apps = isLegacy ? sides.analysis.apps : isKnown ? preferred : after->apps;
        Result<facts::App> app = equivalence::chooseApp(apps, request.app, preferred);
        if (!app) {
            Error error = app.error();
            error.message += fmt::format(" in the {} form", launch->side);
            return error;
        }
        launch->entry = equivalence::entryPointOf(isLegacy ? origin->files.inputs : migratedInputs, *app);
    }
    sides.legacyInfo = {origin->text, sides.legacy.shown()};
    sides.migratedInfo = {origin->isPlanned ? "the planned migration of " + project : project, sides.migrated.shown()};
    sides.inspection = equivalence::inspect(origin->files.inputs, sides.analysis, after->routes);
    return sides;
}

} // namespace covet::cli
