#pragma once

#include <string>
#include <vector>

#include "database/connection.h"
#include "load/locks.h"

namespace covet::load {

/// One line of the history table `covet_migrations`.
struct HistoryEntry {
    int64_t id = 0;
    std::string runId;
    std::string step;     // "create", "fill", "merge", "routes"
    std::string object;   // table
    uint64_t rows = 0;    // that the run left in the table
    std::string checksum; // of those rows, independent of their order
    std::string toolVersion;
    std::string appliedAt; // UTC, "2024-01-31T12:00:00Z"
};

/// The history in the database; empty when there is none.
Result<std::vector<HistoryEntry>> history(database::Connection& connection);

struct UndoReport {
    std::vector<std::string> dropped; // tables that the run had created
    std::vector<std::string> emptied; // tables that existed before and were filled
    bool fileRemoved = false;         // SQLite: the run had made the file, nothing else was in it
    bool nothingToDo = false;         // no trace of the run
};

/// Drops exactly what the run created, in one transaction where the database has them. Refuses
/// (code "database-conflict") when a table's rows are not the ones that the run left, when rows
/// were merged into existing ones, or when something else refers to a table; never cascades.
/// `dryRun` only answers whether it could be done. The URL must be resolved (Url::within).
Result<UndoReport> undo(const database::Url& url, const std::string& runId, bool dryRun = false,
                        const Patience& patience = {});

} // namespace covet::load
