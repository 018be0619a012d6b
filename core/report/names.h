#pragma once

#include <string>

#include "covet/core.h"

namespace covet::report {

/// Words of the report's JSON and of the other renderings.

const char* nameOf(rules::Outcome outcome);
const char* nameOf(rules::Safety safety);
const char* nameOf(facts::Outcome outcome);
const char* nameOf(ChangeKind kind);
/// "list of records", "dict of int to records", "set of scalars", ...
std::string shapeOf(const facts::Store& store);
/// Number of rows of a store in its table; -1 when its content is not known.
long long rowsOf(const Analysis& analysis, const facts::Store& store);

/// Entries of the ledger by outcome.
struct FindingTotals {
    size_t fixed = 0, offered = 0, skipped = 0, suppressed = 0, baselined = 0;
};
FindingTotals totalsOf(const std::vector<rules::Finding>& findings);

/// Store uses by outcome.
struct UseTotals {
    size_t total = 0, exact = 0, bridged = 0, manual = 0;
};
UseTotals totalsOf(const std::vector<facts::StoreUse>& uses);

} // namespace covet::report
