#include "schema/moment_text.h"

namespace covet::schema {
namespace {

/// Where the zone of a text starts whose time starts at `time`; npos without one.
size_t zoneStart(std::string_view text, size_t time) {
    return text.find_first_of("+-Z", time);
}

size_t timeStart(std::string_view text) {
    return text.size() > 10 && (text[10] == 'T' || text[10] == ' ') ? 11 : 0;
}

} // namespace

Zone zoneOf(std::string_view text) {
    const size_t at = zoneStart(text, timeStart(text));
    if (at == std::string_view::npos) return Zone::None;
    const std::string_view zone = text.substr(at);
    return zone == "Z" || zone == "+00:00" || zone == "-00:00" ? Zone::Utc : Zone::Other;
}

std::string databaseTime(std::string_view text) {
    std::string time(text.substr(0, zoneStart(text, 0)));
    if (time.size() == 5) time += ":00";
    if (time.size() == 8) time += ".";
    while (time.size() < 15)
        time += '0';
    return time;
}

std::string databaseMoment(std::string_view text) {
    const size_t time = timeStart(text);
    if (time == 0) return std::string(text.substr(0, 10)) + " 00:00:00.000000";
    return std::string(text.substr(0, 10)) + " " + databaseTime(text.substr(time));
}

} // namespace covet::schema
