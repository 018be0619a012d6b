#include <memory>

#include <nlohmann/json.hpp>

#include "commands/command.h"
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

} // namespace

Command codeCommand() {
    struct Arguments {
        bool diff = false;
        Options options;
    };
    auto arguments = std::make_shared<Arguments>();
    Command command;
    command.name = "code";
    command.summary = "Show or write the new code";
    command.details = "Writes nothing unless --write is given. --diff prints one patch that `git apply` and\n"
                      "`patch -p1` accept, run inside the project.";
    command.examples = "  covetpy-migrate code ./shop                    # which files would change\n"
                       "  covetpy-migrate code ./shop --diff | less      # how\n"
                       "  covetpy-migrate code ./shop --diff > shop.patch && cd shop && git apply ../shop.patch";
    command.declare = [arguments](OptionSet& options) {
        options.flag("--diff", arguments->diff, "Print the changes as one patch");
        options.text("--target", arguments->options.target, "NAME", "Framework to move to (default: covetpy)");
        options.text("--url", arguments->options.databaseUrl, "URL", "Database URL for the configuration file");
        options.flag("--vendor-runtime", arguments->options.vendorRuntime,
                     "Also copy the reference runtime of the target into the project");
    };
    command.run = [arguments](Context& context) -> Result<ExitCode> {
        Terminal& terminal = context.terminal;
        Result<ProjectAnalysis> project =
            analyzeProject(context.common.projectPath, arguments->options, terminal);
        if (!project) return project.error();
        const Analysis& analysis = project->analysis;
        if (terminal.isJson())
            terminal.data(asJson(analysis));
        else if (arguments->diff)
            terminal.data(paintedDiff(terminal, patchOf(analysis)));
        else if (analysis.changes.empty())
            terminal.say(analysis.alreadyMigrated ? "The project is already migrated; nothing would change."
                                                  : "Nothing would change.");
        else
            showChanges(terminal, analysis.changes);
        return ExitCode::Ok;
    };
    return command;
}

} // namespace covet::cli
