#include "schema/store_rows.h"

#include <algorithm>

namespace covet::schema {

using facts::Container;
using facts::Element;

StoreRows rowsOf(const facts::Store& store) {
    const bool hasRows = store.data && store.container != Container::Scalar &&
                         (store.data->kind() == Value::Kind::Dict || store.data->isSequence());
    return StoreRows(hasRows ? &*store.data : nullptr);
}

const Value* valueOf(const StoreRow& row, const Column& column) {
    if (column.role == ColumnRole::Key) return row.key;
    if (column.role == ColumnRole::Value) return row.content;
    return column.role == ColumnRole::Field ? row.content->find(column.field) : nullptr;
}

facts::Container containerOf(const facts::Store& store) {
    if (!store.data || store.container == Container::Scalar) return store.container;
    switch (store.data->kind()) {
    case Value::Kind::Dict:
        return Container::Dict;
    case Value::Kind::Set:
        return Container::Set;
    case Value::Kind::List:
        return Container::List;
    default:
        return store.container;
    }
}

RowForm formOf(const facts::Store& store, const StoreRows& rows) {
    if (containerOf(store) == Container::Set) return RowForm::Single;
    bool dicts = true;
    bool objects = true;
    bool records = true;
    bool textKeys = true;
    bool isUntold = false; // `{"admin": generate_password_hash("admin")}`: the program makes the element, of whatever kind
    for (const StoreRow& row : rows) {
        const Value& content = *row.content;
        isUntold = isUntold || content.isOpaque();
        if (content.isOpaque()) continue;
        dicts = dicts && content.kind() == Value::Kind::Dict;
        objects = objects && content.kind() == Value::Kind::Object;
        const std::vector<Value::Entry>& entries = content.entries();
        textKeys = textKeys && (entries.empty() ||
                                std::any_of(entries.begin(), entries.end(), [](const auto& entry) {
                                    return entry.first.kind() == Value::Kind::Str;
                                }));
        records = records && content.isRecord();
        if (!records) break;
    }
    if (store.mixedClasses) return records && textKeys ? RowForm::Record : RowForm::Single;
    switch (store.element) {
    case Element::Record:
        return dicts && textKeys ? RowForm::Record : RowForm::Single;
    case Element::Instance:
        return objects ? RowForm::Instance : RowForm::Single;
    case Element::Scalar:
    case Element::Sequence:
        return RowForm::Single;
    case Element::Unknown:
        break;
    }
    if (rows.empty()) return store.fields.empty() ? RowForm::Single : RowForm::Record;
    if (isUntold && store.fields.empty() && store.elementClass.empty()) return RowForm::Single;
    if (objects && !store.elementClass.empty()) return RowForm::Instance;
    return dicts && textKeys ? RowForm::Record : RowForm::Single;
}

bool isFilledByCode(const facts::Store& store) {
    return std::any_of(store.fields.begin(), store.fields.end(),
                       [](const facts::FieldFact& field) { return !field.optional; });
}

} // namespace covet::schema
