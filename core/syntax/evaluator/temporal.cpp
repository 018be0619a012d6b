#include "syntax/evaluator/temporal.h"

#include <cstdio>
#include <cstdlib>

namespace covet::syntax::eval {
namespace {

constexpr int64_t kDay = 86400000000LL;

bool readNumber(std::string_view text, size_t at, size_t digits, int& out) {
    if (at + digits > text.size()) return false;
    out = 0;
    for (size_t i = at; i < at + digits; ++i) {
        if (text[i] < '0' || text[i] > '9') return false;
        out = out * 10 + (text[i] - '0');
    }
    return true;
}

int64_t microseconds(const Moment& m) {
    return daysFromCivil(m.year, m.month, m.day) * kDay +
           ((m.hour * 60LL + m.minute) * 60 + m.second) * 1000000LL + m.microsecond;
}

bool fromMicroseconds(int64_t total, Moment& m) {
    int64_t days = total / kDay;
    int64_t rest = total % kDay;
    if (rest < 0) {
        rest += kDay;
        --days;
    }
    if (days < daysFromCivil(1, 1, 1) || days > daysFromCivil(9999, 12, 31)) return false;
    civilFromDays(days, m.year, m.month, m.day);
    m.microsecond = static_cast<int>(rest % 1000000);
    const int64_t seconds = rest / 1000000;
    m.hour = static_cast<int>(seconds / 3600);
    m.minute = static_cast<int>(seconds / 60 % 60);
    m.second = static_cast<int>(seconds % 60);
    return true;
}

} // namespace

int64_t daysFromCivil(int year, int month, int day) {
    const int64_t y = month <= 2 ? year - 1 : year;
    const int64_t era = (y >= 0 ? y : y - 399) / 400;
    const int64_t yearOfEra = y - era * 400;
    const int64_t dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
}

void civilFromDays(int64_t days, int& year, int& month, int& day) {
    days += 719468;
    const int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    const int64_t dayOfEra = days - era * 146097;
    const int64_t yearOfEra =
        (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
    const int64_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const int64_t shifted = (5 * dayOfYear + 2) / 153;
    day = static_cast<int>(dayOfYear - (153 * shifted + 2) / 5 + 1);
    month = static_cast<int>(shifted < 10 ? shifted + 3 : shifted - 9);
    year = static_cast<int>(yearOfEra + era * 400 + (month <= 2 ? 1 : 0));
}

bool isValid(const Moment& m) {
    if (m.year < 1 || m.year > 9999 || m.month < 1 || m.month > 12 || m.day < 1 || m.day > 31 ||
        m.hour < 0 || m.hour > 23 || m.minute < 0 || m.minute > 59 || m.second < 0 ||
        m.second > 59 || m.microsecond < 0 || m.microsecond > 999999)
        return false;
    int year = 0;
    int month = 0;
    int day = 0;
    civilFromDays(daysFromCivil(m.year, m.month, m.day), year, month, day);
    return month == m.month && day == m.day;
}

std::string isoDate(const Moment& m) {
    char buffer[48];
    std::snprintf(buffer, sizeof buffer, "%04d-%02d-%02d", m.year, m.month, m.day);
    return buffer;
}

std::string isoDateTime(const Moment& m) {
    char buffer[48];
    std::snprintf(buffer, sizeof buffer, "T%02d:%02d:%02d", m.hour, m.minute, m.second);
    std::string text = isoDate(m) + buffer;
    if (m.microsecond != 0) {
        std::snprintf(buffer, sizeof buffer, ".%06d", m.microsecond);
        text += buffer;
    }
    if (m.aware) {
        const int offset = std::abs(m.offset);
        std::snprintf(buffer, sizeof buffer, "%c%02d:%02d", m.offset < 0 ? '-' : '+', offset / 3600,
                      offset / 60 % 60);
        text += buffer;
        if (offset % 60 != 0) {
            std::snprintf(buffer, sizeof buffer, ":%02d", offset % 60);
            text += buffer;
        }
    }
    return text;
}

std::optional<Moment> parseIso(std::string_view text) {
    Moment m;
    if (!readNumber(text, 0, 4, m.year) || text.size() < 10 || text[4] != '-' ||
        !readNumber(text, 5, 2, m.month) || text[7] != '-' || !readNumber(text, 8, 2, m.day))
        return std::nullopt;
    size_t at = 10;
    if (at == text.size()) return isValid(m) ? std::optional<Moment>(m) : std::nullopt;
    ++at; // any separator
    if (!readNumber(text, at, 2, m.hour)) return std::nullopt;
    at += 2;
    if (at < text.size() && text[at] == ':') {
        if (!readNumber(text, at + 1, 2, m.minute)) return std::nullopt;
        at += 3;
        if (at < text.size() && text[at] == ':') {
            if (!readNumber(text, at + 1, 2, m.second)) return std::nullopt;
            at += 3;
            if (at < text.size() && text[at] == '.') {
                if (readNumber(text, at + 1, 6, m.microsecond)) {
                    at += 7;
                } else if (readNumber(text, at + 1, 3, m.microsecond)) {
                    m.microsecond *= 1000;
                    at += 4;
                } else {
                    return std::nullopt;
                }
            }
        }
    }
    if (at < text.size() && text[at] == 'Z' && at + 1 == text.size()) {
        m.aware = true;
        ++at;
    } else if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
        int hours = 0;
        int minutes = 0;
        if (!readNumber(text, at + 1, 2, hours) || at + 3 >= text.size() || text[at + 3] != ':' ||
            !readNumber(text, at + 4, 2, minutes))
            return std::nullopt;
        m.aware = true;
        const int sign = text[at] == '-' ? -1 : 1;
        int seconds = 0;
        at += 6;
        if (readNumber(text, at + 1, 2, seconds) && text[at] == ':') at += 3;
        m.offset = sign * ((hours * 60 + minutes) * 60 + seconds);
    }
    return at == text.size() && isValid(m) ? std::optional<Moment>(m) : std::nullopt;
}

std::optional<Moment> momentOf(const Value& value) {
    if (value.kind() != Value::Kind::Date && value.kind() != Value::Kind::DateTime)
        return std::nullopt;
    return parseIso(value.text());
}

std::optional<Moment> clockOf(const Value& value) {
    if (value.kind() != Value::Kind::Time) return std::nullopt;
    return parseIso("1900-01-01T" + value.text());
}

std::optional<Value> temporalArithmetic(std::string_view op, const Value& left,
                                        const Value& right) {
    using Kind = Value::Kind;
    const auto amount = [](const Value& delta) { return std::atoll(delta.text().c_str()); };
    const auto delta = [](int64_t value) {
        return Value::scalar(Kind::Timedelta, std::to_string(value));
    };
    if (left.kind() == Kind::Timedelta && right.kind() == Kind::Timedelta) {
        if (op == "+") return delta(amount(left) + amount(right));
        if (op == "-") return delta(amount(left) - amount(right));
        return std::nullopt;
    }
    int64_t factor = 0;
    if (op == "*" && left.kind() == Kind::Timedelta && right.toInt64(factor))
        return delta(amount(left) * factor);
    if (op == "*" && right.kind() == Kind::Timedelta && left.toInt64(factor))
        return delta(amount(right) * factor);
    const auto a = momentOf(left);
    const auto b = momentOf(right);
    if (a && b && left.kind() == right.kind() && op == "-" && a->aware == b->aware)
        return delta(microseconds(*a) - microseconds(*b) - (a->offset - b->offset) * 1000000LL);
    const bool swapped = right.kind() != Kind::Timedelta;
    const auto& base = swapped ? b : a;
    const Value& change = swapped ? left : right;
    if (!base || change.kind() != Kind::Timedelta || (op != "+" && (op != "-" || swapped)))
        return std::nullopt;
    Moment moved = *base;
    int64_t microChange = amount(change);
    const bool isDate = (swapped ? right : left).kind() == Kind::Date;
    if (isDate) { // whole days only, rounded down
        int64_t days = microChange / kDay;
        if (microChange % kDay < 0) --days;
        microChange = days * kDay;
    }
    if (!fromMicroseconds(microseconds(*base) + (op == "+" ? microChange : -microChange), moved))
        return std::nullopt;
    return isDate ? Value::scalar(Kind::Date, isoDate(moved))
                  : Value::scalar(Kind::DateTime, isoDateTime(moved));
}

std::optional<Value> temporalAttribute(const Value& value, std::string_view name) {
    if (value.kind() == Value::Kind::Timedelta) {
        const int64_t total = std::atoll(value.text().c_str());
        int64_t days = total / kDay;
        if (total % kDay < 0) --days;
        if (name == "days") return Value::integer(days);
        if (name == "seconds") return Value::integer((total - days * kDay) / 1000000);
        if (name == "microseconds") return Value::integer((total - days * kDay) % 1000000);
        return std::nullopt;
    }
    const bool isClock = value.kind() == Value::Kind::Time;
    const auto m = isClock ? clockOf(value) : momentOf(value);
    if (!m) return std::nullopt;
    if (isClock && (name == "year" || name == "month" || name == "day")) return std::nullopt;
    if (name == "year") return Value::integer(m->year);
    if (name == "month") return Value::integer(m->month);
    if (name == "day") return Value::integer(m->day);
    if (value.kind() == Value::Kind::Date) return std::nullopt;
    if (name == "hour") return Value::integer(m->hour);
    if (name == "minute") return Value::integer(m->minute);
    if (name == "second") return Value::integer(m->second);
    if (name == "microsecond") return Value::integer(m->microsecond);
    return std::nullopt;
}

std::string joinPath(const std::string& left, const std::string& right) {
    if (!right.empty() && right[0] == '/') return right;
    if (left.empty() || left == ".") return right;
    return left.back() == '/' ? left + right : left + "/" + right;
}

} // namespace covet::syntax::eval
