#include "load/history.h"

#include <algorithm>
#include <ctime>

#include "covet/core.h"
#include "load/table_writer.h"
#include "support/strings.h"

namespace covet::load {
namespace {

schema::Column column(const char* name, schema::Type type, const char* pythonType) {
    schema::Column made;
    made.name = made.attribute = made.field = name;
    made.type = type;
    made.pythonType = pythonType;
    return made;
}

std::string nowUtc() {
    const std::time_t now = std::time(nullptr);
    std::tm fields{};
    gmtime_r(&now, &fields);
    char buffer[32];
    std::strftime(buffer, sizeof buffer, "%Y-%m-%dT%H:%M:%S+00:00", &fields);
    return buffer;
}

std::string columnNames(const database::Connection& connection) {
    std::vector<std::string> names;
    for (const schema::Column& entry : historyTable().columns)
        names.push_back(connection.quoted(entry.name));
    return join(names, ", ");
}

} // namespace

const schema::Table& historyTable() {
    static const schema::Table table = [] {
        using schema::TypeKind;
        schema::Table made;
        made.name = "covet_migrations";
        made.columns = {column("id", {TypeKind::BigInt}, "int"),
                        column("run_id", {TypeKind::Varchar, 64}, "str"),
                        column("step", {TypeKind::Varchar, 16}, "str"),
                        column("object", {TypeKind::Varchar, 255}, "str"),
                        column("row_count", {TypeKind::BigInt}, "int"),
                        column("checksum", {TypeKind::Varchar, 64}, "str"),
                        column("tool_version", {TypeKind::Varchar, 32}, "str"),
                        column("applied_at", {TypeKind::TimestampTz}, "datetime")};
        made.primaryKey = {"id"};
        made.orderBy = {"id"};
        return made;
    }();
    return table;
}

Result<bool> historyExists(database::Connection& connection) {
    const auto found = connection.columns(historyTable().name);
    if (!found) return found.error();
    if (found->empty()) return false;
    for (const schema::Column& wanted : historyTable().columns)
        if (std::none_of(found->begin(), found->end(), [&](const database::ColumnInfo& info) {
                return info.name == wanted.name;
            }))
            return database::makeError(database::code::kConflict,
                                       "the table " + database::shown(historyTable().name) +
                                           " exists and is not this tool's history",
                                       "rename that table");
    return true;
}

Status writeHistory(database::Connection& connection, const std::vector<HistoryEntry>& entries,
                    const schema::Table& table) {
    const Result<Value> highest = connection.single("SELECT max(" + connection.quoted("id") +
                                                    ") FROM " + connection.quoted(table.name));
    if (!highest) return highest.error();
    int64_t id = 0;
    highest->toInt64(id);
    std::vector<std::vector<Value>> rows;
    for (const HistoryEntry& entry : entries)
        rows.push_back({Value::integer(++id), Value::string(entry.runId), Value::string(entry.step),
                        Value::string(entry.object),
                        Value::integer(static_cast<int64_t>(entry.rows)),
                        Value::string(entry.checksum), Value::string(version()),
                        Value::scalar(Value::Kind::DateTime, nowUtc())});
    return insertBatches(connection, table, *schema::readHeld(rows), [](uint64_t) { return true; });
}

Result<std::vector<HistoryEntry>> history(database::Connection& connection) {
    std::vector<HistoryEntry> entries;
    const Result<bool> exists = historyExists(connection);
    if (!exists) return exists.error();
    if (!*exists) return entries;
    const Status done = connection.query(
        "SELECT " + columnNames(connection) + " FROM " + connection.quoted(historyTable().name) +
            " ORDER BY " + connection.quoted("id"),
        {}, [&](database::Row& row) {
            if (row[2].text() == step::kBegin) return true;
            HistoryEntry entry;
            int64_t count = 0;
            row[0].toInt64(entry.id);
            row[4].toInt64(count);
            entry.runId = row[1].text();
            entry.step = row[2].text();
            entry.object = row[3].text();
            entry.rows = static_cast<uint64_t>(count);
            entry.checksum = row[5].text();
            entry.toolVersion = row[6].text();
            entry.appliedAt = row[7].text().substr(0, 10) + "T" + row[7].text().substr(11, 8) + "Z";
            entries.push_back(std::move(entry));
            return true;
        });
    if (!done) return done.error();
    return entries;
}

} // namespace covet::load
