#pragma once

#include "verify/table_comparison.h"

namespace covet::verify {

/// Compares what the server's catalogue says about a table with the model: columns, types,
/// nullability, primary key, uniqueness, foreign keys, next identity value. False when the table
/// or one of its columns is missing, so that its rows cannot be read.
Result<bool> checkTable(database::Connection& connection, const schema::Table& table,
                        Findings& findings);

/// Counts rows that refer to nothing, table by table, with plain queries.
Status checkReferences(database::Connection& connection, const schema::Table& table,
                       Findings& findings);

} // namespace covet::verify
