#pragma once

#include <sqlite3.h>

#include <map>

#include "database/connection.h"

namespace covet::database {

/// A SQLite file through the C library. Foreign keys are on, the schema is not trusted, statements
/// are kept prepared by their text.
class SqliteConnection : public Connection {
public:
    static Result<std::unique_ptr<Connection>> open(const Url& url, Access access, bool create);
    ~SqliteConnection() override;

    Status execute(const std::string& sql, const Row& parameters, uint64_t* changed) override;
    Status query(const std::string& sql, const Row& parameters, const RowSink& sink) override;
    Status queryCells(const std::string& select, uint64_t rows, const CellsSink& sink) override;
    Status begin() override { return execute("BEGIN IMMEDIATE", {}, nullptr); }
    Status commit() override { return execute("COMMIT", {}, nullptr); }
    void rollback() override;
    Result<std::vector<std::string>> tables() override;
    Result<std::vector<ColumnInfo>> columns(const std::string& table) override;
    Result<std::vector<ForeignKeyInfo>> foreignKeys() override;
    Result<Catalogue> catalogue() override;
    void cancel() override;

private:
    SqliteConnection() = default;
    Status readNext(const std::vector<IdentityColumn>& columns, std::vector<IdentityState>& states) override;
    Result<std::vector<std::vector<std::string>>> uniqueKeys(const std::string& table);
    Result<sqlite3_stmt*> prepared(const std::string& sql);
    Status bind(sqlite3_stmt* statement, const Row& parameters);
    Error failure(const std::string& what) const;

    sqlite3* handle_ = nullptr;
    std::map<std::string, sqlite3_stmt*> statements_;
};

} // namespace covet::database
