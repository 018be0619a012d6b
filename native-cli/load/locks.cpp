#include "load/locks.h"

namespace covet::load {
namespace {

using database::makeError;
namespace code = database::code;

constexpr int64_t kLockKey = 0x636F766574; // "covet"
constexpr const char* kLockName = "covetpy-migrate";
// Lock names are the server's, so the database's name is part of ours; 64 characters at most.
constexpr const char* kMysqlLock = "CONCAT(?, ':', LEFT(SHA1(DATABASE()), 16))";
constexpr const char* kWait = "wait until it has ended, or end that session";

Status lockPostgres(database::Connection& connection) {
    // A session lock, tried and not waited for: a waiter would hold a snapshot.
    const Value key = Value::integer(kLockKey);
    const Result<Value> taken = connection.single("SELECT pg_try_advisory_lock($1::bigint)", {key});
    if (!taken) return taken.error();
    if (taken->boolValue()) return Ok{};
    std::string holder;
    const Status asked = connection.query(
        "SELECT a.pid, coalesce(a.usename::text, ''), coalesce(host(a.client_addr), 'this "
        "machine'), "
        "a.backend_start::timestamp(0)::text FROM pg_locks l JOIN pg_stat_activity a ON a.pid = "
        "l.pid "
        "WHERE l.locktype = 'advisory' AND l.granted AND l.classid = ($1::bigint >> 32)::oid AND "
        "l.objid = ($1::bigint & 4294967295)::oid AND l.database = "
        "(SELECT oid FROM pg_database WHERE datname = current_database())",
        {key}, [&](database::Row& row) {
            holder = ": process " + row[0].text() + " of " + row[1].text() + " from " +
                     row[2].text() + " since " + row[3].text() + " UTC";
            return false;
        });
    if (!asked) holder.clear();
    return makeError(code::kLocked, "another run is working on this database" + holder, kWait);
}

Status lockMysql(database::Connection& connection) {
    const std::string name = kMysqlLock;
    const Value prefix = Value::string(kLockName);
    const Result<Value> taken = connection.single("SELECT GET_LOCK(" + name + ", 0)", {prefix});
    if (!taken) return taken.error();
    if (taken->text() == "1") return Ok{};
    const Result<Value> holder = connection.single("SELECT IS_USED_LOCK(" + name + ")", {prefix});
    std::string told;
    if (holder && !holder->isNull()) told = ": connection " + holder->text();
    return makeError(code::kLocked, "another run is working on this database" + told, kWait);
}

} // namespace

Status lockDatabase(database::Connection& connection) {
    switch (connection.dialect()) {
    case schema::Dialect::Postgres:
        return lockPostgres(connection);
    case schema::Dialect::Mysql:
        return lockMysql(connection);
    case schema::Dialect::Sqlite:
        break;
    }
    return Ok{};
}

void unlockDatabase(database::Connection& connection) {
    if (connection.dialect() == schema::Dialect::Postgres)
        (void)connection.single("SELECT pg_advisory_unlock_all()");
    else if (connection.dialect() == schema::Dialect::Mysql)
        (void)connection.single("SELECT RELEASE_LOCK(" + std::string(kMysqlLock) + ")",
                                {Value::string(kLockName)});
}

} // namespace covet::load
