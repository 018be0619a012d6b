#include <cstdlib>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "commands/run_options.h"
#include "database/url.h"
#include "journal/project_lock.h"
#include "migration/effects.h"
#include "migration/undo.h"
#include "project/project_files.h"
#include "terminal/signals.h"

namespace covet::cli {
namespace {

void showResult(Terminal& terminal, const UndoResult& result, bool dryRun) {
    if (terminal.isJson()) {
        nlohmann::ordered_json document = {{"status", dryRun ? "possible" : "undone"},
                                           {"restored", result.restored},
                                           {"removed", result.removed},
                                           {"kept", result.kept},
                                           {"dropped_tables", result.droppedTables},
                                           {"emptied_tables", result.emptiedTables},
                                           {"database_file_removed", result.databaseFileRemoved},
                                           {"database_left", result.databaseLeft}};
        terminal.data(document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
        return;
    }
    if (dryRun) {
        terminal.say("Dry run: the run can be undone; nothing was changed.");
        return;
    }
    for (const std::string& path : result.restored) terminal.say("  restored  " + path);
    for (const std::string& path : result.removed) terminal.say("  removed   " + path);
    for (const std::string& path : result.kept) terminal.say("  kept      " + path);
    for (const std::string& table : result.droppedTables) terminal.say("  dropped   table " + table);
    for (const std::string& table : result.emptiedTables) terminal.say("  emptied   table " + table);
    if (result.databaseFileRemoved) terminal.say("  removed   the database file that the run had made");
    terminal.say("Everything is as it was before the run.");
    if (!result.databaseLeft.empty())
        terminal.warning("the database was left as it is: " + result.databaseLeft,
                         "drop the tables yourself when nobody needs their rows");
}

} // namespace

Command rollbackCommand() {
    auto options = std::make_shared<UndoOptions>();
    Command command;
    command.name = "rollback";
    command.summary = "Undo the last run: code, dependencies and database";
    command.details =
        "Puts every file back byte for byte, with its mode and time, removes the files that the run had\n"
        "made, and drops the tables that it had created. Works after a crash at any point. It refuses when a\n"
        "file or a table was changed after the run, so that no work is lost; --force puts the old files back\n"
        "all the same, keeps a copy of the edited ones, and leaves changed tables alone.";
    command.examples = "  covetpy-migrate rollback ./shop --dry-run     # could it be undone?\n"
                       "  covetpy-migrate rollback ./shop\n"
                       "  covetpy-migrate rollback ./shop --url postgresql://shop:secret@db/shop\n"
                       "                                                # passwords are never kept";
    command.declare = [options](OptionSet& set) {
        set.flag("--force", options->force, "Undo even if files were edited since; keeps a copy of the edits");
        set.flag("--dry-run", options->dryRun, "Only say whether it could be done");
        set.text("--url", options->databaseUrl, "URL", "The run's database, with its password");
    };
    command.run = [options](Context& context) -> Result<ExitCode> {
        Result<std::string> root = resolveProject(context.common.projectPath);
        if (!root) return root.error();
        Result<ProjectLock> lock = ProjectLock::acquire(*root);
        if (!lock) return lock.error();
        ToolFolder tools(*root);
        Result<std::optional<RunSummary>> last = tools.lastRun();
        if (!last) return last.error();
        if (!*last)
            return Error{"nothing-to-undo", "no run of this tool is recorded in the project", tools.path(), 0,
                         "covetpy-migrate backup --list shows the backups of the project"};
        EffectScope effects;
        options->databaseUrl = urlFrom(options->databaseUrl);
        options->patience = patienceOf(context.terminal);
        Result<UndoResult> result = undoRun(*root, (*last)->folder, *options);
        if (!result) return result.error();
        showResult(context.terminal, *result, options->dryRun);
        return ExitCode::Ok;
    };
    return command;
}

} // namespace covet::cli
