#pragma once

#include <string>

#include "database/connection.h"
#include "schema/model.h"

namespace covet::load {

/// The statement that loads rows of appendLoadDataRow() into the table:
/// https://dev.mysql.com/doc/refman/8.0/en/load-data.html. Bytes travel as hexadecimal digits,
/// because the text has one character set for all columns.
std::string loadDataSql(const database::Connection& connection, const schema::Table& table);

/// One row, tabs between values, NULL as \N (an empty field would be an empty text), everything
/// that has a meaning in the format escaped.
void appendLoadDataRow(std::string& out, const schema::Table& table, const schema::RowValues& row);

} // namespace covet::load
