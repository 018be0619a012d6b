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
    std::vector<std::string> names;
    for (const database::ColumnInfo& column : columns)
        names.push_back(connection.quoted(column.name));
    TableChecksum result;
    Sum sum;
    std::string line;
    const Status done = connection.queryMany(
        "SELECT " + join(names, ", ") + " FROM " + connection.quoted(table), rows,
        [&](database::Row& row) {
            line.clear();
            for (const Value& value : row) {
                line += std::to_string(static_cast<int>(value.kind())) + ":";
                line += value.kind() == Value::Kind::Bool ? (value.boolValue() ? "1" : "0") : "";
                line += std::to_string(value.text().size()) + ":" + value.text();
            }
            sum.add(line);
            ++result.rows;
            return true;
        });
    if (!done) return done.error();
    result.hex = sum.hex();
    return result;
}

} // namespace covet::load
