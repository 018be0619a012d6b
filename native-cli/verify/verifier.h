#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "covet/core.h"
#include "database/connection.h"
#include "schema/model.h"
#include "verify/row_digest.h"

namespace covet::verify {

/// One thing that is not as it should be.
struct Difference {
    /// "value", "missing-row", "extra-row", "order", "missing-table", "missing-column",
    /// "column-type", "nullability", "primary-key", "unique", "foreign-key", "identity", "count",
    /// "nothing-compared".
    std::string kind;
    std::string table;
    std::string key;             // "id=3", "" for what concerns the whole table
    std::string column;          // "" for whole rows
    std::string expected, found; // as Python would write them, shortened
};

struct TableResult {
    std::string table;
    uint64_t rows = 0;   // expected
    uint64_t found = 0;  // in the database
    uint64_t values = 0; // compared
    uint64_t differences = 0;
    std::string checksum; // of the stored rows (load::checksumOf) where it came with the comparison
};

struct Report {
    std::vector<TableResult> tables;
    std::vector<Difference> differences; // the first `maximum` ones
    uint64_t differenceCount = 0;        // all of them
    uint64_t rows = 0, values = 0;       // compared in all tables
    bool ok() const { return differenceCount == 0; }
};

struct Options {
    size_t maximum = 50; // differences kept for the report
    /// Rows beyond the expected ones are allowed (the table had rows before the load, or the
    /// application has written since).
    bool allowExtraRows = false;
    std::set<std::string> tablesWithExtraRows; // the same for single tables
    bool compareRoutes = true;
    /// Digests of the expected rows of some tables; a table whose stored rows have the same one is
    /// not compared row by row.
    std::map<std::string, std::shared_ptr<const RowDigest>> digests;
    /// Tables that have another name for now, while they are staged.
    std::map<std::string, std::string> physicalNames;
};

/// Reads every table back and compares it with the schema and rows it was made from: values both
/// ways, counts, order, keys, uniqueness, references, the next identity value, the routes.
///
/// Shares no encoding with the loader. Rows are paired by primary key, without one as a multiset.
/// Comparing nothing is a difference unless there are no rows to compare and every table exists.
/// An Error means that the comparison itself could not be done.
Result<Report> verifyDatabase(database::Connection& connection, const schema::Schema& schema,
                              const std::vector<schema::TableRows>& rows,
                              const std::vector<facts::Route>& routes, const Options& options = {},
                              ProgressSink* progress = nullptr);

/// "products.price of id=3: expected 9.99, found 9.989999" for people.
std::string describe(const Difference& difference);

} // namespace covet::verify
