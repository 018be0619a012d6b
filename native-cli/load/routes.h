#pragma once

#include <vector>

#include "facts/facts.h"
#include "schema/ddl.h"

namespace covet::load {

/// Rows of the manifest of routes, one Value per column of `table`.
std::vector<std::vector<Value>> routeRows(const schema::Table& table,
                                          const std::vector<facts::Route>& routes);

} // namespace covet::load
