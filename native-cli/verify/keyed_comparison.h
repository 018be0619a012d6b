#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "verify/row_report.h"

namespace covet::verify {

/// Compares expected rows with the stored ones of the same primary keys, wherever these are. The database looks them
/// up, some hundred at a time, so neither side is held. The rows that it finds are told apart by their own keys as
/// they read back: what the database takes for equal does not have to be.
class KeyedComparison {
public:
    /// The table needs a primary key; `report` takes what is different.
    KeyedComparison(database::Connection& connection, const schema::Table& table, RowReport& report, bool allowExtraRows);

    Status run(const schema::TableRows& expected, const RowsRead& progress, Matches* matches);

private:
    struct Batch {
        std::vector<schema::RowValues> rows;
        std::vector<std::string> keys;
        size_t bytes = 0;
        size_t compared = 0; // of its first rows, which are here for their order only
        uint64_t first = 0;  // number of rows before them
    };

    bool isFull(const Batch& batch) const;
    std::string lookupSql(size_t rows) const;
    Status compare(const Batch& batch, Matches* matches);
    Status nameExtraRows(const schema::TableRows& expected, uint64_t count);

    database::Connection& connection_;
    const schema::Table& table_;
    RowReport& report_;
    bool allowExtra_, keepsOrder_;
    std::vector<size_t> key_;
    uint64_t matched_ = 0;
    bool outOfOrder_ = false;
};

} // namespace covet::verify
