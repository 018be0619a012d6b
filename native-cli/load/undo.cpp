#include "load/undo.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <thread>

#include "load/checksum.h"
#include "load/history.h"
#include "load/leftovers.h"
#include "load/locks.h"
#include "load/sqlite_file.h"
#include "load/undo_steps.h"
#include "support/strings.h"

namespace covet::load {
namespace {

using database::makeError;
namespace code = database::code;

bool isManifest(const HistoryEntry& entry) {
    return entry.object == schema::routesTable().name;
}

constexpr int kConnectAttempts = 4;
constexpr std::chrono::seconds kConnectPause(1);

/// A session to undo with. What ended the load may have been the server's restart, which takes a moment.
Result<std::unique_ptr<database::Connection>> connectPatiently(const database::Url& url, const Patience& patience) {
    for (int attempt = 1;; ++attempt) {
        auto opened = database::connect(url);
        if (opened || url.dialect == schema::Dialect::Sqlite || attempt == kConnectAttempts || patience.limit < kConnectPause ||
            opened.error().code != code::kConnection)
            return opened;
        if (patience.waiting && !patience.waiting(opened.error().message + "; trying again")) return opened;
        std::this_thread::sleep_for(kConnectPause);
    }
}

class Undo {
public:
    Undo(database::Connection& connection, std::string runId)
        : connection_(connection), runId_(std::move(runId)) {}

    /// Finds out what there is to do and whether it may be done.
    Status examine() {
        const auto entries = history(connection_);
        if (!entries) return entries.error();
        const auto tables = connection_.tables();
        if (!tables) return tables.error();
        existing_.insert(tables->begin(), tables->end());
        for (const HistoryEntry& entry : *entries) {
            if (entry.runId != runId_) {
                othersInHistory_ = true;
                continue;
            }
            found_ = true;
            if (Status done = take(entry); !done) return done;
        }
        // Another run's work on a table would be lost with it.
        for (const HistoryEntry& entry : *entries)
            if (entry.runId != runId_ && drops_.count(entry.object) && !isManifest(entry))
                return makeError(code::kConflict,
                                 "the run " + entry.runId + " has used the table " +
                                     database::shown(entry.object) + " since",
                                 "undo that run first");
        return checkReferences();
    }

    Status apply(UndoReport& report) {
        if (Status done =
                dropTables(connection_, std::vector<std::string>(drops_.begin(), drops_.end()));
            !done)
            return done;
        for (const std::string& table : emptyingOrder_)
            if (Status done = connection_.execute("DELETE FROM " + connection_.quoted(table));
                !done)
                return done;
        if (found_) {
            const std::string name = connection_.quoted(historyTable().name);
            Status done = othersInHistory_
                              ? connection_.execute("DELETE FROM " + name + " WHERE " +
                                                        connection_.quoted("run_id") + " = " +
                                                        connection_.placeholder(1),
                                                    {Value::string(runId_)})
                              : connection_.execute("DROP TABLE " + name);
            if (!done) return done;
        }
        report.dropped.assign(drops_.begin(), drops_.end());
        report.emptied.assign(empties_.begin(), empties_.end());
        return Ok{};
    }

    bool found() const { return found_; }
    /// Whether the run made the whole file and nothing else is in it.
    bool ownsFile() const {
        if (!madeFile_ || othersInHistory_) return false;
        return std::all_of(existing_.begin(), existing_.end(), [&](const std::string& table) {
            return drops_.count(table) || table == historyTable().name;
        });
    }

private:
    Status take(const HistoryEntry& entry) {
        if (entry.step == step::kFile) {
            madeFile_ = true;
            return Ok{};
        }
        if (entry.step == step::kRoutes || existing_.count(entry.object) == 0) return Ok{};
        if (entry.step == step::kMerge)
            return makeError(code::kConflict,
                             "the run merged rows into the table " + database::shown(entry.object) +
                                 ", which had rows before: they cannot be told apart any more",
                             "restore the database from the backup that was made before the run");
        // The manifest describes the code; nobody's data is in it.
        if (!isManifest(entry)) {
            const auto columns = connection_.columns(entry.object);
            if (!columns) return columns.error();
            const Result<TableChecksum> now = checksumOf(connection_, entry.object, *columns, entry.rows);
            if (!now) return now.error();
            if (now->rows != entry.rows || now->hex != entry.checksum) {
                std::string what = " has changed since the run (" + std::to_string(entry.rows) +
                                   " rows then, " + std::to_string(now->rows) + " now)";
                return makeError(code::kConflict,
                                 "the table " + database::shown(entry.object) + what,
                                 "export what was added, or keep the table: nothing was dropped");
            }
        }
        (entry.step == step::kCreate ? drops_ : empties_).insert(entry.object);
        return Ok{};
    }

    Status checkReferences() {
        const auto keys = connection_.foreignKeys();
        if (!keys) return keys.error();
        std::map<std::string, std::set<std::string>> waitsFor;
        for (const database::ForeignKeyInfo& key : *keys) {
            const bool targeted = drops_.count(key.target) || empties_.count(key.target);
            const bool goesToo = drops_.count(key.table) || empties_.count(key.table);
            if (!targeted) continue;
            if (!goesToo)
                return makeError(code::kConflict,
                                 "the table " + database::shown(key.table) + " refers to " +
                                     database::shown(key.target),
                                 "drop that reference first: nothing was dropped");
            if (key.table != key.target) waitsFor[key.target].insert(key.table);
        }
        // Rows that refer to others go first.
        std::set<std::string> left = empties_;
        while (!left.empty()) {
            auto next = std::find_if(left.begin(), left.end(), [&](const std::string& table) {
                return std::none_of(
                    waitsFor[table].begin(), waitsFor[table].end(),
                    [&](const std::string& other) { return left.count(other) > 0; });
            });
            if (next == left.end()) next = left.begin(); // a ring: the database decides
            emptyingOrder_.push_back(*next);
            left.erase(next);
        }
        return Ok{};
    }

    database::Connection& connection_;
    std::string runId_;
    std::set<std::string> existing_, drops_, empties_;
    std::vector<std::string> emptyingOrder_;
    bool found_ = false;
    bool madeFile_ = false;
    bool othersInHistory_ = false;
};

Result<UndoReport> undoLocked(database::Connection& connection, const std::string& runId,
                              bool dryRun) {
    UndoReport report;
    if (!dryRun)
        if (Status done = dropLeftovers(connection); !done) return done.error();
    if (Status done = connection.begin(); !done) return done.error();
    Undo undo(connection, runId);
    Status done = undo.examine();
    report.nothingToDo = !undo.found();
    if (done.ok() && !dryRun && undo.found()) done = undo.apply(report);
    if (!done || dryRun || report.nothingToDo) {
        connection.rollback();
        if (!done) return done.error();
        return report;
    }
    if (connection.dialect() == schema::Dialect::Sqlite && undo.ownsFile()) {
        // Rolled back only when the file is gone, so that nobody writes to it in between.
        const Status removed = removeDatabaseFile(connection);
        connection.rollback();
        if (!removed) return removed.error();
        report.fileRemoved = true;
        return report;
    }
    if (Status committed = connection.commit(); !committed) return committed.error();
    return report;
}

} // namespace

Result<UndoReport> undo(const database::Url& url, const std::string& runId, bool dryRun,
                        const Patience& patience) {
    if (!dryRun && url.dialect == schema::Dialect::Sqlite)
        removeAbandonedPartial(finalPath(url.database));
    if (!databaseExists(url)) {
        UndoReport nothing;
        nothing.nothingToDo = true;
        return nothing;
    }
    auto opened = connectPatiently(url, patience);
    if (!opened) return opened.error();
    database::Connection& connection = **opened;
    if (Status done = lockDatabase(connection, patience); !done) return done.error();
    Result<UndoReport> report = undoLocked(connection, runId, dryRun);
    unlockDatabase(connection);
    return report;
}

} // namespace covet::load
