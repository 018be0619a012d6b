#pragma once

#include <vector>

#include "facts/facts.h"
#include "schema/inference.h"
#include "schema/overrides.h"

namespace covet::schema {

/// The tables that inferSchema() gives, with what the user decides in place of what was inferred. All
/// that follows from a table (models, DDL, rows, verification) follows the decision.
///
/// Errors `config` (a table or column that is not there, a name that is taken) and `override-refused`
/// (a row or the code says otherwise; rows are named). Every decision is noted as evidence.
Result<Schema> inferSchema(const std::vector<facts::Store>& stores, const Options& options,
                           const Overrides& overrides);

} // namespace covet::schema
