#include "verify/verifier.h"

#include <algorithm>
#include <map>

#include "load/routes.h"
#include "verify/catalogue_check.h"
#include "verify/table_comparison.h"

namespace covet::verify {
namespace {

constexpr uint64_t kSmallRows = 200;

class Verifier {
public:
    Verifier(database::Connection& connection, const database::Catalogue& catalogue,
             const Options& options, ProgressSink* progress, uint64_t totalRows)
        : connection_(connection), catalogue_(catalogue), options_(options), progress_(progress),
          total_(totalRows), findings_(report_, options.maximum) {}

    /// Reads the small tables whose rows have a digest, many per round trip; table() then knows them.
    Status readSmall(const schema::Schema& schema) {
        std::vector<schema::Table> tables;
        std::vector<std::string> names;
        for (const schema::Table& logical : schema.tables) {
            const auto digest = options_.digests.find(logical.name);
            if (digest == options_.digests.end() || !digest->second->isComplete() || digest->second->rows() > kSmallRows) continue;
            schema::Table table = physical(logical);
            Report unused;
            Findings unreported(unused, 0); // table() tells
            if (!checkTable(catalogue_, connection_.dialect(), table, unreported)) continue;
            tables.push_back(std::move(table));
            names.push_back(logical.name);
        }
        std::vector<DigestedTable> digested;
        for (size_t i = 0; i < tables.size(); ++i)
            digested.push_back({&tables[i], options_.digests.at(names[i]).get()});
        Result<std::vector<TableResult>> results = compareDigests(connection_, digested);
        if (!results) return results.error();
        for (size_t i = 0; i < names.size(); ++i)
            small_[names[i]] = std::move((*results)[i]);
        return Ok{};
    }

    Status table(const schema::Table& logical, const schema::TableRows& expected,
                 bool allowExtra) {
        const schema::Table table = physical(logical);
        const uint64_t before = report_.differenceCount;
        TableResult result;
        result.table = table.name;
        result.rows = expected.size();
        if (checkTable(catalogue_, connection_.dialect(), table, findings_)) {
            const RowsRead progress = [&](uint64_t rows) {
                return progress_ == nullptr || progress_->progress("verify", done_ + rows, total_);
            };
            const auto digest = options_.digests.find(logical.name);
            Result<TableResult> compared = TableResult();
            if (const auto known = small_.find(logical.name); known != small_.end() && known->second.found == expected.size())
                compared = known->second;
            else if (digest != options_.digests.end() && digest->second->rows() == expected.size())
                compared = compareDigest(connection_, table, *digest->second, progress);
            if (compared && compared->found == 0)
                compared = compareTable(connection_, table, expected, allowExtra, findings_, progress);
            if (!compared) return compared.error();
            result = std::move(*compared);
            const bool countFits =
                allowExtra ? result.found >= result.rows : result.found == result.rows;
            if (!countFits)
                findings_.add({"count", table.name, "", "", std::to_string(result.rows) + " rows",
                               std::to_string(result.found) + " rows"});
            report_.rows += std::min(result.found, result.rows);
            report_.values += result.values;
        }
        done_ += expected.size();
        if (progress_ != nullptr && !progress_->progress("verify", done_, total_))
            return database::makeError(database::code::kCancelled, "stopped on request");
        result.differences = report_.differenceCount - before;
        result.table = logical.name;
        report_.tables.push_back(std::move(result));
        return Ok{};
    }

    Status identities(const schema::Schema& schema) {
        std::vector<schema::Table> tables;
        for (const schema::Table& logical : schema.tables)
            if (schema::Table table = physical(logical); isReadable(table))
                tables.push_back(std::move(table));
        return checkIdentities(connection_, catalogue_, tables, findings_);
    }

    Status references(const schema::Schema& schema) {
        for (const schema::Table& logical : schema.tables)
            if (const schema::Table table = physical(logical); isReadable(table))
                if (Status done = checkReferences(connection_, table, findings_); !done)
                    return done;
        return Ok{};
    }

    void nothingCompared(bool anyExpected, bool anyTable) {
        if (report_.values > 0 || (!anyExpected && anyTable)) return;
        findings_.add({"nothing-compared", "", "", "",
                       anyTable ? "values to compare" : "tables to compare", "none"});
    }
    Report take() {
        for (const auto& [name, other] : options_.physicalNames)
            for (Difference& difference : report_.differences)
                if (difference.table == other) difference.table = name;
        return std::move(report_);
    }

private:
    schema::Table physical(const schema::Table& table) const {
        schema::Table made = table;
        const auto name = [&](std::string& text) {
            const auto found = options_.physicalNames.find(text);
            if (found != options_.physicalNames.end()) text = found->second;
        };
        name(made.name);
        for (schema::ForeignKey& key : made.foreignKeys)
            name(key.table);
        return made;
    }

    /// Whether the table and what it refers to could be read; else the reason is reported already.
    bool isReadable(const schema::Table& table) const {
        return std::none_of(
            report_.differences.begin(), report_.differences.end(),
            [&](const Difference& difference) {
                if (difference.kind != "missing-table" && difference.kind != "missing-column")
                    return false;
                return difference.table == table.name ||
                       std::any_of(table.foreignKeys.begin(), table.foreignKeys.end(),
                                   [&](const auto& key) { return key.table == difference.table; });
            });
    }

    database::Connection& connection_;
    const database::Catalogue& catalogue_;
    const Options& options_;
    ProgressSink* progress_;
    uint64_t total_;
    uint64_t done_ = 0;
    std::map<std::string, TableResult> small_; // by logical name
    Report report_;
    Findings findings_;
};

} // namespace

Result<Report> verifyDatabase(database::Connection& connection, const schema::Schema& schema,
                              const std::vector<schema::TableRows>& rows,
                              const std::vector<facts::Route>& routes, const Options& options,
                              ProgressSink* progress) {
    uint64_t total = 0;
    for (const schema::TableRows& table : rows)
        total += table.size();
    const Result<database::Catalogue> catalogue = connection.catalogue();
    if (!catalogue) return catalogue.error();
    Verifier verifier(connection, *catalogue, options, progress, total);
    if (Status done = verifier.readSmall(schema); !done) return done.error();
    const schema::TableRows none;
    for (const schema::Table& table : schema.tables) {
        const auto match = std::find_if(rows.begin(), rows.end(), [&](const auto& candidate) {
            return candidate.table == table.name;
        });
        const bool allowExtra =
            options.allowExtraRows || options.tablesWithExtraRows.count(table.name);
        if (Status done =
                verifier.table(table, match == rows.end() ? none : *match, allowExtra);
            !done)
            return done.error();
    }
    if (Status done = verifier.identities(schema); !done) return done.error();
    if (Status done = verifier.references(schema); !done) return done.error();
    bool anyTable = !schema.tables.empty();
    bool anyExpected = total > 0;
    if (options.compareRoutes) {
        const schema::Table manifest = load::manifestTable();
        const schema::TableRows expected{manifest.name, load::routeRows(manifest, routes), nullptr};
        if (Status done = verifier.table(manifest, expected, false); !done) return done.error();
        anyTable = true;
        anyExpected = anyExpected || !expected.empty();
    }
    verifier.nothingCompared(anyExpected, anyTable);
    return verifier.take();
}

std::string describe(const Difference& difference) {
    std::string text = difference.table;
    if (!difference.column.empty()) text += "." + difference.column;
    if (!difference.key.empty()) text += " of " + difference.key;
    if (!text.empty()) text += ": ";
    if (difference.kind == "missing-row")
        return text + "the row is missing" +
               (difference.expected.empty() ? "" : ": " + difference.expected);
    if (difference.kind == "extra-row")
        return text + "a row too many" + (difference.found.empty() ? "" : ": " + difference.found);
    if (difference.kind != "value") text += difference.kind + ": ";
    return text + "expected " + difference.expected + ", found " + difference.found;
}

} // namespace covet::verify
