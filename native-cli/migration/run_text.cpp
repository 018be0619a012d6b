#include "migration/run_text.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "report/patch.h"
#include "terminal/analysis_text.h"
#include "terminal/text_table.h"

namespace covet::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr long kShownDiffLines = 600;

std::string heading(const Terminal& terminal, const std::string& text) { return terminal.paint(text, Style::Bold); }

void showLoad(Terminal& terminal, const RunOutcome& outcome) {
    TextTable table({"table", "rows", ""});
    for (const load::TableLoad& entry : outcome.load.tables)
        table.add({entry.table, std::to_string(entry.rows),
                   entry.unchanged ? "already there" : entry.created ? "created" : "filled"});
    if (!table.empty()) terminal.say(table.text());
    for (const std::string& note : outcome.load.notes) terminal.say("  note: " + note);
    const verify::Report& report = outcome.verification;
    terminal.say(fmt::format("{} {} tables, {} rows, {} values compared: {} differences\n",
                             terminal.paint("verified:", Style::Green), report.tables.size(), report.rows,
                             report.values, report.differenceCount));
}

Json runJson(const PreparedRun& prepared, const RunOutcome* outcome) {
    const Plan& plan = prepared.plan;
    Json run = {{"id", plan.runId},
                {"command", plan.kind},
                {"status", outcome ? "complete" : "planned"},
                {"database", plan.databaseUrl},
                {"tables", Json::array()},
                {"files", Json::array()},
                {"left", leftJson(prepared.left)}};
    for (const PlannedChange& change : plan.changes) run["files"].push_back(change.path);
    const load::Report* report = outcome ? &outcome->load : prepared.database ? &prepared.database->report() : nullptr;
    if (report)
        for (const load::TableLoad& table : report->tables)
            run["tables"].push_back({{"name", table.table},
                                     {"rows", table.rows},
                                     {"created", table.created},
                                     {"unchanged", table.unchanged}});
    if (!outcome) return run;
    const verify::Report& verification = outcome->verification;
    if (outcome->hasDatabase)
        run["verification"] = {{"ok", verification.ok()},
                               {"tables", verification.tables.size()},
                               {"rows", verification.rows},
                               {"values", verification.values},
                               {"differences", verification.differenceCount}};
    run["number"] = outcome->folder.number;
    run["report"] = outcome->folder.reportPath();
    run["journal"] = outcome->folder.journalPath();
    run["backup"] = outcome->backup.number ? Json(outcome->backup.path) : Json(nullptr);
    run["undo"] = fmt::format("covetpy-migrate rollback {}", plan.project);
    return run;
}

} // namespace

std::string withoutUrlSecrets(std::string text, const std::string& url) {
    if (url.empty()) return text;
    Result<database::Url> parsed = database::parseUrl(url);
    return parsed ? database::withoutSecrets(std::move(text), *parsed) : text;
}

void showPrepared(Terminal& terminal, const PreparedRun& prepared, const std::string& url) {
    const Analysis& analysis = prepared.project.analysis;
    showAnalysis(terminal, prepared.project, false);
    if (!prepared.plan.changes.empty()) {
        terminal.say("\n" + heading(terminal, "Code"));
        std::string patch;
        long lines = 0;
        writePatch(analysis, [&](std::string_view piece) {
            lines += std::count(piece.begin(), piece.end(), '\n');
            if (lines <= kShownDiffLines) patch += piece;
        });
        if (lines <= kShownDiffLines)
            terminal.say(paintedDiff(terminal, withoutUrlSecrets(std::move(patch), url)));
        else
            terminal.say(fmt::format("  (the whole diff: covetpy-migrate code {} --diff)",
                                     prepared.project.files.shownRoot));
        showChanges(terminal, analysis.changes);
    }
    if (prepared.database) {
        const database::ServerInfo& server = prepared.database->report().server;
        terminal.say(heading(terminal, fmt::format("Database: {}{}{}, {}", server.product, server.version.empty() ? "" : " ",
                                                   server.version, prepared.plan.databaseUrl)));
        showTables(terminal, analysis);
    }
    if (!url.empty()) showLeft(terminal, prepared.left);
}

void showOutcome(Terminal& terminal, const PreparedRun& prepared, const RunOutcome& outcome) {
    if (outcome.hasDatabase) showLoad(terminal, outcome);
    if (!prepared.plan.changes.empty())
        terminal.say(fmt::format("{} files written", prepared.plan.changes.size()));
    for (const facts::App& app : prepared.project.analysis.migratedApps)
        terminal.say(fmt::format("entry point: {}:{}", app.module, app.attribute));
    terminal.say(fmt::format("report:  {}", outcome.folder.reportPath()));
    if (outcome.backup.number) terminal.say(fmt::format("backup:  {}", outcome.backup.path));
    terminal.say(fmt::format("undo:    covetpy-migrate rollback {}", prepared.project.files.shownRoot));
}

std::string runReportJson(const PreparedRun& prepared, const RunOutcome* outcome, const std::string& url) {
    Analysis analysis = prepared.project.analysis;
    if (outcome && !analysis.migratedApps.empty()) analysis.apps = analysis.migratedApps;
    Json document = Json::parse(reportJson(analysis), nullptr, false);
    document["run"] = runJson(prepared, outcome);
    return withoutUrlSecrets(document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n", url);
}

} // namespace covet::cli
