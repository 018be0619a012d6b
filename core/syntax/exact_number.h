#pragma once

#include <string>

#include "syntax/value.h"

namespace covet {

/// A number as sign, decimal digits without leading or trailing zeros, and power of ten, so that
/// int, float and Decimal compare exactly, as in Python.
struct ExactNumber {
    enum class Kind { Finite, Infinite, NotANumber };
    Kind kind = Kind::Finite;
    bool negative = false;
    std::string digits; // empty = zero
    long exponent = 0;  // value = 0.digits * 10^exponent

    static ExactNumber of(const Value& number);
    /// -1, 0 or 1; NaN compares as 0 with nothing meant, test `kind` first.
    int compare(const ExactNumber& other) const;
    bool operator==(const ExactNumber& other) const {
        return kind != Kind::NotANumber && other.kind != Kind::NotANumber && compare(other) == 0;
    }
};

} // namespace covet
