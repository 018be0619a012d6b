#include <algorithm>

#include "database/sqlite_connection.h"
#include "support/strings.h"

namespace covet::database {

Result<std::vector<std::string>> SqliteConnection::tables() {
    std::vector<std::string> names;
    const Status done =
        query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' "
              "ESCAPE '\\' ORDER BY name",
              {}, [&](Row& row) {
                  names.push_back(row[0].text());
                  return true;
              });
    if (!done) return done.error();
    return names;
}

Result<std::vector<ColumnInfo>> SqliteConnection::columns(const std::string& table) {
    std::vector<ColumnInfo> found;
    size_t keyColumns = 0;
    const Status done =
        query("SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo(?) ORDER BY cid",
              {Value::string(table)}, [&](Row& row) {
                  ColumnInfo column;
                  column.name = row[0].text();
                  column.type = toLower(row[1].text());
                  column.inPrimaryKey = row[3].text() != "0";
                  column.nullable = row[2].text() == "0" && !column.inPrimaryKey;
                  keyColumns += column.inPrimaryKey ? 1 : 0;
                  found.push_back(std::move(column));
                  return true;
              });
    if (!done) return done.error();
    // A single INTEGER key is the row id: SQLite makes the value.
    for (ColumnInfo& column : found)
        column.identity = column.inPrimaryKey && keyColumns == 1 && column.type == "integer";
    return found;
}

Result<std::vector<std::vector<std::string>>>
SqliteConnection::uniqueKeys(const std::string& table) {
    std::vector<std::vector<std::string>> keys;
    std::string last;
    Status done =
        query("SELECT l.name, i.name FROM pragma_index_list(?) l, pragma_index_info(l.name) i "
              "WHERE l.\"unique\" AND NOT l.partial ORDER BY l.name, i.seqno",
              {Value::string(table)}, [&](Row& row) {
                  if (keys.empty() || row[0].text() != last) keys.emplace_back();
                  last = row[0].text();
                  keys.back().push_back(row[1].text());
                  return true;
              });
    if (!done) return done.error();
    // The row id has no index of its own.
    std::vector<std::string> primary;
    done = query("SELECT name FROM pragma_table_xinfo(?) WHERE pk > 0 ORDER BY pk",
                 {Value::string(table)}, [&](Row& row) {
                     primary.push_back(row[0].text());
                     return true;
                 });
    if (!done) return done.error();
    if (!primary.empty() && std::find(keys.begin(), keys.end(), primary) == keys.end())
        keys.push_back(std::move(primary));
    return keys;
}

Result<std::vector<ForeignKeyInfo>> SqliteConnection::foreignKeys() {
    const Result<std::vector<std::string>> names = tables();
    if (!names) return names.error();
    std::vector<ForeignKeyInfo> keys;
    for (const std::string& table : *names) {
        std::string last;
        const Status done = query("SELECT id, \"table\", \"from\", \"to\", on_delete, on_update FROM "
                                  "pragma_foreign_key_list(?) ORDER BY id, seq",
                                  {Value::string(table)}, [&](Row& row) {
                                      if (last.empty() || row[0].text() != last)
                                          keys.push_back({table, {}, row[1].text(), {}, row[4].text(),
                                                          row[5].text()});
                                      last = row[0].text();
                                      keys.back().columns.push_back(row[2].text());
                                      if (!row[3].isNull())
                                          keys.back().references.push_back(row[3].text());
                                      return true;
                                  });
        if (!done) return done.error();
    }
    return keys;
}

Result<Catalogue> SqliteConnection::catalogue() {
    Catalogue all;
    const Result<std::vector<std::string>> names = tables();
    if (!names) return names.error();
    for (const std::string& table : *names) {
        auto found = columns(table);
        if (!found) return found.error();
        all.columns[table] = std::move(*found);
        auto keys = uniqueKeys(table);
        if (!keys) return keys.error();
        all.uniqueKeys[table] = std::move(*keys);
    }
    auto references = foreignKeys();
    if (!references) return references.error();
    all.foreignKeys = std::move(*references);
    return all;
}

Status SqliteConnection::readNext(const std::vector<IdentityColumn>& columns,
                                  std::vector<IdentityState>& states) {
    std::map<std::string, int64_t> used;
    const Result<Value> counted =
        single("SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_sequence'");
    if (!counted) return counted.error();
    if (counted->text() != "0") {
        const Status done = query("SELECT name, seq FROM sqlite_sequence", {}, [&](Row& row) {
            row[1].toInt64(used[row[0].text()]);
            return true;
        });
        if (!done) return done;
    }
    for (size_t i = 0; i < columns.size(); ++i)
        states[i].next = std::max(states[i].highest, used[columns[i].table]) + 1;
    return Ok{};
}

} // namespace covet::database
