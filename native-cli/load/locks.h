#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "database/connection.h"

namespace covet::load {

/// How long to wait for another run's lock: a server notices some time later that a run was killed, and takes back
/// first what that run had not finished.
struct Patience {
    std::chrono::milliseconds limit{30000};
    /// Gets who holds the lock and how long is waited, before every pause; false = give up. Null: wait in silence.
    std::function<bool(const std::string&)> waiting;
};

/// Keeps other runs of this tool out of the database for as long as the session lives. Asks again, after pauses of no
/// fixed length, until the patience is at its end: error "database-locked" says who holds the lock. SQLite: nothing to
/// do, its files are locked by writing.
Status lockDatabase(database::Connection& connection, const Patience& patience = {});

/// Gives the lock back at once; a server notices the end of a session only some time after it.
void unlockDatabase(database::Connection& connection);

/// One more session of the run that holds the lock; `number` counts them from 1. MySQL lets no other run in before it
/// has ended, too: what it executes outlives the process.
Result<std::unique_ptr<database::Connection>> helperSession(const database::Url& url, size_t number);
inline constexpr size_t kHelperSessions = 3;

} // namespace covet::load
