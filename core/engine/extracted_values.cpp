#include "engine/extracted_values.h"

#include <nlohmann/json.hpp>

#include <cstdlib>

namespace covet::engine {
namespace {

using nlohmann::json;

int digitOf(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::optional<std::string> bytesOf(const std::string& digits) {
    std::string bytes;
    if (digits.size() % 2 != 0) return std::nullopt;
    for (size_t i = 0; i < digits.size(); i += 2) {
        const int high = digitOf(digits[i]), low = digitOf(digits[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

class Reader {
public:
    /// Null where the text is not of the form; then failed() holds.
    Value value(const json& node) {
        if (node.is_null()) return Value::null();
        if (node.is_boolean()) return Value::boolean(node.get<bool>());
        if (node.is_string()) return Value::string(node.get<std::string>());
        if (!node.is_array() || node.size() != 2 || !node[0].is_string()) return fail();
        const std::string kind = node[0].get<std::string>();
        const json& content = node[1];
        if (content.is_string()) return scalar(kind, content.get<std::string>());
        if (!content.is_array()) return fail();
        if (kind == "dict") return Value::dict(entries(content));
        if (kind == "object") {
            if (content.size() != 2 || !content[0].is_string() || !content[1].is_array()) return fail();
            return Value::object(content[0].get<std::string>(), entries(content[1]));
        }
        std::vector<Value> items;
        items.reserve(content.size());
        for (const json& item : content) items.push_back(value(item));
        if (kind == "list") return Value::list(std::move(items));
        if (kind == "tuple") return Value::list(std::move(items), Value::Kind::Tuple);
        if (kind == "set") return Value::list(std::move(items), Value::Kind::Set);
        return fail();
    }
    bool failed() const { return failed_; }

private:
    Value fail() {
        failed_ = true;
        return Value::null();
    }

    Value scalar(const std::string& kind, const std::string& text) {
        using Kind = Value::Kind;
        static const std::map<std::string, Kind> kKinds = {
            {"decimal", Kind::Decimal}, {"date", Kind::Date}, {"time", Kind::Time}, {"datetime", Kind::DateTime},
            {"timedelta", Kind::Timedelta}, {"uuid", Kind::Uuid}};
        if (kind == "int") return Value::integerText(text);
        if (kind == "float") return Value::floating(std::strtod(text.c_str(), nullptr));
        if (kind == "bytes" || kind == "surrogates") {
            std::optional<std::string> bytes = bytesOf(text);
            if (!bytes) return fail();
            return kind == "bytes" ? Value::scalar(Kind::Bytes, std::move(*bytes)) : Value::string(std::move(*bytes));
        }
        const auto known = kKinds.find(kind);
        return known == kKinds.end() ? fail() : Value::scalar(known->second, text);
    }

    std::vector<Value::Entry> entries(const json& pairs) {
        std::vector<Value::Entry> made;
        made.reserve(pairs.size());
        for (const json& pair : pairs) {
            if (!pair.is_array() || pair.size() != 2) {
                fail();
                continue;
            }
            Value key = value(pair[0]);
            made.emplace_back(std::move(key), value(pair[1]));
        }
        return made;
    }

    bool failed_ = false;
};

} // namespace

Result<ExtractedValues> readExtracted(const std::string& text) {
    ExtractedValues values;
    if (text.empty()) return values;
    const Error problem{"extraction", "what running the application gave cannot be read", "", 0, "please report this"};
    const json document = json::parse(text, nullptr, false);
    if (!document.is_object()) return problem;
    for (const auto& [id, entry] : document.items()) {
        if (!entry.is_object()) return problem;
        Extracted& made = values[id];
        if (entry.contains("error") && entry["error"].is_string()) {
            made.error = entry["error"].get<std::string>();
            continue;
        }
        if (!entry.contains("value")) return problem;
        Reader reader;
        made.value = reader.value(entry["value"]);
        if (reader.failed()) return problem;
    }
    return values;
}

} // namespace covet::engine
