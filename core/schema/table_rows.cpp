#include <optional>
#include <set>

#include "schema/column_type.h"
#include "schema/document.h"
#include "schema/inference.h"
#include "schema/store_rows.h"

namespace covet::schema {
namespace {

/// A value as its column carries it: JSON columns take documents, tagged texts their JSON.
Value carried(const Column& column, const Value& value, const std::string& module) {
    if (value.isOpaque()) return value;
    if (column.type.kind == TypeKind::Json) return toDocument(value, module);
    if (column.tagged) return Value::string(toJson(toDocument(value, module)));
    return value;
}

/// Rows beyond so many are made while they are read.
constexpr size_t kHeldRows = 10000;

class RowWriter {
public:
    RowWriter(const Table& table, const facts::Store& store)
        : table_(table), store_(store), extra_(table.columnOfRole(ColumnRole::Extra)) {}

    RowValues write(const StoreRow& row, int64_t number) {
        RowValues values;
        values.reserve(table_.columns.size());
        overflow_.clear();
        emptied_.clear();
        for (const Column& column : table_.columns)
            values.push_back(valueFor(column, row, number));
        if (extra_ && row.content->isRecord())
            values[static_cast<size_t>(extra_ - table_.columns.data())] = document(*row.content);
        return values;
    }

private:
    Value valueFor(const Column& column, const StoreRow& row, int64_t number) {
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

    Value fieldValue(const Column& column, const StoreRow& row) {
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

    /// What to_dict() needs besides the columns; None where they tell everything.
    Value document(const Value& record) {
        std::vector<Value> keys, usual;
        std::vector<Value::Entry> values = overflow_;
        for (const auto& [key, value] : record.entries()) {
            keys.push_back(key);
            const bool isColumn =
                key.kind() == Value::Kind::Str && table_.columnOfField(key.text()) != nullptr;
            if (!isColumn) values.emplace_back(key, value);
        }
        for (const Column& column : table_.columns) {
            if (column.role != ColumnRole::Field) continue;
            const Value* value = record.find(column.field);
            const bool shown = value && !value->isNull() && !emptied_.count(column.field);
            if (!column.optional || shown) usual.push_back(Value::string(column.field));
        }
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

    const Table& table_;
    const facts::Store& store_;
    const Column* extra_;
    std::vector<Value::Entry> overflow_; // values that their columns do not hold as they are
    std::set<std::string> emptied_;      // fields of those whose columns hold nothing
};

/// The rows of one store. Has copies of table and store, which share the data itself.
class StoreRowSource : public RowSource {
public:
    StoreRowSource(Table table, facts::Store store)
        : table_(std::move(table)), store_(std::move(store)) {}
    size_t size() const override { return rowsOf(store_).size(); }
    std::unique_ptr<RowReader> read() const override { return std::make_unique<Reader>(*this); }

private:
    class Reader : public RowReader {
    public:
        explicit Reader(const StoreRowSource& source)
            : writer_(source.table_, source.store_), rows_(rowsOf(source.store_)) {}
        const RowValues* next() override {
            if (number_ == 0)
                at_ = rows_.begin();
            else if (at_ != rows_.end())
                ++at_;
            if (at_ == rows_.end()) return nullptr;
            row_ = writer_.write(*at_, ++number_);
            return &row_;
        }

    private:
        RowWriter writer_;
        StoreRows rows_;
        StoreRows::Iterator at_;
        int64_t number_ = 0;
        RowValues row_;
    };

    Table table_;
    facts::Store store_;
};

const facts::Store* storeOf(const std::vector<facts::Store>& stores, const std::string& id) {
    for (const facts::Store& store : stores)
        if (store.id == id) return &store;
    return nullptr;
}

} // namespace

std::vector<TableRows> tableRows(const Schema& schema, const std::vector<facts::Store>& stores) {
    std::vector<TableRows> all;
    for (const Table& table : schema.tables) {
        TableRows rows;
        rows.table = table.name;
        for (const auto& [id, name] : table.stateNames)
            // Without a row the variable starts as the code says.
            if (const facts::Store* store = storeOf(stores, id); store && store->data && !store->madeAtStart)
                rows.rows.push_back({Value::string(name), toDocument(*store->data, store->module)});
        if (const facts::Store* store = storeOf(stores, table.store); store && !store->madeAtStart) {
            if (rowsOf(*store).size() > kHeldRows) {
                rows.source = std::make_shared<StoreRowSource>(table, *store);
            } else {
                RowWriter writer(table, *store);
                int64_t number = 0;
                for (const StoreRow& row : rowsOf(*store))
                    rows.rows.push_back(writer.write(row, ++number));
            }
        }
        all.push_back(std::move(rows));
    }
    return all;
}

} // namespace covet::schema
