#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "covet/core.h"
#include "database/connection.h"
#include "load/locks.h"
#include "verify/verifier.h"

namespace covet::load {

/// What to do when a table holds rows already. `Fail` accepts a table that is empty or holds
/// exactly the rows to load; `Skip` keeps rows whose primary key is there; `Update` overwrites
/// them.
enum class OnConflict { Fail, Skip, Update };

struct Request {
    database::Url url; // relative SQLite paths are inside `projectDirectory`
    std::string projectDirectory = ".";
    schema::Schema schema;
    std::vector<schema::TableRows> rows; // one entry per table, in its order
    std::vector<facts::Route> routes;
    std::map<std::string, std::string> places; // where the rows of a table come from: "data.py:12"
    OnConflict onConflict = OnConflict::Fail;
    std::string runId; // unique; also names the staging area and the history rows
    Patience patience; // with other runs
};

struct TableLoad {
    std::string table;
    uint64_t rows = 0;      // written
    uint64_t skipped = 0;   // present, kept
    bool created = false;   // the table did not exist
    bool unchanged = false; // it held exactly these rows
};

struct Report {
    database::ServerInfo server;
    std::vector<TableLoad> tables;
    uint64_t rows = 0;
    bool nothingToDo = false;       // the database was already as it should be
    std::vector<std::string> notes; // for people: "orders.placed_at: offsets are kept as UTC"
};

/// Schema and rows on their way into a database, in steps that a caller can show and journal:
/// open -> load -> verify -> publish. Nothing is visible to an application before `publish`
/// (SQLite: a partial file or an open transaction; PostgreSQL: one transaction from the first table
/// to the history; MySQL: staging tables). Destroyed before that, everything is taken back.
class Migration {
public:
    virtual ~Migration() = default;

    /// Connects, takes the lock, checks the server, compares existing tables and examines every
    /// value. Changes nothing: a dry run ends here.
    static Result<std::unique_ptr<Migration>> open(Request request);

    /// Creates tables and loads rows out of the application's sight. Progress step "load", in rows.
    virtual Status load(ProgressSink* progress = nullptr) = 0;
    /// Compares what was loaded with what should have been. Progress step "verify", in rows.
    virtual Result<verify::Report> verify(ProgressSink* progress = nullptr) = 0;
    /// Makes it the application's, and writes the history, in one step. Refuses unless verify()
    /// found no difference.
    virtual Result<Report> publish() = 0;
    /// Stops the running statement; from another thread.
    virtual void cancel() = 0;

    /// What open() found out: the server and, per table, whether it will be created.
    const Report& report() const { return report_; }
    const Request& request() const { return request_; }

protected:
    Request request_;
    Report report_;
};

struct Outcome {
    Report load;
    verify::Report verification;
};

/// open, load, verify and publish in one call. Error "verification-failed" names the first
/// difference, and nothing was published.
Result<Outcome> migrate(Request request, ProgressSink* progress = nullptr);

} // namespace covet::load
