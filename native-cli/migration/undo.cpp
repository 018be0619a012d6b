#include "migration/undo.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "backup/backup_store.h"
#include "load/undo.h"
#include "project/atomic_file.h"
#include "project/sha256.h"
#include "support/strings.h"

namespace covet::cli {
namespace {

/// What has to happen to one file.
enum class Action { Nothing, Restore, Remove, Conflict };

struct FileAction {
    size_t change = 0;
    Action action = Action::Nothing;
    FileState current;
};

class Undo {
public:
    Undo(const std::string& root, const RunFolder& run, const UndoOptions& options)
        : root_(root), run_(run), options_(options) {}

    Result<UndoResult> perform() {
        Result<Descriptor> folder = openFolder(root_);
        if (!folder) return folder.error();
        folder_ = std::move(*folder);
        Result<Journal> journal = Journal::open(run_.journalPath());
        if (!journal) return journal.error();
        Status status = readPlan(*journal);
        if (status) status = decide();
        if (status) status = checkDatabase();
        if (!status) return status.error();
        if (options_.dryRun) return result_;
        status = perform(*journal);
        if (!status) return status.error();
        return result_;
    }

private:
    Status readPlan(const Journal& journal) {
        bool planned = false;
        for (const Record& record : journal.records()) {
            if (record.step == "plan" && record.phase == Phase::Done) planned = true;
            if (record.step == "code" && record.phase == Phase::Intent)
                touched_.insert(record.data.value("change", size_t{0}));
            if (record.step == "code" && record.phase == Phase::Undone)
                touched_.erase(record.data.value("change", size_t{0}));
            if (record.step == "database" && record.phase == Phase::Intent) usesDatabase_ = true;
            if (record.step == "database" && record.phase == Phase::Undone) usesDatabase_ = false;
        }
        if (!planned) return Ok{}; // nothing but its own folder and perhaps a backup was made
        Result<std::string> text = readWhole(run_.planPath());
        if (!text) return text.error();
        Result<Plan> plan = parsePlan(*text, run_.planPath());
        if (!plan) return plan.error();
        plan_ = std::move(*plan);
        return Ok{};
    }

    Status decide() {
        std::vector<std::string> conflicts;
        for (size_t i = plan_.changes.size(); i-- > 0;) {
            if (!touched_.count(i)) continue;
            const PlannedChange& change = plan_.changes[i];
            Result<FileState> state = stateBelow(folder_.get(), change.path);
            if (!state) return state.error();
            FileAction action{i, actionFor(change, *state), *state};
            if (action.action == Action::Conflict) conflicts.push_back(change.path);
            actions_.push_back(std::move(action));
        }
        if (conflicts.empty() || options_.force) return checkPreimages();
        std::sort(conflicts.begin(), conflicts.end());
        return Error{"edited-since",
                     conflicts.size() == 1
                         ? fmt::format("{} was edited after the migration", conflicts.front())
                         : fmt::format("these files were edited after the migration: {}", join(conflicts, ", ")),
                     conflicts.front(), 0,
                     "nothing was changed; save your edits elsewhere, or use --force: it puts the old files "
                     "back and keeps a copy of the edited ones in .covetpy-migrate/kept"};
    }

    /// All old files must be at hand before the first one is put back.
    Status checkPreimages() {
        for (const FileAction& action : actions_) {
            if (action.action == Action::Nothing || plan_.changes[action.change].kind == ChangeKind::Create) continue;
            Result<std::string> bytes = preimage(action.change);
            if (!bytes) return bytes.error();
        }
        return Ok{};
    }

    static Action actionFor(const PlannedChange& change, const FileState& now) {
        bool isBefore = change.kind == ChangeKind::Create ? !now.exists : now.exists && now.sha256 == change.beforeDigest;
        bool isAfter = change.kind == ChangeKind::Delete ? !now.exists : now.exists && now.sha256 == change.afterDigest;
        if (change.kind == ChangeKind::Create) return isBefore ? Action::Nothing : isAfter ? Action::Remove : Action::Conflict;
        if (isBefore && now.mode == change.before.mode) return Action::Nothing;
        return isBefore || isAfter ? Action::Restore : Action::Conflict;
    }

    Status checkDatabase() {
        if (!usesDatabase_ || plan_.databaseUrl.empty()) return Ok{};
        Result<database::Url> url = database::parseUrl(options_.databaseUrl.empty() ? plan_.databaseUrl : options_.databaseUrl);
        if (!url) return url.error();
        url_ = url->within(root_);
        Result<load::UndoReport> report = load::undo(*url_, plan_.runId, true, options_.patience);
        if (report) return Ok{};
        if (!options_.force) return report.error();
        result_.databaseLeft = report.error().message;
        url_.reset();
        return Ok{};
    }

    Status perform(Journal& journal) {
        // The journal is only told: a full disk must not stand in the way of going back.
        (void)journal.append("run", Phase::UndoIntent);
        Status status = Ok{};
        for (const FileAction& action : actions_)
            if (status) status = apply(action);
        if (!status) return status;
        for (size_t i = plan_.newFolders.size(); i-- > 0;) removeEmptyFolder(folder_.get(), plan_.newFolders[i]);
        if (url_) {
            Result<load::UndoReport> report = load::undo(*url_, plan_.runId, false, options_.patience);
            if (!report) return report.error();
            result_.droppedTables = report->dropped;
            result_.emptiedTables = report->emptied;
            result_.databaseFileRemoved = report->fileRemoved;
            (void)journal.append("database", Phase::Undone);
        }
        (void)journal.append("run", Phase::End, {{"status", "undone"}});
        status = ToolFolder(root_).removeRun(run_);
        std::sort(result_.restored.begin(), result_.restored.end());
        std::sort(result_.removed.begin(), result_.removed.end());
        return status;
    }

    Status apply(const FileAction& action) {
        const PlannedChange& change = plan_.changes[action.change];
        removeTemporary(folder_.get(), change.path, change.temporaryName(action.change));
        if (action.action == Action::Nothing) return Ok{};
        if (action.action == Action::Conflict && action.current.exists) {
            Status kept = keepCopy(change.path);
            if (!kept) return kept;
        }
        if (change.kind == ChangeKind::Create) {
            if (!action.current.exists) return Ok{};
            result_.removed.push_back(change.path);
            return removeFile(folder_.get(), change.path, action.current.sha256);
        }
        Result<std::string> bytes = preimage(action.change);
        if (!bytes) return bytes.error();
        Result<std::vector<std::string>> made = makeFoldersFor(folder_.get(), change.path);
        if (!made) return made.error();
        FileWrite write;
        write.path = change.path;
        write.bytes = *bytes;
        write.mode = change.before.mode;
        write.expected = action.current.sha256;
        write.temporary = change.temporaryName(action.change);
        write.hasTime = true;
        write.seconds = change.before.modifiedSeconds;
        write.nanoseconds = change.before.modifiedNanoseconds;
        result_.restored.push_back(change.path);
        Status written = writeAtomically(folder_.get(), write);
        if (!written && written.error().code == "disk-full")
            written = moveIntoPlace(run_.preimagePath(action.change), folder_.get(), write);
        return written;
    }

    /// The file as it was: from the run's own copy, else from the backup.
    Result<std::string> preimage(size_t index) {
        const PlannedChange& change = plan_.changes[index];
        Result<std::string> own = readWhole(run_.preimagePath(index));
        if (own && sha256Hex(*own) == change.beforeDigest) return own;
        if (plan_.backupNumber == 0)
            return Error{"backup-damaged", "the copy of the old file is damaged and there is no backup",
                         run_.preimagePath(index), 0, "restore the file from version control"};
        Result<std::string> backedUp = BackupStore(plan_.backupFolder).read(plan_.backupNumber, change.path);
        if (backedUp && sha256Hex(*backedUp) != change.beforeDigest)
            return Error{"backup-damaged", "neither copy of the old file is as it was", run_.preimagePath(index), 0,
                         "restore the file from version control"};
        return backedUp;
    }

    Status keepCopy(const std::string& path) {
        Result<std::string> bytes = readBelow(folder_.get(), path);
        if (!bytes) return bytes.error();
        std::string copy = fmt::format("{}/kept/{:04}/{}", ToolFolder(root_).path(), run_.number, path);
        Status made = makeFolders(copy.substr(0, copy.rfind('/')), 0700);
        if (!made) return made;
        result_.kept.push_back(copy.substr(root_.size() + 1));
        return writePrivateFile(copy, *bytes);
    }

    const std::string& root_;
    const RunFolder& run_;
    const UndoOptions& options_;
    Descriptor folder_;
    Plan plan_;
    std::set<size_t> touched_;
    bool usesDatabase_ = false;
    std::optional<database::Url> url_;
    std::vector<FileAction> actions_;
    UndoResult result_;
};

} // namespace

Result<UndoResult> undoRun(const std::string& root, const RunFolder& run, const UndoOptions& options) {
    return Undo(root, run, options).perform();
}

} // namespace covet::cli
