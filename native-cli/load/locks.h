#pragma once

#include "database/connection.h"

namespace covet::load {

/// Keeps other runs of this tool out of the database for as long as the session lives. Never waits:
/// error "database-locked" says who holds the lock. SQLite: nothing to do, its files are locked by
/// writing.
Status lockDatabase(database::Connection& connection);

/// Gives the lock back at once; a server notices the end of a session only some time after it.
void unlockDatabase(database::Connection& connection);

} // namespace covet::load
