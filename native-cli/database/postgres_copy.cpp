#include "database/postgres_copy.h"

#include <charconv>
#include <cstdint>
#include <cstring>
#include <limits>

#include "syntax/evaluator/temporal.h"

namespace covet::database {
namespace {

using Kind = Value::Kind;

// Fixed in the server's catalogue (pg_type.dat). float4 is left out: its text is the shortest for
// four bytes, which its value as a double is not.
constexpr unsigned kBool = 16, kBytea = 17, kName = 19, kInt8 = 20, kInt2 = 21, kInt4 = 23, kText = 25;
constexpr unsigned kJson = 114, kFloat8 = 701, kBpchar = 1042, kVarchar = 1043, kDate = 1082, kTime = 1083;
constexpr unsigned kTimestamp = 1114, kTimestampTz = 1184, kNumeric = 1700, kUuid = 2950;

constexpr std::string_view kSignature("PGCOPY\n\377\r\n\0", 11);
constexpr size_t kHeaderBytes = 19; // signature, flags, length of the extension, which is 0
constexpr int64_t kSecond = 1000000, kDay = 86400 * kSecond;
constexpr unsigned kNegative = 0x4000, kNan = 0xC000, kInfinity = 0xD000, kMinusInfinity = 0xF000;

template <typename Integer> Integer bigEndian(std::string_view bytes, size_t at = 0) {
    uint64_t bits = 0;
    for (size_t i = 0; i < sizeof(Integer); ++i)
        bits = bits << 8 | static_cast<unsigned char>(bytes[at + i]);
    return static_cast<Integer>(bits);
}

void appendPadded(std::string& out, int64_t number, size_t width) {
    const std::string digits = std::to_string(number);
    if (digits.size() < width) out.append(width - digits.size(), '0');
    out += digits;
}

/// "2024-02-29"; years before the first are counted backwards and marked by the caller.
std::string dayText(int64_t daysSince2000, bool& isBeforeChrist, int& year) {
    static const int64_t epoch = syntax::eval::daysFromCivil(2000, 1, 1);
    int month = 0;
    int day = 0;
    syntax::eval::civilFromDays(daysSince2000 + epoch, year, month, day);
    isBeforeChrist = year < 1;
    std::string text;
    appendPadded(text, isBeforeChrist ? 1 - year : year, 4);
    text += '-';
    appendPadded(text, month, 2);
    text += '-';
    appendPadded(text, day, 2);
    return text;
}

/// "03:04:05", and a fraction where there is one.
std::string clockText(int64_t microseconds, bool shortest) {
    const int64_t seconds = microseconds / kSecond;
    std::string text;
    appendPadded(text, seconds / 3600, 2);
    text += ':';
    appendPadded(text, seconds / 60 % 60, 2);
    text += ':';
    appendPadded(text, seconds % 60, 2);
    if (microseconds % kSecond == 0) return text;
    text += '.';
    appendPadded(text, microseconds % kSecond, 6);
    while (shortest && text.back() == '0')
        text.pop_back();
    return text;
}

template <typename Integer> const char* endless(Integer value) {
    if (value == std::numeric_limits<Integer>::max()) return "infinity";
    return value == std::numeric_limits<Integer>::min() ? "-infinity" : nullptr;
}

Value dateOf(int32_t days) {
    if (const char* text = endless(days)) return Value::string(text);
    bool before = false;
    int year = 0;
    std::string text = dayText(days, before, year);
    if (before) return Value::string(text + " BC");
    return text.size() == 10 ? Value::scalar(Kind::Date, std::move(text)) : Value::string(std::move(text));
}

Value momentOf(int64_t microseconds, bool aware) {
    if (const char* text = endless(microseconds)) return Value::string(text);
    int64_t days = microseconds / kDay;
    int64_t clock = microseconds % kDay;
    if (clock < 0) {
        clock += kDay;
        --days;
    }
    bool before = false;
    int year = 0;
    const std::string day = dayText(days, before, year);
    if (before || year > 9999) // not Python's: as the server would write it
        return Value::string(day + " " + clockText(clock, true) + (aware ? "+00" : "") + (before ? " BC" : ""));
    return Value::scalar(Kind::DateTime, day + "T" + clockText(clock, false) + (aware ? "+00:00" : ""));
}

std::string uuidText(std::string_view bytes) {
    static const char* const kDigits = "0123456789abcdef";
    std::string text;
    for (size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        const auto byte = static_cast<unsigned char>(bytes[i]);
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

/// Groups of four decimal digits, the first of them worth 10000^weight, with `scale` digits shown
/// after the point.
std::string numericText(std::string_view bytes) {
    const size_t groups = bigEndian<uint16_t>(bytes);
    const int weight = bigEndian<int16_t>(bytes, 2);
    const unsigned sign = bigEndian<uint16_t>(bytes, 4);
    const size_t scale = bigEndian<uint16_t>(bytes, 6);
    if (sign == kNan) return "NaN";
    if (sign == kInfinity) return "Infinity";
    if (sign == kMinusInfinity) return "-Infinity";
    const auto group = [&](int at) -> int64_t {
        if (at < 0 || static_cast<size_t>(at) >= groups) return 0;
        return bigEndian<uint16_t>(bytes, 8 + 2 * static_cast<size_t>(at));
    };
    std::string text = sign == kNegative ? "-" : "";
    if (weight < 0)
        text += '0';
    else
        text += std::to_string(group(0));
    for (int at = 1; at <= weight; ++at)
        appendPadded(text, group(at), 4);
    if (scale == 0) return text;
    std::string fraction;
    for (int at = weight + 1; fraction.size() < scale; ++at)
        appendPadded(fraction, group(at), 4);
    fraction.resize(scale);
    return text + "." + fraction;
}

/// 0: of any length.
size_t widthOf(unsigned type) {
    switch (type) {
    case kBool:
        return 1;
    case kInt2:
        return 2;
    case kInt4:
    case kDate:
        return 4;
    case kInt8:
    case kFloat8:
    case kTime:
    case kTimestamp:
    case kTimestampTz:
        return 8;
    case kUuid:
        return 16;
    default:
        return 0;
    }
}

double realOf(std::string_view bytes) {
    const auto bits = bigEndian<uint64_t>(bytes);
    double number = 0;
    std::memcpy(&number, &bits, sizeof number);
    return number;
}

Value valueOf(std::string_view bytes, unsigned type) {
    switch (type) {
    case kBool:
        return Value::boolean(bytes[0] != 0);
    case kInt2:
        return Value::integer(bigEndian<int16_t>(bytes));
    case kInt4:
        return Value::integer(bigEndian<int32_t>(bytes));
    case kInt8:
        return Value::integer(bigEndian<int64_t>(bytes));
    case kFloat8:
        return Value::floating(realOf(bytes));
    case kNumeric:
        return Value::scalar(Kind::Decimal, numericText(bytes));
    case kBytea:
        return Value::scalar(Kind::Bytes, std::string(bytes));
    case kDate:
        return dateOf(bigEndian<int32_t>(bytes));
    case kTime:
        return Value::scalar(Kind::Time, clockText(bigEndian<int64_t>(bytes), false));
    case kTimestamp:
        return momentOf(bigEndian<int64_t>(bytes), false);
    case kTimestampTz:
        return momentOf(bigEndian<int64_t>(bytes), true);
    case kUuid:
        return Value::scalar(Kind::Uuid, uuidText(bytes));
    default:
        return Value::string(std::string(bytes));
    }
}

bool isWhole(std::string_view bytes, unsigned type) {
    if (type == kNumeric) return bytes.size() >= 8 && bytes.size() == 8 + 2 * size_t{bigEndian<uint16_t>(bytes)};
    const size_t width = widthOf(type);
    return width == 0 || bytes.size() == width;
}

} // namespace

bool PostgresCopyReader::reads(unsigned type) {
    switch (type) {
    case kBytea:
    case kName:
    case kText:
    case kJson:
    case kBpchar:
    case kVarchar:
    case kNumeric:
        return true;
    default:
        return widthOf(type) != 0;
    }
}

bool PostgresCopyReader::take(std::string_view piece, const RowSink& sink) {
    row_.resize(types_.size());
    return split(piece, [&] {
        for (size_t i = 0; i < types_.size(); ++i)
            row_[i] = fields_[i].isNull ? Value::null() : valueOf(fields_[i].bytes, types_[i]);
        return sink(row_);
    });
}

bool PostgresCopyReader::take(std::string_view piece, const CellsSink& sink) {
    cells_.resize(types_.size());
    texts_.resize(types_.size());
    return split(piece, [&] {
        for (size_t i = 0; i < types_.size(); ++i)
            cells_[i] = fields_[i].isNull ? Cell() : cellAt(i);
        return sink(cells_);
    });
}

Cell PostgresCopyReader::cellAt(size_t column) {
    const std::string_view bytes = fields_[column].bytes;
    std::string& text = texts_[column];
    const auto number = [&](auto value) {
        text.resize(20); // of 64 bits and a sign
        text.resize(static_cast<size_t>(std::to_chars(text.data(), text.data() + text.size(), value).ptr - text.data()));
        return Cell{Kind::Int, text};
    };
    switch (types_[column]) {
    case kInt2:
        return number(bigEndian<int16_t>(bytes));
    case kInt4:
        return number(bigEndian<int32_t>(bytes));
    case kInt8:
        return number(bigEndian<int64_t>(bytes));
    case kBool:
        return {Kind::Bool, bytes[0] != 0 ? "1" : "0"};
    case kFloat8:
        text = floatRepr(realOf(bytes));
        return {Kind::Float, text};
    case kBytea:
        return {Kind::Bytes, bytes};
    case kNumeric:
    case kDate:
    case kTime:
    case kTimestamp:
    case kTimestampTz:
    case kUuid: {
        const Value value = valueOf(bytes, types_[column]);
        text = value.text();
        return {value.kind(), text};
    }
    default:
        return {Kind::Str, bytes};
    }
}

template <typename Each> bool PostgresCopyReader::split(std::string_view piece, const Each& each) {
    if (rest_.empty()) {
        rest_ = piece.substr(rows(piece, each));
    } else {
        rest_ += piece;
        rest_.erase(0, rows(rest_, each));
    }
    return !broken_;
}

template <typename Each> size_t PostgresCopyReader::rows(std::string_view bytes, const Each& each) {
    size_t at = 0;
    if (!begun_) {
        if (bytes.size() < kHeaderBytes) return 0;
        broken_ = bytes.substr(0, kSignature.size()) != kSignature || bigEndian<uint64_t>(bytes, 11) != 0;
        begun_ = true;
        at = kHeaderBytes;
    }
    while (!stopped_ && !complete_ && !broken_ && splitRow(bytes, at))
        if (!complete_ && !broken_) stopped_ = !each();
    return at;
}

bool PostgresCopyReader::splitRow(std::string_view bytes, size_t& at) {
    if (bytes.size() - at < 2) return false;
    const auto count = bigEndian<int16_t>(bytes, at);
    size_t next = at + 2;
    if (count == -1) {
        complete_ = true;
        at = next;
        return true;
    }
    broken_ = static_cast<size_t>(count) != types_.size();
    fields_.resize(types_.size());
    for (size_t i = 0; i < types_.size() && !broken_; ++i) {
        if (bytes.size() - next < 4) return false;
        const auto size = bigEndian<int32_t>(bytes, next);
        next += 4;
        fields_[i].isNull = size < 0;
        if (size < 0) continue;
        if (bytes.size() - next < static_cast<size_t>(size)) return false;
        fields_[i].bytes = bytes.substr(next, static_cast<size_t>(size));
        broken_ = !isWhole(fields_[i].bytes, types_[i]);
        next += fields_[i].bytes.size();
    }
    at = next;
    return true;
}

} // namespace covet::database
