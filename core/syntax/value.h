#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace covet {

class ElementSource;

/// A Python value known without running any code.
///
/// Scalars keep their exact text in `text`: Int in decimal digits of any size, Float as the
/// shortest text that reads back the same (`inf`, `-inf`, `nan` included), Decimal as written,
/// Date/Time/DateTime in ISO 8601, Timedelta as microseconds, Uuid in canonical form, Bytes as raw
/// bytes, Str as UTF-8 (lone surrogates as WTF-8), Opaque as its source text. Object is an instance
/// of a class of the project: `text` is the class name and `entries` its fields. Member is one of an
/// enumeration of the project: `text` is "Color.RED" and `plain()` its value. Both have a `home`, the
/// module of the class. A Set whose text is "frozenset" is a frozenset.
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
        Opaque,
        Member
    };
    using Entry = std::pair<Value, Value>;

    Value() = default;
    static Value null() { return Value(); }
    static Value boolean(bool value);
    static Value integer(int64_t value);
    static Value integerText(std::string digits);
    /// `text` is what Python's repr(float) gives.
    static Value floating(double value);
    /// The double that a decimal notation ("12.50", "1e3") means.
    static Value floatingText(std::string_view decimal);
    static Value string(std::string utf8);
    static Value scalar(Kind kind, std::string text);
    static Value list(std::vector<Value> items, Kind kind = Kind::List);
    static Value dict(std::vector<Entry> entries);
    static Value object(std::string className, std::vector<Entry> fields);
    static Value member(std::string name, Value plain);
    static Value opaque(std::string source);
    /// A List or Dict whose elements are read when they are asked for. ElementReader reads them one
    /// at a time; items() and entries() make all of them and keep them.
    static Value deferred(Kind kind, std::shared_ptr<const ElementSource> source);

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
    /// "frozenset" of a Set.
    void setText(std::string text) { text_ = std::move(text); }
    /// Module of the class of an Object or a Member; "" if not known.
    const std::string& home() const;
    void setHome(std::string module);
    /// The value of a Member; any other value itself.
    const Value& plain() const;
    /// Int as int64; false if it does not fit.
    bool toInt64(int64_t& out) const;
    /// Nearest double of a number; 0 for anything else.
    double toDouble() const;
    bool isNumber() const {
        return kind_ == Kind::Bool || kind_ == Kind::Int || kind_ == Kind::Float ||
               kind_ == Kind::Decimal;
    }
    const std::vector<Value>& items() const;
    std::vector<Value>& items();
    const std::vector<Entry>& entries() const;
    std::vector<Entry>& entries();
    /// Number of items or entries.
    size_t size() const;
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
    friend class ElementReader;
    struct Parts;
    /// The source of elements that nobody has asked for yet; null otherwise.
    const ElementSource* source() const;
    const Parts* parts() const; // with all elements; null when there are none
    Parts& changeable();        // of this value alone

    Kind kind_ = Kind::Null;
    bool flag_ = false;
    std::string text_;
    std::shared_ptr<Parts> parts_; // shared between copies until one of them changes
};

/// Where elements come from that a Value does not hold.
class ElementSource {
public:
    class Reader {
    public:
        virtual ~Reader() = default;
        /// The next element; false at the end. `key` is set for dicts.
        virtual bool next(Value& key, Value& content) = 0;
    };
    virtual ~ElementSource() = default;
    virtual size_t size() const = 0;
    virtual std::unique_ptr<Reader> read() const = 0;
};

/// Reads the elements of a container one after the other, without making all of them.
class ElementReader {
public:
    /// Anything but a container has no elements. The value must outlive the reader.
    explicit ElementReader(const Value& container);
    bool next();
    /// Of the element that next() found; null in sequences.
    const Value* key() const { return key_; }
    const Value& content() const { return *content_; }

private:
    const Value::Parts* parts_ = nullptr;
    std::unique_ptr<ElementSource::Reader> reader_;
    bool isDict_ = false;
    size_t at_ = 0;
    Value madeKey_, madeContent_;
    const Value* key_ = nullptr;
    const Value* content_ = nullptr;
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
