#pragma once

#include <libpq-fe.h>

#include <functional>

#include "database/connection.h"

namespace covet::database {

/// A PostgreSQL session through libpq: UTF-8, UTC, ISO dates, a short lock_timeout; the server
/// notices when this process dies. Hosts other than this machine are reached with verified TLS
/// unless the URL's `sslmode` says otherwise.
class PostgresConnection : public Connection {
public:
    static Result<std::unique_ptr<Connection>> open(const Url& url, Access access);
    ~PostgresConnection() override;

    Status execute(const std::string& sql, const Row& parameters, uint64_t* changed) override;
    Status query(const std::string& sql, const Row& parameters, const RowSink& sink) override;
    Status queryMany(const std::string& select, uint64_t rows, const RowSink& sink) override;
    Status queryCells(const std::string& select, uint64_t rows, const CellsSink& sink) override;
    Status queryEach(const std::vector<Select>& selects, const SelectSink& sink) override;
    Status begin() override { return execute("BEGIN", {}, nullptr); }
    Status commit() override;
    void rollback() override;
    Result<std::vector<std::string>> tables() override;
    Result<std::vector<ColumnInfo>> columns(const std::string& table) override;
    Result<std::vector<ForeignKeyInfo>> foreignKeys() override;
    Result<Catalogue> catalogue() override;
    void cancel() override;

    /// Runs statements without parameters one after the other, many of them per round trip. The first that fails ends
    /// it, with the error that it gives alone.
    Status executeAll(const std::vector<std::string>& statements);

    /// Whether the server's process is the one that greeted us. Poolers answer in the name of others,
    /// and may give the next statement to another session, without our locks and settings.
    Result<bool> isDirect();

    /// Fills the buffer with the next piece of a COPY stream; false = no more. An Error stops it.
    using CopySource = std::function<Result<bool>(std::string& buffer)>;
    /// Runs `COPY ... FROM STDIN` and feeds it; nothing of it stays when it fails.
    Status copyIn(const std::string& sql, const CopySource& source);

private:
    PostgresConnection() = default;
    Status readNext(const std::vector<IdentityColumn>& columns, std::vector<IdentityState>& states) override;
    /// `condition` is of the table `c`.
    Status readColumns(const std::string& condition, const Row& parameters, Catalogue& into);
    /// Types of a query's columns; an Error where it cannot run.
    Result<std::vector<unsigned>> typesOf(const std::string& select);
    /// Types of a query's columns if COPY is worth it and gives all of them in a form that is known; none otherwise.
    Result<std::vector<unsigned>> typesToCopy(const std::string& select, uint64_t rows);
    template <typename Sink> Status copyOut(const std::string& select, std::vector<unsigned> types, const Sink& sink);
    Status send(const std::string& sql, const Row& parameters);
    /// Queries without many rows, in one message; `first` is the place of the first one.
    Status queryTogether(const std::string& message, size_t first, const SelectSink& sink);
    Status drain(Status outcome);
    Error failure(const PGresult* result) const;

    PGconn* session_ = nullptr;
    PGcancel* cancel_ = nullptr;
};

} // namespace covet::database
