#pragma once

#include <string>
#include <string_view>

namespace covet::schema {

/// What the end of an ISO 8601 text says about its zone.
enum class Zone { None, Utc, Other };
Zone zoneOf(std::string_view isoText);

/// "2024-01-02 03:04:05.000000" of an ISO 8601 date and time without its zone: texts of one column
/// then sort as the moments do, and SQLAlchemy reads them on SQLite.
std::string databaseMoment(std::string_view isoText);
/// "03:04:05.000000" of an ISO 8601 time.
std::string databaseTime(std::string_view isoText);

} // namespace covet::schema
