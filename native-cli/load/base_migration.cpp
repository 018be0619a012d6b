#include "load/base_migration.h"

#include <algorithm>
#include <set>

#include "emit/insert.h"
#include "load/checksum.h"
#include "load/examine.h"
#include "load/leftovers.h"
#include "load/routes.h"
#include "load/taken_names.h"
#include "support/strings.h"
#include "verify/catalogue_check.h"

namespace covet::load {

using database::makeError;
namespace code = database::code;

BaseMigration::BaseMigration(Request request)
    : manifest_(manifestTable()), routes_{manifest_.name, routeRows(manifest_, request.routes), nullptr} {
    request_ = std::move(request);
}

Status BaseMigration::prepare() {
    const schema::Dialect dialect = request_.url.dialect;
    if (Status done = examine(request_.schema, request_.rows, dialect, report_.notes, request_.places); !done)
        return done;
    schema::Schema routesOnly;
    routesOnly.tables = {manifest_};
    if (Status done = examine(routesOnly, {routes_}, dialect, report_.notes);
        !done)
        return done;
    for (const schema::Table& table : request_.schema.tables)
        if (table.name == manifest_.name || table.name == historyTable().name)
            return makeError(code::kPreflight, "the project's table " +
                                                   database::shown(table.name) +
                                                   " has the name of a table of this tool");
    return planTables();
}

Status BaseMigration::planTables() {
    static const schema::TableRows kNoRows;
    plans_.clear();
    report_.tables.clear();
    database::Catalogue catalogue;
    std::set<std::string> gone; // tables of runs that were killed
    if (connection_) {
        Result<database::Catalogue> read = connection_->catalogue();
        if (!read) return read.error();
        catalogue = std::move(*read);
        const auto leftovers = leftoverTables(*connection_);
        if (!leftovers) return leftovers.error();
        gone.insert(leftovers->begin(), leftovers->end()); // before the load
        for (const std::string& table : gone) catalogue.columns.erase(table);
        report_.server = connection_->server();
        if (const Result<bool> exists = historyExists(*connection_); !exists) return exists.error();
    }
    const auto add = [&](const schema::Table& table, const schema::TableRows& rows,
                         bool isManifest) -> Status {
        Result<TablePlan> plan =
            planTable(connection_.get(), catalogue, table, rows, request_.onConflict, isManifest);
        if (!plan) return plan.error();
        TableLoad entry;
        entry.table = table.name;
        entry.rows = plan->insertCount() + plan->updates.size();
        entry.skipped = plan->skipped;
        entry.created = plan->state == TableState::Absent;
        entry.unchanged = plan->nothingToDo();
        report_.tables.push_back(std::move(entry));
        plans_.push_back(std::move(*plan));
        return Ok{};
    };
    for (const schema::Table& table : request_.schema.tables) {
        const auto rows =
            std::find_if(request_.rows.begin(), request_.rows.end(),
                         [&](const auto& entry) { return entry.table == table.name; });
        if (Status done = add(table, rows == request_.rows.end() ? kNoRows : *rows, false);
            !done)
            return done;
    }
    if (Status done = add(manifest_, routes_, true); !done) return done;
    std::vector<const schema::Table*> absent;
    for (const TablePlan& plan : plans_)
        if (plan.state == TableState::Absent) absent.push_back(plan.table);
    if (connection_)
        if (Status done = checkTakenNames(*connection_, absent, gone); !done) return done;
    report_.rows = 0;
    for (const TableLoad& entry : report_.tables)
        report_.rows += entry.rows;
    report_.nothingToDo = nothingToDo();
    return Ok{};
}

bool BaseMigration::nothingToDo() const {
    return std::all_of(plans_.begin(), plans_.end(),
                       [](const TablePlan& plan) { return plan.nothingToDo(); });
}

Status BaseMigration::load(ProgressSink* progress) {
    if (loaded_) return makeError("internal", "load() was called twice");
    if (nothingToDo()) {
        loaded_ = true;
        return Ok{};
    }
    const auto run = [&]() -> Status {
        if (Status done = beginLoad(); !done) return done;
        // Another program may have written since the first look.
        if (Status done = planTables(); !done) return done;
        if (Status done = createTables(); !done) return done;
        if (Status done = tablesCreated(); !done) return done;
        uint64_t before = 0;
        for (const TablePlan& plan : plans_) {
            if (plan.nothingToDo()) continue;
            const Status done = writeRows(plan, [&](uint64_t rows) {
                return progress == nullptr ||
                       progress->progress("load", before + rows, report_.rows);
            });
            if (!done) return done;
            before += plan.insertCount() + plan.updates.size();
        }
        if (Status done = fixIdentities(); !done) return done;
        return finishLoad();
    };
    Status done = run();
    if (!done) abandon();
    loaded_ = done.ok();
    return done;
}

Status BaseMigration::createTables() {
    for (const TablePlan& plan : plans_)
        if (plan.state == TableState::Absent)
            if (Status done = createTable(*plan.table); !done) return done;
    return Ok{};
}

Status BaseMigration::writeRows(const TablePlan& plan, const RowsWritten& progress) {
    schema::Table physical = *plan.table;
    physical.name = physicalName(plan.table->name);
    if (plan.isManifest && plan.state == TableState::Occupied)
        if (Status done = connection_->execute("DELETE FROM " + connection_->quoted(physical.name)); !done) return done;
    if (Status done = insertAll(plan, physical, progress); !done) return done;
    return updateAll(plan, physical, [&](uint64_t rows) { return progress(plan.insertCount() + rows); });
}

Status BaseMigration::insertAll(const TablePlan& plan, const schema::Table& physical, const RowsWritten& progress) {
    return insertRows(*connection_, physical, *plan.insertReader(), progress);
}

Status BaseMigration::updateAll(const TablePlan& plan, const schema::Table& physical, const RowsWritten& progress) {
    return updateRows(*connection_, physical, *plan.updateReader(), progress);
}

Status BaseMigration::finishLoad() {
    return Ok{};
}

Status BaseMigration::createFrom(const schema::Table& table) {
    const std::string sql = schema::createTableSql(table, connection_->dialect());
    if (Status done = connection_->execute(sql); !done) return done;
    return createIndexes(table);
}

Status BaseMigration::createIndexes(const schema::Table& table, std::string_view physicalName) {
    for (const std::string& sql : indexesSql(table, physicalName))
        if (Status done = connection_->execute(sql); !done) return done;
    return Ok{};
}

std::vector<std::string> BaseMigration::indexesSql(const schema::Table& table, std::string_view physicalName) const {
    std::vector<std::string> statements;
    for (const schema::Index& index : table.indexes) {
        schema::Table single = table;
        single.indexes = {index}; // one statement at a time
        statements.push_back(schema::createIndexSql(single, connection_->dialect(), physicalName));
    }
    return statements;
}

Status BaseMigration::fixIdentities() {
    std::vector<schema::Table> tables; // under the names that they have now
    std::vector<const schema::Table*> logical;
    for (const TablePlan& plan : plans_) {
        const bool makesIds =
            std::any_of(plan.table->columns.begin(), plan.table->columns.end(),
                        [](const schema::Column& column) { return column.identity; });
        if (plan.nothingToDo() || !makesIds) continue;
        tables.push_back(*plan.table);
        tables.back().name = physicalName(plan.table->name);
        logical.push_back(plan.table);
    }
    if (tables.empty()) return Ok{};
    const Result<database::Catalogue> catalogue = connection_->catalogue();
    if (!catalogue) return catalogue.error();
    const auto columns = verify::identityColumns(tables, *catalogue);
    const auto states = connection_->identities(columns);
    if (!states) return states.error();
    size_t at = 0;
    for (size_t i = 0; i < columns.size(); ++i) {
        while (tables[at].name != columns[i].table)
            ++at;
        const int64_t start = std::max((*states)[i].highest + 1, tables[at].identityStart);
        if ((*states)[i].next >= start) continue;
        if (Status done = raiseIdentity(*logical[at], columns[i].column, start); !done) return done;
    }
    return Ok{};
}

Status BaseMigration::raiseIdentity(const schema::Table& table, const std::string&, int64_t start) {
    schema::Table moved = table;
    moved.identityStart = start;
    return connection_->execute(emit::identitySql(moved, connection_->dialect()));
}

std::vector<schema::TableRows> BaseMigration::expectedRows() const {
    std::vector<schema::TableRows> expected;
    for (const TablePlan& plan : plans_) {
        if (plan.isManifest) continue;
        expected.push_back(plan.merges && request_.onConflict == OnConflict::Skip ? plan.inserts : *plan.rows);
    }
    return expected;
}

Result<verify::Report> BaseMigration::verify(ProgressSink* progress) {
    if (!loaded_) return makeError("internal", "verify() was called before load()");
    verify::Options options;
    for (const TablePlan& plan : plans_)
        if (plan.state == TableState::Occupied && !plan.isManifest)
            options.tablesWithExtraRows.insert(plan.table->name);
    for (const TablePlan& plan : plans_)
        options.physicalNames[plan.table->name] = physicalName(plan.table->name);
    // Of tables that hold nothing but what the load has put there.
    for (const TablePlan& plan : plans_)
        if (plan.digest && plan.state != TableState::Occupied) options.digests[plan.table->name] = plan.digest;
    Result<verify::Report> report = verify::verifyDatabase(
        *connection_, request_.schema, expectedRows(), request_.routes, options, progress);
    verified_ = report.ok() && report->ok();
    if (verified_)
        for (const verify::TableResult& table : report->tables)
            if (!table.checksum.empty()) verifiedSums_[table.table] = {table.found, table.checksum};
    return report;
}

Result<std::vector<TableChecksum>> BaseMigration::checksums(const std::vector<CheckedTable>& tables,
                                                            const std::vector<const TablePlan*>& plans) {
    std::vector<TableChecksum> sums(tables.size());
    std::vector<CheckedTable> unread;
    std::vector<size_t> places;
    for (size_t i = 0; i < tables.size(); ++i) {
        const auto known = verifiedSums_.find(plans[i]->table->name);
        const std::vector<schema::Column>& wanted = plans[i]->table->columns;
        const std::vector<database::ColumnInfo>& found = *tables[i].columns;
        const bool isKnown = known != verifiedSums_.end() && // of the columns in the table's own order
                             std::equal(wanted.begin(), wanted.end(), found.begin(), found.end(),
                                        [](const auto& left, const auto& right) { return left.name == right.name; });
        if (isKnown) {
            sums[i] = known->second;
            continue;
        }
        unread.push_back(tables[i]);
        places.push_back(i);
    }
    const Result<std::vector<TableChecksum>> read = checksumsOf(*connection_, unread);
    if (!read) return read.error();
    for (size_t i = 0; i < places.size(); ++i)
        sums[places[i]] = (*read)[i];
    return sums;
}

Status BaseMigration::recordHistory(const std::vector<HistoryEntry>& entries) {
    const Result<bool> exists = historyExists(*connection_);
    if (!exists) return exists.error();
    if (!*exists)
        if (Status done = createFrom(historyTable()); !done) return done;
    return writeHistory(*connection_, entries, historyTable());
}

Status BaseMigration::settled(Status outcome) {
    if (outcome || outcome.error().code != code::kConnection) return outcome;
    // What the lost session still does ends before its lock does.
    auto again = database::connect(request_.url);
    if (!again || !lockDatabase(**again, request_.patience)) return outcome;
    const auto recorded = history(**again);
    unlockDatabase(**again);
    if (!recorded) return outcome;
    const bool isDone = std::any_of(recorded->begin(), recorded->end(),
                                    [&](const HistoryEntry& entry) { return entry.runId == request_.runId; });
    return isDone ? Status(Ok{}) : outcome;
}

Result<Report> BaseMigration::publish() {
    if (!verified_)
        return makeError(code::kVerify,
                         "the loaded data has not been verified, so it is not published");
    if (published_) return report_;
    if (report_.nothingToDo) {
        published_ = true;
        return report_;
    }
    std::vector<HistoryEntry> entries;
    const Result<database::Catalogue> catalogue = connection_->catalogue();
    if (!catalogue) return catalogue.error();
    std::vector<CheckedTable> tables;
    std::vector<const TablePlan*> plans;
    for (const TablePlan& plan : plans_) {
        if (plan.nothingToDo()) continue;
        plans.push_back(&plan);
        HistoryEntry entry;
        entry.runId = request_.runId;
        entry.object = plan.table->name;
        entry.step = plan.state == TableState::Absent  ? step::kCreate
                     : plan.state == TableState::Empty ? step::kFill
                     : plan.isManifest                 ? step::kRoutes
                                                       : step::kMerge;
        const std::string physical = physicalName(plan.table->name);
        tables.push_back({physical, &catalogue->columns.at(physical), plan.rows->size()});
        entries.push_back(std::move(entry));
    }
    const Result<std::vector<TableChecksum>> sums = checksums(tables, plans);
    if (!sums) return sums.error();
    for (size_t i = 0; i < entries.size(); ++i) {
        entries[i].rows = (*sums)[i].rows;
        entries[i].checksum = (*sums)[i].hex;
    }
    if (Status done = makeVisible(std::move(entries)); !done) {
        abandon();
        return done.error();
    }
    published_ = true;
    return report_;
}

void BaseMigration::cancel() {
    if (connection_) connection_->cancel();
}

Result<Outcome> migrate(Request request, ProgressSink* progress) {
    Result<std::unique_ptr<Migration>> migration = Migration::open(std::move(request));
    if (!migration) return migration.error();
    if (Status done = (*migration)->load(progress); !done) return done.error();
    Result<verify::Report> report = (*migration)->verify(progress);
    if (!report) return report.error();
    if (!report->ok())
        return makeError(code::kVerify, std::to_string(report->differenceCount) +
                                            " differences after loading, nothing was published: " +
                                            verify::describe(report->differences.front()));
    Result<Report> published = (*migration)->publish();
    if (!published) return published.error();
    return Outcome{std::move(*published), std::move(*report)};
}

} // namespace covet::load
