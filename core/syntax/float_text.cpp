#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "syntax/value.h"

namespace covet {
namespace {

/// Shortest significant digits that read back as `value` (positive, finite), and the exponent of
/// the first digit.
void shortestDigits(double value, std::string& digits, int& exponent) {
    char buffer[40];
#ifdef __cpp_lib_to_chars
    // Several times faster than trying; the other way is for libraries that do not have it.
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
    const std::string_view text(buffer, static_cast<size_t>(end - buffer));
    const size_t mark = text.find('e');
    digits = text[0];
    if (mark > 2) digits += text.substr(2, mark - 2);
    exponent = std::atoi(std::string(text.substr(mark + 1)).c_str());
#else
    const auto tryPrecision = [&](int precision) {
        std::snprintf(buffer, sizeof buffer, "%.*e", precision - 1, value);
        return std::strtod(buffer, nullptr) == value;
    };
    // 15 digits always survive in a normal double, so fewer need not be tried one by one.
    const bool normal = std::fpclassify(value) == FP_NORMAL;
    int precision = normal ? 15 : 1;
    while (precision < 17 && !tryPrecision(precision)) {
        int binary = 0;
        // Above a power of two the gap is twice the one below: the next number up may still read
        // back although the nearest one does not.
        if (precision == 16 && std::frexp(value, &binary) == 0.5) {
            std::string text(buffer);
            long long mantissa = 0;
            for (size_t i = 0; i < text.find('e'); ++i)
                if (text[i] != '.') mantissa = mantissa * 10 + (text[i] - '0');
            const int power = std::atoi(text.c_str() + text.find('e') + 1) - 15;
            std::snprintf(buffer, sizeof buffer, "%llde%d", mantissa + 1, power);
            if (std::strtod(buffer, nullptr) == value) {
                digits = std::to_string(mantissa + 1);
                exponent = power + static_cast<int>(digits.size()) - 1;
                while (digits.size() > 1 && digits.back() == '0')
                    digits.pop_back();
                return;
            }
        }
        ++precision;
    }
    tryPrecision(precision);
    const std::string text(buffer);
    const size_t mark = text.find('e');
    digits.clear();
    for (size_t i = 0; i < mark; ++i)
        if (text[i] != '.') digits += text[i];
    exponent = std::atoi(text.c_str() + mark + 1);
    while (digits.size() > 1 && digits.back() == '0')
        digits.pop_back();
#endif
}

/// Decimals of so many digits are what repr() prints: no shorter one means the same double.
constexpr size_t kExactDigits = 15;

/// Whether repr() of the float is the text itself: short, no exponent, no zeros to spare.
bool isReprOfFloat(std::string_view text) {
    if (!text.empty() && text[0] == '-') text.remove_prefix(1);
    const size_t point = text.find('.');
    if (point == 0 || point == text.npos || point + 1 >= text.size()) return false;
    if (text.size() > kExactDigits + 1 || text.find_first_not_of("0123456789.") != text.npos ||
        text.find('.', point + 1) != text.npos)
        return false;
    const std::string_view fraction = text.substr(point + 1);
    if (fraction.back() == '0' && fraction.size() > 1) return false;
    if (text[0] != '0') return true;
    if (point > 1) return false; // "007.5"
    // Below 0.0001 there is an exponent.
    return fraction == "0" || fraction.find_first_not_of('0') < 4;
}

} // namespace

Value Value::floatingText(std::string_view decimal) {
    if (isReprOfFloat(decimal)) return scalar(Kind::Float, std::string(decimal));
    return floating(std::strtod(std::string(decimal).c_str(), nullptr));
}

std::string floatRepr(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    std::string text = std::signbit(value) ? "-" : "";
    if (value == 0) return text + "0.0";
#ifdef __cpp_lib_to_chars
    // The usual ones in one go: below 2^53 the shortest digits with a point are what repr() prints.
    if (std::fabs(value) >= 1e-4 && std::fabs(value) < 9007199254740992.0) {
        char buffer[40];
        char* end = std::to_chars(buffer, buffer + sizeof buffer - 2, value, std::chars_format::fixed).ptr;
        if (std::memchr(buffer, '.', static_cast<size_t>(end - buffer)) == nullptr) {
            *end++ = '.';
            *end++ = '0';
        }
        return std::string(buffer, end);
    }
#endif
    std::string digits;
    int exponent = 0;
    shortestDigits(std::fabs(value), digits, exponent);
    if (exponent < -4 || exponent >= 16) {
        text += digits[0];
        if (digits.size() > 1) text += '.' + digits.substr(1);
        char buffer[16];
        std::snprintf(buffer, sizeof buffer, "e%c%02d", exponent < 0 ? '-' : '+',
                      std::abs(exponent));
        return text + buffer;
    }
    if (exponent < 0)
        return text + "0." + std::string(static_cast<size_t>(-exponent - 1), '0') + digits;
    const auto whole = static_cast<size_t>(exponent) + 1;
    if (digits.size() <= whole)
        return text + digits + std::string(whole - digits.size(), '0') + ".0";
    return text + digits.substr(0, whole) + "." + digits.substr(whole);
}

} // namespace covet
