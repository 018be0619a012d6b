#include "schema/key_choice.h"

#include <algorithm>
#include <unordered_set>

#include "schema/document.h"
#include "schema/key_hashes.h"
#include "schema/naming.h"
#include "support/strings.h"
#include "support/words.h"

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

/// Present, not None, of one kind and different in every row.
bool identifiesRows(const StoreRows& rows, const std::string& field) {
    std::optional<Value::Kind> kind;
    int64_t last = INT64_MIN;
    bool ascending = true; // integers that grow are different
    for (const StoreRow& row : rows) {
        const Value* value = valueIn(row, field);
        if (!value || !isScalarKey(*value) || value->kind() != kind.value_or(value->kind()))
            return false;
        kind = value->kind();
        int64_t number = 0;
        ascending = ascending && value->toInt64(number) && number > last;
        last = number;
    }
    return ascending || allDifferent([&](const std::function<void(const Value&)>& take) {
               for (const StoreRow& row : rows)
                   take(*valueIn(row, field));
           });
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

bool isShared(const facts::Store& store, const std::string& field) {
    return std::find(store.sharedFields.begin(), store.sharedFields.end(), field) != store.sharedFields.end();
}

/// Why a field that is named like a key is none.
std::string whyNoKey(const facts::Store& store, const StoreRows& rows, const RecordField& field) {
    const std::string name = "`" + field.name + "`";
    if (isShared(store, field.name)) return "several records get the same " + name;
    if (field.optional) return "some records have no " + name;
    if (field.fact && field.fact->nullable) return name + " may be None";
    if (identifiesRows(rows, field.name))
        return makesUniqueIds(store, field.name) ? "" : "the code does not keep " + name + " different in all records";
    if (const Value* value = repeatedValue(rows, field.name))
        return name + " repeats, " + toPython(*value) + " is in more than one row";
    return "the values of " + name + " are of several kinds, or none that a key can have";
}

/// Whether a name is that of the table's own number: `teacher_id`, `TeacherId` of teachers.
bool isOwnId(const facts::Store& store, const std::string& field) {
    const std::string name = snakeCase(field);
    const std::string table = tableName(store);
    return name == singular(table) + "_id" || name == table + "_id" || name == singular(table) + "_uuid";
}

/// The last word of names that tell one thing from all others of its kind.
bool endsLikeKey(const std::string& field) {
    static constexpr Words kWords = {
        "code", "key",   "no",    "nr",     "number", "num",    "slug",   "sku",      "isbn",      "issn",
        "ean",  "upc",   "asin",  "vin",   "barcode", "iata",  "icao",   "iso",    "uuid",     "guid",      "uid",
        "ref",  "reference", "registration", "plate", "serial", "symbol", "ticker", "username", "login", "handle", "atc"};
    const std::string name = snakeCase(field);
    return kWords.count(std::string_view(name).substr(name.rfind('_') + 1)) > 0;
}

/// Texts that are written as codes are: without blanks.
bool isCode(const Value& value) {
    return value.kind() != Value::Kind::Str ||
           (!value.text().empty() && value.text().size() <= 64 && value.text().find_first_of(" \t\n") == std::string::npos);
}

/// The first field of records that nobody adds to or changes, where name or handlers speak for it as a key.
std::string naturalKey(const facts::Store& store, const StoreRows& rows, const RecordFields& fields) {
    if (store.changed || store.openShape || isFilledByCode(store) || rows.empty() || fields.fields.empty()) return "";
    const std::string& name = fields.fields.front().name;
    const bool isLookedUp = std::find(store.filteredFields.begin(), store.filteredFields.end(), name) != store.filteredFields.end();
    if ((!isLookedUp && !endsLikeKey(name)) || endsWith(snakeCase(name), "_id")) return ""; // `_id`: of other records
    const bool areCodes = std::all_of(rows.begin(), rows.end(), [&](const StoreRow& row) {
        const Value* value = row.content->find(name);
        return value && isCode(*value);
    });
    return areCodes ? name : "";
}

} // namespace

KeyChoice chooseKey(const facts::Store& store, const StoreRows& rows,
                    const RecordFields& fields) {
    const auto usable = [&](const std::string& name) {
        const RecordField* field = fields.find(name);
        return field && !field->optional && !isShared(store, name) && !(field->fact && field->fact->nullable);
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
    for (const RecordField& field : fields.fields)
        if (isOwnId(store, field.name)) candidates.push_back(field.name);
    for (const std::string& name : candidates)
        if (usable(name) && identifiesRows(rows, name) && makesUniqueIds(store, name))
            return {name, evidenceText(store, rows, "`" + name + "` identifies a record")};
    for (const std::string& name : store.uniqueFields)
        if (usable(name) && !rows.empty() && identifiesRows(rows, name))
            return {name, evidenceText(store, rows, "the code keeps `" + name + "` unique")};
    if (const std::string name = naturalKey(store, rows, fields); !name.empty() && usable(name) && identifiesRows(rows, name))
        return {name, evidenceText(store, rows, "`" + name + "` identifies a record that nothing changes")};
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
