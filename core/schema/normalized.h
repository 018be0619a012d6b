#pragma once

#include <vector>

#include "facts/facts.h"
#include "schema/inference.h"

namespace covet::schema {

/// Tables and their rows, in one order.
struct Normalized {
    Schema schema;
    std::vector<TableRows> rows;
};

/// The schema with tables of their own for what is nested in records: lists (one row for each element, with its
/// position), dicts with fixed keys (one row) and dicts with other keys (one row for each entry). Each child table
/// refers to its parent. Values whose shape nothing tells stay documents, and the evidence of their column says
/// why. The rows make the values again: nothing is left out.
///
/// The code of the application works with the schema as it was inferred: this one is for data alone.
Normalized normalized(const Schema& schema, const std::vector<facts::Store>& stores, const Options& options);

} // namespace covet::schema
