#include "syntax/evaluator/temporal_text.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "support/strings.h"

namespace covet::syntax::eval {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                   "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

bool isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Reads a text by the directives of a format, greedily: where Python's regular expression would
/// have to go back, it gives up.
class MomentReader {
public:
    MomentReader(std::string_view text, std::string_view format) : text_(text), format_(format) {}

    std::optional<Moment> read() {
        moment_.year = 1900;
        for (size_t i = 0; i < format_.size(); ++i) {
            if (isSpace(format_[i])) {
                if (!isSpace(next())) return std::nullopt;
                while (isSpace(next()))
                    ++at_;
            } else if (format_[i] != '%') {
                if (next() != format_[i]) return std::nullopt;
                ++at_;
            } else if (++i == format_.size() || !directive(format_[i])) {
                return std::nullopt;
            }
        }
        if (at_ != text_.size() || !settle() || !isValid(moment_)) return std::nullopt;
        return moment_;
    }

private:
    char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    bool number(size_t digits, int lowest, int highest, int& out) {
        for (size_t length = std::min(digits, text_.size() - at_); length > 0; --length) {
            const std::string part(text_.substr(at_, length));
            if (part.find_first_not_of("0123456789") != part.npos) continue;
            out = std::atoi(part.c_str());
            if (out < lowest || out > highest) continue;
            at_ += length;
            return true;
        }
        return false;
    }

    template <size_t N>
    bool name(const std::array<std::string_view, N>& names, bool isShort, int& out) {
        for (size_t i = 0; i < N; ++i) {
            const std::string_view whole = isShort ? names[i].substr(0, 3) : names[i];
            if (toLower(text_.substr(at_, whole.size())) != toLower(whole)) continue;
            at_ += whole.size();
            out = static_cast<int>(i);
            return true;
        }
        return false;
    }

    bool zone() {
        moment_.aware = true;
        if (next() == 'Z') {
            ++at_;
            return true;
        }
        const int sign = next() == '-' ? -1 : next() == '+' ? 1 : 0;
        int hours = 0;
        int minutes = 0;
        if (sign == 0) return false;
        ++at_;
        const size_t start = at_;
        if (!number(2, 0, 23, hours) || at_ != start + 2) return false;
        if (next() == ':') ++at_;
        const size_t second = at_;
        if (!number(2, 0, 59, minutes) || at_ != second + 2) return false;
        moment_.offset = sign * (hours * 60 + minutes) * 60;
        return true;
    }

    bool directive(char letter) {
        int ignored = 0;
        switch (letter) {
        case 'Y': {
            const size_t start = at_;
            return number(4, 1, 9999, moment_.year) && at_ == start + 4;
        }
        case 'y': {
            const size_t start = at_;
            if (!number(2, 0, 99, moment_.year) || at_ != start + 2) return false;
            moment_.year += moment_.year < 69 ? 2000 : 1900;
            return true;
        }
        case 'm':
            return number(2, 1, 12, moment_.month);
        case 'd':
            return number(2, 1, 31, moment_.day);
        case 'H':
            return number(2, 0, 23, moment_.hour);
        case 'I':
            hasHalf_ = true;
            return number(2, 1, 12, moment_.hour);
        case 'M':
            return number(2, 0, 59, moment_.minute);
        case 'S':
            return number(2, 0, 59, moment_.second);
        case 'j':
            return number(3, 1, 366, dayOfYear_);
        case 'f': {
            const size_t start = at_;
            if (!number(6, 0, 999999, moment_.microsecond)) return false;
            for (size_t digits = at_ - start; digits < 6; ++digits)
                moment_.microsecond *= 10;
            return true;
        }
        case 'p': {
            const std::string half = toLower(text_.substr(at_, 2));
            if (half != "am" && half != "pm") return false;
            at_ += 2;
            afternoon_ = half == "pm";
            return true;
        }
        case 'b':
        case 'B':
            if (!name(kMonths, letter == 'b', moment_.month)) return false;
            ++moment_.month;
            return true;
        case 'a':
        case 'A':
            return name(kDays, letter == 'a', ignored);
        case 'z':
            return zone();
        case '%':
            return next() == '%' ? (++at_, true) : false;
        default:
            return false;
        }
    }

    /// What directives say together.
    bool settle() {
        if (hasHalf_) moment_.hour = moment_.hour % 12 + (afternoon_ ? 12 : 0);
        if (dayOfYear_ == 0) return true;
        const int year = moment_.year;
        civilFromDays(daysFromCivil(year, 1, 1) + dayOfYear_ - 1, moment_.year, moment_.month,
                      moment_.day);
        return moment_.year == year;
    }

    std::string_view text_;
    std::string_view format_;
    size_t at_ = 0;
    Moment moment_;
    bool hasHalf_ = false;
    bool afternoon_ = false;
    int dayOfYear_ = 0;
};

} // namespace

int weekdayOf(const Moment& m) {
    return static_cast<int>(((daysFromCivil(m.year, m.month, m.day) + 3) % 7 + 7) % 7);
}

std::optional<Moment> parseMoment(std::string_view text, std::string_view format) {
    return MomentReader(text, format).read();
}

std::optional<std::string> formatMoment(const Moment& m, std::string_view format) {
    std::string out;
    for (size_t i = 0; i < format.size(); ++i) {
        if (format[i] != '%' || i + 1 == format.size()) {
            out += format[i];
            continue;
        }
        const bool bare = format[i + 1] == '-' && i + 2 < format.size(); // glibc: no leading zeros
        i += bare ? 2 : 1;
        const auto add = [&](int width, int number) {
            char buffer[16];
            std::snprintf(buffer, sizeof buffer, "%0*d", bare ? 1 : width, number);
            out += buffer;
        };
        const size_t weekday = static_cast<size_t>(weekdayOf(m));
        const size_t month = static_cast<size_t>(m.month - 1);
        switch (format[i]) {
        case 'Y':
            if (m.year < 1000) return std::nullopt; // libc decides on the zeros
            add(4, m.year);
            break;
        case 'm':
            add(2, m.month);
            break;
        case 'd':
            add(2, m.day);
            break;
        case 'H':
            add(2, m.hour);
            break;
        case 'I':
            add(2, (m.hour + 11) % 12 + 1);
            break;
        case 'M':
            add(2, m.minute);
            break;
        case 'S':
            add(2, m.second);
            break;
        case 'f':
            add(6, m.microsecond);
            break;
        case 'y':
            add(2, m.year % 100);
            break;
        case 'j':
            add(3, static_cast<int>(daysFromCivil(m.year, m.month, m.day) -
                                    daysFromCivil(m.year, 1, 1) + 1));
            break;
        case 'p':
            out += m.hour < 12 ? "AM" : "PM";
            break;
        case 'a':
            out += kDays[weekday].substr(0, 3);
            break;
        case 'A':
            out += kDays[weekday];
            break;
        case 'b':
            out += kMonths[month].substr(0, 3);
            break;
        case 'B':
            out += kMonths[month];
            break;
        case '%':
            out += '%';
            break;
        default:
            return std::nullopt;
        }
    }
    return out;
}

} // namespace covet::syntax::eval
