#include "equivalence/known_values.h"

#include <algorithm>

#include <fmt/format.h>

#include "support/strings.h"
#include "syntax/evaluator/json_reader.h"

namespace covet::equivalence {
namespace {

constexpr size_t kLearnedPerName = 24;
constexpr size_t kLargestLesson = 256 * 1024;

bool isScalar(const Value& value) {
    return value.kind() == Value::Kind::Str || value.kind() == Value::Kind::Int || value.kind() == Value::Kind::Float ||
           value.kind() == Value::Kind::Uuid;
}

std::string lettersOf(const std::string& name) {
    std::string result;
    for (char c : toLower(name))
        if (c >= 'a' && c <= 'z') result += c;
    return result;
}

} // namespace

std::string percentEncoded(const std::string& text) {
    std::string result;
    for (char c : text) {
        const bool isPlain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                             c == '.' || c == '_' || c == '~';
        result += isPlain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return result;
}

std::string plainText(const Value& value) {
    if (value.kind() == Value::Kind::Bool) return value.boolValue() ? "true" : "false";
    return value.isNull() ? "null" : value.text();
}

void KnownValues::learn(const std::string& body) {
    if (body.empty() || body.size() > kLargestLesson || (body[0] != '{' && body[0] != '[')) return;
    if (const std::optional<Value> value = syntax::eval::readJson(body)) collect(*value, 0);
}

void KnownValues::collect(const Value& value, int depth) {
    if (depth > 8) return;
    for (const Value& item : value.items()) collect(item, depth + 1);
    for (const Value::Entry& entry : value.entries()) {
        if (isScalar(entry.second)) add(entry.first.text(), entry.second);
        collect(entry.second, depth + 1);
    }
}

void KnownValues::add(const std::string& name, const Value& value) {
    std::vector<Value>& known = values_[name];
    for (const Value& other : known)
        if (other.identical(value)) return;
    if (known.size() < kLearnedPerName) known.push_back(value);
}

const std::vector<Value>& KnownValues::of(const std::string& name) const {
    static const std::vector<Value> kNone;
    const auto found = values_.find(name);
    return found == values_.end() ? kNone : found->second;
}

const SampleStore* KnownValues::storeOf(const std::string& path) const {
    std::vector<std::string> segments = split(path.substr(0, path.find('?')), '/');
    for (size_t i = segments.size(); i-- > 0;) {
        if (segments[i].empty() || segments[i][0] == '{') continue;
        const std::string many = lettersOf(segments[i]), one = lettersOf(singular(toLower(segments[i])));
        const SampleStore* best = nullptr;
        for (const SampleStore& store : inspection_.stores) {
            const std::string name = lettersOf(store.name);
            const bool isAbout = !one.empty() && (startsWith(name, many) || startsWith(name, one));
            if (isAbout && (!best || store.records.size() > best->records.size())) best = &store;
        }
        if (best) return best;
    }
    return nullptr;
}

std::vector<std::string> KnownValues::forParameter(const std::string& path, const std::string& parameter) const {
    std::vector<std::string> found;
    auto take = [&](const std::vector<Value>& values, size_t limit) {
        for (const Value& value : values) {
            if (limit == 0) break;
            const std::string text = percentEncoded(plainText(value));
            if (text.empty() || std::find(found.begin(), found.end(), text) != found.end()) continue;
            found.push_back(text);
            --limit;
        }
    };
    // `/users/{id}/orders/{order_id}`: the segment before the parameter says what it is of.
    const std::string before = path.substr(0, path.find("{" + parameter));
    const SampleStore* store = storeOf(before);
    const bool isGeneric = parameter == "id" || parameter == "pk" || parameter == "key";
    if (store && (isGeneric || of(parameter).empty())) {
        take(of("key of " + store->name), 3);
        for (const Value& record : store->records)
            if (const Value* id = record.find(isGeneric ? "id" : parameter))
                if (isScalar(*id)) take({*id}, found.size() < 4 ? 1 : 0);
    }
    take(of(parameter), 3);
    for (const char* suffix : {"id", "name", "key", "code", "slug", "sku", "token", "email", "uuid"}) {
        const bool hasSuffix = parameter == suffix || endsWith(parameter, std::string("_") + suffix);
        if (!hasSuffix) continue;
        if (store)
            for (const Value& record : store->records)
                if (const Value* value = record.find(suffix))
                    if (isScalar(*value)) take({*value}, found.size() < 5 ? 1 : 0);
        // The newest values are those that requests have made.
        const std::vector<Value>& known = of(suffix);
        take({known.begin(), known.begin() + static_cast<long>(std::min<size_t>(known.size(), 2))}, 2);
        if (known.size() > 2) take({known.end() - 2, known.end()}, 2);
    }
    if (found.empty()) take(of("id"), 3);
    const std::vector<Value>& own = of(parameter);
    if (own.size() > 3) take({own.back()}, 1);
    for (const char* small : {"1", "2"})
        if (std::find(found.begin(), found.end(), small) == found.end()) found.emplace_back(small);
    return found;
}

} // namespace covet::equivalence
