#include "catalog/version_matrix.h"
#include "database/connection.h"
#include "database/mysql_privileges.h"
#include "database/postgres_connection.h"
#include "support/strings.h"

namespace covet::database {
namespace {

Error refused(std::string message, std::string hint) {
    return makeError(code::kPreflight, std::move(message), std::move(hint));
}

Status checkVersion(const ServerInfo& server) {
    const catalog::DatabaseSupport* support =
        catalog::versionMatrix().database(toLower(server.product));
    if (support == nullptr)
        return refused(
            "the server says it is " + shown(server.product) + ", which is not supported", "");
    const std::string number = std::to_string(server.major) + "." + std::to_string(server.minor);
    const std::optional<catalog::Version> version = catalog::Version::parse(number);
    if (version && support->minimum <= *version) return Ok{};
    std::string minimum;
    for (const long part : support->minimum.release())
        minimum += (minimum.empty() ? "" : ".") + std::to_string(part);
    return refused("the server is " + server.product + " " + server.version + "; " + minimum +
                       " or later is needed",
                   "upgrade the server, or use another database");
}

/// "value" of a query, or an error; used for questions of one cell.
Result<std::string> ask(Connection& connection, const std::string& sql) {
    const Result<Value> value = connection.single(sql);
    if (!value) return value.error();
    if (value->kind() == Value::Kind::Bool) return std::string(value->boolValue() ? "1" : "0");
    return value->text();
}

Status checkPostgres(Connection& connection, Access access) {
    const Result<std::string> encoding = ask(connection, "SHOW server_encoding");
    if (!encoding) return encoding.error();
    if (*encoding != "UTF8")
        return refused("the database's encoding is " + *encoding + ", not UTF8",
                       "create the database with ENCODING 'UTF8' TEMPLATE template0");
    if (access == Access::ReadOnly) return Ok{};
    const std::string* pooler = connection.url().option("pooler");
    if (pooler == nullptr || *pooler != "session") {
        const Result<bool> direct = static_cast<PostgresConnection&>(connection).isDirect();
        if (!direct) return direct.error();
        if (!*direct)
            return refused("a connection pooler answers instead of the server: locks and settings of a session "
                           "may get lost between statements",
                           "connect to the server itself, or add ?pooler=session to the URL if the pooler keeps a "
                           "session for each client");
    }
    const Result<std::string> standby = ask(connection, "SELECT pg_is_in_recovery()");
    if (!standby) return standby.error();
    if (*standby == "1") return refused("the server is a read-only replica", "use its primary");
    const Result<std::string> readOnly = ask(connection, "SHOW default_transaction_read_only");
    if (!readOnly) return readOnly.error();
    if (*readOnly == "on")
        return refused("transactions are read-only for this user or database",
                       "set default_transaction_read_only off");
    const Result<std::string> schemaName = ask(connection, "SELECT current_schema()");
    if (!schemaName) return schemaName.error();
    if (schemaName->empty())
        return refused("no schema of the search path exists", "create the schema first");
    const Result<std::string> mayCreate =
        ask(connection, "SELECT has_schema_privilege(current_schema(), 'CREATE')");
    if (!mayCreate) return mayCreate.error();
    if (*mayCreate != "1")
        return refused("the user may not create tables in the schema " + shown(*schemaName),
                       "GRANT CREATE, USAGE ON SCHEMA " + *schemaName + " TO the user");
    return Ok{};
}

Status checkMysql(Connection& connection, Access access) {
    if (access == Access::ReadOnly) return Ok{};
    const Result<std::string> readOnly = ask(connection, "SELECT @@global.read_only");
    if (!readOnly) return readOnly.error();
    if (*readOnly != "0" && *readOnly != "OFF")
        return refused("the server is read-only", "use its primary");
    const Result<std::string> engine =
        ask(connection, "SELECT support FROM information_schema.engines WHERE engine = 'InnoDB'");
    if (!engine) return engine.error();
    if (*engine != "YES" && *engine != "DEFAULT")
        return refused("the server has no InnoDB", "enable the InnoDB engine");
    return checkMysqlPrivileges(connection);
}

Status checkSqlite(Connection& connection, Access access) {
    const Result<std::string> encoding = ask(connection, "PRAGMA encoding");
    if (!encoding) return encoding.error();
    const Result<std::string> sound = ask(connection, "PRAGMA quick_check(1)");
    if (!sound) return sound.error();
    if (*sound != "ok")
        return refused("the file is damaged: " + *sound, "restore it from a backup");
    if (access == Access::ReadOnly) return Ok{};
    if (Status done = connection.execute("PRAGMA query_only=OFF"); !done) return done;
    return Ok{};
}

} // namespace

Status checkServer(Connection& connection, Access access) {
    if (Status done = checkVersion(connection.server()); !done) return done;
    switch (connection.dialect()) {
    case schema::Dialect::Postgres:
        return checkPostgres(connection, access);
    case schema::Dialect::Mysql:
        return checkMysql(connection, access);
    case schema::Dialect::Sqlite:
        return checkSqlite(connection, access);
    }
    return Ok{};
}

} // namespace covet::database
