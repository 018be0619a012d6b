#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace covet::syntax::eval {

/// An integer of any size, for constant folding. Results past kMaxDigits are refused.
class BigInteger {
public:
    BigInteger() = default;
    explicit BigInteger(int64_t value);
    /// Decimal digits with an optional sign.
    static BigInteger parse(std::string_view decimal);
    /// Digits of a base from 2 to 36, without prefix, sign or underscores.
    static std::optional<BigInteger> parseBase(std::string_view digits, unsigned base);

    std::string text() const;
    bool isZero() const { return limbs_.empty(); }
    bool isNegative() const { return negative_; }
    std::optional<int64_t> toInt64() const;
    int compare(const BigInteger& other) const;

    BigInteger operator-() const;
    BigInteger operator+(const BigInteger& other) const;
    BigInteger operator-(const BigInteger& other) const { return *this + -other; }
    BigInteger operator*(const BigInteger& other) const;
    /// Python's floor division and modulo. The divisor is not zero.
    void divide(const BigInteger& divisor, BigInteger& quotient, BigInteger& remainder) const;
    std::optional<BigInteger> power(uint64_t exponent) const;

    static constexpr size_t kMaxDigits = 20000;

private:
    static constexpr uint32_t kBase = 1000000000;
    std::vector<uint32_t> limbs_; // little endian, base 10^9, no leading zeros
    bool negative_ = false;

    void trim();
    int compareMagnitude(const BigInteger& other) const;
};

} // namespace covet::syntax::eval
