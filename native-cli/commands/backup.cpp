#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "backup/backup_store.h"
#include "commands/command.h"
#include "migration/tool_folder.h"
#include "project/project_files.h"
#include "terminal/signals.h"
#include "terminal/text_table.h"

namespace covet::cli {
namespace {

nlohmann::ordered_json toJson(const BackupInfo& backup) {
    return {{"number", backup.number}, {"path", backup.path},   {"created", backup.created},
            {"files", backup.files},   {"bytes", backup.bytes}, {"manifest_sha256", backup.manifestDigest}};
}

void showList(Terminal& terminal, const std::vector<BackupInfo>& backups, const std::string& folder) {
    if (terminal.isJson()) {
        nlohmann::ordered_json document = {{"folder", folder}, {"backups", nlohmann::ordered_json::array()}};
        for (const BackupInfo& backup : backups) document["backups"].push_back(toJson(backup));
        terminal.data(document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
        return;
    }
    TextTable table({"backup", "created", "files", "bytes", "path"});
    for (const BackupInfo& backup : backups)
        table.add({fmt::format("{:04}", backup.number), backup.created.empty() ? "damaged" : backup.created,
                   std::to_string(backup.files), std::to_string(backup.bytes), backup.path});
    terminal.data(table.empty() ? fmt::format("There are no backups in {}.\n", folder) : table.text());
}

Result<ExitCode> verifyAll(Terminal& terminal, const BackupStore& store) {
    std::vector<BackupInfo> backups = store.list();
    if (backups.empty())
        return Error{"no-backup", "there are no backups to verify", store.folder(), 0, "covetpy-migrate backup makes one"};
    for (const BackupInfo& backup : backups) {
        Status status = store.verify(backup.number);
        if (!status) return status.error();
        terminal.say(fmt::format("{:04}  {} files are as they were copied", backup.number, backup.files));
    }
    if (terminal.isJson()) showList(terminal, backups, store.folder());
    return ExitCode::Ok;
}

Result<ExitCode> createOne(Context& context, BackupStore& store) {
    Terminal& terminal = context.terminal;
    Result<ProjectFiles> files = readProject(context.common.projectPath);
    if (!files) return files.error();
    EffectScope effects;
    Result<BackupInfo> backup = store.create(files->root, files->found, files->digests, [&](size_t done, size_t total) {
        terminal.progress("backup", done, total);
        return !signals::interrupted();
    });
    terminal.endProgress();
    if (!backup) return backup.error();
    if (terminal.isJson())
        terminal.data(toJson(*backup).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    terminal.say(fmt::format("backup {:04}: {} files, {} bytes in {}", backup->number, backup->files, backup->bytes,
                             backup->path));
    return ExitCode::Ok;
}

} // namespace

Command backupCommand() {
    struct Arguments {
        bool list = false, verify = false;
        std::string folder;
    };
    auto arguments = std::make_shared<Arguments>();
    Command command;
    command.name = "backup";
    command.summary = "Copy the project, list the copies, or verify them";
    command.details = "Backups are numbered and never written to again. They hold the project's files with modes,\n"
                      "times, links and checksums, readable by you alone. Left out: what .gitignore leaves out,\n"
                      "virtual environments and caches. `run` and `code --write` make one by themselves.";
    command.examples = "  covetpy-migrate backup ./shop\n"
                       "  covetpy-migrate backup ./shop --list\n"
                       "  covetpy-migrate backup ./shop --verify      # compares every file with its checksum";
    command.declare = [arguments](OptionSet& options) {
        options.flag("--list", arguments->list, "List the backups of the project");
        options.flag("--verify", arguments->verify, "Compare all of them with their checksums");
        options.text("--backup-dir", arguments->folder, "FOLDER",
                     "Where backups go (default: below ~/.local/state/covetpy-migrate)");
    };
    command.run = [arguments](Context& context) -> Result<ExitCode> {
        Result<std::string> root = resolveProject(context.common.projectPath);
        if (!root) return root.error();
        Result<std::string> folder = chooseBackupFolder(*root, arguments->folder);
        if (!folder) return folder.error();
        BackupStore store(*folder);
        if (arguments->list) {
            showList(context.terminal, store.list(), *folder);
            return ExitCode::Ok;
        }
        return arguments->verify ? verifyAll(context.terminal, store) : createOne(context, store);
    };
    return command;
}

} // namespace covet::cli
