#include "migration/run_migration.h"

#include <fmt/format.h>

#include "migration/effects.h"
#include "migration/run_text.h"
#include "migration/tool_folder.h"
#include "migration/undo.h"
#include "terminal/signals.h"

namespace covet::cli {
namespace {

/// A run that was killed is taken back before another one starts.
Status recover(Terminal& terminal, const std::string& root, const RunRequest& request) {
    ToolFolder tools(root);
    Result<std::optional<RunSummary>> last = tools.lastRun();
    if (!last) return last.error();
    if (!*last || (*last)->state != RunState::Interrupted) return Ok{};
    const RunSummary& run = **last;
    std::string what = fmt::format("run {} of {} was interrupted at step {}", run.folder.number, run.started,
                                   run.lastStep.empty() ? "start" : run.lastStep);
    if (request.dryRun)
        return Error{"interrupted-run", what, run.folder.path, 0,
                     "covetpy-migrate rollback undoes it; the same command without --dry-run does that first, too"};
    if (!request.consented && !terminal.confirm(what + ". Undo it and start again?"))
        return Error{"interrupted-run", what, run.folder.path, 0, "covetpy-migrate rollback undoes it"};
    terminal.note(what + "; undoing it first");
    EffectScope effects;
    UndoOptions options;
    options.databaseUrl = request.url;
    Result<UndoResult> undone = undoRun(root, run.folder, options);
    if (!undone) return undone.error();
    return Ok{};
}

Status askConsent(Terminal& terminal, const RunRequest& request) {
    if (request.consented) return Ok{};
    if (terminal.confirm("Write this?")) return Ok{};
    return Error{"declined", "nothing was changed, as you answered", "", 0, ""};
}

Result<ExitCode> writeAll(Context& context, PreparedRun& prepared, const RunRequest& request, int root) {
    EffectScope scope;
    Effects effects(context.terminal, prepared, request, root);
    RunOutcome outcome;
    Status status = effects.perform(outcome);
    if (status) {
        if (context.terminal.isJson())
            context.terminal.data(runReportJson(prepared, &outcome, request.url));
        else
            showOutcome(context.terminal, prepared, outcome);
        return ExitCode::Ok;
    }
    Status back = effects.takeBack(outcome);
    if (!back)
        return Error{"undo-incomplete",
                     fmt::format("{}; undoing it failed, too: {}", status.error().message, back.error().message),
                     back.error().file, 0, fmt::format("covetpy-migrate rollback {}", prepared.project.files.shownRoot)};
    Error error = status.error();
    if (error.hint.empty()) error.hint = "everything is as it was before the command";
    return error;
}

} // namespace

Result<ExitCode> runMigration(Context& context, const RunRequest& request) {
    Terminal& terminal = context.terminal;
    if (!request.consented && !request.dryRun && !terminal.inputIsTerminal())
        return Error{"consent-needed", "this would write, and nobody is there to ask", "", 0,
                     "add --yes to go ahead, or --dry-run to see what would happen"};
    Result<std::string> root = resolveProject(context.common.projectPath);
    if (!root) return root.error();
    Result<ProjectLock> lock = ProjectLock::acquire(*root);
    if (!lock) return lock.error();
    Status recovered = recover(terminal, *root, request);
    if (!recovered) return recovered.error();
    Result<PreparedRun> prepared = prepareRun(context.common.projectPath, request, *lock, terminal);
    if (!prepared) {
        Error error = prepared.error();
        if (error.hint.empty()) error.hint = "nothing was changed";
        return error;
    }
    if (!terminal.isJson()) showPrepared(terminal, *prepared, request.url);
    if (request.dryRun || !prepared->hasWork()) {
        if (terminal.isJson()) terminal.data(runReportJson(*prepared, nullptr, request.url));
        terminal.say(request.dryRun ? "Dry run: nothing was changed." : "There is nothing to do.");
        return ExitCode::Ok;
    }
    Status consent = askConsent(terminal, request);
    if (!consent) return consent.error();
    return writeAll(context, *prepared, request, lock->folder());
}

} // namespace covet::cli
