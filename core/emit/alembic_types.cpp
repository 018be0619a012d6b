#include "emit/alembic_types.h"

#include <cctype>

#include "schema/ddl.h"
#include "support/strings.h"

namespace covet::emit {
namespace {

using schema::Dialect;

struct Spelling {
    const char* sql;
    const char* python;
};

constexpr Spelling kSpellings[] = {
    // PostgreSQL
    {"integer", "sa.Integer()"},
    {"bigint", "sa.BigInteger()"},
    {"double precision", "sa.Double()"},
    {"numeric", "sa.Numeric()"},
    {"boolean", "sa.Boolean()"},
    {"text", "sa.Text()"},
    {"date", "sa.Date()"},
    {"time", "sa.Time()"},
    {"timestamp", "sa.DateTime()"},
    {"timestamptz", "sa.DateTime(timezone=True)"},
    {"uuid", "sa.Uuid()"},
    {"json", "sa.JSON()"},
    {"bytea", "sa.LargeBinary()"},
    // MySQL and MariaDB
    {"int", "sa.Integer()"},
    {"double", "sa.Double()"},
    {"longtext", "mysql.LONGTEXT()"},
    {"time(6)", "mysql.TIME(fsp=6)"},
    {"datetime(6)", "mysql.DATETIME(fsp=6)"},
    {"longblob", "mysql.LONGBLOB()"},
    // SQLite
    {"INTEGER", "sa.Integer()"},
    {"REAL", "sa.REAL()"},
    {"TEXT", "sa.Text()"},
    {"BLOB", "sa.LargeBinary()"},
};

/// The SQLAlchemy type that a dialect writes as this SQL.
std::string spelled(const std::string& sql) {
    for (const Spelling& known : kSpellings)
        if (sql == known.sql) return known.python;
    const size_t open = sql.find('(');
    const std::string name = sql.substr(0, open), sizes = replaceAll(sql.substr(open), ",", ", ");
    return (name == "varchar" ? "sa.String" : name == "char" ? "sa.CHAR" : "sa.Numeric") + sizes;
}

/// "NUMERIC_10_2" of "numeric(10,2)".
std::string constantName(const std::string& sql) {
    std::string name;
    for (const char c : sql) {
        if (std::isalnum(static_cast<unsigned char>(c)))
            name += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        else if (c != ')')
            name += '_';
    }
    return name;
}

} // namespace

std::string AlembicTypes::expression(const schema::Type& type, bool inKey) {
    const std::string sql = schema::typeSql(type, Dialect::Postgres, inKey);
    const std::string base = spelled(sql);
    const std::string mysql = spelled(schema::typeSql(type, Dialect::Mysql, inKey));
    const std::string sqlite = spelled(schema::typeSql(type, Dialect::Sqlite, inKey));
    std::string expression = base;
    if (mysql != base) expression += ".with_variant(" + mysql + ", \"mysql\", \"mariadb\")";
    if (sqlite != base) expression += ".with_variant(" + sqlite + ", \"sqlite\")";
    if (expression == base) return base;
    std::string name = constantName(sql);
    // A text that is a key is another type to MySQL.
    if (inKey && type.kind == schema::TypeKind::Text) name += "_KEY";
    constants_.emplace(name, expression);
    return name;
}

std::string AlembicTypes::definitions() const {
    std::string text;
    for (const auto& [name, expression] : constants_) text += name + " = " + expression + "\n";
    return text;
}

bool AlembicTypes::needsMysql() const {
    for (const auto& [name, expression] : constants_)
        if (expression.find("mysql.") != std::string::npos) return true;
    return false;
}

} // namespace covet::emit
