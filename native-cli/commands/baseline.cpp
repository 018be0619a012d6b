#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "commands/command.h"
#include "project/analysis.h"
#include "project/atomic_file.h"
#include "project/baseline.h"
#include "project/sha256.h"
#include "support/suggest.h"
#include "terminal/signals.h"

namespace covet::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Arguments {
    std::string action, file;
    bool strict = false, allowNew = false;
};

/// The project, what it says now, and what the baseline says.
struct Comparison {
    std::string root, file; // `file` is relative to `root`
    Baseline now, known;
    bool exists = false;
    std::vector<Baseline::Entry> added, stale;
};

Result<Comparison> compare(Context& context, const Arguments& arguments) {
    Result<ProjectAnalysis> project =
        analyzeProject(context.common.projectPath, configuredOptions(), context.terminal, /*useBaseline=*/false);
    if (!project) return project.error();
    Comparison comparison;
    comparison.root = project->files.root;
    comparison.file = !arguments.file.empty()             ? arguments.file
                      : !project->config.baseline.empty() ? project->config.baseline
                                                          : kBaselineFile;
    comparison.now = baselineOf(project->analysis);
    Result<Baseline> known = readBaseline(comparison.root + "/" + comparison.file);
    const bool mayBeMissing = arguments.action == "write" && !known && known.error().code == "no-baseline";
    if (!known && !mayBeMissing) return known.error();
    comparison.exists = known.ok();
    if (known) comparison.known = *known;
    comparison.added = missingFrom(comparison.known, comparison.now);
    comparison.stale = missingFrom(comparison.now, comparison.known);
    return comparison;
}

Json jsonOf(const std::vector<Baseline::Entry>& entries) {
    Json list = Json::array();
    for (const Baseline::Entry& entry : entries)
        list.push_back({{"id", entry.id}, {"rule", entry.rule}, {"file", entry.file}, {"message", entry.message}});
    return list;
}

void show(Terminal& terminal, const Comparison& comparison, const std::string& what) {
    if (terminal.isJson()) {
        const Json document = {{"file", comparison.file},
                               {"known", comparison.known.entries.size()},
                               {"found", comparison.now.entries.size()},
                               {"new", jsonOf(comparison.added)},
                               {"stale", jsonOf(comparison.stale)}};
        terminal.data(document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
        return;
    }
    for (const Baseline::Entry& entry : comparison.added)
        terminal.say(fmt::format("  {} {}: {} {}", terminal.paint("new  ", Style::Red), entry.file, entry.rule, entry.message));
    for (const Baseline::Entry& entry : comparison.stale)
        terminal.say(fmt::format("  {} {}: {} {}", terminal.paint("stale", Style::Yellow), entry.file, entry.rule,
                                 entry.message));
    terminal.say(what);
}

Status writeFile(const Comparison& comparison, const Baseline& baseline) {
    EffectScope scope;
    Result<Descriptor> root = openFolder(comparison.root);
    if (!root) return root.error();
    Result<FileState> state = stateBelow(root->get(), comparison.file);
    if (!state) return state.error();
    const std::string text = baselineText(baseline);
    FileWrite write;
    write.path = comparison.file;
    write.bytes = text;
    write.mode = state->exists ? state->mode : 0644;
    write.expected = state->exists ? state->sha256 : "";
    write.temporary = ".covetpy-migrate-baseline.tmp";
    return writeAtomically(root->get(), write);
}

Result<ExitCode> check(Terminal& terminal, const Comparison& comparison, bool strict) {
    const bool fails = !comparison.added.empty() || (strict && !comparison.stale.empty());
    show(terminal, comparison,
         fmt::format("{} findings: {} known, {} new; {} entries of the baseline are stale", comparison.now.entries.size(),
                     comparison.now.entries.size() - comparison.added.size(), comparison.added.size(),
                     comparison.stale.size()));
    return fails ? ExitCode::Findings : ExitCode::Ok;
}

Result<ExitCode> write(Terminal& terminal, const Comparison& comparison, bool allowNew) {
    if (comparison.exists && !comparison.added.empty() && !allowNew) {
        show(terminal, comparison, "");
        return Error{"new-findings", fmt::format("{} findings are not in the baseline", comparison.added.size()),
                     comparison.file, 0, "resolve them, or take them in with --allow-new; prune only removes"};
    }
    Status written = writeFile(comparison, comparison.now);
    if (!written) return written.error();
    show(terminal, comparison, fmt::format("{}: {} findings", comparison.file, comparison.now.entries.size()));
    return ExitCode::Ok;
}

Result<ExitCode> prune(Terminal& terminal, const Comparison& comparison) {
    Baseline left;
    const std::set<std::string> found = comparison.now.ids();
    for (const Baseline::Entry& entry : comparison.known.entries)
        if (found.count(entry.id)) left.entries.push_back(entry);
    Status written = comparison.stale.empty() ? Status(Ok{}) : writeFile(comparison, left);
    if (!written) return written.error();
    show(terminal, comparison, fmt::format("{}: {} stale entries removed, {} left", comparison.file,
                                           comparison.stale.size(), left.entries.size()));
    return ExitCode::Ok;
}

} // namespace

Command baselineCommand() {
    auto arguments = std::make_shared<Arguments>();
    Command command;
    command.name = "baseline";
    command.summary = "Record the findings of today; fail on those that come later";
    command.details =
        "write records every finding that no comment suppresses; once there is a baseline, it refuses new\n"
        "ones without --allow-new. check compares, for continuous integration: exit code 10 when there is a\n"
        "new finding, with --strict also when an entry is stale. prune removes stale entries and adds\n"
        "nothing. Entries survive when lines move. A baseline that is missing or damaged is an error.\n"
        "With `baseline = \"FILE\"` in the configuration, the other commands list what it has as baselined.";
    command.examples = "  covetpy-migrate baseline write ./shop      # covetpy-migrate-baseline.json, to be committed\n"
                       "  covetpy-migrate baseline check ./shop --strict\n"
                       "  covetpy-migrate baseline prune ./shop";
    command.declare = [arguments](OptionSet& options) {
        options.positional("ACTION", arguments->action, "write, check or prune", true);
        options.text("--file", arguments->file, "FILE",
                     fmt::format("The baseline, relative to the project (default: {})", kBaselineFile));
        options.flag("--strict", arguments->strict, "check: fail on stale entries, too");
        options.flag("--allow-new", arguments->allowNew, "write: take new findings in");
    };
    command.run = [arguments](Context& context) -> Result<ExitCode> {
        const std::vector<std::string> actions = {"write", "check", "prune"};
        if (std::find(actions.begin(), actions.end(), arguments->action) == actions.end()) {
            const std::string near = closest(arguments->action, actions);
            return Error{"usage", fmt::format("baseline knows no action {}", arguments->action), "", 0,
                         near.empty() ? "covetpy-migrate baseline write|check|prune [PROJECT]" : "did you mean " + near + "?"};
        }
        Result<Comparison> comparison = compare(context, *arguments);
        if (!comparison) return comparison.error();
        if (arguments->action == "check") return check(context.terminal, *comparison, arguments->strict);
        if (arguments->action == "prune") return prune(context.terminal, *comparison);
        return write(context.terminal, *comparison, arguments->allowNew);
    };
    return command;
}

} // namespace covet::cli
