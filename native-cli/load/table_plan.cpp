#include "load/table_plan.h"

#include <algorithm>
#include <unordered_set>

#include "load/password_hash.h"
#include "load/read_ahead.h"
#include "support/strings.h"
#include "verify/catalogue_check.h"
#include "verify/cell_reader.h"

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

Result<std::unordered_set<std::string>> existingKeys(database::Connection& connection,
                                                     const schema::Table& table) {
    schema::Table keys;
    keys.name = table.name;
    keys.primaryKey = table.primaryKey;
    for (const std::string& name : table.primaryKey)
        keys.columns.push_back(*table.column(name));
    std::unordered_set<std::string> found;
    const Status done =
        connection.query(verify::selectSql(connection, keys), {}, [&](database::Row& row) {
            for (size_t i = 0; i < row.size(); ++i)
                row[i] = verify::readCell(row[i], keys.columns[i], connection.dialect())
                             .value_or(Value::null());
            found.insert(verify::keyText(keys, row));
            return true;
        });
    if (!done) return done.error();
    return found;
}

Status planMerge(database::Connection& connection, OnConflict onConflict, TablePlan& plan) {
    if (plan.table->primaryKey.empty())
        return conflict("the table " + database::shown(plan.table->name) +
                            " holds rows and has no primary key to tell them apart",
                        "empty the table first");
    const auto keys = existingKeys(connection, *plan.table);
    if (!keys) return keys.error();
    plan.merges = true;
    const auto reader = plan.rows->read();
    while (const schema::RowValues* row = reader->next()) {
        if (keys->count(verify::keyText(*plan.table, *row)) == 0)
            plan.inserts.push_back(*row);
        else if (onConflict == OnConflict::Update)
            plan.updates.push_back(*row);
        else
            ++plan.skipped;
    }
    return Ok{};
}

} // namespace

std::unique_ptr<schema::RowReader> TablePlan::insertReader() const {
    digest.reset();
    if (merges) return hashingPasswords(*table, schema::readHeld(inserts));
    // A hash is another one at each load: those rows are compared one by one.
    if (rows->source && !hashesPasswords(*table)) digest = std::make_shared<verify::RowDigest>(*table);
    return hashingPasswords(*table, readAhead(*rows, digest));
}

std::unique_ptr<schema::RowReader> TablePlan::updateReader() const {
    return hashingPasswords(*table, schema::readHeld(updates));
}

Result<TablePlan> planTable(database::Connection* connection, const database::Catalogue& catalogue,
                            const schema::Table& table, const schema::TableRows& rows, OnConflict onConflict,
                            bool isManifest) {
    TablePlan plan;
    plan.table = &table;
    plan.rows = &rows;
    plan.isManifest = isManifest;
    if (connection == nullptr) return plan;
    if (catalogue.columns.count(table.name) == 0) return plan;
    if (Status done = checkStructure(catalogue, connection->dialect(), table); !done)
        return done.error();

    verify::Report report;
    verify::Findings findings(report, kShownDifferences);
    const auto compared =
        verify::compareTable(*connection, table, rows, false, findings, verify::RowsRead());
    if (!compared) return compared.error();
    if (compared->found == 0) {
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
    if (Status done = planMerge(*connection, onConflict, plan); !done) return done.error();
    return plan;
}

} // namespace covet::load
