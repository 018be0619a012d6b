#pragma once

#include <libpq-fe.h>

#include <string>

#include "database/connect_errors.h"
#include "database/url.h"

namespace covet::database {

/// A session of libpq with what the URL says, with verified TLS to servers on other machines. Null, and why, if there is none.
PGconn* openSession(const Url& url, Refusal& refusal);

/// A message of libpq in one line.
std::string oneLine(std::string text);

} // namespace covet::database
