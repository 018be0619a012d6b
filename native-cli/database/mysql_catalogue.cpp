#include "database/mysql_connection.h"
#include "support/strings.h"

namespace covet::database {
namespace {

// The catalogue compares names without case; tables are files on most servers and differ by it.
constexpr const char* kThisTable =
    "table_schema = DATABASE() AND CAST(table_name AS BINARY) = CAST(? AS BINARY)";

} // namespace

Result<std::vector<std::string>> MysqlConnection::tables() {
    std::vector<std::string> names;
    const Status done = query("SELECT table_name FROM information_schema.tables "
                              "WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' "
                              "ORDER BY CAST(table_name AS BINARY)",
                              {}, [&](Row& row) {
                                  names.push_back(row[0].text());
                                  return true;
                              });
    if (!done) return done.error();
    return names;
}

Result<std::vector<ColumnInfo>> MysqlConnection::columns(const std::string& table) {
    std::vector<ColumnInfo> found;
    const Status done =
        query(std::string("SELECT column_name, column_type, is_nullable, extra, column_key "
                          "FROM information_schema.columns WHERE ") +
                  kThisTable + " ORDER BY ordinal_position",
              {Value::string(table)}, [&](Row& row) {
                  ColumnInfo column;
                  column.name = row[0].text();
                  column.type = toLower(row[1].text());
                  column.nullable = row[2].text() == "YES";
                  column.identity =
                      toLower(row[3].text()).find("auto_increment") != std::string::npos;
                  column.inPrimaryKey = row[4].text() == "PRI";
                  found.push_back(std::move(column));
                  return true;
              });
    if (!done) return done.error();
    return found;
}

Result<std::vector<std::vector<std::string>>>
MysqlConnection::uniqueKeys(const std::string& table) {
    std::vector<std::vector<std::string>> keys;
    std::string last;
    const Status done = query(
        std::string("SELECT index_name, column_name FROM information_schema.statistics "
                    "WHERE non_unique = 0 AND sub_part IS NULL AND column_name IS NOT NULL AND ") +
            kThisTable + " ORDER BY index_name, seq_in_index",
        {Value::string(table)}, [&](Row& row) {
            if (keys.empty() || row[0].text() != last) keys.emplace_back();
            last = row[0].text();
            keys.back().push_back(row[1].text());
            return true;
        });
    if (!done) return done.error();
    return keys;
}

Result<std::vector<ForeignKeyInfo>> MysqlConnection::foreignKeys() {
    std::vector<ForeignKeyInfo> keys;
    std::string last;
    const Status done = query(
        "SELECT CONCAT(table_schema, '.', table_name, '.', constraint_name), "
        "IF(table_schema = DATABASE(), table_name, CONCAT(table_schema, '.', table_name)), "
        "column_name, IF(referenced_table_schema = DATABASE(), referenced_table_name, "
        "CONCAT(referenced_table_schema, '.', referenced_table_name)), referenced_column_name "
        "FROM information_schema.key_column_usage WHERE referenced_table_name IS NOT NULL AND "
        "(table_schema = DATABASE() OR referenced_table_schema = DATABASE()) "
        "ORDER BY table_schema, table_name, constraint_name, ordinal_position",
        {}, [&](Row& row) {
            if (keys.empty() || row[0].text() != last)
                keys.push_back({row[1].text(), {}, row[3].text(), {}});
            last = row[0].text();
            keys.back().columns.push_back(row[2].text());
            keys.back().references.push_back(row[4].text());
            return true;
        });
    if (!done) return done.error();
    return keys;
}

Result<int64_t> MysqlConnection::nextIdentity(const std::string& table, const std::string&) {
    const Result<Value> next = single(
        std::string("SELECT auto_increment FROM information_schema.tables WHERE ") + kThisTable,
        {Value::string(table)});
    if (!next) return next.error();
    int64_t value = 0;
    next->toInt64(value);
    return value;
}

} // namespace covet::database
