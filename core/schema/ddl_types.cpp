#include "schema/ddl.h"
#include "schema/stored_value.h"
#include "support/strings.h"

namespace covet::schema {
namespace {

std::string sized(const char* name, unsigned length) {
    return std::string(name) + "(" + std::to_string(length) + ")";
}

std::string numeric(const char* name, const Type& type) {
    return std::string(name) + "(" + std::to_string(type.precision) + "," +
           std::to_string(type.scale) + ")";
}

std::string postgresType(const Type& type) {
    switch (type.kind) {
    case TypeKind::Integer:
        return "integer";
    case TypeKind::BigInt:
        return "bigint";
    case TypeKind::Float:
        return "double precision";
    case TypeKind::Numeric:
        return type.precision == 0 ? "numeric" : numeric("numeric", type);
    case TypeKind::Boolean:
        return "boolean";
    case TypeKind::Text:
        return "text";
    case TypeKind::Varchar:
        return sized("varchar", type.length);
    case TypeKind::Date:
        return "date";
    case TypeKind::Time:
        return "time";
    case TypeKind::Timestamp:
        return "timestamp";
    case TypeKind::TimestampTz:
        return "timestamptz";
    case TypeKind::Uuid:
        return "uuid";
    case TypeKind::Json: // jsonb would forget the order of keys
        return "json";
    case TypeKind::Bytes:
        return "bytea";
    }
    return "";
}

std::string mysqlType(const Type& type, bool inKey) {
    switch (type.kind) {
    case TypeKind::Integer:
        return "int";
    case TypeKind::BigInt:
        return "bigint";
    case TypeKind::Float:
        return "double";
    case TypeKind::Numeric: // unbounded: as text, or the scale would change
        return type.precision == 0 || type.precision > 65 ? "varchar(255)"
                                                          : numeric("decimal", type);
    case TypeKind::Boolean:
        return "boolean";
    case TypeKind::Text:
        return inKey ? "varchar(255)" : "longtext";
    case TypeKind::Varchar:
        return sized("varchar", type.length);
    case TypeKind::Date:
        return "date";
    case TypeKind::Time:
        return "time(6)";
    case TypeKind::Timestamp:
    case TypeKind::TimestampTz:
        return "datetime(6)";
    case TypeKind::Uuid:
        return "char(32)";
    case TypeKind::Json: // MySQL's own JSON type sorts keys
        return "longtext";
    case TypeKind::Bytes:
        return "longblob";
    }
    return "";
}

std::string sqliteType(const Type& type) {
    switch (type.kind) {
    case TypeKind::Integer:
    case TypeKind::BigInt:
    case TypeKind::Boolean:
        return "INTEGER";
    case TypeKind::Float:
        return "REAL";
    case TypeKind::Bytes:
        return "BLOB";
    default:
        return "TEXT";
    }
}

std::string quoted(std::string_view text, Dialect dialect) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'') {
            out += "''";
        } else if (dialect == Dialect::Mysql && c == '\\') {
            out += "\\\\";
        } else if (dialect == Dialect::Mysql && c == '\0') {
            out += "\\0";
        } else {
            out += c;
        }
    }
    return out + "'";
}

std::string hexadecimal(std::string_view bytes) {
    static const char* const kDigits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

std::string realLiteral(const std::string& text, Dialect dialect) {
    const bool special = text == "inf" || text == "-inf" || text == "nan";
    // A literal with a point alone is an exact decimal to servers, which have no -0.
    if (!special && dialect == Dialect::Mysql && text.find('e') == std::string::npos)
        return text + "e0";
    if (!special && dialect == Dialect::Postgres && text == "-0.0") return "'-0.0'::float8";
    if (!special) return text;
    switch (dialect) {
    case Dialect::Postgres:
        return text == "nan"   ? "'NaN'::float8"
               : text == "inf" ? "'Infinity'::float8"
                               : "'-Infinity'::float8";
    case Dialect::Sqlite:
        return text == "nan" ? "NULL" : text == "inf" ? "9e999" : "-9e999";
    case Dialect::Mysql:
        break;
    }
    return "NULL";
}

} // namespace

std::string quoteIdentifier(std::string_view name, Dialect dialect) {
    const char quote = dialect == Dialect::Mysql ? '`' : '"';
    std::string out(1, quote);
    for (const char c : name) {
        if (c == quote) out += c;
        out += c;
    }
    return out + quote;
}

std::string typeSql(const Type& type, Dialect dialect, bool inKey) {
    switch (dialect) {
    case Dialect::Postgres:
        return postgresType(type);
    case Dialect::Mysql:
        return mysqlType(type, inKey);
    case Dialect::Sqlite:
        return sqliteType(type);
    }
    return "";
}

std::string literalSql(const Value& value, const Type& type, Dialect dialect) {
    const StoredValue stored = storedValue(value, type, dialect);
    switch (stored.kind) {
    case StoredValue::Kind::Null:
        return "NULL";
    case StoredValue::Kind::Boolean:
        return stored.text == "1" ? "TRUE" : "FALSE";
    case StoredValue::Kind::Integer:
        return stored.text;
    case StoredValue::Kind::Real:
        return realLiteral(stored.text, dialect);
    case StoredValue::Kind::Text:
        // SQLite's parser and PostgreSQL's protocol end a statement at NUL.
        if (stored.text.find('\0') != std::string::npos && dialect == Dialect::Sqlite)
            return "CAST(X'" + hexadecimal(stored.text) + "' AS TEXT)";
        return quoted(stored.text, dialect);
    case StoredValue::Kind::Blob:
        if (dialect == Dialect::Postgres) return "'\\x" + hexadecimal(stored.text) + "'::bytea";
        return "X'" + hexadecimal(stored.text) + "'";
    }
    return "NULL";
}

} // namespace covet::schema
