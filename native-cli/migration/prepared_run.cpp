#include "migration/prepared_run.h"

#include <random>

#include <fmt/format.h>

#include "backup/backup_store.h"
#include "journal/journal.h"
#include "migration/effects.h"
#include "migration/preflight.h"
#include "project/normalization.h"
#include "support/strings.h"

namespace covet::cli {
namespace {

/// Unique everywhere, and short enough for names in a database.
std::string newRunId() {
    std::random_device random;
    std::string time;
    for (char c : utcNow())
        if (c >= '0' && c <= '9') time += c;
    return fmt::format("{}{:08x}", time, random());
}

/// The URL without password and without options that carry secrets: plans are kept.
std::string withoutPassword(database::Url url) {
    url.password.reset();
    for (auto it = url.options.begin(); it != url.options.end();) {
        database::Url alone = url;
        alone.options = {*it};
        bool isSecret = endsWith(alone.redacted(), "=***");
        it = isSecret ? url.options.erase(it) : it + 1;
    }
    return url.neutral();
}

Result<std::unique_ptr<load::Migration>> openDatabase(const RunRequest& request, const ProjectAnalysis& project,
                                                      Plan& plan, Terminal& terminal) {
    Result<database::Url> url = database::parseUrl(request.url);
    if (!url) return url.error();
    plan.databaseUrl = withoutPassword(url->within(plan.project));
    const Analysis& analysis = project.analysis;
    load::Request load;
    load.url = *url;
    load.projectDirectory = plan.project;
    load.schema = analysis.schema;
    load.rows = analysis.rows;
    load.routes = analysis.routes;
    for (const schema::Table& table : analysis.schema.tables)
        for (const facts::Store& store : analysis.stores)
            if (store.id == table.store)
                load.places[table.name] = store.fileName.empty() ? store.where.file + ":" + std::to_string(store.where.line) : store.fileName;
    load.onConflict = request.onConflict;
    load.runId = plan.runId;
    load.patience = patienceOf(terminal);
    return load::Migration::open(std::move(load));
}

} // namespace

Result<PreparedRun> prepareRun(const std::string& projectPath, const RunRequest& request, const ProjectLock& lock,
                               Terminal& terminal) {
    Result<ProjectAnalysis> project = analyzeProject(projectPath, request.options, terminal, /*useBaseline=*/true, request.extraction);
    if (!project) return project.error();
    if (request.normalize) normalize(project->analysis);
    Result<Plan> plan = freezePlan(*project, request.changes, lock.folder());
    if (!plan) return plan.error();
    plan->runId = newRunId();
    plan->kind = request.kind;
    plan->target = project->options.target;
    plan->phase = project->options.phase;
    plan->selection = project->options.selection;
    plan->schema = project->options.schema.json;
    plan->extracted = project->options.extracted;
    plan->normalize = request.normalize;
    plan->vendorRuntime = project->options.vendorRuntime;
    if (request.backup) {
        Result<std::string> folder = chooseBackupFolder(plan->project, request.backupFolder);
        if (!folder) return folder.error();
        plan->backupFolder = *folder;
    }
    Status writable = request.dryRun ? Ok{} : checkWritable(*plan);
    if (!writable) return writable.error();
    for (const schema::TableRows& rows : project->analysis.rows)
        plan->tables.push_back({rows.table, rows.size()});
    PreparedRun prepared{std::move(*project), std::move(*plan), nullptr, {}};
    prepared.left = leftStores(prepared.project.analysis, /*codeStays=*/!request.changes.code);
    bool wantsDatabase = !request.url.empty() && !prepared.project.analysis.schema.tables.empty();
    if (!wantsDatabase) return prepared;
    Result<std::unique_ptr<load::Migration>> opened = openDatabase(request, prepared.project, prepared.plan, terminal);
    if (!opened) return opened.error();
    prepared.database = std::move(*opened);
    return prepared;
}

} // namespace covet::cli
