#include "load/copy_encoder.h"

#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "schema/stored_value.h"
#include "syntax/evaluator/temporal.h"

namespace covet::load {
namespace {

using schema::StoredValue;
using schema::TypeKind;

template <typename Integer> void appendInteger(std::string& out, Integer value) {
    char bytes[sizeof(Integer)];
    for (size_t i = 0; i < sizeof bytes; ++i)
        bytes[i] = static_cast<char>(static_cast<uint64_t>(value) >> (8 * (sizeof bytes - 1 - i)));
    out.append(bytes, sizeof bytes);
}

void appendField(std::string& out, std::string_view bytes) {
    appendInteger(out, static_cast<int32_t>(bytes.size()));
    out += bytes;
}

template <typename Integer> void appendIntegerField(std::string& out, Integer value) {
    appendInteger(out, static_cast<int32_t>(sizeof(Integer)));
    appendInteger(out, value);
}

constexpr int64_t kMicrosecondsPerDay = 86400000000LL;

int64_t daysSince2000(const syntax::eval::Moment& moment) {
    static const int64_t epoch = syntax::eval::daysFromCivil(2000, 1, 1);
    return syntax::eval::daysFromCivil(moment.year, moment.month, moment.day) - epoch;
}

int64_t timeOfDay(const syntax::eval::Moment& moment) {
    return ((moment.hour * 60LL + moment.minute) * 60 + moment.second) * 1000000LL +
           moment.microsecond;
}

/// The moment of a stored text; the examination has let only readable ones through.
syntax::eval::Moment momentOf(const std::string& text) {
    return syntax::eval::parseIso(text).value_or(syntax::eval::Moment());
}

std::string uuidBytes(const std::string& text) {
    const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
    std::string bytes;
    int high = -1;
    for (const char c : text) {
        if (c == '-') continue;
        if (high < 0) {
            high = digit(c);
        } else {
            bytes += static_cast<char>(high * 16 + digit(c));
            high = -1;
        }
    }
    return bytes;
}

double realOf(const StoredValue& stored) {
    return Value::scalar(Value::Kind::Float, stored.text).toDouble();
}

void appendReal(std::string& out, double number) {
    uint64_t bits = 0;
    std::memcpy(&bits, &number, sizeof bits);
    appendIntegerField(out, bits);
}

void appendValue(std::string& out, const StoredValue& stored, const schema::Type& type) {
    switch (type.kind) {
    case TypeKind::Integer:
        return appendIntegerField(
            out, static_cast<int32_t>(std::strtoll(stored.text.c_str(), nullptr, 10)));
    case TypeKind::BigInt:
        return appendIntegerField(
            out, static_cast<int64_t>(std::strtoll(stored.text.c_str(), nullptr, 10)));
    case TypeKind::Float:
        return appendReal(out, realOf(stored));
    case TypeKind::Numeric:
        return appendField(out, binaryNumeric(stored.text));
    case TypeKind::Boolean:
        return appendField(out, std::string_view(stored.text == "1" ? "\1" : "\0", 1));
    case TypeKind::Date:
        return appendIntegerField(out, static_cast<int32_t>(daysSince2000(momentOf(stored.text))));
    case TypeKind::Time:
        return appendIntegerField(out, timeOfDay(momentOf("2000-01-01 " + stored.text)));
    case TypeKind::Timestamp:
    case TypeKind::TimestampTz: {
        const syntax::eval::Moment moment = momentOf(stored.text);
        return appendIntegerField(out, daysSince2000(moment) * kMicrosecondsPerDay +
                                           timeOfDay(moment) - moment.offset * 1000000LL);
    }
    case TypeKind::Uuid:
        return appendField(out, uuidBytes(stored.text));
    case TypeKind::Text:
    case TypeKind::Varchar:
    case TypeKind::Json:
    case TypeKind::Bytes:
        return appendField(out, stored.text);
    }
}

/// Values whose own text or number is what the column takes; false for all others.
bool appendPlain(std::string& out, const Value& value, TypeKind type) {
    const bool isText = type == TypeKind::Text || type == TypeKind::Varchar;
    if (value.kind() == Value::Kind::Str && isText) {
        appendField(out, value.text());
        return true;
    }
    if (value.kind() == Value::Kind::Float && type == TypeKind::Float) {
        appendReal(out, value.toDouble());
        return true;
    }
    if (value.kind() != Value::Kind::Int) return false;
    int64_t number = 0;
    if ((type != TypeKind::Integer && type != TypeKind::BigInt) || !value.toInt64(number)) return false;
    if (type == TypeKind::Integer)
        appendIntegerField(out, static_cast<int32_t>(number));
    else
        appendIntegerField(out, number);
    return true;
}

} // namespace

std::string binaryNumeric(const std::string& text) {
    // Digits without sign and point, and the power of ten of the last one.
    std::string digits;
    bool negative = false;
    long scale = 0;
    bool afterPoint = false;
    size_t i = 0;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) negative = text[i++] == '-';
    for (; i < text.size() && text[i] != 'e' && text[i] != 'E'; ++i) {
        if (text[i] == '.') {
            afterPoint = true;
            continue;
        }
        digits += text[i];
        if (afterPoint) ++scale;
    }
    if (i < text.size()) scale -= std::strtol(text.c_str() + i + 1, nullptr, 10);
    if (scale < 0) {
        digits.append(static_cast<size_t>(-scale), '0');
        scale = 0;
    }
    // Align to groups of four on both sides of the point.
    const auto displayed = static_cast<uint16_t>(scale);
    while (static_cast<long>(digits.size()) < scale)
        digits.insert(0, 1, '0');
    long after = scale;
    while (after % 4 != 0) {
        digits += '0';
        ++after;
    }
    while (digits.size() % 4 != 0)
        digits.insert(0, 1, '0');
    std::vector<int16_t> groups;
    for (size_t at = 0; at < digits.size(); at += 4)
        groups.push_back(static_cast<int16_t>(std::atoi(digits.substr(at, 4).c_str())));
    auto weight = static_cast<long>(groups.size()) - 1 - after / 4;
    size_t first = 0;
    while (first < groups.size() && groups[first] == 0) {
        ++first;
        --weight;
    }
    size_t end = groups.size();
    while (end > first && groups[end - 1] == 0)
        --end;
    const bool zero = first == end;
    std::string out;
    appendInteger(out, static_cast<int16_t>(end - first));
    appendInteger(out, static_cast<int16_t>(zero ? 0 : weight));
    appendInteger(out, static_cast<uint16_t>(negative && !zero ? 0x4000 : 0));
    appendInteger(out, displayed);
    for (size_t at = first; at < end; ++at)
        appendInteger(out, groups[at]);
    return out;
}

void CopyEncoder::appendHeader(std::string& out) {
    out.append("PGCOPY\n\377\r\n\0", 11);
    appendInteger(out, static_cast<int32_t>(0)); // flags
    appendInteger(out, static_cast<int32_t>(0)); // length of the extension
}

void CopyEncoder::appendRow(std::string& out, const std::vector<Value>& row) const {
    appendInteger(out, static_cast<int16_t>(row.size()));
    for (size_t i = 0; i < row.size(); ++i) {
        const schema::Column& column = table_.columns[i];
        if (appendPlain(out, row[i], column.type.kind)) continue;
        StoredValue stored = schema::storedValue(row[i], column.type, schema::Dialect::Postgres);
        // A document that is None where the column cannot be NULL is JSON's own null.
        if (row[i].isNull() && column.type.kind == TypeKind::Json && !column.nullable)
            stored = {StoredValue::Kind::Text, "null"};
        if (stored.kind == StoredValue::Kind::Null)
            appendInteger(out, static_cast<int32_t>(-1));
        else
            appendValue(out, stored, column.type);
    }
}

void CopyEncoder::appendTrailer(std::string& out) {
    appendInteger(out, static_cast<int16_t>(-1));
}

} // namespace covet::load
