#include "load/table_writer.h"

#include <algorithm>
#include <iterator>

#include "schema/stored_value.h"
#include "support/strings.h"

namespace covet::load {
namespace {

constexpr uint64_t kProgressRows = 2048;
constexpr size_t kBatchRows = 500;
constexpr size_t kBatchParameters = 60000;  // the protocol counts them in 16 bits

Value parameterOf(const Value& value, const schema::Column& column, schema::Dialect dialect) {
    // A document that is None where the column cannot be NULL is JSON's own null.
    if (value.isNull() && column.type.kind == schema::TypeKind::Json && !column.nullable)
        return Value::string("null");
    schema::StoredValue stored = schema::storedValue(value, column.type, dialect);
    switch (stored.kind) {
    case schema::StoredValue::Kind::Null:
        return Value::null();
    case schema::StoredValue::Kind::Boolean:
        return Value::boolean(stored.text == "1");
    case schema::StoredValue::Kind::Integer:
        return Value::integerText(std::move(stored.text));
    case schema::StoredValue::Kind::Real:
        return Value::scalar(Value::Kind::Float, std::move(stored.text));
    case schema::StoredValue::Kind::Text:
        return Value::string(std::move(stored.text));
    case schema::StoredValue::Kind::Blob:
        return Value::scalar(Value::Kind::Bytes, std::move(stored.text));
    }
    return Value::null();
}

bool isKey(const schema::Table& table, const std::string& name) {
    return std::find(table.primaryKey.begin(), table.primaryKey.end(), name) !=
           table.primaryKey.end();
}

std::string insertSql(const database::Connection& connection, const schema::Table& table,
                      size_t rows = 1) {
    std::vector<std::string> names;
    for (const schema::Column& column : table.columns)
        names.push_back(connection.quoted(column.name));
    std::string sql = "INSERT INTO " + connection.quoted(table.name) + " (" + join(names, ", ") + ") VALUES ";
    size_t parameter = 0;
    for (size_t i = 0; i < rows; ++i) {
        std::vector<std::string> marks;
        for (size_t column = 0; column < names.size(); ++column)
            marks.push_back(connection.placeholder(++parameter));
        sql += (i > 0 ? ", (" : "(") + join(marks, ", ") + ")";
    }
    return sql;
}

/// PostgreSQL's UPDATE of several rows. The types are those of the columns without their limits, which a cast would
/// enforce by cutting and rounding.
std::string updateManySql(const database::Connection& connection, const schema::Table& table, size_t rows) {
    std::vector<std::string> names, sets, conditions, lines;
    for (const schema::Column& column : table.columns) {
        names.push_back(connection.quoted(column.name));
        if (isKey(table, column.name))
            conditions.push_back("stored." + names.back() + " = wanted." + names.back());
        else
            sets.push_back(names.back() + " = wanted." + names.back());
    }
    size_t parameter = 0;
    for (size_t i = 0; i < rows; ++i) {
        std::vector<std::string> marks;
        for (const schema::Column& column : table.columns) {
            using schema::TypeKind;
            const TypeKind kind = column.type.kind == TypeKind::Varchar ? TypeKind::Text : column.type.kind;
            marks.push_back(connection.placeholder(++parameter) +
                            (i == 0 ? "::" + schema::typeSql({kind}, schema::Dialect::Postgres) : ""));
        }
        lines.push_back("(" + join(marks, ", ") + ")");
    }
    return "UPDATE " + connection.quoted(table.name) + " AS stored SET " + join(sets, ", ") + " FROM (VALUES " +
           join(lines, ", ") + ") AS wanted(" + join(names, ", ") + ") WHERE " + join(conditions, " AND ");
}

Error stopped() {
    return database::makeError(database::code::kCancelled, "stopped on request");
}

/// Writes rows many at a time, with the statement for so many of them.
Status writeBatches(database::Connection& connection, const schema::Table& table, schema::RowReader& rows,
                    const RowsWritten& progress, const BatchLimits& limits,
                    const std::function<std::string(size_t)>& sqlOf) {
    const size_t most = std::max<size_t>(
        1, std::min(kBatchRows, kBatchParameters / std::max<size_t>(1, table.columns.size())));
    database::Row parameters;
    size_t batch = 0;
    size_t bytes = 0;
    uint64_t written = 0;
    const auto flush = [&]() -> Status {
        if (batch == 0) return Ok{};
        if (Status done = connection.execute(sqlOf(batch), parameters); !done) return done;
        written += batch;
        parameters.clear();
        batch = bytes = 0;
        return progress(written) ? Status(Ok{}) : Status(stopped());
    };
    while (const schema::RowValues* row = rows.next()) {
        database::Row next = parametersOf(table, *row, connection.dialect());
        size_t size = 0;
        for (const Value& value : next)
            size += value.text().size() + 9;
        if (size > limits.row) return tooLarge(table, *row, size, limits);
        if (batch > 0 && bytes + size > limits.statement)
            if (Status done = flush(); !done) return done;
        bytes += size;
        std::move(next.begin(), next.end(), std::back_inserter(parameters));
        if (++batch == most)
            if (Status done = flush(); !done) return done;
    }
    return flush();
}

} // namespace

database::Row parametersOf(const schema::Table& table, const std::vector<Value>& row,
                           schema::Dialect dialect) {
    database::Row parameters;
    parameters.reserve(row.size());
    for (size_t i = 0; i < row.size(); ++i)
        parameters.push_back(parameterOf(row[i], table.columns[i], dialect));
    return parameters;
}

Status insertRow(database::Connection& connection, const schema::Table& table,
                 const std::vector<Value>& row) {
    return connection.execute(insertSql(connection, table),
                              parametersOf(table, row, connection.dialect()));
}

Status insertRows(database::Connection& connection, const schema::Table& table,
                  schema::RowReader& rows, const RowsWritten& progress) {
    const std::string sql = insertSql(connection, table);
    uint64_t written = 0;
    while (const schema::RowValues* row = rows.next()) {
        if (Status done = connection.execute(sql, parametersOf(table, *row, connection.dialect()));
            !done)
            return done;
        if (++written % kProgressRows == 0 && !progress(written)) return stopped();
    }
    return progress(written) ? Status(Ok{}) : Status(stopped());
}

Status insertBatches(database::Connection& connection, const schema::Table& table,
                     schema::RowReader& rows, const RowsWritten& progress, const BatchLimits& limits) {
    return writeBatches(connection, table, rows, progress, limits,
                        [&](size_t batch) { return insertSql(connection, table, batch); });
}

Error tooLarge(const schema::Table& table, const schema::RowValues& row, size_t bytes, const BatchLimits& limits) {
    std::string key;
    for (size_t i = 0; i < table.columns.size(); ++i)
        if (isKey(table, table.columns[i].name))
            key += (key.empty() ? " with " : ", ") + table.columns[i].name + "=" + toPython(row[i]).substr(0, 100);
    return database::makeError(database::code::kData,
                               "the row of " + database::shown(limits.table.empty() ? table.name : limits.table) + key + " has " + std::to_string(bytes) + " bytes, more than the " +
                                   std::to_string(limits.row) + " that the server takes (max_allowed_packet)",
                               "raise max_allowed_packet of the server, or make the value smaller");
}

Status updateRows(database::Connection& connection, const schema::Table& table,
                  schema::RowReader& rows, const RowsWritten& progress) {
    if (table.primaryKey.size() == table.columns.size()) return Ok{};
    if (connection.dialect() == schema::Dialect::Postgres)
        return writeBatches(connection, table, rows, progress, {},
                            [&](size_t batch) { return updateManySql(connection, table, batch); });
    std::vector<std::string> sets;
    std::vector<std::string> conditions;
    std::vector<size_t> order;
    for (const bool key : {false, true})
        for (size_t i = 0; i < table.columns.size(); ++i) {
            if (isKey(table, table.columns[i].name) != key) continue;
            order.push_back(i);
            (key ? conditions : sets)
                .push_back(connection.quoted(table.columns[i].name) + " = " +
                           connection.placeholder(order.size()));
        }
    const std::string sql = "UPDATE " + connection.quoted(table.name) + " SET " + join(sets, ", ") +
                            " WHERE " + join(conditions, " AND ");
    uint64_t written = 0;
    while (const schema::RowValues* row = rows.next()) {
        const database::Row all = parametersOf(table, *row, connection.dialect());
        database::Row parameters;
        for (const size_t i : order)
            parameters.push_back(all[i]);
        if (Status done = connection.execute(sql, parameters); !done) return done;
        if (++written % kProgressRows == 0 && !progress(written)) return stopped();
    }
    return progress(written) ? Status(Ok{}) : Status(stopped());
}

} // namespace covet::load
