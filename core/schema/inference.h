#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "facts/facts.h"
#include "schema/model.h"

namespace covet::schema {

struct Options {
    /// Python names that a model must not shadow (the project's classes, functions and imports).
    std::set<std::string> takenNames;
    /// Keep columns whose type the code does not check as JSON, so that nothing is narrowed.
    bool lenient = false;
    /// Store id -> field that is the primary key whatever rows and code say; "" = a made-up one.
    std::map<std::string, std::string> keyFields;
};

/// Tables for the stores that hold data (`leftAlone` stores are passed over). One table per store,
/// in an order in which referenced tables come first; scalars share the table `covet_state`.
/// Deterministic; every column, key and index carries its evidence.
Schema inferSchema(const std::vector<facts::Store>& stores, const Options& options);

/// Rows of the stores whose data is known, one entry per table of `schema`, in its order; values
/// match Table::columns by position. A value that a column cannot hold is left as it is: the loader
/// compares and refuses, nothing is converted silently.
std::vector<TableRows> tableRows(const Schema& schema, const std::vector<facts::Store>& stores);

/// Names in the schema's table of scalars.
inline constexpr const char* kStateTable = "covet_state";
inline constexpr const char* kStateModel = "StateValue";

} // namespace covet::schema
