#include "load/leftovers.h"

#include <map>

#include "load/history.h"
#include "load/table_writer.h"
#include "support/strings.h"

namespace covet::load {
namespace {

std::string markOf(const std::string& table, const std::string& runId) {
    return "covetpy-migrate made this table as " + table + " in run " + runId;
}

std::string where(const database::Connection& connection, const char* condition) {
    return " FROM " + connection.quoted(historyTable().name) + " WHERE " + connection.quoted("step") + " = ?" + condition;
}

struct Leftovers {
    std::vector<std::string> tables;
    bool entries = false;     // of tables that were announced
    bool madeHistory = false; // whether the history table was made for such entries
};

Result<Leftovers> lookForLeftovers(database::Connection& connection) {
    Leftovers found;
    if (connection.dialect() != schema::Dialect::Mysql) return found; // transactions leave nothing
    const Result<bool> exists = historyExists(connection);
    if (!exists) return exists.error();
    std::map<std::string, std::string> runs; // by table that was announced
    if (*exists) {
        const Status read = connection.query(
            "SELECT " + connection.quoted("object") + ", " + connection.quoted("run_id") + where(connection, ""),
            {Value::string(step::kBegin)}, [&](database::Row& row) {
                runs[row[0].text()] = row[1].text();
                return true;
            });
        if (!read) return read.error();
    }
    found.entries = !runs.empty();
    const Status read = connection.query(
        "SELECT table_name, table_comment FROM information_schema.tables WHERE table_schema = DATABASE() AND "
        "table_type = 'BASE TABLE' AND table_comment LIKE 'covetpy-migrate made this table as %'",
        {}, [&](database::Row& row) {
            const std::string &name = row[0].text(), &comment = row[1].text();
            const auto run = runs.find(name);
            const bool isOwn = startsWith(comment, markOf(name, ""));
            if ((isOwn && startsWith(name, kStagingPrefix)) || (run != runs.end() && comment == markOf(name, run->second)))
                found.tables.push_back(name);
            found.madeHistory = found.madeHistory || (isOwn && name == historyTable().name);
            return true;
        });
    if (!read) return read.error();
    return found;
}

} // namespace

std::string withMark(std::string createTableSql, const std::string& table, const std::string& runId) {
    createTableSql.erase(createTableSql.find_last_not_of(";\n") + 1);
    return createTableSql + " COMMENT=" +
           schema::literalSql(Value::string(markOf(table, runId)), {schema::TypeKind::Text}, schema::Dialect::Mysql);
}

Status announceTables(database::Connection& connection, const std::vector<std::string>& tables, const std::string& runId) {
    const Result<bool> exists = historyExists(connection);
    if (!exists) return exists.error();
    const schema::Table& table = historyTable();
    if (!*exists)
        if (Status done = connection.execute(
                withMark(schema::createTableSql(table, schema::Dialect::Mysql), table.name, runId));
            !done)
            return done;
    std::vector<HistoryEntry> entries;
    for (const std::string& name : tables) {
        HistoryEntry& entry = entries.emplace_back();
        entry.runId = runId;
        entry.step = step::kBegin;
        entry.object = name;
        entry.checksum = "-";
    }
    return writeHistory(connection, entries, table);
}

Status forgetAnnounced(database::Connection& connection, const std::string& runId) {
    return connection.execute("DELETE" + where(connection, " AND ") + connection.quoted("run_id") + " = ?",
                              {Value::string(step::kBegin), Value::string(runId)});
}

Result<std::vector<std::string>> leftoverTables(database::Connection& connection) {
    Result<Leftovers> found = lookForLeftovers(connection);
    if (!found) return found.error();
    return std::move(found->tables);
}

Status dropLeftovers(database::Connection& connection) {
    const Result<Leftovers> found = lookForLeftovers(connection);
    if (!found) return found.error();
    std::vector<std::string> names;
    for (const std::string& name : found->tables) names.push_back(connection.quoted(name));
    if (!names.empty()) {
        if (Status done = connection.execute("SET SESSION foreign_key_checks = 0"); !done) return done;
        if (Status done = connection.execute("DROP TABLE " + join(names, ", ")); !done) return done;
    }
    // Only now: whoever dies before this finds the entries again.
    if (found->entries)
        if (Status done = connection.execute("DELETE" + where(connection, ""), {Value::string(step::kBegin)}); !done)
            return done;
    if (!found->madeHistory) return Ok{};
    const std::string history = connection.quoted(historyTable().name);
    const Result<Value> left = connection.single("SELECT count(*) FROM " + history);
    if (!left) return left.error();
    return left->text() == "0" ? connection.execute("DROP TABLE " + history) : Status(Ok{});
}

} // namespace covet::load
