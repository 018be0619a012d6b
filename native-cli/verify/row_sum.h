#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "database/connection.h"

namespace covet::verify {

/// Sum of the SHA-256 of rows modulo 2^256: the same for the same rows in any order. Unlike exclusive or, two equal
/// rows do not cancel.
class RowSum {
public:
    RowSum();
    ~RowSum();
    RowSum(RowSum&&) noexcept;
    RowSum& operator=(RowSum&&) noexcept;

    /// The next value of the row that is taken.
    void add(const database::Cell& cell);
    /// The row has had its last value.
    void endRow();
    void add(const std::vector<database::Cell>& row);

    uint64_t rows() const { return rows_; }
    /// 256 bits in lower-case hexadecimal digits.
    std::string hex() const;

private:
    struct Hash;
    std::unique_ptr<Hash> hash_;
    std::string line_;
    std::array<uint64_t, 4> total_{}; // the lowest 64 bits first
    uint64_t rows_ = 0;
};

} // namespace covet::verify
