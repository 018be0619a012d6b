#include <cstdio>

#include "syntax/evaluator/objects.h"

namespace covet::syntax::eval {
namespace {

constexpr int kMaxDepth = 200;

Value convert(const Ref& ref, std::vector<const Box*>& path) {
    if (!ref.box) return ref.value;
    const Box& box = *ref.box;
    if (!box.taint.empty()) return Value::opaque(box.taint);
    if (box.deferred) return *box.deferred;
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
    if (!box.taint.empty() || !box.isContainer() || box.deferred) return std::nullopt;
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
