#pragma once

#include <functional>

#include "verify/verifier.h"

namespace covet::verify {

/// Collects differences of one report.
class Findings {
public:
    Findings(Report& report, size_t maximum) : report_(report), maximum_(maximum) {}
    void add(Difference difference);
    /// Adds all that another report found.
    void take(Report report);
    /// Further differences are only counted.
    bool isFull() const { return report_.differences.size() >= maximum_; }
    size_t maximum() const { return maximum_; }

private:
    Report& report_;
    size_t maximum_;
};

/// Called after every few thousand rows with how many were read; false = stop.
using RowsRead = std::function<bool(uint64_t)>;

/// Which of the expected rows a table has; one bit each, in their order.
struct Matches {
    std::vector<bool> present;   // there is a row with this primary key
    std::vector<bool> different; // and it has other values
};

/// Compares the rows of one existing table, by the name in `table`, with the expected ones.
/// Rows are read in the store's order and paired by primary key (as a multiset without one). No row is
/// kept as long as both sides come in one order or the table has a primary key. `matches` is only told of
/// tables with one.
Result<TableResult> compareTable(database::Connection& connection, const schema::Table& table,
                                 const schema::TableRows& expected,
                                 bool allowExtraRows, Findings& findings, const RowsRead& progress,
                                 Matches* matches = nullptr);

/// Compares the digest of the stored rows with that of the expected ones.
/// A result without rows says that they are not known to be the same.
Result<TableResult> compareDigest(database::Connection& connection, const schema::Table& table,
                                  const RowDigest& expected, const RowsRead& progress);

/// A table and the digest of its expected rows.
struct DigestedTable {
    const schema::Table* table = nullptr;
    const RowDigest* expected = nullptr;
};

/// The same of several small tables, in their order.
Result<std::vector<TableResult>> compareDigests(database::Connection& connection, const std::vector<DigestedTable>& tables);

/// A row's primary key as one text, equal for equal keys whatever their stored form.
std::string keyText(const schema::Table& table, const std::vector<Value>& row);

/// SELECT of the table's columns in their order, by the store's order.
std::string selectSql(const database::Connection& connection, const schema::Table& table);

} // namespace covet::verify
