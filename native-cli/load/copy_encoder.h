#pragma once

#include <string>
#include <vector>

#include "schema/model.h"

namespace covet::load {

/// PostgreSQL's binary COPY format:
/// https://www.postgresql.org/docs/15/sql-copy.html#id-1.9.3.55.9.4 for tables whose columns have
/// exactly the types that typeSql() gives.
class CopyEncoder {
public:
    explicit CopyEncoder(const schema::Table& table) : table_(table) {}

    static void appendHeader(std::string& out);
    void appendRow(std::string& out, const std::vector<Value>& row) const;
    static void appendTrailer(std::string& out);

private:
    const schema::Table& table_;
};

/// The wire form of `numeric`: groups of four decimal digits. `text` is a finite decimal.
std::string binaryNumeric(const std::string& text);

} // namespace covet::load
