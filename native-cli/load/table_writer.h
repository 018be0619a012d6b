#pragma once

#include <cstdint>
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

/// What a server takes at once.
struct BatchLimits {
    size_t statement = 1024 * 1024; // bytes, about, of statements with several rows
    size_t row = SIZE_MAX;
    std::string table; // what people call it, when it has another name for now
};

/// Inserts rows many at a time, for servers where each statement is a round trip.
Status insertBatches(database::Connection& connection, const schema::Table& table,
                     schema::RowReader& rows, const RowsWritten& progress, const BatchLimits& limits = {});

/// Error `data-rejected`: a row is larger than the server takes.
Error tooLarge(const schema::Table& table, const schema::RowValues& row, size_t bytes, const BatchLimits& limits);

/// Overwrites all columns outside the primary key of rows that exist.
Status updateRows(database::Connection& connection, const schema::Table& table,
                  schema::RowReader& rows, const RowsWritten& progress);

} // namespace covet::load
