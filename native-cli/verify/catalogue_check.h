#pragma once

#include "verify/table_comparison.h"

namespace covet::verify {

/// Compares what the server's catalogue says about a table with the model: columns, types,
/// nullability, primary key, uniqueness, foreign keys. False when the table or one of its columns
/// is missing, so that its rows cannot be read.
bool checkTable(const database::Catalogue& catalogue, schema::Dialect dialect,
                const schema::Table& table, Findings& findings);

/// The identity columns of the tables that the catalogue has.
std::vector<database::IdentityColumn> identityColumns(const std::vector<schema::Table>& tables,
                                                      const database::Catalogue& catalogue);

/// Whether the next identity values are past all rows, and past all that were used before.
Status checkIdentities(database::Connection& connection, const database::Catalogue& catalogue,
                       const std::vector<schema::Table>& tables, Findings& findings);

/// Counts rows that refer to nothing, table by table, with plain queries.
Status checkReferences(database::Connection& connection, const schema::Table& table,
                       Findings& findings);

} // namespace covet::verify
