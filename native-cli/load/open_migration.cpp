#include "load/base_migration.h"

namespace covet::load {

Result<std::unique_ptr<Migration>> Migration::open(Request request) {
    switch (request.url.dialect) {
    case schema::Dialect::Sqlite:
        return openSqliteMigration(std::move(request));
    case schema::Dialect::Postgres:
        return openPostgresMigration(std::move(request));
    case schema::Dialect::Mysql:
        return openMysqlMigration(std::move(request));
    }
    return database::makeError(database::code::kPreflight, "no such database");
}

} // namespace covet::load
