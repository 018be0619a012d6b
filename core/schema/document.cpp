#include "schema/document.h"

#include <algorithm>
#include <cmath>

namespace covet::schema {
namespace {

Value tag(const char* name, Value content) {
    return Value::dict({{Value::string(name), std::move(content)}});
}

bool looksTagged(const Value& dict) {
    return dict.entries().size() == 1 && dict.entries()[0].first.text().substr(0, 1) == "$";
}

bool hasTextKeys(const Value& dict) {
    return std::all_of(dict.entries().begin(), dict.entries().end(),
                       [](const auto& entry) { return entry.first.kind() == Value::Kind::Str; });
}

std::string hexadecimal(const std::string& bytes) {
    static const char* const kDigits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

Value items(const Value& sequence, const std::string& module) {
    std::vector<Value> made;
    made.reserve(sequence.items().size());
    for (const Value& item : sequence.items())
        made.push_back(toDocument(item, module));
    return Value::list(std::move(made));
}

Value fields(const Value& record, const std::string& module) {
    std::vector<Value::Entry> made;
    made.reserve(record.entries().size());
    for (const auto& [key, value] : record.entries())
        made.emplace_back(key, toDocument(value, module));
    return Value::dict(std::move(made));
}

Value pairs(const Value& dict, const std::string& module) {
    std::vector<Value> made;
    for (const auto& [key, value] : dict.entries())
        made.push_back(Value::list({toDocument(key, module), toDocument(value, module)}));
    return tag("$dict", Value::list(std::move(made)));
}

/// The class by its own module, or by the store's, which uses it.
std::string classPath(const Value& value, const std::string& name, const std::string& module) {
    return (value.home().empty() ? module : value.home()) + ":" + name;
}

} // namespace

Value toDocument(const Value& value, const std::string& module) {
    using Kind = Value::Kind;
    switch (value.kind()) {
    case Kind::Float:
        return std::isfinite(value.toDouble()) ? value : tag("$float", Value::string(value.text()));
    case Kind::Decimal:
        return tag("$decimal", Value::string(value.text()));
    case Kind::Bytes:
        return tag("$bytes", Value::string(hexadecimal(value.text())));
    case Kind::Date:
        return tag("$date", Value::string(value.text()));
    case Kind::Time:
        return tag("$time", Value::string(value.text()));
    case Kind::DateTime:
        return tag("$datetime", Value::string(value.text()));
    case Kind::Timedelta:
        return tag("$timedelta", Value::integerText(value.text()));
    case Kind::Uuid:
        return tag("$uuid", Value::string(value.text()));
    case Kind::List:
        return items(value, module);
    case Kind::Tuple:
        return tag("$tuple", items(value, module));
    case Kind::Set:
        return tag(value.text() == "frozenset" ? "$frozenset" : "$set", items(value, module));
    case Kind::Dict:
        return hasTextKeys(value) && !looksTagged(value) ? fields(value, module)
                                                         : pairs(value, module);
    case Kind::Object:
        return tag("$object", Value::list({Value::string(classPath(value, value.text(), module)),
                                           fields(value, module)}));
    case Kind::Member: {
        const size_t dot = value.text().rfind('.');
        return tag("$enum", Value::list({Value::string(classPath(value, value.text().substr(0, dot), module)),
                                         Value::string(value.text().substr(dot + 1))}));
    }
    default:
        return value;
    }
}

bool isPlainJson(const Value& value) {
    using Kind = Value::Kind;
    switch (value.kind()) {
    case Kind::Null:
    case Kind::Bool:
    case Kind::Int:
    case Kind::Str:
        return true;
    case Kind::Float:
        return std::isfinite(value.toDouble());
    case Kind::List:
        return std::all_of(value.items().begin(), value.items().end(), isPlainJson);
    case Kind::Dict:
        return hasTextKeys(value) && !looksTagged(value) &&
               std::all_of(value.entries().begin(), value.entries().end(),
                           [](const auto& entry) { return isPlainJson(entry.second); });
    default:
        return false;
    }
}

bool isStorableText(std::string_view text) {
    for (size_t at = 0; at < text.size();) {
        const uint32_t point = nextCodePoint(text, at);
        if (point == 0 || (point >= 0xD800 && point < 0xE000)) return false;
    }
    return true;
}

} // namespace covet::schema
