#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "backup/backup_store.h"
#include "commands/command.h"
#include "migration/tool_folder.h"
#include "project/project_files.h"
#include "terminal/text_table.h"

namespace covet::cli {
namespace {

const char* stateName(RunState state) {
    switch (state) {
    case RunState::Complete: return "complete";
    case RunState::Interrupted: return "interrupted";
    case RunState::Undone: return "undone";
    }
    return "";
}

std::string nextStep(const std::vector<RunSummary>& runs, const std::string& project) {
    if (runs.empty()) return fmt::format("covetpy-migrate analyze {}", project);
    if (runs.back().state == RunState::Interrupted)
        return fmt::format("covetpy-migrate rollback {}   (or the same command again)", project);
    return fmt::format("covetpy-migrate verify {}", project);
}

} // namespace

Command statusCommand() {
    Command command;
    command.name = "status";
    command.summary = "Say which runs there were, and what to do next";
    command.details = "Reads the journals in .covetpy-migrate and the list of backups. Exit code 8 when the last run\n"
                      "was interrupted and still has to be undone.";
    command.examples = "  covetpy-migrate status ./shop\n"
                       "  covetpy-migrate status ./shop --format json";
    command.run = [](Context& context) -> Result<ExitCode> {
        Terminal& terminal = context.terminal;
        Result<std::string> root = resolveProject(context.common.projectPath);
        if (!root) return root.error();
        Result<std::vector<RunSummary>> runs = ToolFolder(*root).runs();
        if (!runs) return runs.error();
        std::vector<BackupInfo> backups = BackupStore(defaultBackupFolder(*root)).list();
        bool interrupted = !runs->empty() && runs->back().state == RunState::Interrupted;
        if (terminal.isJson()) {
            nlohmann::ordered_json document = {{"runs", nlohmann::ordered_json::array()}};
            for (const RunSummary& run : *runs)
                document["runs"].push_back({{"number", run.folder.number},
                                            {"id", run.id},
                                            {"command", run.kind},
                                            {"started", run.started},
                                            {"state", stateName(run.state)},
                                            {"last_step", run.lastStep},
                                            {"report", run.folder.reportPath()}});
            document["backups"] = backups.size();
            document["next"] = nextStep(*runs, context.common.projectPath);
            terminal.data(document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
        } else {
            TextTable table({"run", "command", "started", "state", "last step"});
            for (const RunSummary& run : *runs)
                table.add({std::to_string(run.folder.number), run.kind, run.started, stateName(run.state), run.lastStep});
            terminal.data(table.empty() ? "No run is recorded in this project.\n" : table.text());
            terminal.say(fmt::format("{} backups in {}", backups.size(), defaultBackupFolder(*root)));
            terminal.say("Next: " + nextStep(*runs, context.common.projectPath));
        }
        return interrupted ? ExitCode::Resumable : ExitCode::Ok;
    };
    return command;
}

} // namespace covet::cli
