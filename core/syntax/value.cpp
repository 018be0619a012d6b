#include "syntax/value.h"

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <limits>
#include <unordered_map>

#include "syntax/exact_number.h"

namespace covet {

struct Value::Parts {
    std::vector<Value> items;
    std::vector<Entry> entries;
    std::string home; // module of the class
    std::shared_ptr<const ElementSource> source; // of elements that are not here yet
};

Value Value::boolean(bool value) {
    Value made;
    made.kind_ = Kind::Bool;
    made.flag_ = value;
    return made;
}

Value Value::integer(int64_t value) {
    return integerText(std::to_string(value));
}

Value Value::integerText(std::string digits) {
    return scalar(Kind::Int, std::move(digits));
}

Value Value::floating(double value) {
    return scalar(Kind::Float, floatRepr(value));
}

Value Value::string(std::string utf8) {
    return scalar(Kind::Str, std::move(utf8));
}

Value Value::scalar(Kind kind, std::string text) {
    Value made;
    made.kind_ = kind;
    made.text_ = std::move(text);
    return made;
}

Value Value::list(std::vector<Value> items, Kind kind) {
    Value made;
    made.kind_ = kind;
    if (!items.empty()) made.changeable().items = std::move(items);
    return made;
}

Value Value::dict(std::vector<Entry> entries) {
    Value made;
    made.kind_ = Kind::Dict;
    if (!entries.empty()) made.changeable().entries = std::move(entries);
    return made;
}

Value Value::deferred(Kind kind, std::shared_ptr<const ElementSource> source) {
    Value made;
    made.kind_ = kind;
    made.changeable().source = std::move(source);
    return made;
}

const ElementSource* Value::source() const {
    return parts_ ? parts_->source.get() : nullptr;
}

const Value::Parts* Value::parts() const {
    if (!parts_ || !parts_->source) return parts_.get();
    // Every copy gets them: what the value is does not change.
    const std::unique_ptr<ElementSource::Reader> reader = parts_->source->read();
    Value key;
    Value content;
    while (reader->next(key, content)) {
        if (kind_ == Kind::Dict)
            parts_->entries.emplace_back(std::move(key), std::move(content));
        else
            parts_->items.push_back(std::move(content));
    }
    parts_->source.reset();
    return parts_.get();
}

Value::Parts& Value::changeable() {
    if (!parts_)
        parts_ = std::make_shared<Parts>();
    else if (parts_.use_count() > 1)
        parts_ = std::make_shared<Parts>(*parts());
    else
        parts();
    return *parts_;
}

const std::vector<Value>& Value::items() const {
    static const std::vector<Value> kNone;
    const Parts* held = parts();
    return held ? held->items : kNone;
}

const std::vector<Value::Entry>& Value::entries() const {
    static const std::vector<Entry> kNone;
    const Parts* held = parts();
    return held ? held->entries : kNone;
}

std::vector<Value>& Value::items() {
    return changeable().items;
}

std::vector<Value::Entry>& Value::entries() {
    return changeable().entries;
}

size_t Value::size() const {
    if (const ElementSource* waiting = source()) return waiting->size();
    return parts_ ? parts_->items.size() + parts_->entries.size() : 0;
}

ElementReader::ElementReader(const Value& container)
    : isDict_(container.isRecord()) {
    if (const ElementSource* waiting = container.source())
        reader_ = waiting->read();
    else
        parts_ = container.parts();
}

bool ElementReader::next() {
    if (reader_) {
        if (!reader_->next(madeKey_, madeContent_)) return false;
        key_ = isDict_ ? &madeKey_ : nullptr;
        content_ = &madeContent_;
        return true;
    }
    if (!parts_ || at_ >= (isDict_ ? parts_->entries.size() : parts_->items.size())) return false;
    key_ = isDict_ ? &parts_->entries[at_].first : nullptr;
    content_ = isDict_ ? &parts_->entries[at_].second : &parts_->items[at_];
    ++at_;
    return true;
}

Value Value::object(std::string className, std::vector<Entry> fields) {
    Value made = dict(std::move(fields));
    made.kind_ = Kind::Object;
    made.text_ = std::move(className);
    return made;
}

Value Value::member(std::string name, Value plain) {
    Value made = list({std::move(plain)}, Kind::Member);
    made.text_ = std::move(name);
    return made;
}

const std::string& Value::home() const {
    static const std::string kNone;
    return parts_ ? parts_->home : kNone;
}

void Value::setHome(std::string module) {
    changeable().home = std::move(module);
}

const Value& Value::plain() const {
    return kind_ == Kind::Member ? items()[0] : *this;
}

Value Value::opaque(std::string source) {
    return scalar(Kind::Opaque, std::move(source));
}

bool Value::hasOpaque() const {
    if (isOpaque()) return true;
    if (source()) return false; // sources hold constants
    for (const Value& item : items())
        if (item.hasOpaque()) return true;
    for (const auto& [key, value] : entries())
        if (key.hasOpaque() || value.hasOpaque()) return true;
    return false;
}

bool Value::toInt64(int64_t& out) const {
    if (kind_ == Kind::Bool) {
        out = flag_ ? 1 : 0;
        return true;
    }
    if (kind_ != Kind::Int || text_.empty()) return false;
    errno = 0;
    char* end = nullptr;
    const long long parsed = std::strtoll(text_.c_str(), &end, 10);
    if (errno != 0 || *end != '\0') return false;
    out = parsed;
    return true;
}

double Value::toDouble() const {
    if (kind_ == Kind::Bool) return flag_ ? 1 : 0;
    if (!isNumber()) return 0;
    if (text_ == "inf") return std::numeric_limits<double>::infinity();
    if (text_ == "-inf") return -std::numeric_limits<double>::infinity();
    if (text_ == "nan") return std::numeric_limits<double>::quiet_NaN();
    return std::strtod(text_.c_str(), nullptr);
}

const Value* Value::find(std::string_view key) const {
    for (const auto& [entryKey, value] : entries())
        if (entryKey.kind_ == Kind::Str && entryKey.text_ == key) return &value;
    return nullptr;
}

void Value::set(Value key, Value value) {
    std::vector<Entry>& held = entries();
    for (auto& [entryKey, current] : held) {
        if (entryKey == key) {
            current = std::move(value);
            return;
        }
    }
    held.emplace_back(std::move(key), std::move(value));
}

namespace {

struct ValueHash {
    size_t operator()(const Value* value) const { return value->hash(); }
};
struct ValueEqual {
    bool operator()(const Value* left, const Value* right) const { return *left == *right; }
};

bool sameEntries(const std::vector<Value::Entry>& left, const std::vector<Value::Entry>& right) {
    if (left.size() != right.size()) return false;
    size_t same = 0;
    while (same < left.size() && left[same].first == right[same].first) {
        if (!(left[same].second == right[same].second)) return false;
        ++same;
    }
    if (same == left.size()) return true;
    std::unordered_map<const Value*, const Value*, ValueHash, ValueEqual> index;
    for (const auto& [key, value] : right)
        index.emplace(&key, &value);
    for (const auto& [key, value] : left) {
        auto found = index.find(&key);
        if (found == index.end() || !(value == *found->second)) return false;
    }
    return true;
}

bool sameMembers(const std::vector<Value>& left, const std::vector<Value>& right) {
    if (left.size() != right.size()) return false;
    std::unordered_map<const Value*, bool, ValueHash, ValueEqual> index;
    for (const Value& item : right)
        index.emplace(&item, true);
    for (const Value& item : left)
        if (!index.count(&item)) return false;
    return true;
}

} // namespace

bool Value::operator==(const Value& other) const {
    if (isNumber() && other.isNumber()) {
        if (kind_ == Kind::Bool && other.kind_ == Kind::Bool) return flag_ == other.flag_;
        if (kind_ == Kind::Int && other.kind_ == Kind::Int) return text_ == other.text_;
        if (kind_ == Kind::Float && other.kind_ == Kind::Float)
            return toDouble() == other.toDouble();
        return ExactNumber::of(*this) == ExactNumber::of(other);
    }
    if (kind_ != other.kind_) return false;
    switch (kind_) {
    case Kind::Null:
        return true;
    case Kind::List:
    case Kind::Tuple:
        return items() == other.items();
    case Kind::Set:
        return sameMembers(items(), other.items());
    case Kind::Object:
        return text_ == other.text_ && sameEntries(entries(), other.entries());
    case Kind::Dict:
        return sameEntries(entries(), other.entries());
    default:
        return text_ == other.text_;
    }
}

bool Value::identical(const Value& other) const {
    if (parts_ && parts_ == other.parts_) return kind_ == other.kind_ && text_ == other.text_;
    if (kind_ != other.kind_ || flag_ != other.flag_ || text_ != other.text_ ||
        items().size() != other.items().size() || entries().size() != other.entries().size())
        return false;
    for (size_t i = 0; i < items().size(); ++i)
        if (!items()[i].identical(other.items()[i])) return false;
    for (size_t i = 0; i < entries().size(); ++i)
        if (!entries()[i].first.identical(other.entries()[i].first) ||
            !entries()[i].second.identical(other.entries()[i].second))
            return false;
    return true;
}

size_t Value::hash() const {
    if (isNumber()) return std::hash<double>{}(toDouble());
    size_t seed = static_cast<size_t>(kind_) * 0x9E3779B1u;
    switch (kind_) {
    case Kind::List:
    case Kind::Tuple:
        for (const Value& item : items())
            seed = seed * 31 + item.hash();
        return seed;
    case Kind::Set: // order must not matter
        for (const Value& item : items())
            seed += item.hash();
        return seed;
    case Kind::Dict:
    case Kind::Object:
        for (const auto& [key, value] : entries())
            seed += key.hash() ^ (value.hash() * 31);
        return seed;
    default:
        return seed ^ std::hash<std::string>{}(text_);
    }
}

const char* kindName(Value::Kind kind) {
    switch (kind) {
    case Value::Kind::Null:
        return "None";
    case Value::Kind::Bool:
        return "bool";
    case Value::Kind::Int:
        return "int";
    case Value::Kind::Float:
        return "float";
    case Value::Kind::Decimal:
        return "Decimal";
    case Value::Kind::Str:
        return "str";
    case Value::Kind::Bytes:
        return "bytes";
    case Value::Kind::Date:
        return "date";
    case Value::Kind::Time:
        return "time";
    case Value::Kind::DateTime:
        return "datetime";
    case Value::Kind::Timedelta:
        return "timedelta";
    case Value::Kind::Uuid:
        return "UUID";
    case Value::Kind::List:
        return "list";
    case Value::Kind::Tuple:
        return "tuple";
    case Value::Kind::Set:
        return "set";
    case Value::Kind::Dict:
        return "dict";
    case Value::Kind::Object:
        return "object";
    case Value::Kind::Member:
        return "member of an enumeration";
    case Value::Kind::Opaque:
        return "opaque";
    }
    return "";
}

} // namespace covet
