#pragma once

#include <string_view>

#include "syntax/value.h"

namespace covet::database {

/// The Value of a cell in PostgreSQL's text format, by the type's OID; the session's settings are
/// those of PostgresConnection. Types without a Value kind give Str.
Value postgresValue(std::string_view text, unsigned typeOid);

/// A text parameter for the value; NUL characters cannot travel (false).
bool postgresParameter(const Value& value, std::string& text);

} // namespace covet::database
