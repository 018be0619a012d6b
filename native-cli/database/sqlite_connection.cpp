#include "database/sqlite_connection.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "support/strings.h"

namespace covet::database {
namespace {

constexpr int kBusyMilliseconds = 5000;
constexpr size_t kKeptStatements = 64;

/// Resets a statement when a scope ends, so that it holds no lock.
class Resetting {
public:
    explicit Resetting(sqlite3_stmt* statement) : statement_(statement) {}
    ~Resetting() {
        sqlite3_reset(statement_);
        sqlite3_clear_bindings(statement_);
    }
    Resetting(const Resetting&) = delete;
    Resetting& operator=(const Resetting&) = delete;

private:
    sqlite3_stmt* statement_;
};

Value valueOf(sqlite3_stmt* statement, int column) {
    const auto bytes = [&](const void* data) {
        const auto size = static_cast<size_t>(sqlite3_column_bytes(statement, column));
        return size == 0 ? std::string() : std::string(static_cast<const char*>(data), size);
    };
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        return Value::integer(sqlite3_column_int64(statement, column));
    case SQLITE_FLOAT:
        return Value::floating(sqlite3_column_double(statement, column));
    case SQLITE_TEXT:
        return Value::string(bytes(sqlite3_column_text(statement, column)));
    case SQLITE_BLOB:
        return Value::scalar(Value::Kind::Bytes, bytes(sqlite3_column_blob(statement, column)));
    default:
        return Value::null();
    }
}

/// The same as it stands; `text` keeps the digits of a number.
Cell cellOf(sqlite3_stmt* statement, int column, std::string& text) {
    using Kind = Value::Kind;
    const auto view = [&](const void* data) {
        const auto size = static_cast<size_t>(sqlite3_column_bytes(statement, column));
        return size == 0 ? std::string_view() : std::string_view(static_cast<const char*>(data), size);
    };
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER: {
        text.resize(20); // of 64 bits and a sign
        const auto end = std::to_chars(text.data(), text.data() + text.size(), sqlite3_column_int64(statement, column)).ptr;
        return {Kind::Int, std::string_view(text.data(), static_cast<size_t>(end - text.data()))};
    }
    case SQLITE_FLOAT:
        text = floatRepr(sqlite3_column_double(statement, column));
        return {Kind::Float, text};
    case SQLITE_TEXT:
        return {Kind::Str, view(sqlite3_column_text(statement, column))};
    case SQLITE_BLOB:
        return {Kind::Bytes, view(sqlite3_column_blob(statement, column))};
    default:
        return {};
    }
}

const char* codeOf(int result) {
    switch (result & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return code::kLocked;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return code::kPreflight;
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return code::kInputOutput;
    case SQLITE_INTERRUPT:
        return code::kCancelled;
    default:
        return code::kStatement;
    }
}

} // namespace

Result<std::unique_ptr<Connection>> SqliteConnection::open(const Url& url, Access access,
                                                           bool create) {
    std::unique_ptr<SqliteConnection> made(new SqliteConnection);
    made->url_ = url;
    struct stat status {};
    if (!url.isMemory() && stat(url.database.c_str(), &status) == 0 && S_ISDIR(status.st_mode))
        return makeError(code::kInputOutput, shown(url.database) + " is a folder, not a database",
                         "give the URL the name of a file");
    int flags = access == Access::ReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (create) flags |= SQLITE_OPEN_CREATE;
    const int opened = sqlite3_open_v2(url.database.c_str(), &made->handle_, flags, nullptr);
    if (made->handle_ != nullptr) sqlite3_extended_result_codes(made->handle_, 1);
    if (opened != SQLITE_OK) return made->failure("cannot open " + shown(url.database));
    sqlite3_busy_timeout(made->handle_, kBusyMilliseconds);
    made->server_.dialect = schema::Dialect::Sqlite;
    made->server_.product = "SQLite";
    made->server_.version = sqlite3_libversion();
    const int number = sqlite3_libversion_number();
    made->server_.major = number / 1000000;
    made->server_.minor = number / 1000 % 1000;
    made->server_.patch = number % 1000;
    for (const char* pragma : {"PRAGMA foreign_keys=ON", "PRAGMA trusted_schema=OFF",
                               "PRAGMA cell_size_check=ON", "SELECT count(*) FROM sqlite_schema"})
        if (Status done = made->execute(pragma, {}, nullptr); !done) return done.error();
    return std::unique_ptr<Connection>(std::move(made));
}

SqliteConnection::~SqliteConnection() {
    for (const auto& [sql, statement] : statements_)
        sqlite3_finalize(statement);
    sqlite3_close(handle_);
}

Error SqliteConnection::failure(const std::string& what) const {
    const int result = handle_ != nullptr ? sqlite3_extended_errcode(handle_) : SQLITE_NOMEM;
    const char* reason = handle_ != nullptr ? sqlite3_errmsg(handle_) : "out of memory";
    const char* errorCode = codeOf(result);
    std::string hint;
    bool noRoom = (result & 0xFF) == SQLITE_FULL;
    if (errorCode == code::kLocked)
        hint = "another program is using the database: stop it and run again";
    else if ((result & 0xFF) == SQLITE_CANTOPEN)
        hint = "check that the folder exists and may be written";
    std::string why = reason;
    int cause = 0;
    if ((result & 0xFF) == SQLITE_IOERR) (void)sqlite3_file_control(handle_, "main", SQLITE_FCNTL_LAST_ERRNO, &cause);
    if (cause != 0) {
        why += std::string(": ") + std::strerror(cause);
        noRoom = noRoom || cause == EFBIG || cause == EDQUOT || cause == ENOSPC;
    }
    if (noRoom) hint = "free some space (or raise the quota or file size limit), then run the same command again";
    return makeError(errorCode, "SQLite: " + what + ": " + why, hint);
}

Result<sqlite3_stmt*> SqliteConnection::prepared(const std::string& sql) {
    if (const auto found = statements_.find(sql); found != statements_.end()) return found->second;
    sqlite3_stmt* statement = nullptr;
    const char* tail = nullptr;
    if (sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &statement, &tail) !=
        SQLITE_OK)
        return failure(sql.substr(0, 200));
    if (statement == nullptr || !trim(std::string_view(tail)).empty()) {
        sqlite3_finalize(statement);
        return makeError(code::kStatement,
                         "SQLite: not exactly one statement: " + sql.substr(0, 200));
    }
    if (statements_.size() >= kKeptStatements) {
        for (const auto& [text, old] : statements_)
            sqlite3_finalize(old);
        statements_.clear();
    }
    statements_[sql] = statement;
    return statement;
}

Status SqliteConnection::bind(sqlite3_stmt* statement, const Row& parameters) {
    if (static_cast<size_t>(sqlite3_bind_parameter_count(statement)) != parameters.size())
        return makeError(code::kStatement, "SQLite: wrong number of parameters");
    for (size_t i = 0; i < parameters.size(); ++i) {
        const Value& value = parameters[i];
        const std::string& text = value.text();
        const int at = static_cast<int>(i) + 1;
        int64_t number = 0;
        int result = SQLITE_OK;
        switch (value.kind()) {
        case Value::Kind::Null:
            result = sqlite3_bind_null(statement, at);
            break;
        case Value::Kind::Bool:
        case Value::Kind::Int:
            if (!value.toInt64(number))
                return makeError(code::kStatement, "SQLite: integer beyond 64 bits");
            result = sqlite3_bind_int64(statement, at, number);
            break;
        case Value::Kind::Float:
            result = sqlite3_bind_double(statement, at, value.toDouble());
            break;
        case Value::Kind::Bytes:
            result = text.empty() ? sqlite3_bind_zeroblob(statement, at, 0)
                                  : sqlite3_bind_blob64(statement, at, text.data(), text.size(),
                                                        SQLITE_STATIC);
            break;
        default:
            result = sqlite3_bind_text64(statement, at, text.data(), text.size(), SQLITE_STATIC,
                                         SQLITE_UTF8);
        }
        if (result != SQLITE_OK) return failure("parameter " + std::to_string(at));
    }
    return Ok{};
}

Status SqliteConnection::execute(const std::string& sql, const Row& parameters, uint64_t* changed) {
    const Result<sqlite3_stmt*> statement = prepared(sql);
    if (!statement) return statement.error();
    const Resetting resetting(*statement);
    if (Status bound = bind(*statement, parameters); !bound) return bound;
    int result = SQLITE_ROW;
    while (result == SQLITE_ROW)
        result = sqlite3_step(*statement);
    if (result != SQLITE_DONE) return failure(sql.substr(0, 200));
    if (changed != nullptr) *changed = static_cast<uint64_t>(sqlite3_changes64(handle_));
    return Ok{};
}

Status SqliteConnection::query(const std::string& sql, const Row& parameters, const RowSink& sink) {
    const Result<sqlite3_stmt*> statement = prepared(sql);
    if (!statement) return statement.error();
    const Resetting resetting(*statement);
    if (Status bound = bind(*statement, parameters); !bound) return bound;
    const int count = sqlite3_column_count(*statement);
    Row row;
    int result = SQLITE_ROW;
    while ((result = sqlite3_step(*statement)) == SQLITE_ROW) {
        row.clear();
        for (int i = 0; i < count; ++i)
            row.push_back(valueOf(*statement, i));
        if (!sink(row)) return Ok{};
    }
    if (result != SQLITE_DONE) return failure(sql.substr(0, 200));
    return Ok{};
}

Status SqliteConnection::queryCells(const std::string& select, uint64_t rows, const CellsSink& sink) {
    (void)rows;
    const Result<sqlite3_stmt*> statement = prepared(select);
    if (!statement) return statement.error();
    const Resetting resetting(*statement);
    const auto count = static_cast<size_t>(sqlite3_column_count(*statement));
    std::vector<Cell> cells(count);
    std::vector<std::string> texts(count); // of numbers
    int result = SQLITE_ROW;
    while ((result = sqlite3_step(*statement)) == SQLITE_ROW) {
        for (size_t i = 0; i < count; ++i)
            cells[i] = cellOf(*statement, static_cast<int>(i), texts[i]);
        if (!sink(cells)) return Ok{};
    }
    if (result != SQLITE_DONE) return failure(select.substr(0, 200));
    return Ok{};
}

void SqliteConnection::rollback() {
    if (sqlite3_get_autocommit(handle_) == 0)
        sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
}

void SqliteConnection::cancel() {
    sqlite3_interrupt(handle_);
}

} // namespace covet::database
