#pragma once

#include <mysql.h>

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "syntax/value.h"

namespace covet::database {

/// One prepared statement of MySQL's binary protocol with its parameters and the row being read.
/// Functions that return false leave the error in `handle`.
class MysqlStatement {
public:
    explicit MysqlStatement(MYSQL* session) : handle(mysql_stmt_init(session)) {}
    ~MysqlStatement() {
        if (handle != nullptr) mysql_stmt_close(handle);
    }
    MysqlStatement(const MysqlStatement&) = delete;
    MysqlStatement& operator=(const MysqlStatement&) = delete;

    bool prepare(const std::string& sql);
    bool execute(const std::vector<Value>& parameters);
    /// Prepares for fetch() of the result's rows.
    bool bindResult();
    /// 1 = a row was read, 0 = no more, -1 = error.
    int fetch(std::vector<Value>& row);

    MYSQL_STMT* const handle;

private:
    struct Cell {
        enum_field_types type = MYSQL_TYPE_NULL;
        bool isBinary = false;
        bool isUnsigned = false;
        int64_t integer = 0;
        double real = 0;
        MYSQL_TIME moment{};
        unsigned long length = 0;
        my_bool isNull = 0;
        my_bool error = 0;
        std::string text;
    };

    bool readText(size_t column, Cell& cell);
    static Value valueOf(const Cell& cell);

    std::vector<MYSQL_BIND> binds_;
    std::deque<Cell> cells_;
};

} // namespace covet::database
