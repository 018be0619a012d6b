#include "syntax/exact_number.h"

#include <cstdio>
#include <cstdlib>

namespace covet {
namespace {

ExactNumber parse(const std::string& text) {
    ExactNumber number;
    size_t i = 0;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) number.negative = text[i++] == '-';
    bool afterPoint = false;
    bool started = false;
    for (; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '.') {
            afterPoint = true;
        } else if (c >= '0' && c <= '9') {
            if (c != '0') started = true;
            if (started) number.digits += c;
            if (started && !afterPoint) ++number.exponent;
            if (!started && afterPoint) --number.exponent;
        } else {
            break;
        }
    }
    if (i < text.size() && (text[i] == 'e' || text[i] == 'E'))
        number.exponent += std::strtol(text.c_str() + i + 1, nullptr, 10);
    while (!number.digits.empty() && number.digits.back() == '0')
        number.digits.pop_back();
    if (number.digits.empty()) {
        number.negative = false;
        number.exponent = 0;
    }
    return number;
}

} // namespace

ExactNumber ExactNumber::of(const Value& value) {
    ExactNumber number;
    if (value.kind() == Value::Kind::Bool) return parse(value.boolValue() ? "1" : "0");
    const std::string& text = value.text();
    const size_t sign = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    const char first = sign < text.size() ? text[sign] : '0';
    if (first == 'n' || first == 'N' || first == 's' || first == 'S') {
        number.kind = Kind::NotANumber;
        return number;
    }
    if (first == 'i' || first == 'I') {
        number.kind = Kind::Infinite;
        number.negative = text[0] == '-';
        return number;
    }
    if (value.kind() != Value::Kind::Float) return parse(text);
    // A double has at most 767 significant decimal digits.
    char buffer[900];
    std::snprintf(buffer, sizeof buffer, "%.780e", value.toDouble());
    return parse(buffer);
}

int ExactNumber::compare(const ExactNumber& other) const {
    const int sign = negative ? -1 : (digits.empty() && kind == Kind::Finite ? 0 : 1);
    const int otherSign =
        other.negative ? -1 : (other.digits.empty() && other.kind == Kind::Finite ? 0 : 1);
    if (sign != otherSign) return sign < otherSign ? -1 : 1;
    if (sign == 0) return 0;
    if (kind == Kind::Infinite || other.kind == Kind::Infinite) {
        if (kind == other.kind) return 0;
        return (kind == Kind::Infinite) == (sign > 0) ? 1 : -1;
    }
    if (exponent != other.exponent) return (exponent < other.exponent) == (sign > 0) ? -1 : 1;
    const int order = digits.compare(other.digits);
    if (order == 0) return 0;
    return (order < 0) == (sign > 0) ? -1 : 1;
}

} // namespace covet
