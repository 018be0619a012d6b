#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "database/connection.h"

namespace covet::load {

struct TableChecksum {
    uint64_t rows = 0;
    std::string hex; // 256 bits
};

struct CheckedTable {
    std::string table;
    const std::vector<database::ColumnInfo>* columns = nullptr;
    uint64_t rows = 0;
};

/// Count and checksum of all rows of a table as the connection reads them. The same rows in any
/// order give the same checksum; one changed bit, a lost or a doubled row gives another.
/// `columns` are all of the table's, in its order; `rows` is about how many there are, or were.
Result<TableChecksum> checksumOf(database::Connection& connection, const std::string& table,
                                 const std::vector<database::ColumnInfo>& columns, uint64_t rows);

/// The same of several tables, in their order.
Result<std::vector<TableChecksum>> checksumsOf(database::Connection& connection, const std::vector<CheckedTable>& tables);

} // namespace covet::load
