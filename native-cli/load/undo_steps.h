#pragma once

#include <string>
#include <vector>

#include "database/connection.h"

namespace covet::load {

/// Whether there is something to connect to (SQLite: a file with content).
bool databaseExists(const database::Url& url);

/// Drops the tables together, so that references among them do not matter; never cascades.
Status dropTables(database::Connection& connection, const std::vector<std::string>& tables);

/// SQLite: removes the file and its companions, inside the transaction that keeps writers out.
Status removeDatabaseFile(database::Connection& connection);

} // namespace covet::load
