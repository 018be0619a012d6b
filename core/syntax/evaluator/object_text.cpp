#include <cstdio>
#include <optional>

#include "syntax/evaluator/interpreter.h"

namespace covet::syntax::eval {
namespace {

constexpr int kMaxDepth = 200;

bool isEnumeration(const Box* type) {
    return type && type->detail && type->detail->style == ClassDetail::Style::Enum;
}

/// What the class says about a field: `Status`, the whole annotation, of the class's body or its `__init__`.
std::string annotationOf(const Box& type, const std::string& field) {
    for (const ClassField& one : type.detail->fields)
        if (one.name == field) return one.annotation;
    if (const auto init = type.attributes.find("__init__"); init != type.attributes.end() && init->second.box)
        for (const Node& parameter : init->second.box->node.field("parameters").namedChildren())
            if (parameter.field("type") && (parameter.namedChild(0).text() == field || parameter.field("name").text() == field))
                return std::string(parameter.field("type").text());
    for (const Box* base : type.detail->bases)
        if (std::string found = annotationOf(*base, field); !found.empty()) return found;
    return "";
}

/// Whether all members of an enumeration have values of one type that columns know.
bool hasValuesOfOneType(const Box& enumeration) {
    std::optional<Value::Kind> kind;
    for (const std::string& name : enumeration.detail->members) {
        const auto member = enumeration.attributes.find(name);
        if (member == enumeration.attributes.end() || !member->second.box) return false;
        const auto value = member->second.box->attributes.find("value");
        if (value == member->second.box->attributes.end() || value->second.box) return false;
        const Value::Kind found = value->second.value.kind();
        if (kind && found != *kind) return false;
        kind = found;
    }
    return kind && (*kind == Value::Kind::Str || *kind == Value::Kind::Int || *kind == Value::Kind::Float);
}

/// Whether a record's class is annotated with the enumeration of one of its fields (`status: Status`, `Status | None`), so
/// that the field's column holds the plain value and the model makes it a member again.
bool isMemberByAnnotation(const Box& record, const std::string& field, const Ref& value) {
    if (!record.type || !record.type->detail || !value.box || value.box->kind != Box::Kind::Instance || !isEnumeration(value.box->type) ||
        !hasValuesOfOneType(*value.box->type))
        return false;
    std::string named = annotationOf(*record.type, field);
    for (const char* part : {"typing.", "Optional[", "]", "None", "|", " ", "\"", "'"})
        for (size_t at = named.find(part); at != std::string::npos; at = named.find(part))
            named.erase(at, std::string_view(part).size());
    return named.substr(named.rfind('.') + 1) == value.box->type->name;
}

/// Says where the class of an instance can be found when the program runs; false if no module has it by its name.
bool setHome(Value& made, const Box& instance) {
    const Box* type = instance.type;
    if (!type || !type->module || !type->module->source || !type->module->frame) return false;
    const auto named = type->module->frame->variables.find(type->name);
    if (named == type->module->frame->variables.end() || named->second.box != type) return false;
    made.setHome(type->module->source->name);
    return true;
}

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
        if (!box.name.empty()) { // its items are known, but it is no tuple
            made = Value::opaque("a " + box.name);
            break;
        }
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
        if (box.frozen) made.setText("frozenset");
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
        if (isEnumeration(box.type)) {
            auto found = box.attributes.find("value");
            Value plain = found == box.attributes.end() ? Value::opaque(box.name) : convert(found->second, path);
            const bool isKnown = !plain.hasOpaque();
            made = Value::member(box.name, std::move(plain));
            if (!isKnown || !setHome(made, box)) made = Value::opaque(box.name);
            break;
        }
        std::vector<Value::Entry> entries;
        for (const Box::Entry& entry : box.entries) { // attribute names in order of assignment
            auto found = box.attributes.find(entry.key.value.text());
            if (found == box.attributes.end()) continue;
            Value content = convert(found->second, path);
            // Of the elements of a store, which have columns of their own.
            if (path.size() == 2 && isMemberByAnnotation(box, found->first, found->second)) content = Value(content.plain());
            entries.emplace_back(entry.key.value, std::move(content));
        }
        made = Value::object(box.type ? box.type->name : box.name, std::move(entries));
        (void)setHome(made, box); // else the module of the store may have it
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
    if (box.kind == Box::Kind::Tuple && !box.name.empty()) return std::nullopt;
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
