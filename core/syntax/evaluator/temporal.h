#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "syntax/value.h"

namespace covet::syntax::eval {

/// A date or datetime taken apart. `offset` is in seconds and only meaningful if `aware`.
struct Moment {
    int year = 1, month = 1, day = 1;
    int hour = 0, minute = 0, second = 0, microsecond = 0;
    bool aware = false;
    int offset = 0;
};

/// Days since 1970-01-01 in the proleptic Gregorian calendar, and back.
int64_t daysFromCivil(int year, int month, int day);
void civilFromDays(int64_t days, int& year, int& month, int& day);

/// Whether the fields are ones that Python's constructors accept.
bool isValid(const Moment& moment);
std::string isoDate(const Moment& moment);
/// As datetime.isoformat() writes it.
std::string isoDateTime(const Moment& moment);
/// Date or DateTime value -> fields.
std::optional<Moment> momentOf(const Value& value);
/// What every Python since 3.7 accepts in datetime.fromisoformat, and "Z".
std::optional<Moment> parseIso(std::string_view text);
/// `+ - *` and `//` between dates, datetimes, timedeltas and ints; nothing for other operands.
std::optional<Value> temporalArithmetic(std::string_view op, const Value& left, const Value& right);
/// An attribute (`year`) of a temporal value.
std::optional<Value> temporalAttribute(const Value& value, std::string_view name);
/// Time value -> fields, on the day that strptime gives a text without a date.
std::optional<Moment> clockOf(const Value& value);
/// Two path texts with one '/' between them, as pathlib joins them.
std::string joinPath(const std::string& left, const std::string& right);

} // namespace covet::syntax::eval
