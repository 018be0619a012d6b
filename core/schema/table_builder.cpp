#include "schema/table_builder.h"

#include <algorithm>
#include <set>

#include "schema/column_type.h"
#include "schema/key_choice.h"
#include "schema/naming.h"
#include "schema/record_fields.h"
#include "schema/store_rows.h"
#include "support/strings.h"

namespace covet::schema {
namespace {

using facts::Container;

constexpr size_t kMaxColumns = 150;
constexpr unsigned kKeyLength = 255;

/// Whether the values of a field should be shown nowhere.
bool isPrivate(const std::string& field) {
    const std::string name = toLower(field);
    for (const char* word :
         {"pass", "secret", "token", "hash", "salt", "key", "pin", "mail", "phone", "ssn"})
        if (name.find(word) != std::string::npos) return true;
    return false;
}

class TableBuilder {
public:
    TableBuilder(const facts::Store& store, const Options& options)
        : store_(store), options_(options), rows_(rowsOf(store)), container_(containerOf(store)),
          form_(formOf(store, rows_)) {}

    Table build() {
        table_.store = store_.id;
        if (form_ == RowForm::Single)
            buildSingle();
        else
            buildRecord();
        return std::move(table_);
    }

private:
    void buildRecord() {
        if (form_ == RowForm::Instance) table_.elementClass = store_.elementClass;
        table_.openShape = store_.openShape;
        table_.mixedClasses = store_.mixedClasses;
        const RecordFields fields = recordFields(store_, rows_, form_);
        const auto said = options_.keyFields.find(store_.id);
        const KeyChoice key = said == options_.keyFields.end() ? chooseKey(store_, rows_, fields)
                                                               : KeyChoice{said->second, "override"};
        bool needsExtra = store_.openShape || store_.mixedClasses || fields.otherKeys || !fields.sameOrder;
        for (const RecordField& field : fields.fields)
            addField(field, field.name == key.field, needsExtra);
        if (!key.field.empty() && !table_.columnOfField(key.field))
            key_ = {};
        else
            key_ = key;
        if (!key_.field.empty())
            useFieldKey();
        else if (container_ == Container::Dict)
            addDictKey();
        else
            addSurrogate();
        addOrder();
        if (needsExtra) addExtra();
        for (const std::string& name : store_.uniqueFields) {
            const Column* column = table_.columnOfField(name);
            if (column && column->name != table_.primaryKey[0]) unique(*column, fields);
        }
    }

    void buildSingle() {
        ColumnEvidence evidence;
        for (const StoreRow& row : rows_)
            evidence.add(*row.content);
        const facts::FieldFact* fact = nullptr;
        const bool areScalars = store_.element == facts::Element::Scalar || container_ == Container::Set;
        if (areScalars && !store_.fields.empty()) fact = &store_.fields[0];
        ColumnType decided = decideType(evidence, fact, options_.lenient);
        const bool objects = store_.mixedClasses || store_.element == facts::Element::Instance;
        if (decided.needsExtra || objects) { // no document here to keep exceptions in
            decided.type = {TypeKind::Json};
            decided.pythonType = "object";
            decided.tagged = true;
        }
        Column value = columnOf(decided);
        if (store_.passwordField) keepHashes(value);
        value.role = ColumnRole::Value;
        value.name = scope_.claim("value");
        value.attribute = value.name;
        const bool hasNone = (fact && fact->nullable) || std::any_of(rows_.begin(), rows_.end(), [](const StoreRow& row) {
                                 return row.content->isNull();
                             });
        if (container_ == Container::Set && !hasNone) { // no part of a primary key is null
            makeKey(value, evidence.longestText());
            value.nullable = false;
            value.evidence += "; members of a set";
            table_.columns.push_back(std::move(value));
            table_.primaryKey = {"value"};
            table_.orderBy = table_.primaryKey;
            return;
        }
        table_.columns.push_back(std::move(value));
        if (container_ == Container::Dict)
            addDictKey();
        else
            addSurrogate();
        if (container_ == Container::Set)
            table_.orderBy = table_.primaryKey;
        else
            addOrder();
    }

    Column columnOf(const ColumnType& decided) {
        Column column;
        column.type = decided.type;
        column.pythonType = decided.pythonType;
        column.tagged = decided.tagged;
        column.nullable = decided.nullable;
        column.enumeration = decided.enumeration;
        column.evidence = decided.evidence;
        return column;
    }

    /// Passwords may look like anything; their hashes are texts.
    static void keepHashes(Column& column) {
        column.isPassword = true;
        column.enumeration.clear();
        if (column.type.kind != TypeKind::Json) {
            column.type = {TypeKind::Text};
            column.pythonType = "str";
            column.tagged = false;
        }
        column.evidence += (column.evidence.empty() ? "" : "; ") + std::string("passwords, hashed when the rows are loaded");
    }

    void addField(const RecordField& known, bool isKey, bool& needsExtra) {
        RecordField field = known;
        facts::FieldFact counted;
        const bool untold = field.fact && (field.fact->type.empty() || field.fact->type == "json");
        if (untold && field.name == store_.idField && isFilledByCode(store_) &&
            countsUp(store_, field.name)) {
            counted = *field.fact;
            counted.type = "int";
            field.fact = &counted;
        }
        if (isKey && field.fact && field.fact->type == "number") { // rows are found by it
            counted = *field.fact;
            counted.type = "int";
            field.fact = &counted;
        }
        const std::string name = columnName(field.name);
        if (!isColumnName(field.name) || !scope_.isFree(name) ||
            table_.columns.size() >= kMaxColumns) {
            needsExtra = true;
            return;
        }
        const ColumnType decided = decideType(
            field.evidence, field.fact, options_.lenient && form_ == RowForm::Record && !isKey);
        Column column = columnOf(decided);
        column.name = scope_.claim(name);
        column.attribute = claimAttribute(column.name);
        column.field = field.name;
        if (isPrivate(field.name)) column.enumeration.clear();
        if (store_.passwordField == field.name && !isKey) keepHashes(column);
        column.optional = field.optional || (store_.openShape && !isKey);
        column.nullable = column.nullable || column.optional;
        if (field.fact) column.defaultValue = field.fact->defaultValue;
        needsExtra = needsExtra || column.optional || decided.needsExtra;
        if (column.optional) column.evidence += "; some records lack it";
        if (isKey) makeKey(column, field.evidence.longestText());
        table_.columns.push_back(std::move(column));
    }

    void useFieldKey() {
        Column& column = *std::find_if(table_.columns.begin(), table_.columns.end(),
                                       [&](const Column& one) { return one.field == key_.field; });
        column.nullable = false;
        column.evidence += "; primary key: " + key_.evidence;
        column.identity = isInteger(column) && countsUp(store_, key_.field);
        table_.primaryKey = {column.name};
        if (column.identity) startIdentity(key_.field);
    }

    void addDictKey() {
        ColumnEvidence evidence;
        for (const StoreRow& row : rows_)
            evidence.add(*row.key);
        facts::FieldFact fact;
        fact.type = store_.keyType;
        if (fact.type.empty() && isFilledByCode(store_) && countsUp(store_, "")) fact.type = "int";
        Column column = columnOf(decideType(evidence, &fact, false));
        column.role = ColumnRole::Key;
        std::string name =
            store_.keyName.empty() || !isColumnName(store_.keyName) ? "key" : store_.keyName;
        if (!scope_.isFree(name)) name += "_key";
        column.name = scope_.claim(columnName(name));
        column.attribute = claimAttribute(column.name);
        column.nullable = false;
        makeKey(column, evidence.longestText());
        column.evidence += (column.evidence.empty() ? "" : "; ") +
                           std::string("primary key: the key of the dict `") + store_.name + "`";
        column.identity = isInteger(column) && countsUp(store_, "");
        table_.primaryKey = {column.name};
        const bool startsIdentity = column.identity;
        table_.columns.insert(table_.columns.begin(), std::move(column));
        if (startsIdentity) startIdentity("");
    }

    void addSurrogate() {
        Column column;
        column.role = ColumnRole::Surrogate;
        column.name = scope_.claim("row_id");
        column.attribute = claimAttribute(column.name);
        column.type = {TypeKind::BigInt};
        column.pythonType = "int";
        column.identity = true;
        column.evidence = "primary key: " + (key_.evidence.empty() ? "nothing in the records identifies them" : key_.evidence);
        table_.primaryKey = {column.name};
        table_.identityStart = static_cast<int64_t>(rows_.size()) + 1;
        table_.columns.insert(table_.columns.begin(), std::move(column));
    }

    /// Order by the key only where it provably follows the insertions.
    void addOrder() {
        const Column& key = *table_.column(table_.primaryKey[0]);
        const bool ordered = key.role == ColumnRole::Surrogate || growsWithRows(rows_, key_.field);
        if (store_.idFollowsInsertion && ordered && isInteger(key)) {
            table_.orderBy = table_.primaryKey;
            return;
        }
        Column column;
        column.role = ColumnRole::Position;
        column.name = scope_.claim(scope_.isFree("position") ? "position" : "row_position");
        column.attribute = claimAttribute(column.name);
        column.type = {TypeKind::BigInt};
        column.pythonType = "int";
        column.evidence = "the order of insertion, which no key of the records follows";
        table_.orderBy = {column.name};
        table_.columns.push_back(std::move(column));
    }

    void addExtra() {
        Column column;
        column.role = ColumnRole::Extra;
        column.name = scope_.claim(scope_.isFree("extra") ? "extra" : "extra_fields");
        column.attribute = claimAttribute(column.name);
        column.type = {TypeKind::Json};
        column.pythonType = "object";
        column.tagged = true;
        column.nullable = true;
        column.evidence = store_.mixedClasses
                              ? "plain dicts and objects of classes side by side"
                          : store_.openShape
                              ? "whole request bodies are stored, with any keys"
                              : "what the columns do not tell of some records: other keys, "
                                "order of keys, presence";
        table_.columns.push_back(std::move(column));
    }

    void unique(const Column& column, const RecordFields& fields) {
        const RecordField* field = fields.find(column.field);
        if (!canBeKey(column) || column.tagged || !field) return;
        std::vector<std::string> values;
        for (const StoreRow& row : rows_)
            if (const Value* value = row.content->find(column.field))
                if (!value->isNull()) values.push_back(toPython(*value));
        std::sort(values.begin(), values.end());
        if (std::adjacent_find(values.begin(), values.end()) != values.end()) return;
        Column& target = const_cast<Column&>(column);
        target.unique = true;
        target.evidence += "; unique: the code checks for duplicates";
        makeKey(target, field->evidence.longestText());
        table_.uniques.push_back({target.name});
    }

    /// The next value of the key, which has to fit, too.
    void startIdentity(const std::string& field) {
        int64_t highest = 0;
        for (const StoreRow& row : rows_) {
            const Value* value = field.empty() ? row.key : row.content->find(field);
            int64_t number = 0;
            if (value && value->toInt64(number)) highest = std::max(highest, number);
        }
        Column& key = *std::find_if(table_.columns.begin(), table_.columns.end(),
                                    [&](const Column& one) { return one.name == table_.primaryKey[0]; });
        if (highest == INT64_MAX) { // nothing comes after it
            key.identity = false;
            return;
        }
        if (highest >= INT32_MAX) key.type.kind = TypeKind::BigInt;
        table_.identityStart = highest + 1;
    }

    static bool isInteger(const Column& column) {
        return column.type.kind == TypeKind::Integer || column.type.kind == TypeKind::BigInt;
    }

    std::string claimAttribute(const std::string& column) {
        std::string name = attributeName(column);
        while (!attributes_.insert(name).second)
            name += '_';
        return name;
    }

    const facts::Store& store_;
    const Options& options_;
    StoreRows rows_;
    Container container_;
    RowForm form_;
    KeyChoice key_;
    NameScope scope_;
    std::set<std::string> attributes_;
    Table table_;
};

} // namespace

Table buildTable(const facts::Store& store, const Options& options) {
    return TableBuilder(store, options).build();
}

bool canBeKey(const Column& column) {
    switch (column.type.kind) {
    case TypeKind::Integer:
    case TypeKind::BigInt:
    case TypeKind::Text:
    case TypeKind::Varchar:
    case TypeKind::Date:
    case TypeKind::Uuid:
        return true;
    default:
        return false;
    }
}

void makeKey(Column& column, size_t longestText) {
    if (column.type.kind == TypeKind::Text && longestText <= kKeyLength)
        column.type = {TypeKind::Varchar, kKeyLength};
    if (canBeKey(column)) return;
    column.type = {TypeKind::Varchar, kKeyLength};
    column.pythonType = "object";
    column.tagged = true;
    column.evidence += "; kept as JSON text, so that keys of any type stay apart";
}

} // namespace covet::schema
