#include "syntax/evaluator/big_integer.h"

#include <algorithm>
#include <cstdio>

#include "syntax/value.h"

namespace covet::syntax::eval {

BigInteger::BigInteger(int64_t value) : negative_(value < 0) {
    uint64_t rest = value < 0 ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
    for (; rest != 0; rest /= kBase)
        limbs_.push_back(static_cast<uint32_t>(rest % kBase));
}

void BigInteger::trim() {
    while (!limbs_.empty() && limbs_.back() == 0)
        limbs_.pop_back();
    if (limbs_.empty()) negative_ = false;
}

BigInteger BigInteger::parse(std::string_view decimal) {
    BigInteger made;
    bool negative = false;
    if (!decimal.empty() && (decimal[0] == '-' || decimal[0] == '+')) {
        negative = decimal[0] == '-';
        decimal.remove_prefix(1);
    }
    for (size_t end = decimal.size(); end > 0;) {
        const size_t start = end > 9 ? end - 9 : 0;
        uint32_t limb = 0;
        for (size_t i = start; i < end; ++i)
            limb = limb * 10 + static_cast<uint32_t>(decimal[i] - '0');
        made.limbs_.push_back(limb);
        end = start;
    }
    made.negative_ = negative;
    made.trim();
    return made;
}

std::optional<BigInteger> BigInteger::parseBase(std::string_view digits, unsigned base) {
    if (digits.empty() || digits.size() > kMaxDigits) return std::nullopt;
    BigInteger made;
    for (const char c : digits) {
        unsigned digit = 99;
        if (c >= '0' && c <= '9')
            digit = static_cast<unsigned>(c - '0');
        else if (c >= 'a' && c <= 'z')
            digit = static_cast<unsigned>(c - 'a') + 10;
        else if (c >= 'A' && c <= 'Z')
            digit = static_cast<unsigned>(c - 'A') + 10;
        if (digit >= base) return std::nullopt;
        uint64_t carry = digit;
        for (uint32_t& limb : made.limbs_) {
            const uint64_t sum = static_cast<uint64_t>(limb) * base + carry;
            limb = static_cast<uint32_t>(sum % kBase);
            carry = sum / kBase;
        }
        if (carry != 0) made.limbs_.push_back(static_cast<uint32_t>(carry));
    }
    return made;
}

std::string BigInteger::text() const {
    if (limbs_.empty()) return "0";
    std::string out = negative_ ? "-" : "";
    out += std::to_string(limbs_.back());
    char buffer[16];
    for (size_t i = limbs_.size() - 1; i-- > 0;) {
        std::snprintf(buffer, sizeof buffer, "%09u", limbs_[i]);
        out += buffer;
    }
    return out;
}

std::optional<int64_t> BigInteger::toInt64() const {
    int64_t out = 0;
    if (limbs_.size() > 3 || !Value::integerText(text()).toInt64(out)) return std::nullopt;
    return out;
}

int BigInteger::compareMagnitude(const BigInteger& other) const {
    if (limbs_.size() != other.limbs_.size()) return limbs_.size() < other.limbs_.size() ? -1 : 1;
    for (size_t i = limbs_.size(); i-- > 0;)
        if (limbs_[i] != other.limbs_[i]) return limbs_[i] < other.limbs_[i] ? -1 : 1;
    return 0;
}

int BigInteger::compare(const BigInteger& other) const {
    if (negative_ != other.negative_) return negative_ ? -1 : 1;
    const int order = compareMagnitude(other);
    return negative_ ? -order : order;
}

BigInteger BigInteger::operator-() const {
    BigInteger made = *this;
    if (!made.limbs_.empty()) made.negative_ = !made.negative_;
    return made;
}

BigInteger BigInteger::operator+(const BigInteger& other) const {
    const bool add = negative_ == other.negative_;
    const bool swap = !add && compareMagnitude(other) < 0;
    const BigInteger& large = swap ? other : *this;
    const BigInteger& small = swap ? *this : other;
    BigInteger made;
    made.negative_ = large.negative_;
    int64_t carry = 0;
    for (size_t i = 0; i < std::max(large.limbs_.size(), small.limbs_.size()) || carry != 0; ++i) {
        const int64_t left = i < large.limbs_.size() ? large.limbs_[i] : 0;
        const int64_t right = i < small.limbs_.size() ? small.limbs_[i] : 0;
        int64_t sum = add ? left + right + carry : left - right + carry;
        carry = 0;
        if (sum < 0) {
            sum += kBase;
            carry = -1;
        } else if (sum >= kBase) {
            sum -= kBase;
            carry = 1;
        }
        made.limbs_.push_back(static_cast<uint32_t>(sum));
    }
    made.trim();
    return made;
}

BigInteger BigInteger::operator*(const BigInteger& other) const {
    BigInteger made;
    made.limbs_.assign(limbs_.size() + other.limbs_.size(), 0);
    for (size_t i = 0; i < limbs_.size(); ++i) {
        uint64_t carry = 0;
        for (size_t j = 0; j < other.limbs_.size() || carry != 0; ++j) {
            const uint64_t product =
                j < other.limbs_.size() ? static_cast<uint64_t>(limbs_[i]) * other.limbs_[j] : 0;
            const uint64_t sum = product + made.limbs_[i + j] + carry;
            made.limbs_[i + j] = static_cast<uint32_t>(sum % kBase);
            carry = sum / kBase;
        }
    }
    made.negative_ = negative_ != other.negative_;
    made.trim();
    return made;
}

void BigInteger::divide(const BigInteger& divisor, BigInteger& quotient,
                        BigInteger& remainder) const {
    BigInteger magnitude = divisor;
    magnitude.negative_ = false;
    quotient = BigInteger();
    remainder = BigInteger();
    quotient.limbs_.assign(limbs_.size(), 0);
    for (size_t i = limbs_.size(); i-- > 0;) {
        remainder.limbs_.insert(remainder.limbs_.begin(), limbs_[i]);
        remainder.trim();
        uint32_t low = 0;
        uint32_t high = kBase - 1;
        while (low < high) {
            const uint32_t middle = low + (high - low + 1) / 2;
            if ((magnitude * BigInteger(middle)).compareMagnitude(remainder) <= 0)
                low = middle;
            else
                high = middle - 1;
        }
        quotient.limbs_[i] = low;
        remainder = remainder - magnitude * BigInteger(low);
    }
    quotient.negative_ = negative_ != divisor.negative_;
    remainder.negative_ = negative_;
    quotient.trim();
    remainder.trim();
    if (!remainder.isZero() && remainder.negative_ != divisor.negative_) {
        quotient = quotient - BigInteger(1);
        remainder = remainder + divisor;
    }
}

std::optional<BigInteger> BigInteger::power(uint64_t exponent) const {
    BigInteger result(1);
    BigInteger base = *this;
    if (limbs_.size() <= 1 && (limbs_.empty() || limbs_[0] == 1)) {
        if (isZero()) return exponent == 0 ? result : base;
        return negative_ && exponent % 2 == 1 ? base : result;
    }
    while (exponent != 0) {
        if (exponent & 1) result = result * base;
        exponent >>= 1;
        if (exponent != 0) base = base * base;
        if (std::max(result.limbs_.size(), base.limbs_.size()) * 9 > kMaxDigits)
            return std::nullopt;
    }
    return result;
}

} // namespace covet::syntax::eval
