#include "equivalence/text_pieces.h"

namespace covet::equivalence {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isHex(char c) { return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool isWord(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || (c & 0x80);
}

bool digitsAt(std::string_view text, size_t at, size_t count) {
    if (at + count > text.size()) return false;
    for (size_t i = 0; i < count; ++i)
        if (!isDigit(text[at + i])) return false;
    return true;
}

int number(std::string_view text, size_t at, size_t count) {
    int value = 0;
    for (size_t i = 0; i < count; ++i) value = value * 10 + (text[at + i] - '0');
    return value;
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar.
int64_t daysOf(int year, int month, int day) {
    const int64_t y = year - (month <= 2);
    const int64_t era = (y >= 0 ? y : y - 399) / 400;
    const int64_t yearOfEra = y - era * 400;
    const int64_t dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
}

/// Length of "HH:MM", "HH:MM:SS", "HH:MM:SS.ffffff" at a position; 0 if there is none.
size_t clockAt(std::string_view text, size_t at, double& seconds) {
    if (!digitsAt(text, at, 2) || at + 5 > text.size() || text[at + 2] != ':' || !digitsAt(text, at + 3, 2)) return 0;
    seconds = number(text, at, 2) * 3600.0 + number(text, at + 3, 2) * 60.0;
    size_t size = 5;
    if (at + size < text.size() && text[at + size] == ':' && digitsAt(text, at + size + 1, 2)) {
        seconds += number(text, at + size + 1, 2);
        size += 3;
        size_t fraction = at + size + 1;
        if (fraction < text.size() && (text[fraction - 1] == '.' || text[fraction - 1] == ',') && isDigit(text[fraction])) {
            while (fraction < text.size() && isDigit(text[fraction])) ++fraction;
            size = fraction - at;
        }
    }
    return size;
}

/// Length of a zone ("Z", "+01:00", "+0100") at a position.
size_t zoneAt(std::string_view text, size_t at) {
    if (at >= text.size()) return 0;
    if (text[at] == 'Z') return 1;
    if (text[at] != '+' && text[at] != '-') return 0;
    if (!digitsAt(text, at + 1, 2)) return 0;
    if (digitsAt(text, at + 3, 2)) return 5;
    if (at + 3 < text.size() && text[at + 3] == ':' && digitsAt(text, at + 4, 2)) return 6;
    return 0;
}

size_t momentAt(std::string_view text, size_t at, double& seconds) {
    const bool isDate = digitsAt(text, at, 4) && at + 10 < text.size() && text[at + 4] == '-' &&
                        digitsAt(text, at + 5, 2) && text[at + 7] == '-' && digitsAt(text, at + 8, 2);
    if (!isDate || (text[at + 10] != 'T' && text[at + 10] != ' ')) return 0;
    double clock = 0;
    const size_t size = clockAt(text, at + 11, clock);
    const int month = number(text, at + 5, 2);
    if (size == 0 || month < 1 || month > 12) return 0;
    seconds = static_cast<double>(daysOf(number(text, at, 4), month, number(text, at + 8, 2))) * 86400 + clock;
    return 11 + size + zoneAt(text, at + 11 + size);
}

bool hasFraction(std::string_view text) { return text.find_first_of(".,") != std::string_view::npos; }

/// What follows the time of day.
std::string_view zoneOf(std::string_view moment) {
    const size_t at = moment.find_first_of("Z+-", 11);
    return at == std::string_view::npos ? std::string_view() : moment.substr(at);
}

/// "HH:MM" or "HH:MM:SS", as its length.
size_t clockSize(std::string_view moment) {
    const size_t end = moment.find_first_of("Z+-.,", 11);
    return (end == std::string_view::npos ? moment.size() : end) - 11;
}

} // namespace

std::vector<TextPiece> piecesOf(std::string_view text) {
    std::vector<TextPiece> pieces;
    size_t at = 0;
    while (at < text.size()) {
        TextPiece piece;
        size_t size = momentAt(text, at, piece.seconds);
        if (size) {
            piece.kind = TextPiece::Kind::Moment;
        } else if ((size = clockAt(text, at, piece.seconds)) >= 8) {
            piece.kind = TextPiece::Kind::Clock;
        } else {
            const bool word = isWord(text[at]);
            piece.kind = word ? TextPiece::Kind::Word : TextPiece::Kind::Other;
            size = 1;
            while (at + size < text.size() && isWord(text[at + size]) == word) ++size;
        }
        piece.text = text.substr(at, size);
        pieces.push_back(piece);
        at += size;
    }
    return pieces;
}

bool isRandomToken(std::string_view word) {
    if (word.size() == 36 && word[8] == '-' && word[13] == '-' && word[18] == '-' && word[23] == '-') {
        for (size_t i = 0; i < word.size(); ++i)
            if (i != 8 && i != 13 && i != 18 && i != 23 && !isHex(word[i])) return false;
        return true;
    }
    if (word.size() < 16 || word.size() > 128) return false;
    for (char c : word)
        if (!isHex(c)) return false;
    return true;
}

bool isSealOfCookie(const std::vector<TextPiece>& pieces, size_t at) {
    constexpr size_t kTime = 6, kSignature = 27; // as Base64 of 4 and of 20 bytes
    const auto isPart = [&](size_t index, size_t size) { return index < pieces.size() && pieces[index].text.size() == size; };
    const auto isDot = [&](size_t index) { return index < pieces.size() && pieces[index].text == "."; };
    const size_t time = isPart(at, kSignature) && at >= 2 ? at - 2 : at;
    return time >= 2 && isDot(time - 1) && isPart(time, kTime) && isDot(time + 1) && isPart(time + 2, kSignature);
}

bool writtenAlike(const TextPiece& a, const TextPiece& b) {
    if (a.kind != b.kind || hasFraction(a.text) != hasFraction(b.text)) return false;
    if (a.kind == TextPiece::Kind::Clock) return true;
    return a.text[10] == b.text[10] && clockSize(a.text) == clockSize(b.text) && zoneOf(a.text) == zoneOf(b.text);
}

} // namespace covet::equivalence
