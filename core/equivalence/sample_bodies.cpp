#include "equivalence/sample_bodies.h"

#include <set>

#include <fmt/format.h>

#include "support/strings.h"

namespace covet::equivalence {
namespace {

constexpr size_t kBranches = 10;

bool hasAny(const std::string& name, std::initializer_list<const char*> words) {
    for (const char* word : words)
        if (name.find(word) != std::string::npos) return true;
    return false;
}

bool isReference(const std::string& name) { return name == "id" || endsWith(name, "_id") || endsWith(name, "Id"); }

/// A value of the type, recognisable and new for each number.
Value made(const std::string& name, const std::string& type, unsigned number) {
    const std::string word = toLower(name);
    if (type == "int") return Value::integer(isReference(name) ? 1 : 3 + number);
    if (type == "float" || type == "number" || type == "Decimal") return Value::floating(9.5 + number);
    if (type == "bool") return Value::boolean(true);
    if (type == "list") return Value::list({});
    if (type == "dict") return Value::dict({});
    if (type == "uuid") return Value::string("6f1c1c5e-6a34-4b5e-9d0c-2f4b7a1d3e55");
    if (type == "date") return Value::string("2024-05-17");
    if (type == "datetime") return Value::string("2024-05-17T10:30:00");
    if (type.empty()) {
        if (isReference(name)) return Value::integer(1);
        if (hasAny(word, {"price", "amount", "cost", "rate", "balance", "total", "salary", "weight"}))
            return Value::floating(9.5 + number);
        if (hasAny(word, {"quantity", "qty", "count", "stock", "age", "year", "stars", "rating", "score", "number", "level",
                          "priority", "size", "capacity"}))
            return Value::integer(3);
        if (startsWith(word, "is_") || startsWith(word, "has_") ||
            hasAny(word, {"active", "enabled", "done", "completed", "available"}))
            return Value::boolean(true);
        if (hasAny(word, {"tags", "items", "roles"})) return Value::list({Value::string("one"), Value::string("two")});
    }
    if (hasAny(word, {"email", "mail"})) return Value::string(fmt::format("new{}@example.com", number));
    if (hasAny(word, {"date", "day"})) return Value::string("2024-05-17");
    if (hasAny(word, {"phone"})) return Value::string(fmt::format("+1555010{:03}", number));
    if (hasAny(word, {"url", "link"})) return Value::string(fmt::format("https://example.com/{}", number));
    return Value::string(fmt::format("New {} {}", name, number));
}

/// As a record's value, yet new: texts get another ending; numbers, references and flags stay.
Value renewed(const std::string& name, const Value& value, unsigned number) {
    if (value.kind() == Value::Kind::Str && !isReference(name)) {
        const size_t at = value.text().find('@');
        if (at != std::string::npos) return Value::string(fmt::format("new{}{}", number, value.text().substr(at)));
        return Value::string(fmt::format("{} {}", value.text(), number));
    }
    return value;
}

/// Whether a field holds one of few words: all its values repeat.
bool isEnumerated(const std::vector<Value>& records, const std::string& name) {
    std::set<std::string> texts;
    size_t count = 0;
    for (const Value& record : records)
        if (const Value* value = record.find(name)) {
            if (value->kind() != Value::Kind::Str) return false;
            texts.insert(value->text());
            ++count;
        }
    return count > 2 && texts.size() * 2 <= count;
}

/// JSON has no dates and tuples: a body with them is sent as their text.
Value sendable(const Value& value) {
    switch (value.kind()) {
    case Value::Kind::List:
    case Value::Kind::Tuple:
    case Value::Kind::Set: {
        std::vector<Value> items;
        for (const Value& item : value.items()) items.push_back(sendable(item));
        return Value::list(std::move(items));
    }
    case Value::Kind::Dict:
    case Value::Kind::Object: {
        std::vector<Value::Entry> entries;
        for (const Value::Entry& entry : value.entries())
            entries.emplace_back(Value::string(plainText(entry.first)), sendable(entry.second));
        return Value::dict(std::move(entries));
    }
    case Value::Kind::Date:
    case Value::Kind::Time:
    case Value::Kind::DateTime:
    case Value::Kind::Uuid: return Value::string(value.text());
    case Value::Kind::Opaque:
    case Value::Kind::Bytes: return Value::string("text");
    default: return value;
    }
}

} // namespace

Value BodyMaker::valueOf(const FieldHint& field, const Value* record, unsigned number) const {
    const Value* given = record ? record->find(field.name) : nullptr;
    if (!field.parts.empty()) {
        const bool isList = field.isList || (given && given->isSequence());
        if (given && (given->isRecord() || (given->isSequence() && !given->items().empty()))) return *given;
        const Value object = objectOf(field, nullptr, number);
        return isList ? Value::list({object}) : object;
    }
    if (given && !given->isNull()) return *given;
    if (!field.constants.empty()) return field.constants.front();
    for (const std::string& name : {"key of " + field.keyOf, field.likeField})
        if (!known_.of(name).empty()) return known_.of(name).front();
    if (isReference(field.name) && !known_.of(field.name).empty()) return known_.of(field.name).front();
    if (field.isList) return Value::list({made(singular(field.name), "", number)});
    const std::vector<Value>& seen = known_.of(field.name);
    if (field.type.empty() && !seen.empty()) return renewed(field.name, seen.front(), number);
    return made(field.name, field.type, number);
}

Value BodyMaker::objectOf(const FieldHint& fields, const Value* record, unsigned number) const {
    std::vector<Value::Entry> entries;
    for (const FieldHint& field : fields.parts)
        entries.emplace_back(Value::string(field.name), sendable(valueOf(field, record, number)));
    return Value::dict(std::move(entries));
}

/// Records of the store whose fields fit best; of the one that the path names when all fit alike.
std::vector<Value> BodyMaker::recordsFor(const RouteHints& route, const FieldHint& fields) const {
    const SampleStore* named = known_.storeOf(route.path);
    const SampleStore* best = nullptr;
    size_t bestFit = 0;
    for (const SampleStore& store : inspection_.stores) {
        if (store.records.empty()) continue;
        size_t fit = &store == named ? 1 : 0;
        for (const FieldHint& field : fields.parts) fit += store.records.front().find(field.name) ? 2 : 0;
        if (fit > bestFit) {
            bestFit = fit;
            best = &store;
        }
    }
    return best ? best->records : std::vector<Value>();
}

std::vector<SampleBody> BodyMaker::validBodies(const RouteHints& route, unsigned number) const {
    const bool isForm = route.body.parts.empty() && !route.form.parts.empty();
    FieldHint fields = isForm ? route.form : route.body;
    const std::vector<Value> records = recordsFor(route, fields);
    if (fields.parts.empty() && !records.empty())
        for (const Value::Entry& entry : records.front().entries())
            if (entry.first.kind() == Value::Kind::Str && entry.first.text() != "id") fields.part(entry.first.text());
    if (fields.parts.empty()) return {{Value::dict({}), "empty object", isForm}};
    std::vector<SampleBody> bodies;
    auto add = [&](Value value, std::string about) {
        if (fields.isList && !isForm) value = Value::list({value});
        for (const SampleBody& known : bodies)
            if (known.value.identical(value)) return;
        bodies.push_back({std::move(value), std::move(about), isForm});
    };
    const Value* first = records.empty() ? nullptr : &records.front();
    const Value copied = objectOf(fields, first, number);
    std::vector<Value::Entry> fresh;
    for (const Value::Entry& entry : copied.entries()) {
        const std::string& name = entry.first.text();
        const FieldHint& field = fields.part(name);
        const bool keeps = !field.constants.empty() || isEnumerated(records, name) || hasAny(toLower(name), {"date", "time"});
        fresh.emplace_back(entry.first, keeps ? entry.second : renewed(name, entry.second, number));
    }
    add(Value::dict(fresh), "new record");
    if (first) add(copied, "as the first record");
    if (records.size() > 1) add(objectOf(fields, &records.back(), number), "as the last record");
    size_t branches = 0;
    for (const FieldHint& field : fields.parts)
        for (const Value& constant : field.constants) {
            if (++branches > kBranches) break;
            Value body = bodies.front().value.kind() == Value::Kind::List ? bodies.front().value.items()[0]
                                                                          : bodies.front().value;
            body.set(Value::string(field.name), constant);
            add(std::move(body), fmt::format("{} {}", field.name, toJson(constant)));
        }
    return bodies;
}

} // namespace covet::equivalence
