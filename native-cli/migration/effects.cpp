#include "migration/effects.h"

#include <unistd.h>

#include <fmt/format.h>

#include "backup/backup_store.h"
#include "migration/code_step.h"
#include "migration/undo.h"
#include "project/atomic_file.h"
#include "project/sha256.h"
#include "report/patch.h"
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

} // namespace

load::Patience patienceOf(Terminal& terminal) {
    load::Patience patience;
    // What is taken back because of a signal is waited for.
    patience.waiting = [&terminal, told = false, stopped = signals::interrupted()](const std::string& message) mutable {
        if (!told) terminal.note(message);
        told = true;
        return stopped || !signals::interrupted();
    };
    return patience;
}

Status Effects::perform(RunOutcome& outcome) {
    Status status = begin(outcome);
    if (status && request_.backup) status = backUp(outcome);
    if (status) status = freeze(outcome);
    if (status && prepared_.database) status = loadDatabase(outcome);
    if (status && !prepared_.plan.changes.empty()) status = writeCode();
    if (status) status = report(outcome);
    return status;
}

Status Effects::takeBack(const RunOutcome& outcome) {
    prepared_.database.reset();
    if (outcome.folder.number == 0 || !journal_) {
        tools_.sweep();
        return Ok{};
    }
    UndoOptions options;
    options.databaseUrl = request_.url;
    options.patience = patienceOf(terminal_);
    journal_.reset();
    Result<UndoResult> undone = undoRun(prepared_.plan.project, outcome.folder, options);
    if (!undone) return undone.error();
    return Ok{};
}

Status Effects::begin(RunOutcome& outcome) {
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

Status Effects::backUp(RunOutcome& outcome) {
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

Status Effects::freeze(const RunOutcome& outcome) {
    std::string text = planText(prepared_.plan);
    Status status = journal_->append("plan", Phase::Intent);
    if (status) status = savePreimages(prepared_.plan, outcome.folder);
    if (status) status = writePrivateFile(outcome.folder.planPath(), text);
    if (status) status = journal_->append("plan", Phase::Done, {{"sha256", sha256Hex(text)}});
    return status;
}

Status Effects::loadDatabase(RunOutcome& outcome) {
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

Status Effects::writeCode() {
    terminal_.note("code ...");
    return writeChanges(prepared_.plan, root_, *journal_, [] { return !signals::interrupted(); });
}

Status Effects::report(const RunOutcome& outcome) {
    Status status = writePrivateFile(outcome.folder.reportPath(),
                                     runReportJson(prepared_, &outcome, request_.url));
    if (status)
        status = writePrivatePieces(outcome.folder.patchPath(), [&](const ByteSink& write) {
            Status written = Ok{};
            writePatch(prepared_.project.analysis, [&](std::string_view lines) {
                if (written) written = write(withoutUrlSecrets(std::string(lines), request_.url));
            });
            return written;
        });
    if (status && signals::interrupted()) return stopped();
    if (status) status = journal_->append("run", Phase::End, {{"status", "complete"}});
    return status;
}

} // namespace covet::cli
