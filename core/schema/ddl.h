#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/model.h"

namespace covet::schema {

enum class Dialect { Postgres, Mysql, Sqlite };

/// The identifier in the dialect's quotes, quotes inside doubled.
std::string quoteIdentifier(std::string_view name, Dialect dialect);

/// The column type as the dialect spells it. `inKey` matters to MySQL, which cannot index
/// unbounded text.
std::string typeSql(const Type& type, Dialect dialect, bool inKey = false);

/// A literal of the value for a column of the type. Opaque values give NULL.
std::string literalSql(const Value& value, const Type& type, Dialect dialect);

/// Name of a constraint or an index: "ix_orders_user_id", shortened with a checksum where a server
/// would cut it.
std::string constraintName(const char* prefix, const Table& table,
                           const std::vector<std::string>& columns);

/// Whether a key or reference of the table contains the column.
bool isKeyed(const Table& table, const std::string& name);

/// How many characters of a column an index takes; 0 = all of it.
unsigned indexedPrefix(const Table& table, const std::string& name, Dialect dialect);

/// What bulk loading does differently from a script.
struct TableSqlOptions {
    std::string physicalName; // of the table, while it is staged; "" = its own
    bool keys = true;         // primary key and unique constraints
    bool foreignKeys = true;
};

/// One CREATE TABLE statement with its primary key and unique constraints, ended by ";\n".
/// Foreign keys are included; the tables they point to must exist.
std::string createTableSql(const Table& table, Dialect dialect,
                           const TableSqlOptions& options = {});

/// CREATE INDEX statements of a table, one per line; "" if it has none.
std::string createIndexSql(const Table& table, Dialect dialect, std::string_view physicalName = {});

/// ALTER TABLE statements that add what `TableSqlOptions::keys` left out, each ended by ";\n".
std::vector<std::string> addKeysSql(const Table& table, Dialect dialect);
/// The ALTER TABLE statement that adds one foreign key, under the name that CREATE TABLE gives it.
std::string addForeignKeySql(const Table& table, const ForeignKey& key, Dialect dialect,
                             std::string_view physicalName = {},
                             std::string_view physicalTarget = {});

/// All tables and indexes of the schema, then `extra` ones.
std::string ddl(const Schema& schema, Dialect dialect, const std::vector<Table>& extra = {});

/// The manifest of routes: method, path, handler, file, line.
Table routesTable();

} // namespace covet::schema
