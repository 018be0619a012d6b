#include "database/mysql_statement.h"

#include <cstdio>
#include <cstring>

namespace covet::database {
namespace {

using Kind = Value::Kind;

constexpr unsigned kBinaryCharset = 63;

bool isMoment(enum_field_types type) {
    return type == MYSQL_TYPE_DATE || type == MYSQL_TYPE_TIME || type == MYSQL_TYPE_DATETIME ||
           type == MYSQL_TYPE_TIMESTAMP;
}

bool isInteger(enum_field_types type) {
    return type == MYSQL_TYPE_TINY || type == MYSQL_TYPE_SHORT || type == MYSQL_TYPE_INT24 ||
           type == MYSQL_TYPE_LONG || type == MYSQL_TYPE_LONGLONG || type == MYSQL_TYPE_YEAR;
}

std::string timeText(const MYSQL_TIME& moment) {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%02u:%02u:%02u", moment.hour, moment.minute,
                  moment.second);
    std::string text = buffer;
    if (moment.second_part != 0) {
        std::snprintf(buffer, sizeof buffer, ".%06lu", moment.second_part);
        text += buffer;
    }
    return text;
}

} // namespace

bool MysqlStatement::prepare(const std::string& sql) {
    return handle != nullptr && mysql_stmt_prepare(handle, sql.data(), sql.size()) == 0;
}

bool MysqlStatement::execute(const std::vector<Value>& parameters) {
    std::vector<MYSQL_BIND> binds(parameters.size());
    std::vector<int64_t> integers(parameters.size());
    std::vector<double> reals(parameters.size());
    for (size_t i = 0; i < parameters.size(); ++i) {
        const Value& value = parameters[i];
        MYSQL_BIND& bind = binds[i];
        std::memset(&bind, 0, sizeof bind);
        switch (value.kind()) {
        case Kind::Null:
            bind.buffer_type = MYSQL_TYPE_NULL;
            break;
        case Kind::Bool:
        case Kind::Int:
            if (value.toInt64(integers[i])) {
                bind.buffer_type = MYSQL_TYPE_LONGLONG;
                bind.buffer = &integers[i];
                break;
            }
            [[fallthrough]]; // digits beyond 64 bits travel as text
        default:
            bind.buffer_type = value.kind() == Kind::Bytes ? MYSQL_TYPE_BLOB : MYSQL_TYPE_STRING;
            bind.buffer = const_cast<char*>(value.text().data());
            bind.buffer_length = value.text().size();
            break;
        case Kind::Float:
            reals[i] = value.toDouble();
            bind.buffer_type = MYSQL_TYPE_DOUBLE;
            bind.buffer = &reals[i];
            break;
        }
    }
    if (mysql_stmt_param_count(handle) != parameters.size()) return false;
    if (!binds.empty() && mysql_stmt_bind_param(handle, binds.data()) != 0) return false;
    return mysql_stmt_execute(handle) == 0;
}

bool MysqlStatement::bindResult() {
    MYSQL_RES* described = mysql_stmt_result_metadata(handle);
    if (described == nullptr) return false;
    const unsigned count = mysql_num_fields(described);
    binds_.assign(count, MYSQL_BIND{});
    cells_.assign(count, Cell{});
    for (unsigned i = 0; i < count; ++i) {
        const MYSQL_FIELD* field = mysql_fetch_field_direct(described, i);
        Cell& cell = cells_[i];
        MYSQL_BIND& bind = binds_[i];
        std::memset(&bind, 0, sizeof bind);
        cell.type = field->type;
        cell.isBinary = field->charsetnr == kBinaryCharset && field->type != MYSQL_TYPE_JSON;
        cell.isUnsigned = (field->flags & UNSIGNED_FLAG) != 0;
        bind.is_null = &cell.isNull;
        bind.error = &cell.error;
        bind.length = &cell.length;
        if (isInteger(cell.type)) {
            bind.buffer_type = MYSQL_TYPE_LONGLONG;
            bind.buffer = &cell.integer;
            bind.is_unsigned = cell.isUnsigned ? 1 : 0;
        } else if (cell.type == MYSQL_TYPE_DOUBLE || cell.type == MYSQL_TYPE_FLOAT) {
            bind.buffer_type = MYSQL_TYPE_DOUBLE;
            bind.buffer = &cell.real;
        } else if (isMoment(cell.type)) {
            bind.buffer_type = cell.type;
            bind.buffer = &cell.moment;
            bind.buffer_length = sizeof cell.moment;
        } else { // the length is known after the fetch
            bind.buffer_type = MYSQL_TYPE_BLOB;
        }
    }
    mysql_free_result(described);
    return mysql_stmt_bind_result(handle, binds_.data()) == 0;
}

bool MysqlStatement::readText(size_t column, Cell& cell) {
    cell.text.resize(cell.length);
    if (cell.length == 0) return true;
    MYSQL_BIND whole;
    std::memset(&whole, 0, sizeof whole);
    whole.buffer_type = MYSQL_TYPE_BLOB;
    whole.buffer = cell.text.data();
    whole.buffer_length = cell.length;
    unsigned long length = 0;
    my_bool isNull = 0;
    my_bool error = 0;
    whole.length = &length;
    whole.is_null = &isNull;
    whole.error = &error;
    return mysql_stmt_fetch_column(handle, &whole, static_cast<unsigned>(column), 0) == 0;
}

int MysqlStatement::fetch(std::vector<Value>& row) {
    const int result = mysql_stmt_fetch(handle);
    if (result == MYSQL_NO_DATA) return 0;
    if (result != 0 && result != MYSQL_DATA_TRUNCATED) return -1;
    row.clear();
    for (size_t i = 0; i < cells_.size(); ++i) {
        Cell& cell = cells_[i];
        const bool isText = binds_[i].buffer_type == MYSQL_TYPE_BLOB;
        if (cell.isNull == 0 && isText && !readText(i, cell)) return -1;
        row.push_back(cell.isNull != 0 ? Value::null() : valueOf(cell));
    }
    return 1;
}

Value MysqlStatement::valueOf(const Cell& cell) {
    if (isInteger(cell.type)) {
        if (cell.isUnsigned)
            return Value::integerText(std::to_string(static_cast<uint64_t>(cell.integer)));
        return Value::integer(cell.integer);
    }
    char buffer[64] = "";
    const MYSQL_TIME& moment = cell.moment;
    if (isMoment(cell.type))
        std::snprintf(buffer, sizeof buffer, "%04u-%02u-%02u", moment.year, moment.month, moment.day);
    switch (cell.type) {
    case MYSQL_TYPE_DOUBLE:
    case MYSQL_TYPE_FLOAT:
        return Value::floating(cell.real);
    case MYSQL_TYPE_DATE:
        return Value::scalar(moment.month == 0 ? Kind::Str : Kind::Date, buffer);
    case MYSQL_TYPE_TIME: // also a duration, which Python's time is not
        return moment.neg != 0 || moment.day != 0 || moment.hour > 23
                   ? Value::string((moment.neg != 0 ? "-" : "") + timeText(moment))
                   : Value::scalar(Kind::Time, timeText(moment));
    case MYSQL_TYPE_DATETIME:
    case MYSQL_TYPE_TIMESTAMP:
        return Value::scalar(moment.month == 0 ? Kind::Str : Kind::DateTime,
                             std::string(buffer) + "T" + timeText(moment));
    case MYSQL_TYPE_DECIMAL:
    case MYSQL_TYPE_NEWDECIMAL:
        return Value::scalar(Kind::Decimal, cell.text);
    default:
        return Value::scalar(cell.isBinary ? Kind::Bytes : Kind::Str, cell.text);
    }
}

} // namespace covet::database
