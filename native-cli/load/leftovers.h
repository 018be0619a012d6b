#pragma once

#include <string>
#include <vector>

#include "database/connection.h"
#include "schema/model.h"

namespace covet::load {

/// MySQL: names of tables that are staged start like this. A table of that name is one of ours only if its
/// comment says so, too.
inline constexpr const char* kStagingPrefix = "covet_stage_";

/// The rest of a CREATE TABLE statement of MySQL by which a table can be told from all others: its comment has its
/// own name and the run's, so that no copy of the table has the mark.
std::string withMark(std::string createTableSql, const std::string& table, const std::string& runId);

/// MySQL: writes down that the run makes these tables under their own names, before the first one is there. Until
/// the entries are gone (forgetAnnounced()), the tables are leftovers of the run; makes the history table if needed.
Status announceTables(database::Connection& connection, const std::vector<std::string>& tables, const std::string& runId);

/// Takes the entries back, in the current transaction: whoever commits it, publishes the tables.
Status forgetAnnounced(database::Connection& connection, const std::string& runId);

/// Tables of loads that were killed: staged ones, and those that were announced and are marked. The caller holds the
/// lock of the database.
Result<std::vector<std::string>> leftoverTables(database::Connection& connection);

/// Drops them.
Status dropLeftovers(database::Connection& connection);

} // namespace covet::load
