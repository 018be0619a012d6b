#include "syntax/evaluator/decimals.h"

#include <cmath>
#include <cstdio>

#include "syntax/evaluator/big_integer.h"
#include "syntax/evaluator/interpreter.h"

namespace covet::syntax::eval {
namespace {

constexpr size_t kContextDigits = 28; // Python's default precision
constexpr int kMostPlaces = 400;

/// coefficient / 10^places
struct Parts {
    BigInteger coefficient;
    int places = 0;
};

BigInteger powerOfTen(int exponent) {
    return *BigInteger(10).power(static_cast<uint64_t>(exponent));
}

std::optional<Parts> partsOf(const Value& value) {
    if (value.kind() != Value::Kind::Decimal && value.kind() != Value::Kind::Int &&
        value.kind() != Value::Kind::Bool)
        return std::nullopt;
    Parts parts;
    std::string digits =
        value.kind() == Value::Kind::Bool ? (value.boolValue() ? "1" : "0") : value.text();
    if (const size_t point = digits.find('.'); point != std::string::npos) {
        parts.places = static_cast<int>(digits.size() - point - 1);
        digits.erase(point, 1);
    }
    if (digits.size() > 2000 || parts.places > kMostPlaces) return std::nullopt;
    parts.coefficient = BigInteger::parse(digits);
    const bool minus = !digits.empty() && digits[0] == '-';
    if (minus && parts.coefficient.isZero()) return std::nullopt;
    return parts;
}

size_t digitCount(const BigInteger& number) {
    const std::string text = number.text();
    return text.size() - (text[0] == '-' ? 1 : 0);
}

std::optional<Value> valueOf(const Parts& parts) {
    std::string digits = parts.coefficient.text();
    const bool minus = digits[0] == '-';
    if (minus) digits.erase(0, 1);
    const auto places = static_cast<size_t>(parts.places);
    // Below this, str() writes an exponent.
    if (parts.places - static_cast<int>(digits.size()) >= 6) return std::nullopt;
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    if (places > 0) digits.insert(digits.size() - places, ".");
    return Value::scalar(Value::Kind::Decimal, (minus ? "-" : "") + digits);
}

std::optional<Parts> divided(const Parts& left, const Parts& right) {
    if (right.coefficient.isZero()) return std::nullopt;
    const int ideal = left.places - right.places;
    for (int extra = 0; extra <= static_cast<int>(kContextDigits); ++extra) {
        BigInteger quotient;
        BigInteger rest;
        (left.coefficient * powerOfTen(extra)).divide(right.coefficient, quotient, rest);
        if (!rest.isZero()) continue;
        if (ideal + extra < 0) return std::nullopt; // would show an exponent
        return Parts{quotient, ideal + extra};
    }
    return std::nullopt;
}

} // namespace

std::optional<Value> decimalOf(std::string_view text) {
    if (!text.empty() && text[0] == '+') text.remove_prefix(1);
    const size_t start = !text.empty() && text[0] == '-' ? 1 : 0;
    if (text.size() == start || text.find_first_not_of("0123456789.", start) != text.npos ||
        text.find_first_of("0123456789") == text.npos || text.find('.') != text.rfind('.'))
        return std::nullopt;
    std::string plain(text);
    if (plain.back() == '.') plain.pop_back();
    const auto parts = partsOf(Value::scalar(Value::Kind::Decimal, plain));
    return parts ? valueOf(*parts) : std::nullopt;
}

std::optional<Value> decimalOf(double number) {
    if (!std::isfinite(number) || std::fabs(number) > 1e300) return std::nullopt;
    char buffer[1500];
    std::snprintf(buffer, sizeof buffer, "%.1100f", number);
    std::string text = buffer;
    text.erase(text.find_last_not_of('0') + 1);
    return decimalOf(text);
}

std::optional<Value> decimalArithmetic(std::string_view op, const Value& left, const Value& right) {
    const auto a = partsOf(left);
    const auto b = partsOf(right);
    if (!a || !b) return std::nullopt;
    std::optional<Parts> result;
    if (op == "+" || op == "-") {
        const int places = std::max(a->places, b->places);
        const BigInteger x = a->coefficient * powerOfTen(places - a->places);
        const BigInteger y = b->coefficient * powerOfTen(places - b->places);
        result = Parts{op == "+" ? x + y : x - y, places};
    } else if (op == "*") {
        result = Parts{a->coefficient * b->coefficient, a->places + b->places};
        if (result->coefficient.isZero() &&
            (a->coefficient.isNegative() || b->coefficient.isNegative()))
            return std::nullopt;
    } else if (op == "/") {
        result = divided(*a, *b);
        if (result && result->coefficient.isZero() && b->coefficient.isNegative())
            return std::nullopt;
    }
    if (!result || digitCount(result->coefficient) > kContextDigits) return std::nullopt;
    return valueOf(*result);
}

std::optional<Value> quantized(const Value& decimal, int places, std::string_view rounding) {
    auto parts = partsOf(decimal);
    if (!parts || places < 0 || places > kMostPlaces) return std::nullopt;
    if (places >= parts->places) {
        parts->coefficient = parts->coefficient * powerOfTen(places - parts->places);
        parts->places = places;
    } else {
        const bool minus = parts->coefficient.isNegative();
        const BigInteger magnitude = minus ? -parts->coefficient : parts->coefficient;
        const BigInteger unit = powerOfTen(parts->places - places);
        BigInteger quotient;
        BigInteger rest;
        magnitude.divide(unit, quotient, rest);
        const int half = (rest + rest).compare(unit); // against one half
        const bool isOdd = (quotient.text().back() - '0') % 2 != 0;
        bool up = false;
        if (rounding == "ROUND_HALF_EVEN")
            up = half > 0 || (half == 0 && isOdd);
        else if (rounding == "ROUND_HALF_UP")
            up = half >= 0;
        else if (rounding == "ROUND_HALF_DOWN")
            up = half > 0;
        else if (rounding == "ROUND_UP")
            up = !rest.isZero();
        else if (rounding == "ROUND_CEILING")
            up = !rest.isZero() && !minus;
        else if (rounding == "ROUND_FLOOR")
            up = !rest.isZero() && minus;
        else if (rounding != "ROUND_DOWN")
            return std::nullopt;
        if (up) quotient = quotient + BigInteger(1);
        if (minus && quotient.isZero()) return std::nullopt; // -0
        parts->coefficient = minus ? -quotient : quotient;
        parts->places = places;
    }
    if (digitCount(parts->coefficient) > kContextDigits) return std::nullopt;
    return valueOf(*parts);
}

int placesOf(const Value& decimal) {
    const size_t point = decimal.text().find('.');
    return point == std::string::npos ? 0 : static_cast<int>(decimal.text().size() - point - 1);
}

Ref Interpreter::callDecimal(Arguments& arguments, const Node& node) {
    const Ref* given = arguments.get(0, "value");
    if (!given) return Value::scalar(Value::Kind::Decimal, "0");
    if (given->box) return opaque(node);
    const Value& value = given->value;
    std::optional<Value> made;
    if (value.kind() == Value::Kind::Str) {
        std::string text(value.text());
        std::erase(text, '_');
        const size_t from = text.find_first_not_of(" \t\n\r\f\v");
        if (from == std::string::npos) return raise("InvalidOperation");
        made = decimalOf(
            std::string_view(text).substr(from, text.find_last_not_of(" \t\n\r\f\v") - from + 1));
    } else if (value.kind() == Value::Kind::Float) {
        made = decimalOf(value.toDouble());
    } else if (value.kind() == Value::Kind::Decimal) {
        made = value;
    } else if (given->isInt()) {
        made = decimalOf(value.kind() == Value::Kind::Bool ? (value.boolValue() ? "1" : "0")
                                                           : value.text());
    }
    return made ? Ref(*made) : opaque(node);
}

Ref Interpreter::callDecimalMethod(const Value& self, const std::string& name, Arguments& arguments,
                                   const Node& node) {
    std::optional<Value> made;
    const Ref* first = arguments.get(0, "exp");
    if (name == "quantize" && first && !first->box && first->value.kind() == Value::Kind::Decimal) {
        std::string rounding = "ROUND_HALF_EVEN";
        if (const Ref* asked = arguments.get(1, "rounding"); asked && !asked->isNone())
            rounding = asked->isStr() ? asked->value.text()
                       : asked->box   ? asked->box->name.substr(asked->box->name.rfind('.') + 1)
                                      : "";
        made = quantized(self, placesOf(first->value), rounding);
    } else if (name == "normalize" && arguments.positional.empty()) {
        std::string text = self.text();
        if (text.find('.') != std::string::npos) {
            text.erase(text.find_last_not_of('0') + 1);
            if (text.back() == '.') text.pop_back();
        }
        // "100" would become 1E+2.
        if (text.back() != '0' || text == "0") made = decimalOf(text);
    }
    return made ? Ref(*made) : opaque(node);
}

} // namespace covet::syntax::eval
