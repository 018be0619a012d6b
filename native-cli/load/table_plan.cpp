#include "load/table_plan.h"

#include <algorithm>

#include "load/password_hash.h"
#include "load/read_ahead.h"
#include "load/selected_rows.h"
#include "support/strings.h"
#include "verify/catalogue_check.h"

namespace covet::load {
namespace {

constexpr size_t kShownDifferences = 3;

Error conflict(std::string message, std::string hint) {
    return database::makeError(database::code::kConflict, std::move(message), std::move(hint));
}

std::string told(const verify::Report& report) {
    std::vector<std::string> lines;
    for (size_t i = 0; i < report.differences.size() && i < kShownDifferences; ++i)
        lines.push_back(verify::describe(report.differences[i]));
    if (report.differenceCount > lines.size()) lines.push_back("and more");
    return join(lines, "; ");
}

/// An error when the existing table is not built as the model says.
Status checkStructure(const database::Catalogue& catalogue, schema::Dialect dialect,
                      const schema::Table& table) {
    verify::Report report;
    verify::Findings findings(report, 20);
    verify::checkTable(catalogue, dialect, table, findings);
    for (const database::ColumnInfo& column : catalogue.columns.at(table.name))
        if (table.column(column.name) == nullptr)
            findings.add(
                {"extra-column", table.name, "", column.name, "no such column", column.type});
    if (report.ok()) return Ok{};
    return conflict("the table " + database::shown(table.name) +
                        " exists and is built differently: " + told(report),
                    "rename or drop the table, or use another database");
}

/// What goes to a table that holds other rows.
Status planMerge(OnConflict onConflict, verify::Matches matches, TablePlan& plan) {
    if (plan.table->primaryKey.empty())
        return conflict("the table " + database::shown(plan.table->name) +
                            " holds rows and has no primary key to tell them apart",
                        "empty the table first");
    plan.merges = true;
    if (onConflict == OnConflict::Update) plan.updates = selectedRows(*plan.rows, std::move(matches.different));
    plan.skipped = static_cast<uint64_t>(std::count(matches.present.begin(), matches.present.end(), true)) - plan.updates.size();
    matches.present.flip();
    plan.inserts = selectedRows(*plan.rows, std::move(matches.present));
    return Ok{};
}

} // namespace

std::unique_ptr<schema::RowReader> TablePlan::insertReader() const {
    digest.reset();
    if (merges) return hashingPasswords(*table, readAhead(inserts));
    // A hash is another one at each load: those rows are compared one by one.
    if (rows->source && !hashesPasswords(*table)) digest = std::make_shared<verify::RowDigest>(*table, dialect);
    return hashingPasswords(*table, readAhead(*rows, digest));
}

std::unique_ptr<schema::RowReader> TablePlan::updateReader() const {
    return hashingPasswords(*table, readAhead(updates));
}

Result<TablePlan> planTable(database::Connection* connection, const database::Catalogue& catalogue,
                            const schema::Table& table, const schema::TableRows& rows, OnConflict onConflict,
                            bool isManifest) {
    TablePlan plan;
    plan.table = &table;
    plan.rows = &rows;
    plan.isManifest = isManifest;
    if (connection == nullptr) return plan;
    plan.dialect = connection->dialect();
    if (catalogue.columns.count(table.name) == 0) return plan;
    if (Status done = checkStructure(catalogue, connection->dialect(), table); !done)
        return done.error();

    verify::Report report;
    verify::Findings findings(report, kShownDifferences);
    verify::Matches matches;
    const auto compared = verify::compareTable(*connection, table, rows, false, findings, verify::RowsRead(), &matches);
    if (!compared) return compared.error();
    // An empty table for an empty store is as it should be, unless ids were used before.
    if (compared->found == 0 && (!rows.empty() || table.identityStart > 1)) {
        plan.state = TableState::Empty;
        return plan;
    }
    if (report.ok()) {
        plan.state = TableState::Same;
        return plan;
    }
    plan.state = TableState::Occupied;
    if (isManifest) return plan;
    if (onConflict == OnConflict::Fail)
        return conflict("the table " + database::shown(table.name) + " already holds " +
                            std::to_string(compared->found) +
                            " rows, which are not the project's: " + told(report),
                        "use another database, empty the table, or choose --on-conflict skip or "
                        "update");
    if (Status done = planMerge(onConflict, std::move(matches), plan); !done) return done.error();
    return plan;
}

} // namespace covet::load
