#include "database/connection.h"
#include "database/mysql_connection.h"
#include "database/postgres_connection.h"
#include "database/sqlite_connection.h"

namespace covet::database {

Result<std::unique_ptr<Connection>> connect(const Url& url, Access access, bool create) {
    switch (url.dialect) {
    case schema::Dialect::Sqlite:
        return SqliteConnection::open(url, access, create);
    case schema::Dialect::Postgres:
        return PostgresConnection::open(url, access);
    case schema::Dialect::Mysql:
        return MysqlConnection::open(url, access);
    }
    return makeError(code::kConnection, "no client");
}

} // namespace covet::database
