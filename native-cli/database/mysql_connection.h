#pragma once

#include <mysql.h>

#include "database/connection.h"

namespace covet::database {

/// A MySQL or MariaDB session through libmariadb: utf8mb4, UTC, strict SQL mode, short lock waits.
/// A statement that changes something and gives a warning is an error. Rows travel in the binary
/// protocol, so that doubles keep every bit. Hosts other than this machine are reached with
/// verified TLS unless the URL's `ssl-mode` says otherwise.
class MysqlConnection : public Connection {
public:
    static Result<std::unique_ptr<Connection>> open(const Url& url, Access access);
    ~MysqlConnection() override;

    Status execute(const std::string& sql, const Row& parameters, uint64_t* changed) override;
    Status query(const std::string& sql, const Row& parameters, const RowSink& sink) override;
    Status begin() override { return execute("START TRANSACTION", {}, nullptr); }
    Status commit() override { return execute("COMMIT", {}, nullptr); }
    void rollback() override;
    Result<std::vector<std::string>> tables() override;
    Result<std::vector<ColumnInfo>> columns(const std::string& table) override;
    Result<std::vector<ForeignKeyInfo>> foreignKeys() override;
    Result<Catalogue> catalogue() override;
    void cancel() override;

    /// Fills the buffer with the next piece of the rows' text; false = no more. An Error stops it.
    using LoadSource = std::function<Result<bool>(std::string& buffer)>;
    /// Whether the server takes rows by LOAD DATA LOCAL.
    Result<bool> takesLocalData();
    /// Runs `LOAD DATA LOCAL INFILE ...` and feeds it from memory: no file is ever read, whatever
    /// name the server asks for. Every warning is an error.
    Status loadLocal(const std::string& sql, const LoadSource& source, uint64_t* changed);

private:
    MysqlConnection() = default;
    Status readNext(const std::vector<IdentityColumn>& columns, std::vector<IdentityState>& states) override;
    Status readColumns(const std::string& condition, const Row& parameters, Catalogue& into);
    Status setUp(Access access);
    Status failOnWarnings(const std::string& sql, unsigned count);
    Error failure(unsigned number, const std::string& message) const;

    MYSQL* session_ = nullptr;
    unsigned long threadId_ = 0;
};

} // namespace covet::database
