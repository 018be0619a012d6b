#include "verify/catalogue_check.h"

#include <algorithm>

#include "support/strings.h"

namespace covet::verify {
namespace {

using database::ColumnInfo;
using schema::Dialect;
using schema::TypeKind;

/// Beginnings of the names that the server's catalogue may give a column of the type.
std::vector<const char*> typeNames(TypeKind kind, Dialect dialect) {
    const auto pick = [&](std::vector<const char*> postgres, std::vector<const char*> mysql,
                          std::vector<const char*> sqlite) {
        return dialect == Dialect::Postgres ? postgres : dialect == Dialect::Mysql ? mysql : sqlite;
    };
    switch (kind) {
    case TypeKind::Integer:
        return pick({"integer", "bigint"}, {"int", "bigint"}, {"int"});
    case TypeKind::BigInt:
        return pick({"bigint"}, {"bigint"}, {"int"});
    case TypeKind::Float:
        return pick({"double precision"}, {"double"}, {"real", "double", "float"});
    case TypeKind::Numeric:
        return pick({"numeric"}, {"decimal", "varchar", "longtext"}, {"text", "numeric", "any"});
    case TypeKind::Boolean:
        return pick({"boolean"}, {"tinyint", "bit"}, {"int", "bool"});
    case TypeKind::Text:
    case TypeKind::Varchar:
        return pick({"text", "character varying"}, {"varchar", "longtext", "mediumtext", "text"},
                    {"text", "varchar"});
    case TypeKind::Date:
        return pick({"date"}, {"date"}, {"text", "date"});
    case TypeKind::Time:
        return pick({"time without time zone"}, {"time(6)"}, {"text", "time"});
    case TypeKind::Timestamp:
        return pick({"timestamp without time zone"}, {"datetime(6)"}, {"text", "datetime"});
    case TypeKind::TimestampTz:
        return pick({"timestamp with time zone"}, {"datetime(6)"}, {"text", "datetime"});
    case TypeKind::Uuid:
        return pick({"uuid"}, {"char", "uuid", "varchar", "binary"}, {"text", "char", "blob"});
    case TypeKind::Json:
        return pick({"json"}, {"longtext", "json"}, {"text", "json"});
    case TypeKind::Bytes:
        return pick({"bytea"}, {"longblob", "varbinary", "blob"}, {"blob"});
    }
    return {};
}

class TableCheck {
public:
    TableCheck(database::Connection& connection, const schema::Table& table, Findings& findings)
        : connection_(connection), table_(table), findings_(findings) {}

    Result<bool> run() {
        const Result<std::vector<ColumnInfo>> found = connection_.columns(table_.name);
        if (!found) return found.error();
        if (found->empty()) {
            add("missing-table", "", "a table", "none");
            return false;
        }
        const bool readable = columns(*found);
        if (Status done = uniqueness(*found); !done) return done.error();
        if (Status done = references(); !done) return done.error();
        if (readable)
            if (Status done = identity(); !done) return done.error();
        return readable;
    }

private:
    bool columns(const std::vector<ColumnInfo>& found) {
        bool readable = true;
        for (const schema::Column& column : table_.columns) {
            const auto match =
                std::find_if(found.begin(), found.end(),
                             [&](const ColumnInfo& info) { return info.name == column.name; });
            if (match == found.end()) {
                add("missing-column", column.name, schema::toString(column.type), "none");
                readable = false;
                continue;
            }
            const auto names = typeNames(column.type.kind, connection_.dialect());
            if (std::none_of(names.begin(), names.end(),
                             [&](const char* name) { return startsWith(match->type, name); }))
                add("column-type", column.name, schema::toString(column.type), match->type);
            const bool inKey = std::find(table_.primaryKey.begin(), table_.primaryKey.end(),
                                         column.name) != table_.primaryKey.end();
            if (match->nullable != (column.nullable && !inKey))
                add("nullability", column.name, column.nullable && !inKey ? "NULL" : "NOT NULL",
                    match->nullable ? "NULL" : "NOT NULL");
            if (match->inPrimaryKey != inKey)
                add("primary-key", column.name, inKey ? "in the key" : "not in the key",
                    match->inPrimaryKey ? "in the key" : "not in the key");
        }
        return readable;
    }

    Status uniqueness(const std::vector<ColumnInfo>&) {
        const auto found = connection_.uniqueKeys(table_.name);
        if (!found) return found.error();
        std::vector<std::vector<std::string>> wanted = table_.uniques;
        for (const schema::Column& column : table_.columns)
            if (column.unique) wanted.push_back({column.name});
        for (const schema::Index& index : table_.indexes)
            if (index.unique) wanted.push_back(index.columns);
        for (std::vector<std::string> columns : wanted) {
            std::sort(columns.begin(), columns.end());
            const bool there =
                std::any_of(found->begin(), found->end(), [&](std::vector<std::string> key) {
                    std::sort(key.begin(), key.end());
                    return key == columns;
                });
            if (!there) add("unique", join(columns, ", "), "unique", "not unique");
        }
        return Ok{};
    }

    Status references() {
        const auto found = connection_.foreignKeys();
        if (!found) return found.error();
        for (const schema::ForeignKey& key : table_.foreignKeys) {
            if (!key.enforced) continue;
            const bool there = std::any_of(
                found->begin(), found->end(), [&](const database::ForeignKeyInfo& info) {
                    return info.table == table_.name && info.columns == key.columns &&
                           info.target == key.table &&
                           (info.references.empty() || info.references == key.references);
                });
            if (!there)
                add("foreign-key", join(key.columns, ", "),
                    "reference to " + key.table + " (" + join(key.references, ", ") + ")", "none");
        }
        return Ok{};
    }

    Status identity() {
        for (const schema::Column& column : table_.columns) {
            if (!column.identity) continue;
            const Result<int64_t> next = connection_.nextIdentity(table_.name, column.name);
            if (!next) return next.error();
            const Result<Value> highest =
                connection_.single("SELECT max(" + connection_.quoted(column.name) + ") FROM " +
                                   connection_.quoted(table_.name));
            if (!highest) return highest.error();
            int64_t least = 0;
            least = highest->toInt64(least) ? least + 1 : 1;
            least = std::max(least, table_.identityStart);
            if (*next < least)
                add("identity", column.name, "next value " + std::to_string(least) + " or higher",
                    *next == 0 ? "none" : std::to_string(*next));
        }
        return Ok{};
    }

    void add(const char* kind, std::string column, std::string expected, std::string found) {
        findings_.add(
            {kind, table_.name, "", std::move(column), std::move(expected), std::move(found)});
    }

    database::Connection& connection_;
    const schema::Table& table_;
    Findings& findings_;
};

} // namespace

Result<bool> checkTable(database::Connection& connection, const schema::Table& table,
                        Findings& findings) {
    return TableCheck(connection, table, findings).run();
}

Status checkReferences(database::Connection& connection, const schema::Table& table,
                       Findings& findings) {
    for (const schema::ForeignKey& key : table.foreignKeys) {
        if (!key.enforced) continue;
        std::string on;
        std::string where;
        for (size_t i = 0; i < key.columns.size() && i < key.references.size(); ++i) {
            const std::string column = "child." + connection.quoted(key.columns[i]);
            on += (i ? " AND " : "") + column + " = parent." + connection.quoted(key.references[i]);
            where += " AND " + column + " IS NOT NULL";
        }
        const Result<Value> orphans = connection.single(
            "SELECT count(*) FROM " + connection.quoted(table.name) + " child LEFT JOIN " +
            connection.quoted(key.table) + " parent ON " + on + " WHERE parent." +
            connection.quoted(key.references.front()) + " IS NULL" + where);
        if (!orphans) return orphans.error();
        if (orphans->text() != "0")
            findings.add({"foreign-key", table.name, "", join(key.columns, ", "),
                          "every value in " + key.table, orphans->text() + " without"});
    }
    return Ok{};
}

} // namespace covet::verify
