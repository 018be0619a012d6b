#include "database/connection.h"

namespace covet::database {

std::string Connection::placeholder(size_t n) const {
    return dialect() == schema::Dialect::Postgres ? "$" + std::to_string(n) : "?";
}

std::string Connection::quoted(std::string_view identifier) const {
    return schema::quoteIdentifier(identifier, dialect());
}

Result<Value> Connection::single(const std::string& sql, const Row& parameters) {
    Value first;
    bool seen = false;
    const Status done = query(sql, parameters, [&](Row& row) {
        if (!seen && !row.empty()) first = std::move(row[0]);
        seen = true;
        return true;
    });
    if (!done) return done.error();
    return first;
}

} // namespace covet::database
