#pragma once

#include <string>
#include <string_view>

#include "support/result.h"

namespace covet::database {

/// What a server, or the client's library, said when it did not let anybody in.
struct Refusal {
    std::string message;        // one line, without secrets
    std::string sqlState;       // PostgreSQL's, "" if the server did not answer
    unsigned number = 0;       // MySQL's
    bool hasPassword = true;   // one was given at all
    std::string_view variable; // of the environment that a password may be in
    bool isVerified = false;   // TLS that checks the server was asked for by default
    std::string_view tlsOption; // "sslmode=require", how to ask for less
    std::string_view tlsOff;    // "sslmode=disable"
};

/// The error with its cause: a login that was refused and a database that is not there have a code of their own, since
/// trying again does not help.
Error connectError(const char* product, const Refusal& refusal);

} // namespace covet::database
