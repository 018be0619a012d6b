#pragma once

#include <string>
#include <vector>

#include "schema/ddl.h"
#include "schema/model.h"

namespace covet::emit {

/// INSERT statements for the rows, for reading and for small data; bulk loading does not use them.
std::string insertSql(const schema::Table& table, const schema::TableRows& rows,
                      schema::Dialect dialect, size_t rowsPerStatement = 100);

/// Statements that move identity sequences past the highest id ever used; "" if none is needed.
std::string identitySql(const schema::Table& table, schema::Dialect dialect);

} // namespace covet::emit
