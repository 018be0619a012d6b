#include "support/base64.h"

namespace covet {

std::string toBase64(std::string_view bytes, std::string_view alphabet) {
    std::string out;
    for (size_t i = 0; i < bytes.size(); i += 3) {
        unsigned group = 0;
        for (size_t j = 0; j < 3; ++j)
            group =
                group << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
        for (size_t j = 0; j < 4; ++j)
            out += i + j > bytes.size() ? '=' : alphabet[group >> (18 - 6 * j) & 63];
    }
    return out;
}

std::optional<std::string> fromBase64(std::string_view text, std::string_view alphabet) {
    if (text.size() % 4 != 0) return std::nullopt;
    size_t padding = 0;
    while (padding < 2 && !text.empty() && text.back() == '=') {
        text.remove_suffix(1);
        ++padding;
    }
    std::string out;
    unsigned group = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const size_t at = alphabet.find(c);
        if (at == alphabet.npos) return std::nullopt;
        group = (group << 6 | static_cast<unsigned>(at)) & 0xFFFFFF;
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        out += static_cast<char>(group >> bits & 0xFF);
    }
    return out;
}

} // namespace covet
