#include "load/leftovers.h"

#include "support/strings.h"

namespace covet::load {

Status dropLeftovers(database::Connection& connection) {
    if (connection.dialect() != schema::Dialect::Mysql) return Ok{}; // transactions leave nothing
    const auto tables = connection.tables();
    if (!tables) return tables.error();
    std::vector<std::string> names;
    for (const std::string& table : *tables)
        if (startsWith(table, kStagingPrefix)) names.push_back(connection.quoted(table));
    if (names.empty()) return Ok{};
    if (Status done = connection.execute("SET SESSION foreign_key_checks = 0"); !done) return done;
    return connection.execute("DROP TABLE " + join(names, ", "));
}

} // namespace covet::load
