#include "database/postgres_connection.h"

namespace covet::database {
namespace {

/// Tables in the schema that unqualified names mean.
constexpr const char* kOurTables =
    "c.relkind IN ('r', 'p') AND "
    "c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())";

/// The letter of a referential action as SQL writes it out.
std::string action(const std::string& letter) {
    return "CASE " + letter +
           " WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' "
           "WHEN 'd' THEN 'SET DEFAULT' ELSE 'NO ACTION' END";
}

} // namespace

Result<std::vector<std::string>> PostgresConnection::tables() {
    std::vector<std::string> names;
    const Status done = query(
        "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind IN ('r', 'p') AND n.nspname = current_schema() "
        "ORDER BY c.relname COLLATE \"C\"",
        {}, [&](Row& row) {
            names.push_back(row[0].text());
            return true;
        });
    if (!done) return done.error();
    return names;
}

Status PostgresConnection::readColumns(const std::string& condition, const Row& parameters,
                                       Catalogue& into) {
    return query(
        "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod), "
        "a.attnotnull, a.attidentity <> '', "
        "pg_get_serial_sequence(c.oid::regclass::text, a.attname), "
        "coalesce(a.attnum = ANY (i.indkey), false) "
        "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
        "LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary "
        "WHERE a.attnum > 0 AND NOT a.attisdropped AND " +
            condition + " ORDER BY c.relname, a.attnum",
        parameters, [&](Row& row) {
            ColumnInfo column;
            column.name = row[1].text();
            column.type = row[2].text();
            column.nullable = !row[3].boolValue();
            column.sequence = row[5].text();
            column.identity = row[4].boolValue() || !column.sequence.empty();
            column.inPrimaryKey = row[6].boolValue();
            into.columns[row[0].text()].push_back(std::move(column));
            return true;
        });
}

Result<std::vector<ColumnInfo>> PostgresConnection::columns(const std::string& table) {
    Catalogue found;
    const Status done = readColumns(std::string("c.relname = $1 AND ") + kOurTables,
                                    {Value::string(table)}, found);
    if (!done) return done.error();
    return std::move(found.columns[table]);
}

Result<Catalogue> PostgresConnection::catalogue() {
    Catalogue all;
    if (Status done = readColumns(kOurTables, {}, all); !done) return done.error();
    std::string last;
    const Status done = query(
        std::string(
            "SELECT i.indexrelid, c.relname::text, a.attname::text FROM pg_class c "
            "JOIN pg_index i ON i.indrelid = c.oid "
            "CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, position) "
            "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum "
            "WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL AND "
            "i.indexprs IS NULL AND k.position <= i.indnkeyatts AND ") +
            kOurTables + " ORDER BY i.indexrelid, k.position",
        {}, [&](Row& row) {
            std::vector<std::vector<std::string>>& keys = all.uniqueKeys[row[1].text()];
            if (row[0].text() != last) keys.emplace_back();
            last = row[0].text();
            keys.back().push_back(row[2].text());
            return true;
        });
    if (!done) return done.error();
    auto references = foreignKeys();
    if (!references) return references.error();
    all.foreignKeys = std::move(*references);
    return all;
}

Result<std::vector<ForeignKeyInfo>> PostgresConnection::foreignKeys() {
    // References from other schemas count: they keep a table from being dropped.
    std::vector<ForeignKeyInfo> keys;
    std::string last;
    const Status done = query(
        "SELECT f.oid, CASE WHEN n.nspname = current_schema() THEN c.relname::text ELSE "
        "n.nspname || '.' || c.relname END, a.attname::text, "
        "CASE WHEN tn.nspname = current_schema() THEN t.relname::text ELSE "
        "tn.nspname || '.' || t.relname END, ta.attname::text, " +
            action("f.confdeltype") + ", " + action("f.confupdtype") +
        " FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid "
        "JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_class t ON t.oid = f.confrelid "
        "JOIN pg_namespace tn ON tn.oid = t.relnamespace "
        "CROSS JOIN LATERAL unnest(f.conkey, f.confkey) WITH ORDINALITY AS k(child, parent, "
        "position) "
        "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.child "
        "JOIN pg_attribute ta ON ta.attrelid = t.oid AND ta.attnum = k.parent "
        "WHERE f.contype = 'f' AND current_schema() IN (n.nspname, tn.nspname) "
        "ORDER BY 2, f.oid, k.position",
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

Status PostgresConnection::readNext(const std::vector<IdentityColumn>& columns,
                                    std::vector<IdentityState>& states) {
    std::vector<std::string> selects;
    for (size_t i = 0; i < columns.size(); ++i)
        if (!columns[i].sequence.empty())
            selects.push_back("SELECT " + std::to_string(i) +
                              ", CASE WHEN is_called THEN last_value + 1 ELSE last_value END FROM " +
                              columns[i].sequence);
    return queryUnion(selects, [&](Row& row) {
        int64_t at = 0;
        row[0].toInt64(at);
        row[1].toInt64(states[static_cast<size_t>(at)].next);
        return true;
    });
}

} // namespace covet::database
