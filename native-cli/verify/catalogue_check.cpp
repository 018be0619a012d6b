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
    TableCheck(const database::Catalogue& catalogue, Dialect dialect, const schema::Table& table,
               Findings& findings)
        : catalogue_(catalogue), dialect_(dialect), table_(table), findings_(findings) {}

    bool run() {
        const auto found = catalogue_.columns.find(table_.name);
        if (found == catalogue_.columns.end()) {
            add("missing-table", "", "a table", "none");
            return false;
        }
        const bool readable = columns(found->second);
        uniqueness();
        references();
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
            const auto names = typeNames(column.type.kind, dialect_);
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

    void uniqueness() {
        std::vector<std::vector<std::string>> found;
        if (const auto keys = catalogue_.uniqueKeys.find(table_.name);
            keys != catalogue_.uniqueKeys.end())
            found = keys->second;
        for (std::vector<std::string>& key : found)
            std::sort(key.begin(), key.end());
        std::vector<std::vector<std::string>> wanted = table_.uniques;
        for (const schema::Column& column : table_.columns)
            if (column.unique) wanted.push_back({column.name});
        for (const schema::Index& index : table_.indexes)
            if (index.unique) wanted.push_back(index.columns);
        for (std::vector<std::string> columns : wanted) {
            std::sort(columns.begin(), columns.end());
            if (std::find(found.begin(), found.end(), columns) == found.end())
                add("unique", join(columns, ", "), "unique", "not unique");
        }
    }

    void references() {
        const std::vector<database::ForeignKeyInfo>& found = catalogue_.foreignKeys;
        for (const schema::ForeignKey& key : table_.foreignKeys) {
            if (!key.enforced) continue;
            const auto there = std::find_if(
                found.begin(), found.end(), [&](const database::ForeignKeyInfo& info) {
                    return info.table == table_.name && info.columns == key.columns &&
                           info.target == key.table &&
                           (info.references.empty() || info.references == key.references);
                });
            if (there == found.end()) {
                add("foreign-key", join(key.columns, ", "),
                    "reference to " + key.table + " (" + join(key.references, ", ") + ")", "none");
                continue;
            }
            action(key, "ON DELETE ", schema::actionSql(key.onDelete), there->onDelete);
            action(key, "ON UPDATE ", schema::actionSql(key.onUpdate), there->onUpdate);
        }
    }

    void action(const schema::ForeignKey& key, const std::string& event, std::string wanted, std::string found) {
        // MySQL and MariaDB tell one of these two for both.
        if (dialect_ == Dialect::Mysql)
            for (std::string* name : {&wanted, &found})
                if (*name == "NO ACTION") *name = "RESTRICT";
        if (wanted != found) add("foreign-key", join(key.columns, ", "), event + wanted, event + found);
    }

    void add(const char* kind, std::string column, std::string expected, std::string found) {
        findings_.add(
            {kind, table_.name, "", std::move(column), std::move(expected), std::move(found)});
    }

    const database::Catalogue& catalogue_;
    Dialect dialect_;
    const schema::Table& table_;
    Findings& findings_;
};

} // namespace

bool checkTable(const database::Catalogue& catalogue, Dialect dialect, const schema::Table& table,
                Findings& findings) {
    return TableCheck(catalogue, dialect, table, findings).run();
}

std::vector<database::IdentityColumn> identityColumns(const std::vector<schema::Table>& tables,
                                                      const database::Catalogue& catalogue) {
    std::vector<database::IdentityColumn> found;
    for (const schema::Table& table : tables) {
        const auto columns = catalogue.columns.find(table.name);
        if (columns == catalogue.columns.end()) continue;
        for (const schema::Column& column : table.columns) {
            if (!column.identity) continue;
            const auto info =
                std::find_if(columns->second.begin(), columns->second.end(),
                             [&](const ColumnInfo& other) { return other.name == column.name; });
            if (info != columns->second.end())
                found.push_back({table.name, column.name, info->sequence});
        }
    }
    return found;
}

Status checkIdentities(database::Connection& connection, const database::Catalogue& catalogue,
                       const std::vector<schema::Table>& tables, Findings& findings) {
    const std::vector<database::IdentityColumn> columns = identityColumns(tables, catalogue);
    const auto states = connection.identities(columns);
    if (!states) return states.error();
    size_t at = 0;
    for (size_t i = 0; i < columns.size(); ++i) {
        while (tables[at].name != columns[i].table)
            ++at;
        const int64_t next = (*states)[i].next;
        const int64_t least = std::max((*states)[i].highest + 1, tables[at].identityStart);
        if (next < least)
            findings.add({"identity", columns[i].table, "", columns[i].column,
                          "next value " + std::to_string(least) + " or higher",
                          next == 0 ? "none" : std::to_string(next)});
    }
    return Ok{};
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
