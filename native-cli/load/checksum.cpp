#include "load/checksum.h"

#include <openssl/sha.h>

#include <array>
#include <vector>

#include "support/strings.h"

namespace covet::load {
namespace {

/// Sum of row hashes modulo 2^256: unlike exclusive or, two equal rows do not cancel.
class Sum {
public:
    void add(const std::string& row) {
        std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
        SHA256(reinterpret_cast<const unsigned char*>(row.data()), row.size(), digest.data());
        unsigned carry = 0;
        for (size_t i = digest.size(); i-- > 0;) {
            carry += static_cast<unsigned>(total_[i]) + digest[i];
            total_[i] = static_cast<unsigned char>(carry & 0xFF);
            carry >>= 8;
        }
    }

    std::string hex() const {
        static const char* const kDigits = "0123456789abcdef";
        std::string text;
        for (const unsigned char byte : total_) {
            text += kDigits[byte >> 4];
            text += kDigits[byte & 15];
        }
        return text;
    }

private:
    std::array<unsigned char, SHA256_DIGEST_LENGTH> total_{};
};

} // namespace

Result<TableChecksum> checksumOf(database::Connection& connection, const std::string& table,
                                 const std::vector<database::ColumnInfo>& columns, uint64_t rows) {
    Result<std::vector<TableChecksum>> made = checksumsOf(connection, {{table, &columns, rows}});
    if (!made) return made.error();
    return std::move(made->front());
}

Result<std::vector<TableChecksum>> checksumsOf(database::Connection& connection, const std::vector<CheckedTable>& tables) {
    std::vector<database::Select> selects;
    for (const CheckedTable& one : tables) {
        std::vector<std::string> names;
        for (const database::ColumnInfo& column : *one.columns)
            names.push_back(connection.quoted(column.name));
        selects.push_back({"SELECT " + join(names, ", ") + " FROM " + connection.quoted(one.table), one.rows});
    }
    std::vector<TableChecksum> results(tables.size());
    std::vector<Sum> sums(tables.size());
    std::string line;
    const Status done = connection.queryEach(selects, [&](size_t at, database::Row& row) {
        line.clear();
        for (const Value& value : row) {
            line += std::to_string(static_cast<int>(value.kind())) + ":";
            line += value.kind() == Value::Kind::Bool ? (value.boolValue() ? "1" : "0") : "";
            line += std::to_string(value.text().size()) + ":" + value.text();
        }
        sums[at].add(line);
        ++results[at].rows;
    });
    if (!done) return done.error();
    for (size_t i = 0; i < tables.size(); ++i)
        results[i].hex = sums[i].hex();
    return results;
}

} // namespace covet::load
