#include "schema/record_fields.h"

#include <unordered_map>

namespace covet::schema {
namespace {

class Collector {
public:
    void addFact(const facts::FieldFact& fact) { at(fact.name).fact = &fact; }

    void addRow(const Value& record) {
        ++rows_;
        size_t last = 0;
        for (const auto& [key, value] : record.entries()) {
            if (key.kind() != Value::Kind::Str) {
                result_.otherKeys = true;
                continue;
            }
            RecordField& field = at(key.text());
            field.evidence.add(value);
            ++field.present;
            inOrder(index_[key.text()], last);
        }
    }

    void checkOrder(const std::vector<facts::FieldFact>& facts) {
        size_t last = 0;
        for (const facts::FieldFact& fact : facts)
            if (!fact.optional) inOrder(index_[fact.name], last);
    }

    RecordFields finish(bool filledByCode) {
        for (RecordField& field : result_.fields) {
            const bool absentInRows = field.present < rows_;
            // Of fields that only the rows show, a fact may still tell the type.
            const bool isInCode = field.fact && !(field.fact->type == "number" && field.fact->evidence.empty());
            const bool absentInCode = isInCode ? field.fact->optional : filledByCode;
            field.optional = absentInRows || absentInCode;
        }
        return std::move(result_);
    }

private:
    RecordField& at(const std::string& name) {
        const auto [found, isNew] = index_.emplace(name, result_.fields.size());
        if (isNew) {
            result_.fields.emplace_back();
            result_.fields.back().name = name;
        }
        return result_.fields[found->second];
    }

    void inOrder(size_t position, size_t& last) {
        if (position < last) result_.sameOrder = false;
        last = position;
    }

    RecordFields result_;
    std::unordered_map<std::string, size_t> index_;
    size_t rows_ = 0;
};

} // namespace

const RecordField* RecordFields::find(std::string_view name) const {
    for (const RecordField& field : fields)
        if (field.name == name) return &field;
    return nullptr;
}

RecordFields recordFields(const facts::Store& store, const StoreRows& rows,
                          RowForm form) {
    Collector collector;
    if (form == RowForm::Instance)
        for (const facts::FieldFact& fact : store.fields)
            collector.addFact(fact);
    for (const StoreRow& row : rows)
        if (row.content->isRecord()) collector.addRow(*row.content);
    for (const facts::FieldFact& fact : store.fields)
        collector.addFact(fact);
    collector.checkOrder(store.fields);
    return collector.finish(form == RowForm::Record && isFilledByCode(store));
}

} // namespace covet::schema
