#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "database/errors.h"
#include "database/url.h"
#include "syntax/value.h"

namespace covet::database {

/// What answers at the other end.
struct ServerInfo {
    schema::Dialect dialect = schema::Dialect::Sqlite;
    std::string product; // "PostgreSQL", "MySQL", "MariaDB", "SQLite"
    std::string version; // as the server says it: "15.20 (Debian ...)"
    int major = 0, minor = 0, patch = 0;
};

/// One column as the server's catalogue describes it.
struct ColumnInfo {
    std::string name;
    std::string type; // in the server's words, lower case: "bigint", "character varying(20)"
    bool nullable = true;
    bool identity = false;
    std::string sequence; // PostgreSQL: what makes the identity's values, quoted; "" for none
    bool inPrimaryKey = false;
};

/// One foreign key as the server's catalogue describes it.
struct ForeignKeyInfo {
    std::string table;
    std::vector<std::string> columns;
    std::string target;
    std::vector<std::string> references;
    std::string onDelete; // "NO ACTION", "CASCADE", ...
    std::string onUpdate;
};

/// All tables of the schema that unqualified names mean, by name, as one reading of the server's
/// catalogue describes them.
struct Catalogue {
    std::map<std::string, std::vector<ColumnInfo>> columns; // in their order
    /// Column sets that are unique, primary key included, partial indexes left out.
    std::map<std::string, std::vector<std::vector<std::string>>> uniqueKeys;
    std::vector<ForeignKeyInfo> foreignKeys; // sorted by table
};

struct IdentityColumn {
    std::string table;
    std::string column;
    std::string sequence; // as in ColumnInfo
};

struct IdentityState {
    int64_t next = 0;    // the value that the database will make; 0 if it makes none
    int64_t highest = 0; // in the rows; 0 without rows
};

using Row = std::vector<Value>;
/// Receives each row; false = stop reading.
using RowSink = std::function<bool(Row&)>;

/// One value as it came, with the text that Value::text() would have; truth values have "1" and "0".
struct Cell {
    Value::Kind kind = Value::Kind::Null;
    std::string_view text;
};
/// The cells of a row, which live as long as it does.
void cellsOf(const Row& row, std::vector<Cell>& cells);
/// Receives the cells of each row, which are gone after the call; false = stop reading.
using CellsSink = std::function<bool(const std::vector<Cell>&)>;

/// A query and about how many rows it gives.
struct Select {
    std::string sql;
    uint64_t rows = 0;
};
/// Receives each row and the place of its query among several.
using SelectSink = std::function<void(size_t, Row&)>;

/// One session with a database. Not for use by two threads at once, except `cancel`.
///
/// Values come back as what the column is: integers as Int, double precision as Float with every
/// bit, exact numerics as Decimal, text and JSON as Str, binary as Bytes, temporal types and UUIDs
/// as their Value kinds (timestamps with time zone in UTC). SQLite gives Int, Float, Str, Bytes.
class Connection {
public:
    virtual ~Connection() = default;

    const ServerInfo& server() const { return server_; }
    schema::Dialect dialect() const { return server_.dialect; }
    const Url& url() const { return url_; }

    /// Runs one statement; `changed` gets the number of rows it wrote. Parameters are `?` in SQLite
    /// and MySQL, `$1` in PostgreSQL (`placeholder` spells them).
    virtual Status execute(const std::string& sql, const Row& parameters = {},
                           uint64_t* changed = nullptr) = 0;
    /// Runs one query and hands over its rows as they arrive.
    virtual Status query(const std::string& sql, const Row& parameters, const RowSink& sink) = 0;

    /// The same for a SELECT of about `rows` rows, by the server's way of handing out many.
    virtual Status queryMany(const std::string& select, uint64_t rows, const RowSink& sink) {
        (void)rows;
        return query(select, {}, sink);
    }

    /// The same for those who do not need values.
    virtual Status queryCells(const std::string& select, uint64_t rows, const CellsSink& sink);

    /// Runs one after the other, with fewer round trips where the server knows how.
    virtual Status queryEach(const std::vector<Select>& selects, const SelectSink& sink);

    virtual Status begin() = 0;
    virtual Status commit() = 0;
    /// Never fails in a way that matters: a lost session has rolled back already.
    virtual void rollback() = 0;

    /// Base tables of the schema that unqualified names mean, sorted.
    virtual Result<std::vector<std::string>> tables() = 0;
    /// Columns of a table in their order; empty if there is no such table.
    virtual Result<std::vector<ColumnInfo>> columns(const std::string& table) = 0;

    /// Foreign keys of all tables, sorted by table.
    virtual Result<std::vector<ForeignKeyInfo>> foreignKeys() = 0;
    /// A number of statements that does not grow with the number of tables.
    virtual Result<Catalogue> catalogue() = 0;
    /// States of identity columns, in the order of `columns`.
    Result<std::vector<IdentityState>> identities(const std::vector<IdentityColumn>& columns);

    /// Asks the statement that runs now to stop; callable from another thread or after a signal
    /// was noticed. The statement then fails with code "cancelled".
    virtual void cancel() = 0;

    /// `?` or `$n` for the n-th parameter, counted from 1.
    std::string placeholder(size_t n) const;
    std::string quoted(std::string_view identifier) const;
    /// First column of the first row; null if there is no row.
    Result<Value> single(const std::string& sql, const Row& parameters = {});

protected:
    /// Sets `next`; one state for each column.
    virtual Status readNext(const std::vector<IdentityColumn>& columns,
                            std::vector<IdentityState>& states) = 0;
    /// One query of several SELECTs, many at a time; `sink` gets the rows of all.
    Status queryUnion(const std::vector<std::string>& selects, const RowSink& sink);

    ServerInfo server_;
    Url url_;
};

enum class Access { ReadOnly, ReadWrite };

/// Opens a session. SQLite: the file must exist unless `create`; relative paths mean the
/// process's directory, so resolve them first (Url::within). Passwords missing from the URL come
/// from PGPASSWORD, `.pgpass`, service files or MYSQL_PWD.
Result<std::unique_ptr<Connection>> connect(const Url& url, Access access = Access::ReadWrite,
                                            bool create = false);

/// Whether the server is one that the tool supports (resources/registry/databases.json), and what
/// is wrong otherwise: too old, not UTF-8, read-only, a missing privilege. Changes nothing.
Status checkServer(Connection& connection, Access access = Access::ReadWrite);

} // namespace covet::database
