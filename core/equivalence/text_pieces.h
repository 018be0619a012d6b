#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace covet::equivalence {

/// A stretch of text that is compared as one thing.
struct TextPiece {
    enum class Kind {
        Word,   // letters, digits, '-', '_'
        Moment, // 2024-01-31T10:00:00.123Z and its like
        Clock,  // 10:00:00
        Other   // what is between
    };
    Kind kind = Kind::Other;
    std::string_view text;
    /// Moment: seconds since 1970 (as UTC). Clock: seconds since midnight.
    double seconds = 0;
};

/// Cuts a text; the pieces make up the whole of it and point into it.
std::vector<TextPiece> piecesOf(std::string_view text);

/// Whether a word is a UUID or 16 to 128 hexadecimal digits.
bool isRandomToken(std::string_view word);
/// Whether a piece is the time or the signature of a signed cookie, "payload.time.signature": they change every second.
bool isSealOfCookie(const std::vector<TextPiece>& pieces, size_t at);

/// Whether two moments, or two times of day, are written alike: same separators, zone and fraction
/// or none.
bool writtenAlike(const TextPiece& a, const TextPiece& b);

} // namespace covet::equivalence
