#include "load/checksum.h"

#include "support/strings.h"
#include "verify/row_sum.h"

namespace covet::load {
namespace {

constexpr uint64_t kManyRows = 1000; // worth a round trip

} // namespace

Result<TableChecksum> checksumOf(database::Connection& connection, const std::string& table,
                                 const std::vector<database::ColumnInfo>& columns, uint64_t rows) {
    Result<std::vector<TableChecksum>> made = checksumsOf(connection, {{table, &columns, rows}});
    if (!made) return made.error();
    return std::move(made->front());
}

Result<std::vector<TableChecksum>> checksumsOf(database::Connection& connection, const std::vector<CheckedTable>& tables) {
    std::vector<verify::RowSum> sums(tables.size());
    std::vector<database::Select> small;
    std::vector<size_t> places; // of their tables
    for (size_t i = 0; i < tables.size(); ++i) {
        std::vector<std::string> names;
        for (const database::ColumnInfo& column : *tables[i].columns)
            names.push_back(connection.quoted(column.name));
        const std::string sql = "SELECT " + join(names, ", ") + " FROM " + connection.quoted(tables[i].table);
        if (tables[i].rows < kManyRows) {
            small.push_back({sql, tables[i].rows});
            places.push_back(i);
            continue;
        }
        const Status done = connection.queryCells(sql, tables[i].rows, [&](const std::vector<database::Cell>& row) {
            sums[i].add(row);
            return true;
        });
        if (!done) return done.error();
    }
    std::vector<database::Cell> cells;
    const Status done = connection.queryEach(small, [&](size_t at, database::Row& row) {
        database::cellsOf(row, cells);
        sums[places[at]].add(cells);
    });
    if (!done) return done.error();
    std::vector<TableChecksum> results;
    for (const verify::RowSum& sum : sums)
        results.push_back({sum.rows(), sum.hex()});
    return results;
}

} // namespace covet::load
