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
    if (a.deferred || b.deferred) {
        const Value whole = toValue(left), other = toValue(right);
        if (whole.hasOpaque() || other.hasOpaque()) return std::nullopt;
        return whole == other;
    }
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
    if (left.box->deferred || right.box->deferred) return std::nullopt;
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
    if (box.deferred) return box.deferred->size() > 0;
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

bool derives(const Box* type, const Box* base) {
    if (type == base) return true;
    return type && type->detail &&
           std::any_of(type->detail->bases.begin(), type->detail->bases.end(),
                       [&](const Box* parent) { return derives(parent, base); });
}

} // namespace covet::syntax::eval
