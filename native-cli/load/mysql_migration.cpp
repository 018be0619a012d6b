#include <algorithm>
#include <map>

#include "database/mysql_connection.h"
#include "load/base_migration.h"
#include "load/leftovers.h"
#include "load/load_data.h"
#include "load/locks.h"
#include "load/parallel_statements.h"
#include "project/sha256.h"
#include "support/strings.h"
#include "verify/catalogue_check.h"

namespace covet::load {
namespace {

using database::makeError;
namespace code = database::code;

constexpr uint64_t kLoadDataRows = 1000; // fewer are as fast in INSERT statements
constexpr uint64_t kFewUpdates = 5; // are as fast one by one
constexpr size_t kChunkBytes = 256 * 1024;
constexpr size_t kBatchBytes = 1024 * 1024; // of an INSERT statement
constexpr size_t kPacketRest = 512; // of a packet that has a row, about
constexpr size_t kMostRenamed = 50; // tables

/// Every CREATE TABLE commits, so new tables are made and filled under staging names and get their
/// own in one RENAME TABLE, history included, which is atomic. Tables that exist are written to in
/// a transaction that this statement ends.
/// Renaming waits for the disk five times for each table. Where there are many new ones, they have their own names
/// from the start, the history says that they are not done, and the end of the transaction publishes them.
/// Until then their comments mark them as ours.
class MysqlMigration : public BaseMigration {
public:
    explicit MysqlMigration(Request request) : BaseMigration(std::move(request)) {}
    ~MysqlMigration() override {
        if (connection_ && !done_) takeBack();
        if (connection_) unlockDatabase(*connection_);
    }

    Status start() {
        auto opened = database::connect(request_.url);
        if (!opened) return opened.error();
        connection_ = std::move(*opened);
        if (Status done = database::checkServer(*connection_); !done) return done;
        if (Status done = lockDatabase(*connection_, request_.patience); !done) return done;
        if (Status done = readSettings(); !done) return done;
        if (Status done = prepare(); !done) return done;
        return checkEngines();
    }

protected:
    std::string physicalName(const std::string& table) const override {
        const auto staged = staged_.find(table);
        return staged == staged_.end() ? table : staged->second;
    }

    Status beginLoad() override {
        // The lock is ours, so what lies there is of runs that were killed.
        if (Status done = dropLeftovers(*connection_); !done) return done;
        begun_ = true;
        // References are checked at the end, all at once; rows may refer to later ones.
        return connection_->execute("SET SESSION foreign_key_checks = 0");
    }

    /// Each statement waits for the disk, so tables that refer to no others are made several at a time.
    Status createTables() override {
        std::vector<std::string> alone, ordered, absent;
        for (const TablePlan& plan : plans_)
            if (plan.state == TableState::Absent)
                absent.push_back(plan.table->name);
            else
                targets_[plan.table->name] = plan.table->name;
        isDirect_ = absent.size() > kMostRenamed;
        if (isDirect_) {
            if (Status done = announceTables(*connection_, absent, request_.runId); !done) return done;
            marked_.push_back(historyTable().name);
        }
        for (const TablePlan& plan : plans_) {
            if (plan.state != TableState::Absent) continue;
            const bool refers = std::any_of(plan.table->foreignKeys.begin(), plan.table->foreignKeys.end(),
                                            [](const schema::ForeignKey& key) { return key.enforced; });
            (refers ? ordered : alone).push_back(stage(*plan.table));
        }
        if (Status done = runInParallel(*connection_, alone); !done) return done;
        for (const std::string& sql : ordered)
            if (Status done = connection_->execute(sql); !done) return done;
        return Ok{};
    }

    Status createTable(const schema::Table& table) override { return connection_->execute(stage(table)); }

    /// The statement that makes a table, under a staging name as a rule. Each is a commit, so the table comes with its
    /// indexes and with the references to tables that are there by then; `forward_` keeps the others.
    std::string stage(const schema::Table& table) {
        schema::TableSqlOptions options;
        options.physicalName = table.name;
        if (!isDirect_)
            options.physicalName = staged_[table.name] =
                kStagingPrefix + cli::sha256Hex(request_.runId).substr(0, 8) + "_" + std::to_string(staged_.size());
        targets_[table.name] = options.physicalName;
        marked_.push_back(table.name);
        schema::Table now = table;
        now.foreignKeys.clear();
        for (const schema::ForeignKey& key : table.foreignKeys) {
            const auto target = targets_.find(key.table);
            if (target == targets_.end()) {
                if (key.enforced) forward_.emplace_back(&table, &key);
                continue;
            }
            now.foreignKeys.push_back(key);
            now.foreignKeys.back().table = target->second;
        }
        return withMark(schema::createTableSql(now, schema::Dialect::Mysql, options), options.physicalName, request_.runId);
    }

    Status tablesCreated() override {
        for (const auto& [table, key] : forward_)
            if (Status done = connection_->execute(schema::addForeignKeySql(*table, *key, schema::Dialect::Mysql,
                                                                            physicalName(table->name),
                                                                            physicalName(key->table)));
                !done)
                return done;
        const Result<bool> recorded = historyExists(*connection_);
        if (!recorded) return recorded.error();
        if (!*recorded)
            if (Status done = createTable(historyTable()); !done) return done;
        // Raising a counter is a statement that commits, so it comes before the transaction. It
        // never falls back, which does no harm when the load is given up.
        for (const TablePlan& plan : plans_) {
            if (plan.state == TableState::Absent || plan.table->identityStart <= 1) continue;
            const Status done = connection_->execute(
                "ALTER TABLE " + connection_->quoted(plan.table->name) +
                " AUTO_INCREMENT = " + std::to_string(plan.table->identityStart));
            if (!done) return done;
        }
        return connection_->begin();
    }

    Status insertAll(const TablePlan& plan, const schema::Table& physical, const RowsWritten& progress) override {
        limits_.table = plan.table->name;
        return insertMany(physical, *plan.insertReader(), plan.insertCount(), progress);
    }

    /// Many rows go to a table of this session alone, and from there all at once. It is built as theirs is, so that
    /// nothing is converted on the way and keys compare as they do there.
    Status updateAll(const TablePlan& plan, const schema::Table& physical, const RowsWritten& progress) override {
        const uint64_t count = plan.updates.size();
        const schema::Table& table = *plan.table;
        schema::Table session = physical;
        session.name = std::string(kStagingPrefix) + "update";
        const std::string stored = connection_->quoted(physical.name), wanted = connection_->quoted(session.name);
        const bool isSmall = count < kFewUpdates || table.primaryKey.size() == table.columns.size();
        // Not every user may, and not every table can be copied like this.
        if (isSmall || !connection_->execute("CREATE TEMPORARY TABLE " + wanted + " LIKE " + stored))
            return BaseMigration::updateAll(plan, physical, progress);
        limits_.table = table.name;
        if (Status done = insertMany(session, *plan.updateReader(), count, progress); !done) return done;
        std::vector<std::string> keys, sets;
        for (const schema::Column& column : table.columns) {
            const std::string name = connection_->quoted(column.name);
            const bool isKey = std::find(table.primaryKey.begin(), table.primaryKey.end(), column.name) != table.primaryKey.end();
            (isKey ? keys : sets).push_back(stored + "." + name + " = " + wanted + "." + name);
        }
        const Status done = connection_->execute("UPDATE " + wanted + " STRAIGHT_JOIN " + stored + " ON " + join(keys, " AND ") +
                                                 " SET " + join(sets, ", "));
        return done ? connection_->execute("DROP TEMPORARY TABLE " + wanted) : done;
    }

    /// InnoDB has counted while the rows came in.
    Status raiseIdentity(const schema::Table&, const std::string&, int64_t) override {
        return Ok{};
    }

    Status finishLoad() override {
        verify::Report report;
        verify::Findings findings(report, 1);
        for (const TablePlan& plan : plans_) {
            schema::Table physical = *plan.table;
            physical.name = physicalName(physical.name);
            for (schema::ForeignKey& key : physical.foreignKeys)
                key.table = physicalName(key.table);
            if (Status done = verify::checkReferences(*connection_, physical, findings); !done)
                return done;
            if (report.ok()) continue;
            return makeError(
                code::kData,
                "rows of " + database::shown(plan.table->name) +
                    " refer to rows that are not there: " + report.differences.front().column,
                "add the missing rows, or drop the reference");
        }
        return Ok{};
    }

    Status makeVisible(std::vector<HistoryEntry> entries) override {
        schema::Table physical = historyTable();
        physical.name = physicalName(physical.name);
        if (Status done = writeHistory(*connection_, entries, physical); !done) return done;
        if (isDirect_)
            if (Status done = forgetAnnounced(*connection_, request_.runId); !done) return done;
        if (staged_.empty()) {
            const Status done = settled(connection_->commit());
            done_ = done.ok();
            removeMarks();
            return done;
        }
        // With the checks off, references to a renamed table would keep the old name.
        if (Status done = connection_->execute("SET SESSION foreign_key_checks = 1"); !done)
            return done;
        std::vector<std::string> renames;
        for (const auto& [name, staging] : staged_)
            renames.push_back(connection_->quoted(staging) + " TO " + connection_->quoted(name));
        if (Status done = settled(connection_->execute("RENAME TABLE " + join(renames, ", "))); !done) {
            // The statement has ended the transaction even so.
            if (staged_.count(historyTable().name) == 0)
                (void)connection_->execute(
                    "DELETE FROM " + connection_->quoted(historyTable().name) +
                        " WHERE run_id = ? AND step = ?",
                    {Value::string(request_.runId), Value::string(step::kCreate)});
            return done;
        }
        done_ = true;
        removeMarks();
        return Ok{};
    }

    void abandon() override { takeBack(); }

private:
    Status insertMany(const schema::Table& physical, schema::RowReader& rows, uint64_t count, const RowsWritten& progress) {
        auto& session = static_cast<database::MysqlConnection&>(*connection_);
        if (count < kLoadDataRows) return insertBatches(session, physical, rows, progress, limits_);
        const Result<bool> allowed = session.takesLocalData();
        if (!allowed) return allowed.error();
        if (!*allowed) return insertBatches(session, physical, rows, progress, limits_);
        uint64_t next = 0;
        uint64_t written = 0;
        const Status done = session.loadLocal(
            loadDataSql(session, physical),
            [&](std::string& buffer) -> Result<bool> {
                while (next < count && buffer.size() < kChunkBytes) {
                    const schema::RowValues& row = *rows.next();
                    const size_t before = buffer.size();
                    appendLoadDataRow(buffer, physical, row);
                    // It could be written and not be read again.
                    if (buffer.size() - before > limits_.row) return tooLarge(physical, row, buffer.size() - before, limits_);
                    ++next;
                }
                if (!progress(next)) return makeError(code::kCancelled, "stopped on request");
                return next < count;
            },
            &written);
        if (!done) return done;
        if (written == count) return Ok{};
        return makeError(code::kData, "MySQL took " + std::to_string(written) + " of " + std::to_string(count) + " rows of " +
                                          database::shown(limits_.table));
    }

    /// Tools that compare tables with models compare comments, too. A mark that stays does no harm: the tables are there.
    void removeMarks() {
        if (!done_) return;
        std::vector<std::string> statements;
        for (const std::string& name : marked_)
            statements.push_back("ALTER TABLE " + connection_->quoted(name) + " COMMENT = ''");
        // Whoever reads them already is not waited for.
        (void)runInParallel(*connection_, statements, "SET SESSION lock_wait_timeout = 2");
    }

    /// What the server takes.
    Status readSettings() {
        int64_t packet = 0, folding = 0;
        const Status read = connection_->query("SELECT @@max_allowed_packet, @@lower_case_table_names", {}, [&](database::Row& row) {
            row[0].toInt64(packet);
            row[1].toInt64(folding);
            return true;
        });
        if (!read) return read;
        if (packet > 0) {
            limits_.statement = std::min(kBatchBytes, static_cast<size_t>(packet) / 2);
            limits_.row = static_cast<size_t>(packet) - kPacketRest;
        }
        for (const schema::Table& table : request_.schema.tables)
            if (folding != 0 && toLower(table.name) != table.name)
                return makeError(code::kPreflight,
                                 "the server does not tell names of tables by case (lower_case_table_names), and the "
                                 "table " + database::shown(table.name) + " has capitals in its name",
                                 "give it a name of small letters in the configuration");
        return Ok{};
    }

    /// Tables that exist are written to in a transaction, which not every engine has.
    Status checkEngines() {
        std::map<std::string, std::string> engines; // of tables whose engine has none
        const Status read = connection_->query(
            "SELECT t.table_name, t.engine FROM information_schema.tables t JOIN information_schema.engines e "
            "ON e.engine = t.engine WHERE t.table_schema = DATABASE() AND COALESCE(e.transactions, 'NO') <> 'YES'",
            {}, [&](database::Row& row) {
                engines[row[0].text()] = row[1].text();
                return true;
            });
        if (!read) return read;
        for (const TablePlan& plan : plans_) {
            const auto found = engines.find(plan.table->name);
            if (found == engines.end() || plan.nothingToDo()) continue;
            return makeError(code::kConflict,
                             "the table " + database::shown(plan.table->name) + " is kept by " + found->second +
                                 ", which cannot take back a load that fails",
                             "ALTER TABLE " + connection_->quoted(plan.table->name) + " ENGINE = InnoDB");
        }
        return Ok{};
    }

    void takeBack() {
        connection_->rollback();
        if (begun_) (void)dropLeftovers(*connection_);
        begun_ = isDirect_ = false;
        staged_.clear();
        targets_.clear();
        marked_.clear();
        forward_.clear();
    }

    std::map<std::string, std::string> staged_;  // name -> staging name
    std::map<std::string, std::string> targets_; // name -> name of each table that is there by now
    std::vector<std::string> marked_; // names of the tables that are made
    /// References to tables that are made later.
    std::vector<std::pair<const schema::Table*, const schema::ForeignKey*>> forward_;
    BatchLimits limits_;
    bool begun_ = false;
    bool isDirect_ = false; // new tables have their own names
    bool done_ = false;
};

} // namespace

Result<std::unique_ptr<Migration>> openMysqlMigration(Request request) {
    auto migration = std::make_unique<MysqlMigration>(std::move(request));
    if (Status done = migration->start(); !done) return done.error();
    return std::unique_ptr<Migration>(std::move(migration));
}

} // namespace covet::load
