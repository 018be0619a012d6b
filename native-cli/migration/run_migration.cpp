#include "migration/run_migration.h"

#include <fmt/format.h>

#include "migration/effects.h"
#include "migration/left_stores.h"
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
    options.patience = patienceOf(terminal);
    Result<UndoResult> undone = undoRun(root, run.folder, options);
    if (!undone) return undone.error();
    return Ok{};
}

Status askConsent(Terminal& terminal, const RunRequest& request) {
    if (request.consented) return Ok{};
    if (terminal.confirm("Write this?")) return Ok{};
    return Error{"declined", "nothing was changed, as you answered", "", 0, ""};
}

/// Whether there is data for a database and none of it finds a way there. `run` may have been here before.
bool movesNothing(const PreparedRun& prepared, const RunRequest& request, size_t left) {
    if (request.url.empty() || prepared.database || left == 0) return false;
    if (!request.changes.code) return true;
    const Result<std::optional<RunSummary>> last = ToolFolder(prepared.plan.project).lastRun();
    return prepared.plan.changes.empty() && !prepared.project.analysis.alreadyMigrated && last && !*last;
}

/// `database` promises tables for all data. `run` leaves the code of the other stores as it is, which goes on working.
ExitCode codeOf(const RunRequest& request, size_t left) {
    return left > 0 && !request.changes.code && !request.url.empty() ? ExitCode::Findings : ExitCode::Ok;
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
        if (request.url.empty()) return ExitCode::Ok;
        warnOfLeft(context.terminal, prepared.left);
        return codeOf(request, countOf(prepared.left));
    }
    Status back = effects.takeBack(outcome);
    if (!back) {
        const bool isGone = back.error().code == database::code::kConnection;
        return Error{"undo-incomplete",
                     fmt::format("{}; undoing it failed, too: {}", status.error().message, back.error().message),
                     back.error().file, 0,
                     fmt::format("{}covetpy-migrate rollback {}",
                                 isGone ? "when the database answers again, the same command once more, or " : "",
                                 prepared.project.files.shownRoot)};
    }
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
    const size_t left = countOf(prepared->left);
    if (movesNothing(*prepared, request, left)) return nothingMoved(prepared->left, prepared->plan.phase);
    if (request.dryRun || !prepared->hasWork()) {
        if (terminal.isJson()) terminal.data(runReportJson(*prepared, nullptr, request.url));
        terminal.say(request.dryRun ? "Dry run: nothing was changed." : "There is nothing to do.");
        if (!request.url.empty()) warnOfLeft(terminal, prepared->left);
        return codeOf(request, left);
    }
    Status consent = askConsent(terminal, request);
    if (!consent) return consent.error();
    return writeAll(context, *prepared, request, lock->folder());
}

} // namespace covet::cli
