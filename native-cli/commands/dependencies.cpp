#include <memory>

#include <nlohmann/json.hpp>

#include "commands/run_options.h"
#include "project/analysis.h"
#include "terminal/analysis_text.h"
#include "terminal/text_table.h"
#include "text/unified_diff.h"

namespace covet::cli {
namespace {

std::vector<FileChange> dependencyChanges(const Analysis& analysis) {
    std::vector<FileChange> changes;
    for (const FileChange& change : analysis.changes)
        if (isDependencyFile(change.path)) changes.push_back(change);
    return changes;
}

Result<ExitCode> show(Context& context, const RunRequest& request, bool diff) {
    Terminal& terminal = context.terminal;
    Result<ProjectAnalysis> project = analyzeProject(context.common.projectPath, request.options, terminal);
    if (!project) return project.error();
    const Analysis& analysis = project->analysis;
    if (terminal.isJson()) {
        nlohmann::ordered_json document;
        document["dependencies"] = nlohmann::ordered_json::array();
        for (const Dependency& entry : analysis.dependencies)
            document["dependencies"].push_back({{"name", entry.name},
                                                {"requirement", entry.requirement},
                                                {"file", entry.file},
                                                {"action", entry.action},
                                                {"reason", entry.reason}});
        terminal.data(document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
        return ExitCode::Ok;
    }
    if (diff) {
        for (const FileChange& change : dependencyChanges(analysis))
            terminal.data(paintedDiff(terminal, text::unifiedDiff(change.path, change.before, change.after,
                                                                  change.kind != ChangeKind::Create)));
        return ExitCode::Ok;
    }
    TextTable table({"action", "requirement", "file", "why"});
    for (const Dependency& entry : analysis.dependencies)
        table.add({entry.action, entry.requirement, entry.file, entry.reason});
    if (table.empty())
        terminal.say("The project declares no dependencies, and needs none.");
    else
        terminal.data(table.text());
    return ExitCode::Ok;
}

} // namespace

Command dependenciesCommand() {
    struct Arguments {
        RunOptions values;
        bool diff = false, write = false;
    };
    auto arguments = std::make_shared<Arguments>();
    arguments->values.request.kind = "dependencies";
    arguments->values.request.changes = {false, true};
    Command command;
    command.name = "dependencies";
    command.summary = "Show or write what the migrated application depends on";
    command.details = "Reads requirements*.txt, pyproject.toml and the like. Nothing is installed, and nothing is\n"
                      "written unless --write is given.";
    command.examples = "  covetpy-migrate dependencies ./shop\n"
                       "  covetpy-migrate dependencies ./shop --url postgresql://db/shop --diff\n"
                       "                                  # with the driver that this database needs";
    command.declare = [arguments](OptionSet& options) {
        options.flag("--diff", arguments->diff, "Print the changes as one patch");
        options.flag("--write", arguments->write, "Write them");
        options.text("--url", arguments->values.request.options.databaseUrl, "URL",
                     "Database URL; decides which driver is needed");
        declareCodeOptions(options, arguments->values);
        declareBackupOptions(options, arguments->values);
    };
    command.run = [arguments](Context& context) -> Result<ExitCode> {
        Result<RunRequest> wanted = requestOf(arguments->values);
        if (!wanted) return wanted.error();
        RunRequest& request = *wanted;
        if (!arguments->write) return show(context, request, arguments->diff);
        request.consented = true;
        return runMigration(context, request);
    };
    return command;
}

} // namespace covet::cli
