#include "emit/insert.h"

#include <algorithm>

#include "support/strings.h"

namespace covet::emit {

using schema::Dialect;

namespace {

/// What the generated code takes for nobody's password. A script cannot hold hashes: their salts are random.
constexpr const char* kNoPassword = "!";

} // namespace

std::string insertSql(const schema::Table& table, const schema::TableRows& rows, Dialect dialect,
                      size_t rowsPerStatement) {
    std::vector<std::string> names;
    for (const schema::Column& column : table.columns)
        names.push_back(schema::quoteIdentifier(column.name, dialect));
    const std::string head = "INSERT INTO " + schema::quoteIdentifier(table.name, dialect) + " (" +
                             join(names, ", ") + ") VALUES\n";
    const size_t batch = std::max<size_t>(rowsPerStatement, 1);
    std::string sql;
    for (const schema::Column& column : table.columns)
        if (column.isPassword)
            sql += "-- " + table.name + "." + column.name +
                   ": passwords are hashed when `covetpy-migrate run` loads the rows; '!' is nobody's password\n";
    const size_t count = rows.size();
    const std::unique_ptr<schema::RowReader> reader = rows.read();
    for (size_t i = 0; const schema::RowValues* row = reader->next(); ++i) {
        sql += i % batch == 0 ? head : "";
        sql += "    (";
        for (size_t at = 0; at < table.columns.size(); ++at) {
            if (at) sql += ", ";
            const bool isPassword = table.columns[at].isPassword && (*row)[at].kind() == Value::Kind::Str;
            sql += schema::literalSql(isPassword ? Value::string(kNoPassword) : (*row)[at], table.columns[at].type, dialect);
        }
        const bool last = i + 1 == count || (i + 1) % batch == 0;
        sql += last ? ");\n" : "),\n";
    }
    return sql;
}

std::string identitySql(const schema::Table& table, Dialect dialect) {
    const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                    [](const schema::Column& column) { return column.identity; });
    if (found == table.columns.end() || table.identityStart < 1) return "";
    const std::string start = std::to_string(table.identityStart);
    const std::string name = schema::quoteIdentifier(table.name, dialect);
    switch (dialect) {
    case Dialect::Postgres:
        return "ALTER TABLE " + name + " ALTER COLUMN " +
               schema::quoteIdentifier(found->name, dialect) + " RESTART WITH " + start + ";\n";
    case Dialect::Mysql:
        return "ALTER TABLE " + name + " AUTO_INCREMENT = " + start + ";\n";
    case Dialect::Sqlite:
        break;
    }
    const std::string text = schema::literalSql(Value::string(table.name), {}, dialect);
    const std::string last = std::to_string(table.identityStart - 1);
    return "DELETE FROM sqlite_sequence WHERE name = " + text +
           ";\nINSERT INTO sqlite_sequence (name, seq) VALUES (" + text + ", " + last + ");\n";
}

} // namespace covet::emit
