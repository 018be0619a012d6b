#pragma once

#include <functional>

#include "database/connection.h"
#include "schema/model.h"

namespace covet::load {

/// Called now and then with the number of rows written so far; false = stop.
using RowsWritten = std::function<bool(uint64_t)>;

/// The values of a row as statement parameters.
database::Row parametersOf(const schema::Table& table, const std::vector<Value>& row,
                           schema::Dialect dialect);

Status insertRow(database::Connection& connection, const schema::Table& table,
                 const std::vector<Value>& row);

/// Inserts rows one by one with a prepared statement.
Status insertRows(database::Connection& connection, const schema::Table& table,
                  schema::RowReader& rows, const RowsWritten& progress);

/// Inserts rows many at a time, for servers where each statement is a round trip; a statement has about
/// `mostBytes`, unless a single row has more.
Status insertBatches(database::Connection& connection, const schema::Table& table,
                     schema::RowReader& rows, const RowsWritten& progress, size_t mostBytes = 1024 * 1024);

/// Overwrites all columns outside the primary key of rows that exist.
Status updateRows(database::Connection& connection, const schema::Table& table,
                  schema::RowReader& rows, const RowsWritten& progress);

} // namespace covet::load
