#pragma once

#include <set>
#include <string>

#include "rules/migration_context.h"

namespace covet::rules {

/// Makes containers that code makes when it first needs them at once, before the migration reads the files:
///
///     db = None                         db = {"users": []}
///
///     def get_db():                     def get_db():
///         global db             ->          return db
///         if db is None:
///             db = {"users": []}
///         return db
///
/// The same for another name of a container: `db = users`. Safe: no code sees the name while it is None, or gives it
/// another value. Returns the names as "module:name".
std::set<std::string> makeContainersAtOnce(MigrationContext& context);

} // namespace covet::rules
