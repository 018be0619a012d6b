#include "database/postgres_values.h"

#include <limits>

namespace covet::database {
namespace {

using Kind = Value::Kind;

// Fixed in the server's catalogue (pg_type.dat).
constexpr unsigned kBool = 16, kBytea = 17, kInt8 = 20, kInt2 = 21, kInt4 = 23, kOid = 26;
constexpr unsigned kFloat4 = 700, kFloat8 = 701, kDate = 1082, kTime = 1083, kTimestamp = 1114;
constexpr unsigned kTimestampTz = 1184, kNumeric = 1700, kUuid = 2950;

std::string bytesOfHex(std::string_view text) {
    const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
    std::string bytes;
    for (size_t i = 2; i + 1 < text.size(); i += 2) // after "\x"
        bytes += static_cast<char>(digit(text[i]) * 16 + digit(text[i + 1]));
    return bytes;
}

Value floatOf(std::string_view text) {
    if (text == "Infinity") return Value::floating(std::numeric_limits<double>::infinity());
    if (text == "-Infinity") return Value::floating(-std::numeric_limits<double>::infinity());
    if (text == "NaN") return Value::floating(std::numeric_limits<double>::quiet_NaN());
    return Value::floatingText(text);
}

/// "03:04:05.5" with a fraction of six digits, as Python writes it.
std::string timeText(std::string_view text) {
    std::string out(text);
    const size_t point = out.find('.');
    if (point != std::string::npos) out.resize(point + 7, '0');
    return out;
}

/// "2024-01-02 03:04:05.5+00" as ISO 8601; texts that Python has no datetime for stay as they are.
Value momentOf(std::string_view text, bool aware) {
    if (text.size() < 19 || text[4] != '-' || text[10] != ' ' || text.back() == 'C')
        return Value::string(std::string(text));
    std::string_view time = text.substr(11);
    std::string zone;
    if (aware) {
        const size_t sign = time.find_first_of("+-");
        if (sign == std::string_view::npos) return Value::string(std::string(text));
        zone = std::string(time.substr(sign));
        if (zone.size() == 3) zone += ":00";
        time = time.substr(0, sign);
    }
    return Value::scalar(Kind::DateTime,
                         std::string(text.substr(0, 10)) + "T" + timeText(time) + zone);
}

} // namespace

Value postgresValue(std::string_view text, unsigned typeOid) {
    switch (typeOid) {
    case kBool:
        return Value::boolean(text == "t");
    case kInt2:
    case kInt4:
    case kInt8:
    case kOid:
        return Value::integerText(std::string(text));
    case kFloat4:
    case kFloat8:
        return floatOf(text);
    case kNumeric:
        return Value::scalar(Kind::Decimal, std::string(text));
    case kBytea:
        return Value::scalar(Kind::Bytes, bytesOfHex(text));
    case kDate:
        return text.size() == 10 ? Value::scalar(Kind::Date, std::string(text))
                                 : Value::string(std::string(text));
    case kTime:
        return Value::scalar(Kind::Time, timeText(text));
    case kTimestamp:
        return momentOf(text, false);
    case kTimestampTz:
        return momentOf(text, true);
    case kUuid:
        return Value::scalar(Kind::Uuid, std::string(text));
    default:
        return Value::string(std::string(text));
    }
}

bool postgresParameter(const Value& value, std::string& text) {
    switch (value.kind()) {
    case Kind::Bool:
        text = value.boolValue() ? "t" : "f";
        return true;
    case Kind::Bytes: {
        static const char* const kDigits = "0123456789abcdef";
        text = "\\x";
        for (const char c : value.text()) {
            const auto byte = static_cast<unsigned char>(c);
            text += kDigits[byte >> 4];
            text += kDigits[byte & 15];
        }
        return true;
    }
    default:
        text = value.text();
        return text.find('\0') == std::string::npos;
    }
}

} // namespace covet::database
