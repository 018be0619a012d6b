#pragma once

#include "support/result.h"

namespace covet::cli {

/// What the process answers to the shell. 128 + signal number after an orderly abort.
enum class ExitCode : int {
    Ok = 0,
    Usage = 1,
    Refused = 2,      // preflight said no; nothing was changed
    Unverified = 3,   // the database does not hold what the code held
    DataRejected = 4, // rows that the schema or the server cannot take
    Database = 5,     // connection or server
    InputOutput = 6,
    Locked = 7,    // another run holds the project
    Resumable = 8, // interrupted half-way; `run` or `rollback` puts it right
    Internal = 9,
    Findings = 10, // a check found what it looks for
};

/// The exit code that belongs to an Error's code; Internal for codes nobody listed.
ExitCode exitCodeOf(const Error& error);

} // namespace covet::cli
