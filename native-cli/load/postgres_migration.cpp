#include <chrono>
#include <random>
#include <thread>

#include "database/postgres_connection.h"
#include "load/base_migration.h"
#include "load/copy_encoder.h"
#include "load/locks.h"
#include "support/strings.h"

namespace covet::load {
namespace {

using database::makeError;
namespace code = database::code;

constexpr size_t kChunkBytes = 256 * 1024;
constexpr int kLockAttempts = 8;

/// Everything from the first table to the history is one transaction: no application sees a part of
/// it, and whatever ends the process ends the transaction.
class PostgresMigration : public BaseMigration {
public:
    explicit PostgresMigration(Request request) : BaseMigration(std::move(request)) {}
    ~PostgresMigration() override {
        if (!connection_) return;
        connection_->rollback();
        unlockDatabase(*connection_);
    }

    Status start() {
        auto opened = database::connect(request_.url);
        if (!opened) return opened.error();
        connection_ = std::move(*opened);
        if (Status done = database::checkServer(*connection_); !done) return done;
        if (Status done = lockDatabase(*connection_, request_.patience); !done) return done;
        return prepare();
    }

protected:
    Status beginLoad() override {
        if (Status done = connection_->begin(); !done) return done;
        return lockExisting();
    }

    Status createTable(const schema::Table& table) override {
        return connection_->execute(bareTableSql(table));
    }

    Status createTables() override {
        std::vector<std::string> statements;
        for (const TablePlan& plan : plans_)
            if (plan.state == TableState::Absent) statements.push_back(bareTableSql(*plan.table));
        return postgres().executeAll(statements);
    }

    Status insertAll(const TablePlan& plan, const schema::Table& physical, const RowsWritten& progress) override {
        // Only tables made here have exactly the types that the binary format wants.
        if (plan.state != TableState::Absent)
            return insertBatches(*connection_, physical, *plan.insertReader(), progress);
        const uint64_t count = plan.insertCount();
        if (count == 0) return Ok{};
        std::vector<std::string> names;
        for (const schema::Column& column : plan.table->columns)
            names.push_back(connection_->quoted(column.name));
        const CopyEncoder encoder(*plan.table);
        const std::unique_ptr<schema::RowReader> rows = plan.insertReader();
        uint64_t next = 0;
        bool started = false;
        const auto source = [&](std::string& buffer) -> Result<bool> {
            if (!started) CopyEncoder::appendHeader(buffer);
            started = true;
            while (next < count && buffer.size() < kChunkBytes) {
                encoder.appendRow(buffer, *rows->next());
                ++next;
            }
            if (!progress(next)) return makeError(code::kCancelled, "stopped on request");
            if (next < count) return true;
            CopyEncoder::appendTrailer(buffer);
            return false;
        };
        return postgres().copyIn("COPY " + connection_->quoted(plan.table->name) + " (" + join(names, ", ") +
                        ") FROM STDIN (FORMAT binary, FREEZE)",
                    source);
    }

    Status finishLoad() override {
        const auto created = [](const TablePlan& plan) { return plan.state == TableState::Absent; };
        std::vector<std::string> statements;
        const auto add = [&](const std::vector<std::string>& more) { statements.insert(statements.end(), more.begin(), more.end()); };
        for (const TablePlan& plan : plans_) {
            if (!created(plan)) continue;
            add(schema::addKeysSql(*plan.table, schema::Dialect::Postgres));
            add(indexesSql(*plan.table));
        }
        for (const TablePlan& plan : plans_)
            for (const schema::ForeignKey& key : plan.table->foreignKeys) {
                if (!created(plan) || !key.enforced) continue;
                statements.push_back(schema::addForeignKeySql(*plan.table, key, schema::Dialect::Postgres));
            }
        for (const TablePlan& plan : plans_)
            if (created(plan)) statements.push_back("ANALYZE " + connection_->quoted(plan.table->name));
        return postgres().executeAll(statements);
    }

    Status raiseIdentity(const schema::Table& table, const std::string& column,
                         int64_t start) override {
        // Also for tables of others, whose column may be a serial.
        return connection_->execute(
            "SELECT setval(pg_get_serial_sequence($1, $2)::regclass, $3, false)",
            {Value::string(connection_->quoted(table.name)), Value::string(column),
             Value::integer(start)});
    }

    Status makeVisible(std::vector<HistoryEntry> entries) override {
        if (Status done = recordHistory(entries); !done) return done;
        return settled(connection_->commit());
    }

    void abandon() override { connection_->rollback(); }

private:
    /// Keys and references come when the rows are there.
    static std::string bareTableSql(const schema::Table& table) {
        schema::TableSqlOptions bare;
        bare.keys = false;
        bare.foreignKeys = false;
        return schema::createTableSql(table, schema::Dialect::Postgres, bare);
    }

    database::PostgresConnection& postgres() { return static_cast<database::PostgresConnection&>(*connection_); }

    /// Takes the locks that writing to tables of the application needs, before anything is done
    /// under them. Waiting in the queue would make the application's own statements wait behind us,
    /// so each attempt is short, and the next one comes after a pause of no fixed length.
    Status lockExisting() {
        std::vector<std::string> names;
        for (const TablePlan& plan : plans_)
            if (plan.state != TableState::Absent && !plan.nothingToDo())
                names.push_back(connection_->quoted(plan.table->name));
        if (names.empty()) return Ok{};
        const std::string lock = "LOCK TABLE " + join(names, ", ") + " IN ROW EXCLUSIVE MODE";
        std::minstd_rand chance(std::random_device{}());
        for (int attempt = 1;; ++attempt) {
            for (const std::string& sql :
                 {std::string("SAVEPOINT covet_lock"), std::string("SET LOCAL lock_timeout = '700ms'")})
                if (Status done = connection_->execute(sql); !done) return done;
            const Status locked = connection_->execute(lock);
            if (locked) break;
            if (locked.error().code != code::kLocked || attempt == kLockAttempts) return locked;
            if (Status done = connection_->execute("ROLLBACK TO SAVEPOINT covet_lock"); !done)
                return done;
            std::this_thread::sleep_for(std::chrono::milliseconds(100 * attempt + chance() % 300));
        }
        for (const char* sql : {"SET LOCAL lock_timeout = '5s'", "RELEASE SAVEPOINT covet_lock"})
            if (Status done = connection_->execute(sql); !done) return done;
        return Ok{};
    }
};

} // namespace

Result<std::unique_ptr<Migration>> openPostgresMigration(Request request) {
    auto migration = std::make_unique<PostgresMigration>(std::move(request));
    if (Status done = migration->start(); !done) return done.error();
    return std::unique_ptr<Migration>(std::move(migration));
}

} // namespace covet::load
