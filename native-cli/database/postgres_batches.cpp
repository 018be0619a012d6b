#include <algorithm>

#include "database/postgres_connection.h"
#include "database/postgres_result.h"
#include "database/postgres_values.h"

namespace covet::database {
namespace {

// What one message carries: so few that a request to stop is noticed soon.
constexpr size_t kStatementsPerMessage = 100, kMessageBytes = 256 * 1024;

} // namespace

void readRow(const PGresult* result, Row& row) {
    row.clear();
    for (int i = 0; i < PQnfields(result); ++i) {
        if (PQgetisnull(result, 0, i) != 0) {
            row.push_back(Value::null());
            continue;
        }
        const std::string_view text(PQgetvalue(result, 0, i), static_cast<size_t>(PQgetlength(result, 0, i)));
        row.push_back(postgresValue(text, PQftype(result, i)));
    }
}

Status PostgresConnection::executeAll(const std::vector<std::string>& statements) {
    for (size_t from = 0; from < statements.size();) {
        std::string message;
        const size_t end = std::min(statements.size(), from + kStatementsPerMessage);
        for (; from < end && message.size() < kMessageBytes; ++from) {
            if (statements[from].find('\0') != std::string::npos)
                return makeError(code::kStatement, "PostgreSQL: a statement contains a NUL character");
            message += statements[from] + "\n;\n";
        }
        if (PQsendQuery(session_, message.c_str()) == 0) return failure(nullptr);
        if (Status done = drain(Ok{}); !done) return done;
    }
    return Ok{};
}

Status PostgresConnection::queryEach(const std::vector<Select>& selects, const SelectSink& sink) {
    for (size_t at = 0; at < selects.size();) {
        const size_t first = at;
        std::string message;
        uint64_t rows = 0;
        for (; at < selects.size() && at - first < kStatementsPerMessage && message.size() < kMessageBytes; ++at) {
            rows += selects[at].rows;
            if (rows >= kCopyRows) break;
            message += selects[at].sql + "\n;\n";
        }
        Status done = Ok{};
        if (at > first)
            done = queryTogether(message, first, sink);
        else {
            done = queryMany(selects[at].sql, selects[at].rows, [&](Row& row) {
                sink(first, row);
                return true;
            });
            ++at;
        }
        if (!done) return done;
    }
    return Ok{};
}

Status PostgresConnection::queryTogether(const std::string& message, size_t first, const SelectSink& sink) {
    if (PQsendQuery(session_, message.c_str()) == 0) return failure(nullptr);
    PQsetSingleRowMode(session_);
    Row row;
    while (PGresult* raw = PQgetResult(session_)) {
        const ResultPointer result(raw);
        const ExecStatusType status = PQresultStatus(raw);
        if (status == PGRES_SINGLE_TUPLE) {
            readRow(raw, row);
            sink(first, row);
        } else if (status == PGRES_TUPLES_OK) {
            ++first; // the end of one
        } else {
            return drain(failure(raw));
        }
    }
    return drain(Ok{});
}

} // namespace covet::database
