#include "load/base_migration.h"
#include "load/sqlite_file.h"

namespace covet::load {
namespace {

using database::makeError;
namespace code = database::code;

/// A new database is built in a partial file that takes the name at the end; an existing one is
/// changed in one transaction.
class SqliteMigration : public BaseMigration {
public:
    explicit SqliteMigration(Request request) : BaseMigration(std::move(request)) {
        request_.url = request_.url.within(request_.projectDirectory);
        if (!request_.url.isMemory()) request_.url.database = finalPath(request_.url.database);
    }

    ~SqliteMigration() override {
        if (connection_) connection_->rollback();
        connection_.reset();
    }

    Status start() {
        if (request_.url.isMemory())
            return makeError(code::kPreflight,
                             "a database in memory would be gone when the load ends",
                             "name a file: sqlite:///app.db");
        const Result<bool> vacant = isVacant(request_.url.database);
        if (!vacant) return vacant.error();
        isNew_ = *vacant;
        report_.server.dialect = schema::Dialect::Sqlite;
        report_.server.product = "SQLite";
        if (!isNew_) {
            auto opened = database::connect(request_.url);
            if (!opened) return opened.error();
            connection_ = std::move(*opened);
            if (Status done = database::checkServer(*connection_); !done) return done;
        }
        return prepare();
    }

protected:
    Status beginLoad() override {
        if (isNew_) {
            if (Status done = file_.create(request_.url.database); !done) return done;
            database::Url partial = request_.url;
            partial.database = file_.path();
            auto opened = database::connect(partial);
            if (!opened) return opened.error();
            connection_ = std::move(*opened);
            if (Status done = database::checkServer(*connection_); !done) return done;
            // Nobody needs the partial file after a crash, so its journal would be for nothing.
            for (const char* pragma :
                 {"PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", "PRAGMA foreign_keys=OFF"})
                if (Status done = connection_->execute(pragma); !done) return done;
        }
        if (Status done = connection_->begin(); !done) return done;
        // References may point forward until everything is in.
        return connection_->execute("PRAGMA defer_foreign_keys=ON");
    }

    Status createTable(const schema::Table& table) override { return createFrom(table); }

    Status raiseIdentity(const schema::Table& table, const std::string&, int64_t start) override {
        const Value name = Value::string(table.name);
        if (Status done =
                connection_->execute("DELETE FROM sqlite_sequence WHERE name = ?", {name});
            !done)
            return done;
        return connection_->execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)",
                                    {name, Value::integer(start - 1)});
    }

    Status finishLoad() override {
        const Result<Value> sound = connection_->single("PRAGMA integrity_check(1)");
        if (!sound) return sound.error();
        if (sound->text() != "ok")
            return makeError(code::kStatement, "SQLite: the file is damaged: " + sound->text());
        std::string orphan;
        for (const TablePlan& plan : plans_) {
            const Status done = connection_->query(
                "SELECT \"table\", parent FROM pragma_foreign_key_check(?) LIMIT 1",
                {Value::string(plan.table->name)}, [&](database::Row& row) {
                    orphan = "a row of " + database::shown(row[0].text()) +
                             " refers to a row that is not in " + database::shown(row[1].text());
                    return true;
                });
            if (!done) return done;
        }
        if (orphan.empty()) return Ok{};
        return makeError(code::kData, orphan, "add the missing row, or drop the reference");
    }

    Status makeVisible(std::vector<HistoryEntry> entries) override {
        if (isNew_) {
            HistoryEntry whole;
            whole.runId = request_.runId;
            whole.step = step::kFile;
            whole.checksum = "-";
            entries.insert(entries.begin(), whole);
        }
        if (Status done = recordHistory(entries); !done) return done;
        if (Status done = connection_->commit(); !done) return done;
        if (!isNew_) return Ok{};
        connection_.reset();
        return file_.publish();
    }

    void abandon() override {
        if (connection_) connection_->rollback();
        if (!isNew_) return;
        connection_.reset();
        file_.discard();
    }

private:
    bool isNew_ = false;
    PartialFile file_;
};

} // namespace

Result<std::unique_ptr<Migration>> openSqliteMigration(Request request) {
    auto migration = std::make_unique<SqliteMigration>(std::move(request));
    if (Status done = migration->start(); !done) return done.error();
    return std::unique_ptr<Migration>(std::move(migration));
}

} // namespace covet::load
