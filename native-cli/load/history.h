#pragma once

#include "load/undo.h"
#include "schema/ddl.h"

namespace covet::load {

/// What a history entry says was done to a table.
namespace step {
inline constexpr const char* kBegin = "begin";   // MySQL: table is being made; no part of the history
inline constexpr const char* kCreate = "create"; // table made and filled
inline constexpr const char* kFill = "fill";     // empty table filled
inline constexpr const char* kMerge = "merge";   // rows added to or changed among others
inline constexpr const char* kRoutes = "routes"; // manifest of routes replaced
inline constexpr const char* kFile = "file";     // SQLite: the file itself was made
} // namespace step

/// The table `covet_migrations`.
const schema::Table& historyTable();

/// Whether the history table is there and has the columns that this version writes; an error
/// "database-conflict" when a table of that name is something else.
Result<bool> historyExists(database::Connection& connection);

/// Adds entries to the history table or to its staged twin, `table`; id and time are made here.
Status writeHistory(database::Connection& connection, const std::vector<HistoryEntry>& entries,
                    const schema::Table& table);

} // namespace covet::load
