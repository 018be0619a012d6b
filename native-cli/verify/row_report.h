#pragma once

#include "verify/table_comparison.h"

namespace covet::verify {

/// Compares single rows of one table and reports what is different.
class RowReport {
public:
    RowReport(const schema::Table& table, Findings& findings, schema::Dialect dialect);

    /// Compares a stored row with the one that comes next, value by value as they stand, which is how most are. False
    /// when a value is not that simple, and nothing is known yet.
    bool takeAsIs(const schema::RowValues& expected, const database::Row& stored);
    /// A stored row as values; what is no value of its type becomes one that equals nothing.
    void read(const database::Row& stored, schema::RowValues& values) const;
    /// Whether the primary keys (all columns without one) are the same.
    bool sameKey(const schema::RowValues& expected, const schema::RowValues& found) const;
    /// Compares all values.
    void compare(const schema::RowValues& expected, const schema::RowValues& found);
    void missing(const schema::RowValues& expected);
    void extra(const schema::RowValues& found);
    /// One that cannot be named.
    void extra();
    void outOfOrder(const schema::RowValues& found, size_t expectedAt, size_t after);

    TableResult result;

private:
    void add(const char* kind, std::string key, std::string expected, std::string found);
    std::string keyName(const schema::RowValues& row) const;
    std::string rowText(const schema::RowValues& row) const;

    const schema::Table& table_;
    Findings& findings_;
    schema::Dialect dialect_;
    std::vector<size_t> key_;
};

/// Positions of the primary key's columns.
std::vector<size_t> keyColumns(const schema::Table& table);
/// Whether rows come back in the order of the store: the members of a set have none.
bool keepsOrder(const schema::Table& table);

} // namespace covet::verify
