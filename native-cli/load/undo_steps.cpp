#include "load/undo_steps.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "load/sqlite_file.h"
#include "support/strings.h"

namespace covet::load {

using schema::Dialect;

bool databaseExists(const database::Url& url) {
    if (url.dialect != Dialect::Sqlite) return true;
    struct stat status {};
    return stat(url.database.c_str(), &status) == 0 && status.st_size > 0;
}

Status lockForUndo(database::Connection&) {
    return Ok{};
}

Status dropTables(database::Connection& connection, const std::vector<std::string>& tables) {
    if (tables.empty()) return Ok{};
    std::vector<std::string> names;
    for (const std::string& table : tables)
        names.push_back(connection.quoted(table));
    if (connection.dialect() == Dialect::Postgres)
        return connection.execute("DROP TABLE " + join(names, ", "));
    if (connection.dialect() == Dialect::Mysql) {
        // The caller has made sure that no other table refers to these.
        if (Status done = connection.execute("SET SESSION foreign_key_checks = 0"); !done)
            return done;
        return connection.execute("DROP TABLE " + join(names, ", "));
    }
    // A dropped table's rows count as deleted: references are looked at when all are gone.
    if (Status done = connection.execute("PRAGMA defer_foreign_keys=ON"); !done) return done;
    for (const std::string& name : names)
        if (Status done = connection.execute("DROP TABLE " + name); !done) return done;
    return Ok{};
}

Status removeDatabaseFile(database::Connection& connection) {
    const std::string path = connection.url().database;
    if (unlink(path.c_str()) != 0) {
        const std::string reason = std::strerror(errno);
        return database::makeError(database::code::kInputOutput,
                                   "cannot remove " + database::shown(path) + ": " + reason);
    }
    for (const char* companion : {"-journal", "-wal", "-shm"})
        unlink((path + companion).c_str());
    const std::string parent = std::filesystem::path(path).parent_path();
    return flushFolder(parent.empty() ? "." : parent);
}

} // namespace covet::load
