#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace covet {

/// A Python value known without running any code.
///
/// Scalars keep their exact text in `text`: Int in decimal digits of any size, Float as the
/// shortest text that reads back the same (`inf`, `-inf`, `nan` included), Decimal as written,
/// Date/Time/DateTime in ISO 8601, Timedelta as microseconds, Uuid in canonical form, Bytes as raw
/// bytes, Str as UTF-8 (lone surrogates as WTF-8), Opaque as its source text. Object is an instance
/// of a class of the project: `text` is the class name and `entries` its fields.
class Value {
public:
    enum class Kind {
        Null,
        Bool,
        Int,
        Float,
        Decimal,
        Str,
        Bytes,
        Date,
        Time,
        DateTime,
        Timedelta,
        Uuid,
        List,
        Tuple,
        Set,
        Dict,
        Object,
        Opaque
    };
    using Entry = std::pair<Value, Value>;

    Value() = default;
    static Value null() { return Value(); }
    static Value boolean(bool value);
    static Value integer(int64_t value);
    static Value integerText(std::string digits);
    /// `text` is what Python's repr(float) gives.
    static Value floating(double value);
    static Value string(std::string utf8);
    static Value scalar(Kind kind, std::string text);
    static Value list(std::vector<Value> items, Kind kind = Kind::List);
    static Value dict(std::vector<Entry> entries);
    static Value object(std::string className, std::vector<Entry> fields);
    static Value opaque(std::string source);

    Kind kind() const { return kind_; }
    bool isNull() const { return kind_ == Kind::Null; }
    bool isOpaque() const { return kind_ == Kind::Opaque; }
    /// Whether an Opaque is anywhere inside.
    bool hasOpaque() const;
    bool isRecord() const { return kind_ == Kind::Dict || kind_ == Kind::Object; }
    bool isSequence() const {
        return kind_ == Kind::List || kind_ == Kind::Tuple || kind_ == Kind::Set;
    }

    bool boolValue() const { return flag_; }
    const std::string& text() const { return text_; }
    /// Int as int64; false if it does not fit.
    bool toInt64(int64_t& out) const;
    /// Nearest double of a number; 0 for anything else.
    double toDouble() const;
    bool isNumber() const {
        return kind_ == Kind::Bool || kind_ == Kind::Int || kind_ == Kind::Float ||
               kind_ == Kind::Decimal;
    }
    const std::vector<Value>& items() const { return items_; }
    std::vector<Value>& items() { return items_; }
    const std::vector<Entry>& entries() const { return entries_; }
    std::vector<Entry>& entries() { return entries_; }
    /// Value of a string key of a Dict or Object; nullptr if absent.
    const Value* find(std::string_view key) const;
    /// Sets or appends an entry of a Dict or Object (Python's assignment: position is kept).
    void set(Value key, Value value);

    /// Python's `==` for values of these kinds (1 == 1.0 == True; order of dict keys is ignored).
    bool operator==(const Value& other) const;
    /// Same kind, same text, same order: no numeric coercion.
    bool identical(const Value& other) const;
    /// Equal values have equal hashes.
    size_t hash() const;

private:
    Kind kind_ = Kind::Null;
    bool flag_ = false;
    std::string text_;
    std::vector<Value> items_;
    std::vector<Entry> entries_;
};

/// Canonical JSON of a value as Python's json.dumps(value, default=str) would write it, keys in
/// order. Sets become arrays and Objects become objects of their fields.
std::string toJson(const Value& value);
/// A Python expression that evaluates to the value. Temporal values, Decimal and UUID are written
/// with their module (`datetime.date(...)`), which the reader of the expression must import.
std::string toPython(const Value& value);
/// Python's repr(float): the shortest text that reads back as the same double.
std::string floatRepr(double value);
/// Bytes of one code point in UTF-8 (surrogates as WTF-8).
void appendUtf8(std::string& out, uint32_t codePoint);
/// Next code point of UTF-8 or WTF-8 text at `position`, which is moved past it; U+FFFD for a
/// malformed byte.
uint32_t nextCodePoint(std::string_view text, size_t& position);
/// Number of code points.
size_t codePointCount(std::string_view text);
const char* kindName(Value::Kind kind);

} // namespace covet
