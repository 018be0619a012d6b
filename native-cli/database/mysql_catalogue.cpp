#include "database/mysql_connection.h"
#include "support/strings.h"

namespace covet::database {
namespace {

// The catalogue compares names without case; tables are files on most servers and differ by it.
constexpr const char* kThisTable =
    "table_schema = DATABASE() AND CAST(table_name AS BINARY) = CAST(? AS BINARY)";
constexpr const char* kOurTables = "table_schema = DATABASE()";

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

Status MysqlConnection::readColumns(const std::string& condition, const Row& parameters,
                                    Catalogue& into) {
    return query("SELECT table_name, column_name, column_type, is_nullable, extra, column_key "
                 "FROM information_schema.columns WHERE " +
                     condition + " ORDER BY table_name, ordinal_position",
                 parameters, [&](Row& row) {
                     ColumnInfo column;
                     column.name = row[1].text();
                     column.type = toLower(row[2].text());
                     column.nullable = row[3].text() == "YES";
                     column.identity =
                         toLower(row[4].text()).find("auto_increment") != std::string::npos;
                     column.inPrimaryKey = row[5].text() == "PRI";
                     into.columns[row[0].text()].push_back(std::move(column));
                     return true;
                 });
}

Result<std::vector<ColumnInfo>> MysqlConnection::columns(const std::string& table) {
    Catalogue found;
    const Status done = readColumns(kThisTable, {Value::string(table)}, found);
    if (!done) return done.error();
    return std::move(found.columns[table]);
}

Result<Catalogue> MysqlConnection::catalogue() {
    Catalogue all;
    if (Status done = readColumns(kOurTables, {}, all); !done) return done.error();
    std::map<std::string, std::string> last; // index of the latest row, by table
    const Status done = query(
        std::string("SELECT table_name, index_name, column_name FROM information_schema.statistics "
                    "WHERE non_unique = 0 AND sub_part IS NULL AND column_name IS NOT NULL AND ") +
            kOurTables + " ORDER BY table_name, index_name, seq_in_index",
        {}, [&](Row& row) {
            std::vector<std::vector<std::string>>& keys = all.uniqueKeys[row[0].text()];
            std::string& index = last[row[0].text()];
            if (keys.empty() || row[1].text() != index) keys.emplace_back();
            index = row[1].text();
            keys.back().push_back(row[2].text());
            return true;
        });
    if (!done) return done.error();
    auto references = foreignKeys();
    if (!references) return references.error();
    all.foreignKeys = std::move(*references);
    return all;
}

Result<std::vector<ForeignKeyInfo>> MysqlConnection::foreignKeys() {
    std::vector<ForeignKeyInfo> keys;
    std::string last;
    const Status done = query(
        "SELECT CONCAT(k.table_schema, '.', k.table_name, '.', k.constraint_name), "
        "IF(k.table_schema = DATABASE(), k.table_name, CONCAT(k.table_schema, '.', k.table_name)), "
        "k.column_name, IF(k.referenced_table_schema = DATABASE(), k.referenced_table_name, "
        "CONCAT(k.referenced_table_schema, '.', k.referenced_table_name)), k.referenced_column_name, "
        "delete_rule, update_rule "
        "FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r "
        "ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name "
        "AND r.table_name = k.table_name WHERE k.referenced_table_name IS NOT NULL AND "
        "(k.table_schema = DATABASE() OR k.referenced_table_schema = DATABASE()) "
        "ORDER BY k.table_schema, k.table_name, k.constraint_name, k.ordinal_position",
        {}, [&](Row& row) {
            if (keys.empty() || row[0].text() != last)
                keys.push_back({row[1].text(), {}, row[3].text(), {}, row[5].text(), row[6].text()});
            last = row[0].text();
            keys.back().columns.push_back(row[2].text());
            keys.back().references.push_back(row[4].text());
            return true;
        });
    if (!done) return done.error();
    return keys;
}

Status MysqlConnection::readNext(const std::vector<IdentityColumn>& columns,
                                 std::vector<IdentityState>& states) {
    std::map<std::string, int64_t> next;
    const Status done =
        query(std::string("SELECT table_name, auto_increment FROM information_schema.tables WHERE ") +
                  kOurTables,
              {}, [&](Row& row) {
                  row[1].toInt64(next[row[0].text()]);
                  return true;
              });
    for (size_t i = 0; i < columns.size(); ++i)
        states[i].next = next[columns[i].table];
    return done;
}

} // namespace covet::database
