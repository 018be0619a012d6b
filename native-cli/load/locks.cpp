#include "load/locks.h"

#include <algorithm>
#include <optional>
#include <random>
#include <thread>

namespace covet::load {
namespace {

using database::makeError;
namespace code = database::code;

constexpr int64_t kLockKey = 0x636F766574; // "covet"
constexpr const char* kLockName = "covetpy-migrate";
// Lock names are the server's, so the database's name is part of ours; 64 characters at most.
constexpr const char* kMysqlLock = "CONCAT(?, ':', LEFT(SHA1(DATABASE()), 16))";
constexpr const char* kWait = "wait until it has ended, or end that session";
constexpr int kFirstPause = 100; // milliseconds
constexpr int kLongestPause = 1000;

/// Who holds the lock, "" for a holder that cannot be named; nothing when the lock is ours now.
using Attempt = Result<std::optional<std::string>>;

Attempt lockPostgres(database::Connection& connection) {
    // A session lock, tried and not waited for: a waiter would hold a snapshot.
    const Value key = Value::integer(kLockKey);
    const Result<Value> taken = connection.single("SELECT pg_try_advisory_lock($1::bigint)", {key});
    if (!taken) return taken.error();
    if (taken->boolValue()) return std::optional<std::string>();
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
    return std::optional<std::string>(holder);
}

Value mysqlName(size_t session) {
    return Value::string(std::string(kLockName) + (session == 0 ? "" : std::to_string(session)));
}

Attempt lockMysql(database::Connection& connection) {
    const std::string name = kMysqlLock;
    const auto holderOf = [&](size_t session) -> std::optional<std::string> {
        const Result<Value> holder =
            connection.single("SELECT IS_USED_LOCK(" + name + ")", {mysqlName(session)});
        if (!holder || holder->isNull()) return std::nullopt;
        return ": connection " + holder->text();
    };
    const Result<Value> taken =
        connection.single("SELECT GET_LOCK(" + name + ", 0)", {mysqlName(0)});
    if (!taken) return taken.error();
    if (taken->text() != "1") return std::optional<std::string>(holderOf(0).value_or(""));
    for (size_t session = 1; session <= kHelperSessions; ++session)
        if (const std::optional<std::string> holder = holderOf(session)) {
            unlockDatabase(connection);
            return holder;
        }
    return std::optional<std::string>();
}

Attempt tryLock(database::Connection& connection) {
    switch (connection.dialect()) {
    case schema::Dialect::Postgres:
        return lockPostgres(connection);
    case schema::Dialect::Mysql:
        return lockMysql(connection);
    case schema::Dialect::Sqlite:
        break;
    }
    return std::optional<std::string>();
}

} // namespace

Status lockDatabase(database::Connection& connection, const Patience& patience) {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point end = Clock::now() + patience.limit;
    std::minstd_rand chance(std::random_device{}());
    int longest = kFirstPause;
    for (;;) {
        const Attempt attempt = tryLock(connection);
        if (!attempt) return attempt.error();
        if (!*attempt) return Ok{};
        const std::string message = "another run is working on this database" + **attempt;
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(patience.limit);
        if (left.count() <= 0) return makeError(code::kLocked, message, kWait);
        if (patience.waiting &&
            !patience.waiting(message + "; waiting up to " + std::to_string(seconds.count()) +
                              " s for it to end, as it does when it was killed"))
            return makeError(code::kLocked, message, kWait);
        const std::chrono::milliseconds pause(longest / 2 + chance() % longest);
        std::this_thread::sleep_for(std::min(pause, left));
        longest = std::min(longest * 2, kLongestPause);
    }
}

void unlockDatabase(database::Connection& connection) {
    if (connection.dialect() == schema::Dialect::Postgres)
        (void)connection.single("SELECT pg_advisory_unlock_all()");
    else if (connection.dialect() == schema::Dialect::Mysql)
        (void)connection.single("SELECT RELEASE_ALL_LOCKS()");
}

Result<std::unique_ptr<database::Connection>> helperSession(const database::Url& url, size_t number) {
    auto session = database::connect(url);
    if (!session || url.dialect != schema::Dialect::Mysql) return session;
    const Result<Value> taken = (*session)->single(
        "SELECT GET_LOCK(" + std::string(kMysqlLock) + ", 5)", {mysqlName(number)});
    if (!taken) return taken.error();
    if (taken->text() != "1")
        return makeError(code::kLocked, "another session of this tool has not ended", kWait);
    return session;
}

} // namespace covet::load
