#include "database/postgres_connection.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <optional>

#include "database/postgres_copy.h"
#include "database/postgres_result.h"
#include "database/postgres_session.h"
#include "database/postgres_values.h"
#include "support/strings.h"

namespace covet::database {
namespace {

constexpr const char* kSession[] = {
    "SET client_encoding = 'UTF8'",
    "SET TimeZone = 'UTC'",
    "SET DateStyle = 'ISO, YMD'",
    "SET bytea_output = 'hex'",
    "SET extra_float_digits = 1", // shortest text that reads back the same
    "SET standard_conforming_strings = on",
    "SET statement_timeout = 0",
    "SET idle_in_transaction_session_timeout = 0",
    "SET lock_timeout = '5s'",
    "SET default_transaction_isolation = 'read committed'", // or rows of others end a load with 40001
    "SET row_security = off", // an error where rows would be hidden
};

const char* codeOf(std::string_view state) {
    const std::string_view kind = state.substr(0, 2);
    if (state == "57014") return code::kCancelled;
    if (state == "55P03" || state == "40P01" || state == "40001") return code::kLocked;
    if (state == "42501" || state == "25006") return code::kPreflight; // privilege, read-only
    if (state == "42P07" || state == "2BP01") return code::kConflict;  // exists, depended upon
    if (kind == "53" && state != "53300") return code::kInputOutput;
    if (kind == "22" || kind == "23") return code::kData;
    if (kind == "08" || kind == "57" || kind == "28" || kind == "3D" || state == "53300")
        return code::kConnection;
    return code::kStatement;
}

const char* hintOf(std::string_view state) {
    if (state == "55P03") return "another session holds a lock on the table: end it and run again";
    if (state == "42501") return "grant the user the privilege that is named";
    if (state == "2BP01") return "something else in the database depends on it: drop that first";
    if (state == "53100") return "free some space on the server";
    return "";
}

void silent(void*, const PGresult*) {}

} // namespace

Result<std::unique_ptr<Connection>> PostgresConnection::open(const Url& url, Access access) {
    std::unique_ptr<PostgresConnection> made(new PostgresConnection);
    made->url_ = url;
    Refusal refusal;
    made->session_ = openSession(url, refusal);
    if (made->session_ == nullptr) return connectError("PostgreSQL", refusal);
    PQsetNoticeReceiver(made->session_, silent, nullptr);
    made->cancel_ = PQgetCancel(made->session_);
    ServerInfo& server = made->server_;
    server.dialect = schema::Dialect::Postgres;
    server.product = "PostgreSQL";
    const int number = PQserverVersion(made->session_);
    server.major = number / 10000;
    server.minor = number % 10000;
    const char* version = PQparameterStatus(made->session_, "server_version");
    server.version = version != nullptr ? version : std::to_string(server.major);
    for (const char* sql : kSession)
        if (Status done = made->execute(sql, {}, nullptr); !done) return done.error();
    std::vector<const char*> newer;
    // A killed client must not leave a statement running in the server.
    if (server.major >= 14) newer = {"SET client_connection_check_interval = '1s'", "SET idle_session_timeout = 0"};
    if (server.major >= 17) newer.push_back("SET transaction_timeout = 0");
    for (const char* sql : newer)
        if (Status done = made->execute(sql, {}, nullptr); !done && done.error().code == code::kConnection) return done.error();
    if (access == Access::ReadOnly)
        if (Status done = made->execute("SET default_transaction_read_only = on", {}, nullptr);
            !done)
            return done.error();
    return std::unique_ptr<Connection>(std::move(made));
}

PostgresConnection::~PostgresConnection() {
    PQfreeCancel(cancel_);
    PQfinish(session_);
}

Error PostgresConnection::failure(const PGresult* result) const {
    const auto field = [&](int name) {
        const char* text = result != nullptr ? PQresultErrorField(result, name) : nullptr;
        return std::string(text != nullptr ? text : "");
    };
    const std::string state = field(PG_DIAG_SQLSTATE);
    if (PQstatus(session_) != CONNECTION_OK)
        return makeError(code::kConnection,
                         "PostgreSQL: the connection was lost: " +
                             withoutSecrets(oneLine(PQerrorMessage(session_)), url_),
                         "nothing of an unfinished transaction was kept; run again");
    // The detail line is left out on purpose: it repeats values of rows.
    std::string message = field(PG_DIAG_MESSAGE_PRIMARY);
    if (message.empty()) message = oneLine(PQerrorMessage(session_));
    const std::string table = field(PG_DIAG_TABLE_NAME);
    const std::string column = field(PG_DIAG_COLUMN_NAME);
    if (!table.empty() && message.find(table) == std::string::npos)
        message +=
            " (table " + shown(table) + (column.empty() ? "" : ", column " + shown(column)) + ")";
    return makeError(codeOf(state),
                     "PostgreSQL: " + withoutSecrets(message, url_) +
                         (state.empty() ? "" : " [" + state + "]"),
                     hintOf(state));
}

Status PostgresConnection::send(const std::string& sql, const Row& parameters) {
    std::vector<std::string> texts(parameters.size());
    std::vector<const char*> values;
    for (size_t i = 0; i < parameters.size(); ++i) {
        if (parameters[i].isNull()) {
            values.push_back(nullptr);
            continue;
        }
        if (!postgresParameter(parameters[i], texts[i]))
            return makeError(code::kData, "PostgreSQL cannot store NUL characters in text");
        values.push_back(texts[i].c_str());
    }
    if (sql.find('\0') != std::string::npos)
        return makeError(code::kStatement, "PostgreSQL: a statement contains a NUL character");
    if (PQsendQueryParams(session_, sql.c_str(), static_cast<int>(values.size()), nullptr,
                          values.data(), nullptr, nullptr, 0) == 0)
        return failure(nullptr);
    return Ok{};
}

/// Reads what is left of the answer, so that the session can be used again.
Status PostgresConnection::drain(Status outcome) {
    while (PGresult* raw = PQgetResult(session_)) {
        const ResultPointer result(raw);
        const ExecStatusType status = PQresultStatus(result.get());
        if (status == PGRES_COPY_IN) PQputCopyEnd(session_, "stopped");
        if (outcome && (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE))
            outcome = failure(result.get());
    }
    if (outcome && PQstatus(session_) != CONNECTION_OK) outcome = failure(nullptr);
    return outcome;
}

Status PostgresConnection::execute(const std::string& sql, const Row& parameters,
                                   uint64_t* changed) {
    if (Status sent = send(sql, parameters); !sent) return sent;
    const ResultPointer result(PQgetResult(session_));
    Status outcome = Ok{};
    const ExecStatusType status = PQresultStatus(result.get());
    if (result == nullptr || (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK))
        outcome = failure(result.get());
    else if (changed != nullptr)
        *changed = std::strtoull(PQcmdTuples(result.get()), nullptr, 10);
    return drain(std::move(outcome));
}

Status PostgresConnection::query(const std::string& sql, const Row& parameters,
                                 const RowSink& sink) {
    if (Status sent = send(sql, parameters); !sent) return sent;
    PQsetSingleRowMode(session_);
    Row row;
    bool wanted = true;
    while (PGresult* raw = PQgetResult(session_)) {
        const ResultPointer result(raw);
        const ExecStatusType status = PQresultStatus(raw);
        if (status == PGRES_SINGLE_TUPLE && wanted) {
            readRow(raw, row);
            wanted = sink(row); // cancelling would break the transaction: the rest is thrown away
        } else if (status == PGRES_FATAL_ERROR && wanted) {
            return drain(failure(raw));
        }
    }
    return drain(Ok{});
}

Result<std::vector<unsigned>> PostgresConnection::typesOf(const std::string& select) {
    const ResultPointer prepared(PQprepare(session_, "", select.c_str(), 0, nullptr));
    if (PQresultStatus(prepared.get()) != PGRES_COMMAND_OK) return failure(prepared.get());
    const ResultPointer described(PQdescribePrepared(session_, ""));
    if (PQresultStatus(described.get()) != PGRES_COMMAND_OK) return failure(described.get());
    std::vector<unsigned> types;
    for (int i = 0; i < PQnfields(described.get()); ++i)
        types.push_back(PQftype(described.get(), i));
    return types;
}

Result<std::vector<unsigned>> PostgresConnection::typesToCopy(const std::string& select, uint64_t rows) {
    if (rows < kCopyRows) return std::vector<unsigned>();
    Result<std::vector<unsigned>> types = typesOf(select);
    if (types && !std::all_of(types->begin(), types->end(), PostgresCopyReader::reads)) types->clear();
    return types;
}

Status PostgresConnection::queryMany(const std::string& select, uint64_t rows, const RowSink& sink) {
    Result<std::vector<unsigned>> types = typesToCopy(select, rows);
    if (!types) return types.error();
    return types->empty() ? query(select, {}, sink) : copyOut(select, std::move(*types), sink);
}

Status PostgresConnection::queryCells(const std::string& select, uint64_t rows, const CellsSink& sink) {
    Result<std::vector<unsigned>> types = typesToCopy(select, rows);
    if (!types) return types.error();
    return types->empty() ? Connection::queryCells(select, 0, sink) : copyOut(select, std::move(*types), sink);
}

template <typename Sink>
Status PostgresConnection::copyOut(const std::string& select, std::vector<unsigned> types, const Sink& sink) {
    if (PQsendQuery(session_, ("COPY (" + select + ") TO STDOUT (FORMAT binary)").c_str()) == 0)
        return failure(nullptr);
    const ResultPointer started(PQgetResult(session_));
    if (PQresultStatus(started.get()) != PGRES_COPY_OUT) return drain(failure(started.get()));
    PostgresCopyReader reader(std::move(types));
    bool isSound = true;
    for (;;) {
        char* piece = nullptr;
        const int size = PQgetCopyData(session_, &piece, 0);
        if (size < 0) break; // the end, or an error that drain() finds
        // The rest after a stop is thrown away: cancelling would break the transaction.
        if (isSound && !reader.isStopped())
            isSound = reader.take({piece, static_cast<size_t>(size)}, sink);
        PQfreemem(piece);
    }
    if (Status done = drain(Ok{}); !done) return done;
    if (isSound && (reader.isStopped() || reader.isComplete())) return Ok{};
    return makeError(code::kStatement, "PostgreSQL: COPY gave rows that cannot be read");
}

Status PostgresConnection::commit() {
    if (PQtransactionStatus(session_) == PQTRANS_INERROR) {
        rollback();
        return makeError(code::kStatement, "PostgreSQL: the transaction had failed");
    }
    return execute("COMMIT", {}, nullptr);
}

void PostgresConnection::rollback() {
    if (PQtransactionStatus(session_) != PQTRANS_IDLE) (void)execute("ROLLBACK", {}, nullptr);
}

void PostgresConnection::cancel() {
    char message[256];
    if (cancel_ != nullptr) PQcancel(cancel_, message, sizeof message);
}

Result<bool> PostgresConnection::isDirect() {
    const Result<Value> process = single("SELECT pg_backend_pid()");
    if (!process) return process.error();
    return process->text() == std::to_string(PQbackendPID(session_));
}

Status PostgresConnection::copyIn(const std::string& sql, const CopySource& source) {
    if (PQsendQuery(session_, sql.c_str()) == 0) return failure(nullptr);
    const ResultPointer started(PQgetResult(session_));
    if (PQresultStatus(started.get()) != PGRES_COPY_IN) return drain(failure(started.get()));
    std::string buffer;
    for (;;) {
        buffer.clear();
        const Result<bool> more = source(buffer);
        if (!more) {
            PQputCopyEnd(session_, "stopped");
            (void)drain(Ok{});
            return more.error();
        }
        if (!buffer.empty() &&
            PQputCopyData(session_, buffer.data(), static_cast<int>(buffer.size())) != 1)
            return drain(failure(nullptr));
        if (!*more) break;
    }
    if (PQputCopyEnd(session_, nullptr) != 1) return drain(failure(nullptr));
    return drain(Ok{});
}

} // namespace covet::database
