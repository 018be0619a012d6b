#include "schema/overridden_column.h"

#include <algorithm>
#include <map>
#include <optional>

#include "schema/column_type.h"
#include "schema/table_builder.h"
#include "support/strings.h"
#include "support/suggest.h"

namespace covet::schema {
namespace {

constexpr size_t kShownText = 60;
constexpr unsigned kLeastScale = 2;    // of money
constexpr unsigned kMostScale = 4;     // beyond that a number is no amount of money
constexpr unsigned kMostPrecision = 15; // of floats

/// Types that the application's values may have in a column of a type; the likeliest first.
std::vector<std::string> pythonTypes(const Type& type) {
    switch (type.kind) {
    case TypeKind::Integer:
    case TypeKind::BigInt:
        return {"int"};
    case TypeKind::Float:
        return {"float"};
    case TypeKind::Numeric:
        if (type.precision == 0) return {"Decimal", "int", "number"};
        return {"float", "Decimal"};
    case TypeKind::Boolean:
        return {"bool"};
    case TypeKind::Text:
        return {"str"};
    case TypeKind::Varchar:
        return {"str", "datetime"};
    case TypeKind::Date:
        return {"date"};
    case TypeKind::Time:
        return {"time"};
    case TypeKind::Timestamp:
    case TypeKind::TimestampTz:
        return {"datetime"};
    case TypeKind::Uuid:
        return {"str", "UUID"};
    case TypeKind::Json:
        return {"object"};
    case TypeKind::Bytes:
        return {"bytes"};
    }
    return {};
}

std::string shortened(const std::string& text) {
    return text.size() <= kShownText ? text : text.substr(0, kShownText) + "...";
}

unsigned digitsAfterPoint(const std::string& text) {
    const size_t point = text.find('.');
    if (point == std::string::npos || text.substr(point) == ".0") return 0;
    return static_cast<unsigned>(text.size() - point - 1);
}

} // namespace

void note(Column& column, const std::string& decision) {
    column.evidence += (column.evidence.empty() ? "override: " : "; override: ") + decision;
}

Column* ColumnChange::find(const std::string& name) const {
    for (Column& column : table_.columns)
        if (column.name == name) return &column;
    for (Column& column : table_.columns)
        if (!column.field.empty() && column.field == name) return &column;
    return nullptr;
}

Error ColumnChange::unknownColumn(const std::string& name, const std::string& place) const {
    std::vector<std::string> known;
    for (const Column& column : table_.columns) known.push_back(column.name);
    const std::string near = closest(name, known);
    return overrides_.error(place, "the table `" + table_.name + "` has no column `" + name + "`",
                            near.empty() ? "columns: " + join(known, ", ") : "did you mean " + near + "?");
}

std::string ColumnChange::shown(const StoreRow& row, size_t number) const {
    std::string text = "row " + std::to_string(number);
    if (table_.primaryKey.empty()) return text;
    const Column& key = *table_.column(table_.primaryKey[0]);
    const Value* value = valueOf(row, key);
    return value ? text + " (" + key.name + "=" + shortened(toPython(*value)) + ")" : text;
}

bool ColumnChange::isKey(const Column& column) const {
    return std::find(table_.primaryKey.begin(), table_.primaryKey.end(), column.name) != table_.primaryKey.end();
}

Status ColumnChange::apply(Column& column, const ColumnOverride& said) {
    const bool isHidden = column.role != ColumnRole::Field && column.role != ColumnRole::Key &&
                          column.role != ColumnRole::Value;
    const bool saysMore = said.type || said.money || said.nullable || said.defaultValue || said.enumeration ||
                          said.unique || said.index || said.references;
    if (isHidden && saysMore)
        return overrides_.error(said.place, "`" + column.name + "` is a column of the tool's own: only its name can change",
                                "leave the other settings out");
    if (said.type) {
        Status done = retype(column, *said.type, said.place + "/type");
        if (!done) return done;
    }
    if (said.money) {
        Status done = makeMoney(column, said.place + "/money");
        if (!done) return done;
    }
    if (said.nullable) {
        Status done = setNullable(column, *said.nullable, said.place + "/nullable");
        if (!done) return done;
    }
    if (said.defaultValue) {
        Status done = setDefault(column, *said.defaultValue, said.place + "/default");
        if (!done) return done;
    }
    if (said.enumeration) {
        Status done = setEnumeration(column, *said.enumeration, said.place + "/enumeration");
        if (!done) return done;
    }
    if (said.unique && !*said.unique) dropUnique(column);
    if (said.unique && *said.unique) {
        Status done = makeUnique({column.name}, said.place + "/unique");
        if (!done) return done;
    }
    if (said.index && *said.index) addIndex({column.name});
    if (said.index && !*said.index) {
        auto same = [&](const Index& index) { return index.columns == std::vector<std::string>{column.name}; };
        table_.indexes.erase(std::remove_if(table_.indexes.begin(), table_.indexes.end(), same), table_.indexes.end());
        note(column, "no index");
    }
    return Ok{};
}

Status ColumnChange::retype(Column& column, const Type& wanted, const std::string& place) {
    Column changed = column;
    changed.type = wanted;
    changed.tagged = wanted.kind == TypeKind::Json;
    if (isKey(column) && !canBeKey(changed))
        return overrides_.refusal(place, "`" + column.name + "` is a key, and no " + toString(wanted) +
                                             " is one in all databases");
    std::vector<std::string> candidates = pythonTypes(wanted);
    std::stable_partition(candidates.begin(), candidates.end(),
                          [&](const std::string& type) { return type == column.pythonType; });
    std::string first;
    for (const std::string& candidate : candidates) {
        changed.pythonType = candidate;
        std::string contradiction;
        size_t number = 0;
        for (const StoreRow& row : rowsOf(store_)) {
            ++number;
            const Value* value = valueOf(row, column);
            if (!value || value->isNull() || value->isOpaque() || fits(changed, *value)) continue;
            // The document keeps the int beside a column of floats.
            if (table_.columnOfRole(ColumnRole::Extra) && equalFloat(changed, *value)) continue;
            contradiction = shown(row, number) + " has " + shortened(toPython(*value));
            break;
        }
        if (contradiction.empty()) {
            if (changed.identity && wanted.kind != TypeKind::Integer && wanted.kind != TypeKind::BigInt) {
                changed.identity = false;
                table_.identityStart = 0;
            }
            if (candidate != "str") changed.enumeration.clear();
            column = changed;
            note(column, toString(wanted));
            return Ok{};
        }
        if (first.empty()) first = contradiction;
    }
    return overrides_.refusal(place, "`" + table_.name + "." + column.name + "` cannot be " + toString(wanted) + ": " + first);
}

Status ColumnChange::makeMoney(Column& column, const std::string& place) {
    unsigned scale = kLeastScale;
    size_t number = 0;
    for (const StoreRow& row : rowsOf(store_)) {
        ++number;
        const Value* value = valueOf(row, column);
        if (!value || !value->isNumber()) continue; // retype() looks at them
        scale = std::max(scale, digitsAfterPoint(value->text()));
        if (scale > kMostScale)
            return overrides_.refusal(place, "`" + table_.name + "." + column.name + "` is no amount of money: " +
                                                 shown(row, number) + " has " + shortened(toPython(*value)));
    }
    Type type = {TypeKind::Numeric};
    type.precision = kMostPrecision;
    type.scale = scale;
    Status done = retype(column, type, place);
    if (done) note(column, "money");
    return done;
}

Status ColumnChange::setNullable(Column& column, bool nullable, const std::string& place) const {
    if (nullable && isKey(column))
        return overrides_.refusal(place, "`" + column.name + "` is the primary key, which is never NULL");
    if (!nullable) {
        size_t number = 0;
        for (const StoreRow& row : rowsOf(store_)) {
            ++number;
            const Value* value = valueOf(row, column);
            if (value && !value->isNull() && !value->isOpaque()) continue;
            return overrides_.refusal(place, "`" + table_.name + "." + column.name + "` cannot be NOT NULL: " +
                                                 shown(row, number) + (value ? " has None" : " lacks it"));
        }
        if (column.optional)
            return overrides_.refusal(place, "`" + table_.name + "." + column.name +
                                                 "` cannot be NOT NULL: the code stores records without it");
    }
    column.nullable = nullable;
    note(column, nullable ? "NULL" : "NOT NULL");
    return Ok{};
}

Status ColumnChange::setDefault(Column& column, const Value& value, const std::string& place) const {
    Value fallback = column.pythonType == "float" ? equalFloat(column, value).value_or(value) : value;
    if (column.role != ColumnRole::Field || !fits(column, fallback))
        return overrides_.refusal(place, "`" + table_.name + "." + column.name + "` is " + toString(column.type) +
                                             " and cannot hold " + shortened(toPython(value)));
    note(column, "default " + shortened(toPython(fallback)));
    column.defaultValue = std::move(fallback);
    return Ok{};
}

Status ColumnChange::setEnumeration(Column& column, const std::vector<std::string>& words,
                                    const std::string& place) const {
    size_t number = 0;
    for (const StoreRow& row : rowsOf(store_)) {
        ++number;
        const Value* value = valueOf(row, column);
        if (words.empty() || !value || value->isNull()) continue;
        const bool isKnown = value->kind() == Value::Kind::Str &&
                             std::find(words.begin(), words.end(), value->text()) != words.end();
        if (!isKnown)
            return overrides_.refusal(place, "not all of `" + table_.name + "." + column.name + "` is in the list: " +
                                                 shown(row, number) + " has " + shortened(toPython(*value)));
    }
    column.enumeration = words;
    note(column, words.empty() ? "no enumeration" : "one of " + join(words, ", "));
    return Ok{};
}

Status ColumnChange::makeUnique(const std::vector<std::string>& names, const std::string& place) {
    std::vector<Column*> columns;
    size_t longest = 0;
    for (const std::string& name : names) {
        Column* column = find(name);
        if (!column) return unknownColumn(name, place);
        if (!canBeKey(*column))
            return overrides_.refusal(place, "`" + column->name + "` is " + toString(column->type) +
                                                 ", which is not unique in all databases");
        columns.push_back(column);
    }
    std::map<std::string, size_t> seen;
    size_t number = 0;
    for (const StoreRow& row : rowsOf(store_)) {
        ++number;
        std::string key;
        bool isWhole = true; // SQL takes rows with NULL as different
        for (const Column* column : columns) {
            const Value* value = valueOf(row, *column);
            isWhole = isWhole && value && !value->isNull() && !value->isOpaque();
            if (!isWhole) break;
            key += (key.empty() ? "" : ", ") + toPython(*value);
            longest = std::max(longest, value->text().size());
        }
        if (!isWhole) continue;
        const auto [first, isNew] = seen.emplace(key, number);
        if (!isNew)
            return overrides_.refusal(place, "`" + table_.name + "." + join(names, ", ") + "` is not unique: rows " +
                                                 std::to_string(first->second) + " and " + std::to_string(number) +
                                                 " have " + shortened(key));
    }
    std::vector<std::string> set;
    for (Column* column : columns) {
        makeKey(*column, longest);
        note(*column, columns.size() == 1 ? "unique" : "unique together with others");
        set.push_back(column->name);
    }
    if (columns.size() == 1) columns[0]->unique = true;
    if (std::find(table_.uniques.begin(), table_.uniques.end(), set) == table_.uniques.end() && set != table_.primaryKey)
        table_.uniques.push_back(std::move(set));
    return Ok{};
}

void ColumnChange::dropUnique(Column& column) const {
    const std::vector<std::string> set = {column.name};
    table_.uniques.erase(std::remove(table_.uniques.begin(), table_.uniques.end(), set), table_.uniques.end());
    column.unique = false;
    note(column, "not unique");
}

void ColumnChange::addIndex(const std::vector<std::string>& names) const {
    const auto isSame = [&](const Index& index) { return index.columns == names; };
    if (std::none_of(table_.indexes.begin(), table_.indexes.end(), isSame))
        table_.indexes.push_back({names, false, "override"});
}

} // namespace covet::schema
