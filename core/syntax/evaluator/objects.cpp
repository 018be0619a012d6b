#include "syntax/evaluator/objects.h"

#include <cstdio>
#include <functional>

#include "syntax/exact_number.h"

namespace covet::syntax::eval {
namespace {

constexpr int kMaxDepth = 200;

bool endsWith(const std::string& text, std::string_view suffix) {
    return text.size() >= suffix.size() &&
           text.compare(text.size() - suffix.size(), suffix.size(), suffix) == 0;
}

} // namespace

Box::Entry* Box::lookup(const Ref& key) {
    if (!index) {
        for (Entry& entry : entries)
            if (!entry.dead && equal(entry.key, key).value_or(false)) return &entry;
        return nullptr;
    }
    auto [from, to] = index->equal_range(hashOf(key));
    for (; from != to; ++from) {
        Entry& entry = entries[from->second];
        if (!entry.dead && equal(entry.key, key).value_or(false)) return &entry;
    }
    return nullptr;
}

void Box::assign(const Ref& key, Ref value) {
    if (Entry* found = lookup(key)) {
        found->value = std::move(value);
        return;
    }
    entries.push_back({key, std::move(value), false});
    ++live;
    if (index) {
        index->emplace(hashOf(key), entries.size() - 1);
    } else if (entries.size() > 12) {
        index = std::make_unique<std::unordered_multimap<size_t, size_t>>();
        for (size_t i = 0; i < entries.size(); ++i)
            if (!entries[i].dead) index->emplace(hashOf(entries[i].key), i);
    }
}

bool Box::erase(const Ref& key) {
    Entry* found = lookup(key);
    if (!found) return false;
    found->dead = true;
    found->value = Ref();
    --live;
    return true;
}

void Box::clear() {
    items.clear();
    entries.clear();
    index.reset();
    live = 0;
}

bool isOpaque(const Ref& ref) {
    return ref.box && ref.box->kind == Box::Kind::Opaque;
}

size_t hashOf(const Ref& ref) {
    if (!ref.box) return ref.value.hash();
    if (ref.box->kind == Box::Kind::Tuple) {
        size_t seed = 17;
        for (const Ref& item : ref.box->items)
            seed = seed * 31 + hashOf(item);
        return seed;
    }
    if (ref.box->kind == Box::Kind::Set) {
        size_t seed = 3;
        for (const Box::Entry& entry : ref.box->entries)
            if (!entry.dead) seed += hashOf(entry.key);
        return seed;
    }
    if (ref.box->kind == Box::Kind::Path) return std::hash<std::string>{}(ref.box->name);
    if (ref.box->kind == Box::Kind::Instance) {
        auto found = ref.box->attributes.find("value");
        const bool isEnum = ref.box->type && ref.box->type->detail &&
                            ref.box->type->detail->style == ClassDetail::Style::Enum;
        if (isEnum && found != ref.box->attributes.end()) return hashOf(found->second);
        return 5; // equality is by fields for dataclasses; a poor hash is still right
    }
    return std::hash<const void*>{}(ref.box);
}

bool isHashable(const Ref& ref) {
    if (!ref.box) return true;
    switch (ref.box->kind) {
    case Box::Kind::List:
    case Box::Kind::Dict:
        return false;
    case Box::Kind::Set:
        return ref.box->frozen;
    case Box::Kind::Tuple:
        for (const Ref& item : ref.box->items)
            if (!isHashable(item)) return false;
        return true;
    default:
        return true;
    }
}

namespace {

const Ref* enumValue(const Ref& ref) {
    if (!ref.box || ref.box->kind != Box::Kind::Instance || !ref.box->type) return nullptr;
    const ClassDetail* detail = ref.box->type->detail.get();
    if (!detail || detail->style != ClassDetail::Style::Enum || detail->externalBases.empty())
        return nullptr;
    const std::string& last = detail->externalBases.back();
    const bool mixed =
        detail->externalBases.size() > 1 || endsWith(last, "IntEnum") || endsWith(last, "StrEnum");
    if (!mixed) return nullptr; // only mixed-in enums equal their value
    auto found = ref.box->attributes.find("value");
    return found == ref.box->attributes.end() ? nullptr : &found->second;
}

std::optional<bool> equalItems(const std::vector<Ref>& left, const std::vector<Ref>& right,
                               int depth) {
    if (left.size() != right.size()) return false;
    bool unknown = false;
    for (size_t i = 0; i < left.size(); ++i) {
        const std::optional<bool> same = equal(left[i], right[i], depth + 1);
        if (same == false) return false;
        if (!same) unknown = true;
    }
    if (unknown) return std::nullopt;
    return true;
}

} // namespace

std::optional<bool> equal(const Ref& left, const Ref& right, int depth) {
    if (left.box && left.box == right.box) return true;
    if (isOpaque(left) || isOpaque(right) || depth > kMaxDepth) return std::nullopt;
    if ((left.box && !left.box->taint.empty()) || (right.box && !right.box->taint.empty()))
        return std::nullopt;
    if (!left.box && !right.box) return left.value == right.value;
    if (const Ref* value = enumValue(left)) return equal(*value, right, depth + 1);
    if (const Ref* value = enumValue(right)) return equal(left, *value, depth + 1);
    if (!left.box || !right.box || left.box->kind != right.box->kind) return false;
    Box& a = *left.box;
    Box& b = *right.box;
    switch (a.kind) {
    case Box::Kind::List:
    case Box::Kind::Tuple:
        return equalItems(a.items, b.items, depth);
    case Box::Kind::Dict:
    case Box::Kind::Set:
        if (a.live != b.live) return false;
        for (const Box::Entry& entry : a.entries) {
            if (entry.dead) continue;
            Box::Entry* other = b.lookup(entry.key);
            if (!other) return false;
            if (a.kind == Box::Kind::Set) continue;
            const std::optional<bool> same = equal(entry.value, other->value, depth + 1);
            if (!same || !*same) return same;
        }
        return true;
    case Box::Kind::Path:
        return a.name == b.name;
    case Box::Kind::External:
        return a.name == b.name;
    case Box::Kind::Instance: {
        if (a.type != b.type || !a.type || !a.type->detail) return false;
        const auto style = a.type->detail->style;
        if (style == ClassDetail::Style::Plain)
            return a.type->attributes.count("__eq__") ? std::nullopt : std::optional<bool>(false);
        if (a.attributes.size() != b.attributes.size()) return false;
        for (const auto& [name, value] : a.attributes) {
            auto other = b.attributes.find(name);
            if (other == b.attributes.end()) return false;
            const std::optional<bool> same = equal(value, other->second, depth + 1);
            if (!same || !*same) return same;
        }
        return true;
    }
    default:
        return false;
    }
}

std::optional<int> order(const Ref& left, const Ref& right, int depth) {
    if (depth > kMaxDepth) return std::nullopt;
    if (!left.box && !right.box) {
        const Value& a = left.value;
        const Value& b = right.value;
        if (a.isNumber() && b.isNumber()) {
            const ExactNumber x = ExactNumber::of(a);
            const ExactNumber y = ExactNumber::of(b);
            if (x.kind == ExactNumber::Kind::NotANumber || y.kind == ExactNumber::Kind::NotANumber)
                return std::nullopt;
            return x.compare(y);
        }
        if (a.kind() != b.kind()) return std::nullopt;
        switch (a.kind()) {
        case Value::Kind::Str: // UTF-8 and WTF-8 order is code point order
        case Value::Kind::Bytes:
        case Value::Kind::Date: {
            const int result = a.text().compare(b.text());
            return result < 0 ? -1 : result > 0 ? 1 : 0;
        }
        case Value::Kind::DateTime: {
            const bool aware = a.text().size() > 26 || a.text().find('+') != std::string::npos;
            if (aware) return std::nullopt;
            const int result = a.text().compare(b.text());
            return result < 0 ? -1 : result > 0 ? 1 : 0;
        }
        default:
            return std::nullopt;
        }
    }
    if (!left.box || !right.box || left.box->kind != right.box->kind) return std::nullopt;
    if (left.box->kind != Box::Kind::List && left.box->kind != Box::Kind::Tuple)
        return std::nullopt;
    if (!left.box->taint.empty() || !right.box->taint.empty()) return std::nullopt;
    const auto& a = left.box->items;
    const auto& b = right.box->items;
    for (size_t i = 0; i < a.size() && i < b.size(); ++i) {
        const std::optional<bool> same = equal(a[i], b[i], depth + 1);
        if (!same) return std::nullopt;
        if (!*same) return order(a[i], b[i], depth + 1);
    }
    return a.size() < b.size() ? -1 : a.size() > b.size() ? 1 : 0;
}

std::optional<bool> truth(const Ref& ref) {
    if (!ref.box) {
        const Value& value = ref.value;
        switch (value.kind()) {
        case Value::Kind::Null:
            return false;
        case Value::Kind::Bool:
            return value.boolValue();
        case Value::Kind::Int:
            return value.text() != "0";
        case Value::Kind::Float:
            return value.toDouble() != 0;
        case Value::Kind::Decimal:
            return !ExactNumber::of(value).digits.empty();
        case Value::Kind::Str:
        case Value::Kind::Bytes:
            return !value.text().empty();
        case Value::Kind::Timedelta:
            return value.text() != "0";
        default:
            return true;
        }
    }
    const Box& box = *ref.box;
    if (!box.taint.empty()) return std::nullopt;
    switch (box.kind) {
    case Box::Kind::List:
    case Box::Kind::Tuple:
        return !box.items.empty();
    case Box::Kind::Set:
    case Box::Kind::Dict:
        return box.live != 0;
    case Box::Kind::Opaque:
        return std::nullopt;
    case Box::Kind::External:
        return std::nullopt;
    case Box::Kind::Instance:
        if (box.type &&
            (box.type->attributes.count("__bool__") || box.type->attributes.count("__len__")))
            return std::nullopt;
        if (const Ref* value = enumValue(ref)) return truth(*value);
        return true;
    default:
        return true;
    }
}

namespace {

Value convert(const Ref& ref, std::vector<const Box*>& path) {
    if (!ref.box) return ref.value;
    const Box& box = *ref.box;
    if (!box.taint.empty()) return Value::opaque(box.taint);
    if (path.size() > static_cast<size_t>(kMaxDepth)) return Value::opaque("nested too deeply");
    for (const Box* outer : path)
        if (outer == &box) return Value::opaque("contains itself");
    path.push_back(&box);
    Value made;
    switch (box.kind) {
    case Box::Kind::List:
    case Box::Kind::Tuple: {
        std::vector<Value> items;
        items.reserve(box.items.size());
        for (const Ref& item : box.items)
            items.push_back(convert(item, path));
        made = Value::list(std::move(items),
                           box.kind == Box::Kind::List ? Value::Kind::List : Value::Kind::Tuple);
        break;
    }
    case Box::Kind::Set: {
        std::vector<Value> items;
        for (const Box::Entry& entry : box.entries)
            if (!entry.dead) items.push_back(convert(entry.key, path));
        made = Value::list(std::move(items), Value::Kind::Set);
        break;
    }
    case Box::Kind::Dict: {
        std::vector<Value::Entry> entries;
        entries.reserve(box.live);
        for (const Box::Entry& entry : box.entries)
            if (!entry.dead)
                entries.emplace_back(convert(entry.key, path), convert(entry.value, path));
        made = Value::dict(std::move(entries));
        break;
    }
    case Box::Kind::Instance: {
        const ClassDetail* detail = box.type ? box.type->detail.get() : nullptr;
        if (detail && detail->style == ClassDetail::Style::Enum) {
            auto found = box.attributes.find("value");
            made = found == box.attributes.end() ? Value::opaque(box.name)
                                                 : convert(found->second, path);
            break;
        }
        std::vector<Value::Entry> entries;
        for (const Box::Entry& entry : box.entries) { // attribute names in order of assignment
            auto found = box.attributes.find(entry.key.value.text());
            if (found != box.attributes.end())
                entries.emplace_back(entry.key.value, convert(found->second, path));
        }
        made = Value::object(box.type ? box.type->name : box.name, std::move(entries));
        break;
    }
    case Box::Kind::Path:
        made = Value::opaque("Path(" + toPython(Value::string(box.name)) + ")");
        break;
    default:
        made = Value::opaque(box.name);
        break;
    }
    path.pop_back();
    return made;
}

std::optional<std::string> quoted(std::string_view text, bool isBytes) {
    const bool doubleQuotes = text.find('\'') != text.npos && text.find('"') == text.npos;
    const char quote = doubleQuotes ? '"' : '\'';
    std::string out = isBytes ? "b" : "";
    out += quote;
    char buffer[16];
    for (size_t i = 0; i < text.size();) {
        const uint32_t point =
            isBytes ? static_cast<unsigned char>(text[i++]) : nextCodePoint(text, i);
        if (point == static_cast<unsigned char>(quote) || point == '\\') {
            out += '\\';
            out += static_cast<char>(point);
        } else if (point == '\n') {
            out += "\\n";
        } else if (point == '\r') {
            out += "\\r";
        } else if (point == '\t') {
            out += "\\t";
        } else if (point < 0x20 || (point >= 0x7F && (isBytes || point < 0xA1 || point == 0xAD))) {
            std::snprintf(buffer, sizeof buffer, "\\x%02x", point);
            out += buffer;
        } else if (point >= 0x2000 && point < 0x2070) {
            return std::nullopt; // whether these print depends on the Unicode tables
        } else if (point >= 0xD800 && point < 0xE000) {
            std::snprintf(buffer, sizeof buffer, "\\u%04x", point);
            out += buffer;
        } else {
            appendUtf8(out, point);
        }
    }
    out += quote;
    return out;
}

} // namespace

Value toValue(const Ref& ref) {
    std::vector<const Box*> path;
    return convert(ref, path);
}

std::optional<std::string> reprOf(const Ref& ref, int depth) {
    if (depth > kMaxDepth) return std::nullopt;
    if (!ref.box) {
        const Value& value = ref.value;
        switch (value.kind()) {
        case Value::Kind::Str:
            return quoted(value.text(), false);
        case Value::Kind::Bytes:
            return quoted(value.text(), true);
        case Value::Kind::Decimal:
            return "Decimal('" + value.text() + "')";
        case Value::Kind::Uuid:
            return "UUID('" + value.text() + "')";
        case Value::Kind::Null:
            return "None";
        case Value::Kind::Bool:
            return value.boolValue() ? "True" : "False";
        case Value::Kind::Int:
        case Value::Kind::Float:
            return value.text();
        default:
            return std::nullopt;
        }
    }
    const Box& box = *ref.box;
    if (!box.taint.empty() || !box.isContainer()) return std::nullopt;
    if (box.kind == Box::Kind::Set && box.live != 1) return std::nullopt; // order is not defined
    const bool isDict = box.kind == Box::Kind::Dict;
    std::string out = box.kind == Box::Kind::List ? "[" : box.kind == Box::Kind::Tuple ? "(" : "{";
    if (box.frozen) out = "frozenset({";
    bool first = true;
    const auto add = [&](const Ref& item, const Ref* value) {
        const auto text = reprOf(item, depth + 1);
        const auto valueText = value ? reprOf(*value, depth + 1) : std::string();
        if (!text || !valueText) return false;
        if (!first) out += ", ";
        first = false;
        out += *text;
        if (value) out += ": " + *valueText;
        return true;
    };
    for (const Ref& item : box.items)
        if (!add(item, nullptr)) return std::nullopt;
    for (const Box::Entry& entry : box.entries)
        if (!entry.dead && !add(entry.key, isDict ? &entry.value : nullptr)) return std::nullopt;
    if (box.kind == Box::Kind::Tuple && box.items.size() == 1) out += ',';
    out += box.kind == Box::Kind::List ? "]" : box.kind == Box::Kind::Tuple ? ")" : "}";
    return box.frozen ? out + ")" : out;
}

std::optional<std::string> strOf(const Ref& ref) {
    if (!ref.box) {
        const Value& value = ref.value;
        switch (value.kind()) {
        case Value::Kind::Str:
        case Value::Kind::Decimal:
        case Value::Kind::Uuid:
        case Value::Kind::Date:
        case Value::Kind::Time:
            return value.text();
        case Value::Kind::DateTime:
        case Value::Kind::Timedelta: {
            const std::string json = toJson(value); // default=str gives str()
            return json.substr(1, json.size() - 2);
        }
        default:
            return reprOf(ref);
        }
    }
    if (ref.box->kind == Box::Kind::Path && ref.box->taint.empty()) return ref.box->name;
    return reprOf(ref);
}

} // namespace covet::syntax::eval
