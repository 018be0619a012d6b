#include "emit/alembic.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>

#include "emit/alembic_types.h"
#include "emit/model_column.h"
#include "schema/ddl.h"
#include "support/strings.h"

namespace covet::emit {
namespace {

using schema::Column;
using schema::Dialect;
using schema::Table;

/// Twelve hexadecimal digits, as Alembic makes them.
std::string identifierOf(const schema::Schema& schema) {
    uint64_t hash = 14695981039346656037ull; // FNV-1a
    for (const char c : schema::ddl(schema, Dialect::Postgres))
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
    char text[24];
    std::snprintf(text, sizeof text, "%012llx", static_cast<unsigned long long>(hash >> 16));
    return text;
}

std::string namesText(const std::vector<std::string>& names) {
    std::vector<std::string> quoted;
    for (const std::string& name : names) quoted.push_back(pythonQuote(name));
    return join(quoted, ", ");
}

bool isIntegerKey(const Table& table, const Column& column) {
    return (column.type.kind == schema::TypeKind::Integer || column.type.kind == schema::TypeKind::BigInt) &&
           std::find(table.primaryKey.begin(), table.primaryKey.end(), column.name) != table.primaryKey.end();
}

class RevisionWriter {
public:
    std::string upgrade(const schema::Schema& schema) {
        std::string text;
        for (const Table& table : schema.tables) text += createTable(table) + createIndexes(table);
        return text.empty() ? "    pass\n" : text;
    }

    static std::string downgrade(const schema::Schema& schema) {
        std::string text;
        for (size_t i = schema.tables.size(); i-- > 0;)
            text += "    op.drop_table(" + pythonQuote(schema.tables[i].name) + ")\n";
        return text.empty() ? "    pass\n" : text;
    }

    const AlembicTypes& types() const { return types_; }

private:
    std::string createTable(const Table& table) {
        std::vector<std::string> parts = {pythonQuote(table.name)};
        for (const Column& column : table.columns) parts.push_back(columnText(table, column));
        if (!table.primaryKey.empty()) parts.push_back("sa.PrimaryKeyConstraint(" + namesText(table.primaryKey) + ")");
        for (const std::vector<std::string>& columns : table.uniques)
            parts.push_back("sa.UniqueConstraint(" + namesText(columns) +
                            ", name=" + pythonQuote(schema::constraintName("uq", table, columns)) + ")");
        for (const schema::ForeignKey& key : table.foreignKeys)
            if (key.enforced) parts.push_back(foreignKeyText(table, key));
        const bool numbersRows = std::any_of(table.columns.begin(), table.columns.end(),
                                             [](const Column& column) { return column.identity; });
        if (numbersRows) parts.push_back("sqlite_autoincrement=True");
        if (numbersRows && table.identityStart > 1)
            for (const char* dialect : {"mysql", "mariadb"})
                parts.push_back(std::string(dialect) + "_auto_increment=" +
                                pythonQuote(std::to_string(table.identityStart)));
        parts.push_back("**TABLE");
        return "    op.create_table(\n        " + join(parts, ",\n        ") + ",\n    )\n";
    }

    std::string columnText(const Table& table, const Column& column) {
        std::string text = "sa.Column(" + pythonQuote(column.name) + ", " +
                           types_.expression(column.type, schema::isKeyed(table, column.name));
        if (column.identity)
            text += table.identityStart > 1 ? ", sa.Identity(start=" + std::to_string(table.identityStart) + ")"
                                            : ", sa.Identity()";
        // Without it SQLAlchemy takes an integer key for one that the database numbers.
        else if (isIntegerKey(table, column))
            text += ", autoincrement=False";
        text += std::string(", nullable=") + (column.nullable ? "True" : "False");
        return text + (needsQuotes(column.name) ? ", quote=True)" : ")");
    }

    static std::string foreignKeyText(const Table& table, const schema::ForeignKey& key) {
        std::vector<std::string> targets;
        for (const std::string& column : key.references) targets.push_back(key.table + "." + column);
        std::string text = "sa.ForeignKeyConstraint([" + namesText(key.columns) + "], [" + namesText(targets) +
                           "], name=" + pythonQuote(schema::constraintName("fk", table, key.columns));
        if (key.onDelete != schema::ReferenceAction::NoAction)
            text += ", ondelete=" + pythonQuote(schema::actionSql(key.onDelete));
        if (key.onUpdate != schema::ReferenceAction::NoAction)
            text += ", onupdate=" + pythonQuote(schema::actionSql(key.onUpdate));
        return text + ")";
    }

    static std::string createIndexes(const Table& table) {
        std::string text;
        for (const schema::Index& index : table.indexes) {
            std::vector<std::string> prefixes;
            for (const std::string& name : index.columns)
                if (const unsigned prefix = schema::indexedPrefix(table, name, Dialect::Mysql))
                    prefixes.push_back(pythonQuote(name) + ": " + std::to_string(prefix));
            text += "    op.create_index(" + pythonQuote(schema::constraintName("ix", table, index.columns)) + ", " +
                    pythonQuote(table.name) + ", [" + namesText(index.columns) + "]";
            if (index.unique) text += ", unique=True";
            if (!prefixes.empty())
                for (const char* dialect : {"mysql", "mariadb"})
                    text += std::string(", ") + dialect + "_length={" + join(prefixes, ", ") + "}";
            text += ")\n";
        }
        return text;
    }

    AlembicTypes types_;
};

/// How tables are made on each database: texts compare as in Python, by case and accent; SQLite
/// holds values to the types of their columns.
constexpr const char* kTableOptions = R"(TABLE = {
    "mysql_engine": "InnoDB",
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_bin",
    "mariadb_engine": "InnoDB",
    "mariadb_charset": "utf8mb4",
    "mariadb_collate": "utf8mb4_bin",
    "sqlite_strict": True,
}
)";

} // namespace

std::string alembicRevision(const schema::Schema& schema) {
    RevisionWriter writer;
    const std::string upgrade = writer.upgrade(schema);
    const std::string identifier = identifierOf(schema);
    std::string text = "\"\"\"Tables of the data that the application held in memory.\n\n"
                       "Revision ID: " + identifier + "\nRevises:\n\n\"\"\"\n\n"
                       "from alembic import op\nimport sqlalchemy as sa\n";
    if (writer.types().needsMysql()) text += "from sqlalchemy.dialects import mysql\n";
    text += "\nrevision = " + pythonQuote(identifier) +
            "\ndown_revision = None\nbranch_labels = None\ndepends_on = None\n\n";
    text += kTableOptions + writer.types().definitions();
    return text + "\n\ndef upgrade():\n" + upgrade + "\n\ndef downgrade():\n" + RevisionWriter::downgrade(schema);
}

} // namespace covet::emit
