#pragma once

#include <map>

#include "load/checksum.h"
#include "load/history.h"
#include "load/table_plan.h"

namespace covet::load {

/// The steps that all databases share. A database's class says how to begin, how tables come to be
/// out of sight, and how they are made visible.
class BaseMigration : public Migration {
public:
    Status load(ProgressSink* progress) final;
    Result<verify::Report> verify(ProgressSink* progress) final;
    Result<Report> publish() final;
    void cancel() final;

protected:
    explicit BaseMigration(Request request);

    /// Examines the data and plans the tables against what the connection sees.
    Status prepare();
    Status planTables();

    /// Opens what the load writes to: a transaction, a file. The plan is made anew after it.
    virtual Status beginLoad() = 0;
    virtual Status createTable(const schema::Table& table) = 0;
    /// All that are not there; each with createTable(), unless a database does better.
    virtual Status createTables();
    /// After all tables are there and before rows come.
    virtual Status tablesCreated() { return Ok{}; }
    /// The rows of a plan that are inserted, into the table of that name.
    virtual Status insertAll(const TablePlan& plan, const schema::Table& physical, const RowsWritten& progress);
    /// The rows of a plan that are there and different.
    virtual Status updateAll(const TablePlan& plan, const schema::Table& physical, const RowsWritten& progress);
    /// Constraints, identities and checks after all rows are in.
    virtual Status finishLoad();
    virtual Status raiseIdentity(const schema::Table& table, const std::string& column,
                                 int64_t start);
    /// The name that a table has until it is published.
    virtual std::string physicalName(const std::string& table) const { return table; }
    /// Writes the history and makes everything visible.
    virtual Status makeVisible(std::vector<HistoryEntry> entries) = 0;
    /// Takes back what the load did so far.
    virtual void abandon() = 0;

    /// Creates the history table if needed and adds the entries, in the current transaction.
    Status recordHistory(const std::vector<HistoryEntry>& entries);
    /// The outcome of the statement that publishes. Where the connection was lost, its answer was, not necessarily what
    /// it did: the history tells.
    Status settled(Status outcome);
    /// Creates a table with keys, references and indexes.
    Status createFrom(const schema::Table& table);
    Status createIndexes(const schema::Table& table, std::string_view physicalName = {});
    /// The statements of createIndexes().
    std::vector<std::string> indexesSql(const schema::Table& table, std::string_view physicalName = {}) const;
    bool nothingToDo() const;

    std::unique_ptr<database::Connection> connection_; // null: SQLite file still to be made
    schema::Table manifest_;
    schema::TableRows routes_;
    std::vector<TablePlan> plans_; // of the schema's tables, then the manifest

private:
    Status writeRows(const TablePlan& plan, const RowsWritten& progress);
    Status fixIdentities();
    std::vector<schema::TableRows> expectedRows() const;
    /// Checksums of the tables in the database, in their order, read where verifying them has not made them.
    Result<std::vector<TableChecksum>> checksums(const std::vector<CheckedTable>& tables, const std::vector<const TablePlan*>& plans);

    std::map<std::string, TableChecksum> verifiedSums_; // by table
    bool loaded_ = false;
    bool verified_ = false;
    bool published_ = false;
};

Result<std::unique_ptr<Migration>> openSqliteMigration(Request request);
Result<std::unique_ptr<Migration>> openPostgresMigration(Request request);
Result<std::unique_ptr<Migration>> openMysqlMigration(Request request);

} // namespace covet::load
