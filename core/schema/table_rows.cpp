#include "schema/document.h"
#include "schema/inference.h"
#include "schema/row_writer.h"
#include "schema/store_rows.h"

namespace covet::schema {
namespace {

/// Rows beyond so many are made while they are read.
constexpr size_t kHeldRows = 10000;

/// The rows of one store. Has copies of table and store, which share the data itself.
class StoreRowSource : public RowSource {
public:
    StoreRowSource(Table table, facts::Store store, std::vector<ChildField> children)
        : table_(std::move(table)), store_(std::move(store)), children_(std::move(children)) {}
    size_t size() const override { return rowsOf(store_).size(); }
    std::unique_ptr<RowReader> read() const override { return std::make_unique<Reader>(*this); }

private:
    class Reader : public RefillingReader {
    public:
        explicit Reader(const StoreRowSource& source)
            : writer_(source.table_, source.store_, source.children_), rows_(rowsOf(source.store_)) {}
        bool read(RowValues& row) override {
            if (number_ == 0)
                at_ = rows_.begin();
            else if (at_ != rows_.end())
                ++at_;
            if (at_ == rows_.end()) return false;
            writer_.write(*at_, ++number_, row);
            return true;
        }

    private:
        RowWriter writer_;
        StoreRows rows_;
        StoreRows::Iterator at_;
        int64_t number_ = 0;
    };

    Table table_;
    facts::Store store_;
    std::vector<ChildField> children_;
};

const facts::Store* storeOf(const std::vector<facts::Store>& stores, const std::string& id) {
    for (const facts::Store& store : stores)
        if (store.id == id) return &store;
    return nullptr;
}

} // namespace

std::shared_ptr<const RowSource> storeRows(const Table& table, const facts::Store& store,
                                           std::vector<ChildField> children) {
    return std::make_shared<StoreRowSource>(table, store, std::move(children));
}

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
                rows.source = storeRows(table, *store);
            } else {
                RowWriter writer(table, *store);
                int64_t number = 0;
                for (const StoreRow& row : rowsOf(*store))
                    writer.write(row, ++number, rows.rows.emplace_back());
            }
        }
        all.push_back(std::move(rows));
    }
    return all;
}

} // namespace covet::schema
