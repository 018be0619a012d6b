#include "database/postgres_connection.h"

namespace covet::database {
namespace {

/// The table by name in the schema that unqualified names mean.
constexpr const char* kThisTable =
    "c.relname = $1 AND c.relkind IN ('r', 'p') AND "
    "c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())";

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

Result<std::vector<ColumnInfo>> PostgresConnection::columns(const std::string& table) {
    std::vector<ColumnInfo> found;
    const Status done =
        query(std::string(
                  "SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull, "
                  "a.attidentity <> '' OR pg_get_serial_sequence(c.oid::regclass::text, a.attname) "
                  "IS NOT NULL, coalesce(a.attnum = ANY (i.indkey), false) "
                  "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
                  "LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary "
                  "WHERE a.attnum > 0 AND NOT a.attisdropped AND ") +
                  kThisTable + " ORDER BY a.attnum",
              {Value::string(table)}, [&](Row& row) {
                  ColumnInfo column;
                  column.name = row[0].text();
                  column.type = row[1].text();
                  column.nullable = !row[2].boolValue();
                  column.identity = row[3].boolValue();
                  column.inPrimaryKey = row[4].boolValue();
                  found.push_back(std::move(column));
                  return true;
              });
    if (!done) return done.error();
    return found;
}

Result<std::vector<std::vector<std::string>>>
PostgresConnection::uniqueKeys(const std::string& table) {
    std::vector<std::vector<std::string>> keys;
    std::string last;
    const Status done = query(
        std::string(
            "SELECT i.indexrelid, a.attname::text FROM pg_class c "
            "JOIN pg_index i ON i.indrelid = c.oid "
            "CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, position) "
            "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum "
            "WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL AND "
            "i.indexprs IS NULL AND k.position <= i.indnkeyatts AND ") +
            kThisTable + " ORDER BY i.indexrelid, k.position",
        {Value::string(table)}, [&](Row& row) {
            if (keys.empty() || row[0].text() != last) keys.emplace_back();
            last = row[0].text();
            keys.back().push_back(row[1].text());
            return true;
        });
    if (!done) return done.error();
    return keys;
}

Result<std::vector<ForeignKeyInfo>> PostgresConnection::foreignKeys() {
    // References from other schemas count: they keep a table from being dropped.
    std::vector<ForeignKeyInfo> keys;
    std::string last;
    const Status done = query(
        "SELECT f.oid, CASE WHEN n.nspname = current_schema() THEN c.relname::text ELSE "
        "n.nspname || '.' || c.relname END, a.attname::text, "
        "CASE WHEN tn.nspname = current_schema() THEN t.relname::text ELSE "
        "tn.nspname || '.' || t.relname END, ta.attname::text "
        "FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid "
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
                keys.push_back({row[1].text(), {}, row[3].text(), {}});
            last = row[0].text();
            keys.back().columns.push_back(row[2].text());
            keys.back().references.push_back(row[4].text());
            return true;
        });
    if (!done) return done.error();
    return keys;
}

Result<int64_t> PostgresConnection::nextIdentity(const std::string& table,
                                                 const std::string& column) {
    const Result<Value> sequence = single("SELECT pg_get_serial_sequence($1, $2)",
                                          {Value::string(quoted(table)), Value::string(column)});
    if (!sequence) return sequence.error();
    if (sequence->isNull()) return int64_t(0);
    const Result<Value> next =
        single("SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END FROM " +
               sequence->text());
    if (!next) return next.error();
    int64_t value = 0;
    next->toInt64(value);
    return value;
}

} // namespace covet::database
