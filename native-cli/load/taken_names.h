#pragma once

#include <set>
#include <string>
#include <vector>

#include "database/connection.h"
#include "schema/model.h"

namespace covet::load {

/// Error "database-conflict" when something else in the database has a name that a table of `absent`, or one of its
/// indexes and constraints, is going to have. What belongs to tables of `gone` does not count.
Status checkTakenNames(database::Connection& connection, const std::vector<const schema::Table*>& absent,
                       const std::set<std::string>& gone);

} // namespace covet::load
