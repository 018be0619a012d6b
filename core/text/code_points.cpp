#include "text/code_points.h"

#include <array>
#include <cstdint>

namespace covet::text {
namespace {

// Code points of the bytes 0x80..0x9F in windows-1252; 0 where Python's codec has none.
constexpr std::array<uint16_t, 32> kCp1252 = {
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178};

void appendUtf8(std::string& out, uint32_t point) {
    auto put = [&](uint32_t byte) { out += static_cast<char>(byte); };
    if (point < 0x80) {
        put(point);
    } else if (point < 0x800) {
        put(0xC0 | (point >> 6));
        put(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        put(0xE0 | (point >> 12));
        put(0x80 | ((point >> 6) & 0x3F));
        put(0x80 | (point & 0x3F));
    } else {
        put(0xF0 | (point >> 18));
        put(0x80 | ((point >> 12) & 0x3F));
        put(0x80 | ((point >> 6) & 0x3F));
        put(0x80 | (point & 0x3F));
    }
}

/// Reads one code point at `i` and moves past it; nullopt for a malformed sequence.
std::optional<uint32_t> nextPoint(std::string_view text, size_t& i) {
    auto byte = [&](size_t at) { return static_cast<unsigned char>(text[at]); };
    unsigned char lead = byte(i);
    size_t length = lead < 0x80 ? 1 : lead >= 0xC2 && lead < 0xE0 ? 2 : lead >= 0xE0 && lead < 0xF0 ? 3
                  : lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
    if (length == 0 || i + length > text.size()) return std::nullopt;
    uint32_t point = length == 1 ? lead : lead & (0x7Fu >> length);
    for (size_t k = 1; k < length; ++k) {
        if ((byte(i + k) & 0xC0) != 0x80) return std::nullopt;
        point = (point << 6) | (byte(i + k) & 0x3F);
    }
    bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
    if (overlong || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return std::nullopt;
    i += length;
    return point;
}

} // namespace

bool isUtf8(std::string_view bytes, size_t& offset) {
    for (size_t i = 0; i < bytes.size();) {
        offset = i;
        if (!nextPoint(bytes, i)) return false;
    }
    return true;
}

std::optional<std::string> singleByteToUtf8(std::string_view bytes, Encoding encoding, size_t& offset) {
    std::string out;
    for (offset = 0; offset < bytes.size(); ++offset) {
        uint32_t point = static_cast<unsigned char>(bytes[offset]);
        if (point >= 0x80 && encoding == Encoding::Ascii) return std::nullopt;
        if (point >= 0x80 && point < 0xA0 && encoding == Encoding::Cp1252) {
            point = kCp1252[point - 0x80];
            if (point == 0) return std::nullopt;
        }
        appendUtf8(out, point);
    }
    return out;
}

std::optional<std::string> utf8ToSingleByte(std::string_view text, Encoding encoding, size_t& offset) {
    std::string out;
    for (size_t i = 0; i < text.size();) {
        offset = i;
        std::optional<uint32_t> point = nextPoint(text, i);
        if (!point) return std::nullopt;
        bool direct = *point < 0x80 || (encoding == Encoding::Latin1 && *point < 0x100) ||
                      (encoding == Encoding::Cp1252 && *point >= 0xA0 && *point < 0x100);
        if (direct) {
            out += static_cast<char>(*point);
            continue;
        }
        if (encoding != Encoding::Cp1252) return std::nullopt;
        size_t k = 0;
        while (k < kCp1252.size() && kCp1252[k] != *point) ++k;
        if (k == kCp1252.size()) return std::nullopt;
        out += static_cast<char>(0x80 + k);
    }
    return out;
}

std::optional<std::string> utf16ToUtf8(std::string_view bytes, bool bigEndian, size_t& offset) {
    std::string out;
    auto unit = [&](size_t at) -> uint32_t {
        uint32_t first = static_cast<unsigned char>(bytes[at]);
        uint32_t second = static_cast<unsigned char>(bytes[at + 1]);
        return bigEndian ? first << 8 | second : second << 8 | first;
    };
    for (offset = 0; offset < bytes.size(); offset += 2) {
        if (offset + 2 > bytes.size()) return std::nullopt;
        uint32_t point = unit(offset);
        if (point >= 0xD800 && point < 0xE000) {
            if (point >= 0xDC00 || offset + 4 > bytes.size()) return std::nullopt;
            uint32_t low = unit(offset + 2);
            if (low < 0xDC00 || low >= 0xE000) return std::nullopt;
            point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
            offset += 2;
        }
        appendUtf8(out, point);
    }
    return out;
}

std::optional<std::string> utf8ToUtf16(std::string_view text, bool bigEndian, size_t& offset) {
    std::string out;
    auto put = [&](uint32_t unit) {
        char high = static_cast<char>(unit >> 8), low = static_cast<char>(unit & 0xFF);
        out += bigEndian ? high : low;
        out += bigEndian ? low : high;
    };
    for (size_t i = 0; i < text.size();) {
        offset = i;
        std::optional<uint32_t> point = nextPoint(text, i);
        if (!point) return std::nullopt;
        if (*point >= 0x10000) {
            put(0xD800 + ((*point - 0x10000) >> 10));
            put(0xDC00 + ((*point - 0x10000) & 0x3FF));
        } else {
            put(*point);
        }
    }
    return out;
}

} // namespace covet::text
