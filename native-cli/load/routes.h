#pragma once

#include <vector>

#include "facts/facts.h"
#include "schema/ddl.h"

namespace covet::load {

/// The table `covet_routes` as it is loaded and compared: its order says nothing, so that the
/// database's collation does not matter.
schema::Table manifestTable();

/// Rows of the manifest of routes, one Value per column of `table`. A route that is registered
/// twice by the same line is one row.
std::vector<std::vector<Value>> routeRows(const schema::Table& table,
                                          const std::vector<facts::Route>& routes);

} // namespace covet::load
