#include "verify/cell_reader.h"

#include <cctype>
#include <cstdio>

#include "syntax/evaluator/json_reader.h"
#include "syntax/evaluator/temporal.h"
#include "syntax/exact_number.h"

namespace covet::verify {
namespace {

using Kind = Value::Kind;
using schema::TypeKind;
using syntax::eval::Moment;

/// The moment in UTC if it has an offset, unchanged otherwise.
Moment inUtc(Moment moment) {
    if (!moment.aware || moment.offset == 0) return moment;
    int64_t seconds = syntax::eval::daysFromCivil(moment.year, moment.month, moment.day) * 86400 +
                      moment.hour * 3600 + moment.minute * 60 + moment.second - moment.offset;
    int64_t days = seconds / 86400;
    seconds %= 86400;
    if (seconds < 0) {
        seconds += 86400;
        --days;
    }
    syntax::eval::civilFromDays(days, moment.year, moment.month, moment.day);
    moment.hour = static_cast<int>(seconds / 3600);
    moment.minute = static_cast<int>(seconds / 60 % 60);
    moment.second = static_cast<int>(seconds % 60);
    moment.offset = 0;
    return moment;
}

std::optional<Value> momentValue(const std::string& text, bool assumeUtc) {
    std::optional<Moment> moment = syntax::eval::parseIso(text);
    if (!moment || text.size() < 19) return std::nullopt;
    if (assumeUtc && !moment->aware) {
        moment->aware = true;
        moment->offset = 0;
    }
    return Value::scalar(Kind::DateTime, syntax::eval::isoDateTime(*moment));
}

/// "03:04:05" or "03:04:05.000006" with a fraction only where there is one.
std::optional<Value> timeValue(std::string text) {
    if (text.size() < 5) return std::nullopt;
    if (text.size() == 5) text += ":00";
    const std::optional<Moment> moment = syntax::eval::parseIso("2000-01-01T" + text);
    if (!moment || moment->aware) return std::nullopt;
    return Value::scalar(Kind::Time, syntax::eval::isoDateTime(*moment).substr(11));
}

std::optional<Value> uuidValue(const Value& stored) {
    std::string digits;
    if (stored.kind() == Kind::Bytes && stored.text().size() == 16) {
        for (const char c : stored.text()) {
            char buffer[4];
            std::snprintf(buffer, sizeof buffer, "%02x", static_cast<unsigned char>(c));
            digits += buffer;
        }
    } else if (stored.kind() == Kind::Str || stored.kind() == Kind::Uuid) {
        for (const char c : stored.text()) {
            if (c == '-') continue;
            if (std::isxdigit(static_cast<unsigned char>(c)) == 0) return std::nullopt;
            digits += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
    }
    if (digits.size() != 32) return std::nullopt;
    for (const size_t at : {8u, 13u, 18u, 23u})
        digits.insert(at, 1, '-');
    return Value::scalar(Kind::Uuid, digits);
}

/// A finite decimal in the notation of Python's Decimal.
std::optional<Value> decimalValue(const std::string& text) {
    size_t digits = 0;
    size_t points = 0;
    size_t i = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    for (; i < text.size() &&
           (text[i] == '.' || std::isdigit(static_cast<unsigned char>(text[i])) != 0);
         ++i)
        ++(text[i] == '.' ? points : digits);
    if (digits == 0 || points > 1) return std::nullopt;
    if (i < text.size()) {
        if (text[i] != 'E' && text[i] != 'e') return std::nullopt;
        i += i + 1 < text.size() && (text[i + 1] == '-' || text[i + 1] == '+') ? 2 : 1;
        if (i == text.size()) return std::nullopt;
        for (; i < text.size(); ++i)
            if (std::isdigit(static_cast<unsigned char>(text[i])) == 0) return std::nullopt;
    }
    return Value::scalar(Kind::Decimal, text);
}

std::optional<Value> numericCell(const Value& stored, const schema::Column& column) {
    if (stored.kind() != Kind::Decimal && stored.kind() != Kind::Int && stored.kind() != Kind::Str)
        return std::nullopt;
    const std::optional<Value> number = decimalValue(stored.text());
    if (number && column.pythonType == "float") return Value::floatingText(number->text());
    if (number && column.pythonType == "number")
        return number->text().find_first_of(".eE") == std::string::npos ? Value::integerText(number->text())
                                                                        : Value::floatingText(number->text());
    if (!number || column.pythonType != "int") return number;
    const size_t point = stored.text().find('.');
    if (stored.text().find_first_not_of(".0", point) != std::string::npos &&
        point != std::string::npos)
        return number;
    return Value::integerText(stored.text().substr(0, point));
}

} // namespace

std::optional<Value> readCell(const Value& stored, const schema::Column& column,
                              schema::Dialect dialect) {
    if (stored.isNull()) return stored;
    const Kind kind = stored.kind();
    const bool server = dialect == schema::Dialect::Postgres;
    const auto only = [&](Kind wanted) {
        return kind == wanted ? std::optional<Value>(stored) : std::nullopt;
    };
    switch (column.type.kind) {
    case TypeKind::Integer:
    case TypeKind::BigInt:
        return only(Kind::Int);
    case TypeKind::Float:
        return only(Kind::Float);
    case TypeKind::Numeric:
        return numericCell(stored, column);
    case TypeKind::Boolean:
        if (server) return only(Kind::Bool);
        if (kind != Kind::Int || (stored.text() != "0" && stored.text() != "1"))
            return std::nullopt;
        return Value::boolean(stored.text() == "1");
    case TypeKind::Text:
    case TypeKind::Varchar:
        if (kind != Kind::Str) return std::nullopt;
        if (column.pythonType == "datetime") return momentValue(stored.text(), false);
        return stored;
    case TypeKind::Date:
        if (kind == Kind::Date) return stored;
        if (kind != Kind::Str || stored.text().size() != 10 ||
            !syntax::eval::parseIso(stored.text()))
            return std::nullopt;
        return Value::scalar(Kind::Date, stored.text());
    case TypeKind::Time:
        return kind == Kind::Time || kind == Kind::Str ? timeValue(stored.text()) : std::nullopt;
    case TypeKind::Timestamp:
        return kind == Kind::DateTime || kind == Kind::Str ? momentValue(stored.text(), false)
                                                           : std::nullopt;
    case TypeKind::TimestampTz:
        return kind == Kind::DateTime || kind == Kind::Str ? momentValue(stored.text(), !server)
                                                           : std::nullopt;
    case TypeKind::Uuid:
        return uuidValue(stored);
    case TypeKind::Json:
        return kind == Kind::Str ? syntax::eval::readJson(stored.text()) : std::nullopt;
    case TypeKind::Bytes:
        return only(Kind::Bytes);
    }
    return std::nullopt;
}

Value canonical(const Value& value, const schema::Column& column) {
    switch (value.kind()) {
    case Kind::Opaque: // not known without running code: loaded as NULL, and reported
        return Value::null();
    case Kind::DateTime: {
        // A text column keeps the offset itself, not only the instant.
        const bool asWritten = column.type.kind == TypeKind::Varchar;
        const std::optional<Moment> moment = syntax::eval::parseIso(value.text());
        if (!moment) return value;
        return Value::scalar(Kind::DateTime,
                             syntax::eval::isoDateTime(asWritten ? *moment : inUtc(*moment)));
    }
    case Kind::Time:
        if (const std::optional<Value> time = timeValue(value.text())) return *time;
        return value;
    case Kind::Float:
        return Value::floating(value.toDouble());
    case Kind::Str:
        if (column.type.kind == TypeKind::Uuid)
            if (const std::optional<Value> uuid = uuidValue(value)) return *uuid;
        return value;
    default:
        return value;
    }
}

bool same(const Value& left, const Value& right) {
    if (left.kind() == Kind::Decimal && right.kind() == Kind::Decimal)
        return ExactNumber::of(left) == ExactNumber::of(right);
    return left.identical(right);
}

} // namespace covet::verify
