#include <memory>

#include <nlohmann/json.hpp>

#include "commands/interactive.h"
#include "commands/run_options.h"
#include "commands/watching.h"
#include "project/analysis.h"
#include "terminal/analysis_text.h"
#include "text/unified_diff.h"

namespace covet::cli {
namespace {

std::string patchOfChange(const FileChange& change) {
    return text::unifiedDiff(change.path, change.before, change.after, change.kind != ChangeKind::Create,
                             change.kind != ChangeKind::Delete);
}

std::string asJson(const Analysis& analysis) {
    nlohmann::ordered_json document;
    document["changes"] = nlohmann::ordered_json::array();
    for (const FileChange& change : analysis.changes) {
        const char* kind = change.kind == ChangeKind::Create   ? "create"
                           : change.kind == ChangeKind::Delete ? "delete"
                                                               : "modify";
        document["changes"].push_back({{"file", change.path}, {"kind", kind}, {"patch", patchOfChange(change)}});
    }
    return document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

Result<ExitCode> show(Context& context, const RunRequest& request, bool diff, bool check) {
    Terminal& terminal = context.terminal;
    Result<ProjectAnalysis> project = analyzeProject(context.common.projectPath, request.options, terminal,
                                                    /*useBaseline=*/true, request.extraction);
    if (!project) return project.error();
    const Analysis& analysis = project->analysis;
    if (terminal.isJson())
        terminal.data(asJson(analysis));
    else if (diff)
        terminal.data(paintedDiff(terminal, patchOf(analysis)));
    else if (analysis.changes.empty())
        terminal.say(analysis.alreadyMigrated ? "The project is already migrated; nothing would change."
                                              : "Nothing would change.");
    else
        showChanges(terminal, analysis.changes);
    return check && !analysis.changes.empty() ? ExitCode::Findings : ExitCode::Ok;
}

} // namespace

Command codeCommand() {
    struct Arguments {
        RunOptions values;
        bool diff = false, write = false, check = false, interactive = false, watch = false;
    };
    auto arguments = std::make_shared<Arguments>();
    arguments->values.request.kind = "code";
    Command command;
    command.name = "code";
    command.summary = "Show or write the new code, without a database";
    command.details = "Writes nothing unless --write is given. --diff prints one patch that `git apply` and\n"
                      "`patch -p1` accept, run inside the project. --write applies it after a backup, all files or\n"
                      "none; `rollback` undoes it. The new code needs its database: `run` does both.\n"
                      "--interactive shows change by change and writes those that you accept; answers may be piped.\n"
                      "--check is for continuous integration: exit code 10 when something would change.";
    command.examples = "  covetpy-migrate code ./shop                    # which files would change\n"
                       "  covetpy-migrate code ./shop --diff | less      # how\n"
                       "  covetpy-migrate code ./shop --diff > shop.patch && cd shop && git apply ../shop.patch\n"
                       "  covetpy-migrate code ./shop --diff --watch     # the patch, again whenever a file changes\n"
                       "  covetpy-migrate code ./shop -i                 # change by change\n"
                       "  covetpy-migrate code ./shop --write            # write it";
    command.declare = [arguments](OptionSet& options) {
        options.flag("--diff", arguments->diff, "Print the changes as one patch");
        options.flag("--write", arguments->write, "Write them");
        options.flag("--interactive,-i", arguments->interactive, "Ask about each change, then write");
        options.flag("--check", arguments->check, "Exit with 10 when something would change");
        declareWatchOption(options, arguments->watch);
        options.text("--url", arguments->values.request.options.databaseUrl, "URL",
                     "Database URL for the configuration file");
        declareCodeOptions(options, arguments->values);
        declareSelectionOptions(options, arguments->values.selection);
        declareExtractionOptions(options, arguments->values.extraction);
        declareBackupOptions(options, arguments->values);
    };
    command.run = [arguments](Context& context) -> Result<ExitCode> {
        Result<RunRequest> wanted = requestOf(arguments->values);
        if (!wanted) return wanted.error();
        RunRequest& request = *wanted;
        if (!request.options.databaseUrl.empty()) {
            Result<database::Url> url = database::parseUrl(request.options.databaseUrl);
            if (!url) return url.error();
            request.options.databaseUrl = url->neutral();
        }
        if (arguments->watch) {
            if (arguments->interactive || arguments->write || arguments->check)
                return Error{"usage", "--watch only shows; it does not go with --write, --interactive or --check", "", 0,
                             "leave --watch out, or the other"};
            Status shown = repeatOnChange(context, arguments->values.selection, [&]() -> Status {
                Result<ExitCode> code = show(context, request, arguments->diff, false);
                if (!code) return code.error();
                return Ok{};
            });
            if (!shown) return shown.error();
            return ExitCode::Ok;
        }
        if (arguments->interactive) {
            Result<size_t> accepted = askForChanges(context, request);
            if (!accepted) return accepted.error();
            if (*accepted == 0) {
                context.terminal.note("No change was accepted; nothing was written.");
                return ExitCode::Ok;
            }
        } else if (!arguments->write) {
            return show(context, request, arguments->diff, arguments->check);
        }
        request.consented = true;
        return runMigration(context, request);
    };
    return command;
}

} // namespace covet::cli
