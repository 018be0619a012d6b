#include <memory>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "commands/run_options.h"
#include "database/connection.h"
#include "migration/original_inputs.h"
#include "project/analysis.h"
#include "project/normalization.h"
#include "terminal/text_table.h"
#include "verify/verifier.h"

namespace covet::cli {
namespace {

/// What the database should hold, and where it is.
struct Expectation {
    Analysis analysis;
    std::string root, url;
    std::vector<std::string> editedFiles; // changed since the run wrote them
};

Result<std::vector<std::string>> editedSince(const std::string& root, const Plan& plan) {
    Result<Descriptor> folder = openFolder(root);
    if (!folder) return folder.error();
    std::vector<std::string> edited;
    for (const PlannedChange& change : plan.changes) {
        Result<FileState> state = stateBelow(folder->get(), change.path);
        if (!state) return state.error();
        if (state->exists != (change.kind != ChangeKind::Delete) || state->sha256 != change.afterDigest)
            edited.push_back(change.path);
    }
    return edited;
}

Result<Expectation> expectationOf(Context& context, const std::string& url) {
    Result<std::string> root = resolveProject(context.common.projectPath);
    if (!root) return root.error();
    Expectation expectation;
    expectation.root = *root;
    expectation.url = url;
    Result<std::optional<RunSummary>> last = ToolFolder(*root).lastRun();
    if (!last) return last.error();
    if (!*last) {
        if (url.empty())
            return Error{"usage", "no run is recorded in this project, so there is no database to look into",
                         *root, 0, "add --url URL to compare the project's data with a database"};
        Result<ProjectAnalysis> project = analyzeProject(context.common.projectPath, configuredOptions(), context.terminal);
        if (!project) return project.error();
        expectation.analysis = std::move(project->analysis);
        return expectation;
    }
    const RunSummary& run = **last;
    if (run.state == RunState::Interrupted)
        return Error{"interrupted-run", fmt::format("run {} was interrupted at step {}", run.folder.number, run.lastStep),
                     run.folder.path, 0, "covetpy-migrate rollback undoes it; the same command again starts anew"};
    Result<Plan> plan = planOf(run.folder);
    if (!plan) return plan.error();
    if (url.empty()) expectation.url = plan->databaseUrl;
    if (expectation.url.empty())
        return Error{"usage", "the last run had no database", run.folder.path, 0, "add --url URL"};
    Result<std::vector<std::string>> edited = editedSince(*root, *plan);
    if (!edited) return edited.error();
    expectation.editedFiles = *edited;
    Result<ProjectFiles> files = originalInputs(*root, run.folder, *plan);
    if (!files) return files.error();
    Options options;
    options.target = plan->target;
    options.phase = plan->phase;
    options.selection = plan->selection;
    options.schema.json = plan->schema;
    options.extracted = plan->extracted;
    Result<Analysis> analysis = analyzeFiles(*files, options, context.terminal);
    if (!analysis) return analysis.error();
    if (plan->normalize) normalize(*analysis);
    expectation.analysis = std::move(*analysis);
    return expectation;
}

void showText(Terminal& terminal, const verify::Report& report, const Expectation& expectation) {
    TextTable table({"table", "expected", "found", "values", "differences"});
    for (const verify::TableResult& entry : report.tables)
        table.add({entry.table, std::to_string(entry.rows), std::to_string(entry.found), std::to_string(entry.values),
                   std::to_string(entry.differences)});
    if (!table.empty()) terminal.say(table.text());
    for (const verify::Difference& difference : report.differences) terminal.say("  " + verify::describe(difference));
    for (const std::string& path : expectation.editedFiles)
        terminal.say(fmt::format("  {}: edited since the run wrote it", path));
    terminal.say(report.ok() ? terminal.paint(fmt::format("verified: {} rows, {} values, no difference", report.rows,
                                                          report.values),
                                              Style::Green)
                             : fmt::format("{} differences", report.differenceCount));
}

void showJson(Terminal& terminal, const verify::Report& report, const Expectation& expectation) {
    nlohmann::ordered_json document = {{"ok", report.ok()},
                                       {"rows", report.rows},
                                       {"values", report.values},
                                       {"difference_count", report.differenceCount},
                                       {"tables", nlohmann::ordered_json::array()},
                                       {"differences", nlohmann::ordered_json::array()},
                                       {"edited_files", expectation.editedFiles}};
    for (const verify::TableResult& entry : report.tables)
        document["tables"].push_back({{"name", entry.table},
                                      {"rows", entry.rows},
                                      {"found", entry.found},
                                      {"values", entry.values},
                                      {"differences", entry.differences}});
    for (const verify::Difference& entry : report.differences)
        document["differences"].push_back({{"kind", entry.kind},
                                           {"table", entry.table},
                                           {"key", entry.key},
                                           {"column", entry.column},
                                           {"expected", entry.expected},
                                           {"found", entry.found}});
    terminal.data(document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

} // namespace

Command verifyCommand() {
    struct Arguments {
        std::string url;
        verify::Options options;
    };
    auto arguments = std::make_shared<Arguments>();
    Command command;
    command.name = "verify";
    command.summary = "Compare the database with the data that the code held";
    command.details = "After a run: with the code as it was before that run, from its own copies. Reads every row back\n"
                      "and compares values, counts, order, keys and references; also says which files were edited\n"
                      "since. Writes nothing. Exit code 3 when there is a difference.";
    command.examples = "  covetpy-migrate verify ./shop\n"
                       "  covetpy-migrate verify ./shop --allow-extra-rows     # the application has been in use\n"
                       "  covetpy-migrate verify ./shop --url postgresql://shop@db/shop";
    command.declare = [arguments](OptionSet& options) {
        options.text("--url", arguments->url, "URL", "Database (default: that of the last run)");
        options.flag("--allow-extra-rows", arguments->options.allowExtraRows, "Rows beyond the expected ones are fine");
    };
    command.run = [arguments](Context& context) -> Result<ExitCode> {
        Terminal& terminal = context.terminal;
        Result<Expectation> expectation = expectationOf(context, urlFrom(arguments->url));
        if (!expectation) return expectation.error();
        Result<database::Url> url = database::parseUrl(expectation->url);
        if (!url) return url.error();
        Result<std::unique_ptr<database::Connection>> connection =
            database::connect(url->within(expectation->root), database::Access::ReadOnly);
        if (!connection) return connection.error();
        const Analysis& analysis = expectation->analysis;
        Result<verify::Report> report = verify::verifyDatabase(**connection, analysis.schema, analysis.rows,
                                                               analysis.routes, arguments->options);
        if (!report) return report.error();
        if (terminal.isJson())
            showJson(terminal, *report, *expectation);
        else
            showText(terminal, *report, *expectation);
        return report->ok() ? ExitCode::Ok : ExitCode::Unverified;
    };
    return command;
}

} // namespace covet::cli
