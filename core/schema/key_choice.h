#pragma once

#include <string>

#include "facts/facts.h"
#include "schema/record_fields.h"

namespace covet::schema {

/// Which key of a store's records identifies them.
struct KeyChoice {
    std::string field; // "" if none does
    std::string evidence; // why it is this one, or why the field that looks like it is not
};

/// The dict key that records hold, a unique id, or a natural key that the code keeps unique. Data
/// and code must agree: no None, no duplicates, never absent.
KeyChoice chooseKey(const facts::Store& store, const StoreRows& rows,
                    const RecordFields& fields);

/// Whether the database may number new rows: ids are ints that the application counts up.
bool countsUp(const facts::Store& store, const std::string& field);

/// Whether the rows' values of a key grow from row to row.
bool growsWithRows(const StoreRows& rows, const std::string& field);

} // namespace covet::schema
