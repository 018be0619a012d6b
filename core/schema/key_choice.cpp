#include "schema/key_choice.h"

#include <algorithm>
#include <unordered_set>

#include "schema/document.h"

namespace covet::schema {
namespace {

using facts::Container;
using facts::IdSource;

struct HashValue {
    size_t operator()(const Value& value) const { return value.hash(); }
};
using ValueSet = std::unordered_set<Value, HashValue>;

const Value* valueIn(const StoreRow& row, const std::string& field) {
    return field.empty() ? row.key : row.content->find(field);
}

bool isScalarKey(const Value& value) {
    switch (value.kind()) {
    case Value::Kind::Int:
    case Value::Kind::Uuid:
        return true;
    case Value::Kind::Str:
        return isStorableText(value.text()) && codePointCount(value.text()) <= 255;
    default:
        return false;
    }
}

void rememberFirst(const StoreRows& rows, const std::string& field, size_t count, ValueSet& seen) {
    for (const StoreRow& row : rows) {
        if (count-- == 0) return;
        seen.insert(*valueIn(row, field));
    }
}

/// Present, not None, of one kind and different in every row.
bool identifiesRows(const StoreRows& rows, const std::string& field) {
    ValueSet seen;
    std::optional<Value::Kind> kind;
    int64_t last = INT64_MIN;
    size_t count = 0;
    bool ascending = true; // integers that grow need no memory of those before them
    for (const StoreRow& row : rows) {
        const Value* value = valueIn(row, field);
        if (!value || !isScalarKey(*value) || value->kind() != kind.value_or(value->kind()))
            return false;
        kind = value->kind();
        int64_t number = 0;
        if (ascending) {
            if (value->toInt64(number) && number > last) {
                last = number;
                ++count;
                continue;
            }
            ascending = false;
            rememberFirst(rows, field, count, seen);
        }
        ++count;
        if (!seen.insert(*value).second) return false;
    }
    return true;
}

bool holdsDictKey(const StoreRows& rows, const std::string& field) {
    return std::all_of(rows.begin(), rows.end(), [&](const StoreRow& row) {
        const Value* value = row.content->find(field);
        return value && row.key && value->identical(*row.key);
    });
}

bool isCodeUnique(const facts::Store& store, const std::string& field) {
    return std::find(store.uniqueFields.begin(), store.uniqueFields.end(), field) !=
           store.uniqueFields.end();
}

/// Whether new records get ids that no other record has, as far as the code shows.
bool makesUniqueIds(const facts::Store& store, const std::string& field) {
    if (isCodeUnique(store, field)) return true;
    if (store.idSource == IdSource::None) return !store.openShape;
    return store.idSource != IdSource::Client && field == store.idField;
}

const char* sourceText(IdSource source) {
    switch (source) {
    case IdSource::Counter:
        return "a counter makes it";
    case IdSource::MaxPlusOne:
        return "the code makes it as highest + 1";
    case IdSource::LenPlusOne:
        return "the code makes it as length + 1";
    case IdSource::LastPlusOne:
        return "the code makes it as last + 1";
    case IdSource::Uuid:
        return "the code makes it as UUID";
    case IdSource::Random:
        return "the code makes it at random";
    default:
        return "";
    }
}

std::string evidenceText(const facts::Store& store, const StoreRows& rows,
                         const std::string& what) {
    std::string text = what;
    if (!rows.empty()) text += ", different in all " + std::to_string(rows.size()) + " rows";
    const std::string source = sourceText(store.idSource);
    if (!source.empty()) text += ", " + source;
    return text;
}

/// A value that two rows have; null if there is none.
const Value* repeatedValue(const StoreRows& rows, const std::string& field) {
    ValueSet seen;
    for (const StoreRow& row : rows) {
        const Value* value = valueIn(row, field);
        if (value && !seen.insert(*value).second) return value;
    }
    return nullptr;
}

/// Why a field that is named like a key is none.
std::string whyNoKey(const facts::Store& store, const StoreRows& rows, const RecordField& field) {
    const std::string name = "`" + field.name + "`";
    if (field.optional) return "some records have no " + name;
    if (field.fact && field.fact->nullable) return name + " may be None";
    if (identifiesRows(rows, field.name))
        return makesUniqueIds(store, field.name) ? "" : "the code does not keep " + name + " different in all records";
    if (const Value* value = repeatedValue(rows, field.name))
        return name + " repeats, " + toPython(*value) + " is in more than one row";
    return "the values of " + name + " are of several kinds, or none that a key can have";
}

} // namespace

KeyChoice chooseKey(const facts::Store& store, const StoreRows& rows,
                    const RecordFields& fields) {
    const auto usable = [&](const std::string& name) {
        const RecordField* field = fields.find(name);
        return field && !field->optional && !(field->fact && field->fact->nullable);
    };
    if (containerOf(store) == Container::Dict) {
        if (!store.keyField.empty() && usable(store.keyField) && holdsDictKey(rows, store.keyField))
            return {store.keyField, "the key of the dict `" + store.name + "`"};
        return {};
    }
    std::vector<std::string> candidates;
    if (!store.idField.empty()) candidates.push_back(store.idField);
    for (const char* name : {"id", "_id", "uuid"})
        candidates.emplace_back(name);
    for (const std::string& name : candidates)
        if (usable(name) && identifiesRows(rows, name) && makesUniqueIds(store, name))
            return {name, evidenceText(store, rows, "`" + name + "` identifies a record")};
    for (const std::string& name : store.uniqueFields)
        if (usable(name) && !rows.empty() && identifiesRows(rows, name))
            return {name, evidenceText(store, rows, "the code keeps `" + name + "` unique")};
    for (const std::string& name : candidates)
        if (const RecordField* field = fields.find(name)) return {"", whyNoKey(store, rows, *field)};
    return {};
}

bool countsUp(const facts::Store& store, const std::string& field) {
    switch (store.idSource) {
    case IdSource::Counter:
    case IdSource::MaxPlusOne:
    case IdSource::LenPlusOne:
    case IdSource::LastPlusOne:
        return store.idField.empty() || field.empty() || field == store.idField;
    case IdSource::None:
        return !isFilledByCode(store);
    default:
        return false;
    }
}

bool growsWithRows(const StoreRows& rows, const std::string& field) {
    int64_t last = INT64_MIN;
    for (const StoreRow& row : rows) {
        const Value* value = valueIn(row, field);
        int64_t number = 0;
        if (!value || value->kind() != Value::Kind::Int || !value->toInt64(number)) return false;
        if (number <= last) return false;
        last = number;
    }
    return true;
}

} // namespace covet::schema
