#include "migration/run_migration.h"

#include <unistd.h>

#include <fmt/format.h>

#include "backup/backup_store.h"
#include "migration/code_step.h"
#include "migration/prepared_run.h"
#include "migration/run_text.h"
#include "migration/tool_folder.h"
#include "migration/undo.h"
#include "project/atomic_file.h"
#include "project/sha256.h"
#include "terminal/signals.h"

namespace covet::cli {
namespace {

Error stopped() { return {"interrupted", "the migration was stopped; everything is as it was", "", 0, ""}; }

class LoadProgress : public ProgressSink {
public:
    explicit LoadProgress(Terminal& terminal) : terminal_(terminal) {}
    bool progress(const char* step, size_t done, size_t total) override {
        terminal_.progress(step, done, total);
        return !signals::interrupted();
    }

private:
    Terminal& terminal_;
};

/// The part of a run that writes.
class Effects {
public:
    Effects(Terminal& terminal, PreparedRun& prepared, const RunRequest& request, int root)
        : terminal_(terminal), prepared_(prepared), request_(request), root_(root), tools_(prepared.plan.project) {}

    Status perform(RunOutcome& outcome) {
        Status status = begin(outcome);
        if (status && request_.backup) status = backUp(outcome);
        if (status) status = freeze(outcome);
        if (status && prepared_.database) status = loadDatabase(outcome);
        if (status && !prepared_.plan.changes.empty()) status = writeCode();
        if (status) status = report(outcome);
        return status;
    }

    /// After a failure. The Error says what could not be put back.
    Status takeBack(const RunOutcome& outcome) {
        prepared_.database.reset();
        if (outcome.folder.number == 0 || !journal_) {
            tools_.sweep();
            return Ok{};
        }
        UndoOptions options;
        options.databaseUrl = request_.url;
        journal_.reset();
        Result<UndoResult> undone = undoRun(prepared_.plan.project, outcome.folder, options);
        if (!undone) return undone.error();
        return Ok{};
    }

private:
    Status begin(RunOutcome& outcome) {
        Result<RunFolder> folder = tools_.newRun();
        if (!folder) return folder.error();
        outcome.folder = *folder;
        Result<Journal> journal = Journal::create(folder->journalPath());
        if (!journal) return journal.error();
        journal_ = std::move(*journal);
        return journal_->append("run", Phase::Begin, {{"run", prepared_.plan.runId},
                                                      {"kind", prepared_.plan.kind},
                                                      {"tool", version()},
                                                      {"process", getpid()},
                                                      {"database", prepared_.plan.databaseUrl}});
    }

    Status backUp(RunOutcome& outcome) {
        Plan& plan = prepared_.plan;
        terminal_.note("backup ...");
        Status status = journal_->append("backup", Phase::Intent, {{"folder", plan.backupFolder}});
        if (!status) return status;
        BackupStore store(plan.backupFolder);
        Result<BackupInfo> backup =
            store.create(plan.project, prepared_.project.files.found, plan.inputs, [&](size_t done, size_t total) {
                terminal_.progress("backup", done, total);
                return !signals::interrupted();
            });
        terminal_.endProgress();
        if (!backup) return backup.error();
        outcome.backup = *backup;
        plan.backupNumber = backup->number;
        return journal_->append("backup", Phase::Done,
                                {{"number", backup->number}, {"manifest", backup->manifestDigest}});
    }

    Status freeze(const RunOutcome& outcome) {
        std::string text = planText(prepared_.plan);
        Status status = journal_->append("plan", Phase::Intent);
        if (status) status = savePreimages(prepared_.plan, outcome.folder);
        if (status) status = writePrivateFile(outcome.folder.planPath(), text);
        if (status) status = journal_->append("plan", Phase::Done, {{"sha256", sha256Hex(text)}});
        return status;
    }

    Status loadDatabase(RunOutcome& outcome) {
        load::Migration& database = *prepared_.database;
        outcome.hasDatabase = true;
        LoadProgress progress(terminal_);
        CancelHook hook([&] { database.cancel(); });
        terminal_.note(fmt::format("load into {} ...", prepared_.plan.databaseUrl));
        Status status = journal_->append("database", Phase::Intent);
        if (status) status = database.load(&progress);
        terminal_.endProgress();
        if (!status) return status;
        terminal_.note("verify ...");
        Result<verify::Report> verified = database.verify(&progress);
        terminal_.endProgress();
        if (!verified) return verified.error();
        outcome.verification = *verified;
        if (!verified->ok())
            return Error{database::code::kVerify,
                         fmt::format("the database does not hold what the code held: {}",
                                     verify::describe(verified->differences.front())),
                         "", 0, "nothing was kept; please report this with the table's definition"};
        if (signals::interrupted()) return stopped();
        Result<load::Report> published = database.publish();
        if (!published) return published.error();
        outcome.load = *published;
        // Gives the lock on the database back, and lets an undo in.
        return journal_->append("database", Phase::Done, {{"rows", published->rows}});
    }

    Status writeCode() {
        terminal_.note("code ...");
        return writeChanges(prepared_.plan, root_, *journal_, [] { return !signals::interrupted(); });
    }

    Status report(const RunOutcome& outcome) {
        Status status = writePrivateFile(outcome.folder.reportPath(),
                                         runReportJson(prepared_, &outcome, request_.url));
        if (status)
            status = writePrivateFile(outcome.folder.patchPath(),
                                      withoutUrlSecrets(patchOf(prepared_.project.analysis), request_.url));
        if (status && signals::interrupted()) return stopped();
        if (status) status = journal_->append("run", Phase::End, {{"status", "complete"}});
        return status;
    }

    Terminal& terminal_;
    PreparedRun& prepared_;
    const RunRequest& request_;
    int root_;
    ToolFolder tools_;
    std::optional<Journal> journal_;
};

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
    if (!prepared) return prepared.error();
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
