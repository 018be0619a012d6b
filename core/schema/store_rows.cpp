#include "schema/store_rows.h"

#include <algorithm>

namespace covet::schema {

using facts::Container;
using facts::Element;

std::vector<StoreRow> rowsOf(const facts::Store& store) {
    std::vector<StoreRow> rows;
    if (!store.data || store.container == Container::Scalar) return rows;
    if (store.data->kind() == Value::Kind::Dict)
        for (const auto& [key, content] : store.data->entries())
            rows.push_back({&key, &content});
    else if (store.data->isSequence())
        for (const Value& item : store.data->items())
            rows.push_back({nullptr, &item});
    return rows;
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

RowForm formOf(const facts::Store& store, const std::vector<StoreRow>& rows) {
    if (containerOf(store) == Container::Set) return RowForm::Single;
    const auto all = [&](auto test) {
        return std::all_of(rows.begin(), rows.end(), [&](const StoreRow& row) {
            return row.content->isOpaque() || test(*row.content);
        });
    };
    const bool dicts = all([](const Value& value) { return value.kind() == Value::Kind::Dict; });
    const bool objects =
        all([](const Value& value) { return value.kind() == Value::Kind::Object; });
    const bool textKeys = all([](const Value& value) {
        return value.entries().empty() ||
               std::any_of(value.entries().begin(), value.entries().end(), [](const auto& entry) {
                   return entry.first.kind() == Value::Kind::Str;
               });
    });
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
    if (objects && !store.elementClass.empty()) return RowForm::Instance;
    return dicts && textKeys ? RowForm::Record : RowForm::Single;
}

bool isFilledByCode(const facts::Store& store) {
    return std::any_of(store.fields.begin(), store.fields.end(),
                       [](const facts::FieldFact& field) { return !field.optional; });
}

} // namespace covet::schema
