#include "schema/row_writer.h"

#include <algorithm>
#include <optional>

#include "schema/column_type.h"
#include "schema/document.h"

namespace covet::schema {
namespace {

/// A value as its column carries it: JSON columns take documents, tagged texts their JSON.
Value carried(const Column& column, const Value& value, const std::string& module) {
    if (value.isOpaque()) return value;
    if (column.type.kind == TypeKind::Json) return toDocument(value, module);
    if (column.tagged) return Value::string(toJson(toDocument(value, module)));
    return value;
}

} // namespace

RowWriter::RowWriter(const Table& table, const facts::Store& store, std::vector<ChildField> children)
    : table_(table), store_(store), children_(std::move(children)), extra_(table.columnOfRole(ColumnRole::Extra)) {
    for (const Column& column : table.columns)
        isPlain_.push_back(column.role == ColumnRole::Field && !extra_ && !column.tagged &&
                           column.type.kind != TypeKind::Json);
    usualPlace_.resize(table.columns.size());
}

void RowWriter::write(const StoreRow& row, int64_t number, RowValues& values) {
    values.resize(table_.columns.size());
    overflow_.clear();
    emptied_.clear();
    for (size_t i = 0; i < values.size(); ++i) {
        const Value* plain = isPlain_[i] ? plainValue(i, *row.content) : nullptr;
        if (plain)
            values[i] = *plain;
        else
            values[i] = valueFor(table_.columns[i], row, number);
    }
    if (extra_ && row.content->isRecord())
        values[static_cast<size_t>(extra_ - table_.columns.data())] = document(*row.content);
}

/// What a record has for a column that takes it as it is, looked for where the last record had it.
const Value* RowWriter::plainValue(size_t column, const Value& record) {
    if (record.kind() != Value::Kind::Dict) return nullptr;
    const std::vector<Value::Entry>& entries = record.entries();
    const std::string& field = table_.columns[column].field;
    const auto isIt = [&](const Value::Entry& entry) {
        return entry.first.kind() == Value::Kind::Str && entry.first.text() == field;
    };
    size_t& place = usualPlace_[column];
    if (place < entries.size() && isIt(entries[place])) return &entries[place].second;
    const auto found = std::find_if(entries.begin(), entries.end(), isIt);
    if (found == entries.end()) return nullptr;
    place = static_cast<size_t>(found - entries.begin());
    return &found->second;
}

Value RowWriter::valueFor(const Column& column, const StoreRow& row, int64_t number) {
    switch (column.role) {
    case ColumnRole::Surrogate:
    case ColumnRole::Position:
        return Value::integer(number);
    case ColumnRole::Key:
        return carried(column, *row.key, store_.module);
    case ColumnRole::Value:
        return carried(column, *row.content, store_.module);
    case ColumnRole::Field:
        return fieldValue(column, row);
    default:
        return Value::null();
    }
}

Value RowWriter::fieldValue(const Column& column, const StoreRow& row) {
    if (row.content->isOpaque()) return *row.content;
    const Value* value = row.content->find(column.field);
    if (!value || value->isNull()) return Value::null();
    if (!extra_ || value->isOpaque() || fits(column, *value))
        return carried(column, *value, store_.module);
    // The document keeps what the column cannot; the column keeps what compares equal to it.
    const std::optional<Value> number = equalFloat(column, *value);
    if (!number && !column.nullable) return *value;
    overflow_.emplace_back(Value::string(column.field), *value);
    if (!number) emptied_.insert(column.field);
    return number.value_or(Value::null());
}

/// Whether a table of its own holds the values of a field.
bool RowWriter::isChildField(const std::string& field) const {
    return std::any_of(children_.begin(), children_.end(),
                       [&](const ChildField& child) { return child.field == field; });
}

/// Whether it holds one row for each of any number of elements.
bool RowWriter::isChildOfMany(const std::string& field) const {
    return std::any_of(children_.begin(), children_.end(),
                       [&](const ChildField& child) { return child.field == field && !child.isRecord; });
}

/// What to_dict() needs besides the columns; None where they tell everything.
Value RowWriter::document(const Value& record) {
    std::vector<Value> keys, usual;
    std::vector<Value::Entry> values = overflow_;
    for (const auto& [key, value] : record.entries()) {
        keys.push_back(key);
        const bool isColumn = key.kind() == Value::Kind::Str &&
                              (table_.columnOfField(key.text()) != nullptr || isChildField(key.text()));
        // No rows of a child mean that it is empty.
        const bool isNone = isColumn && value.isNull() && isChildOfMany(key.text());
        if (!isColumn || isNone) values.emplace_back(key, value);
    }
    const auto show = [&](const std::string& field, bool optional) {
        const Value* value = record.find(field);
        const bool shown = value && !value->isNull() && !emptied_.count(field) && !(isChildOfMany(field) && value->size() == 0);
        if (!optional || shown) usual.push_back(Value::string(field));
    };
    size_t fields = 0;
    const auto showChildren = [&] {
        for (const ChildField& child : children_)
            if (child.place == fields && !child.field.empty()) show(child.field, child.optional);
    };
    for (const Column& column : table_.columns) {
        if (column.role != ColumnRole::Field) continue;
        showChildren();
        show(column.field, column.optional);
        ++fields;
    }
    showChildren();
    std::vector<Value::Entry> parts;
    if (!Value::list(keys).identical(Value::list(usual)))
        parts.emplace_back(Value::string("keys"),
                           toDocument(Value::list(std::move(keys)), store_.module));
    if (table_.mixedClasses && record.kind() == Value::Kind::Object)
        parts.emplace_back(Value::string("class"), Value::string(store_.module + ":" + record.text()));
    if (!values.empty())
        parts.emplace_back(Value::string("values"),
                           toDocument(Value::dict(std::move(values)), store_.module));
    return parts.empty() ? Value::null() : Value::dict(std::move(parts));
}

} // namespace covet::schema
