#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace covet {

inline constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
inline constexpr std::string_view kBase64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// RFC 4648, with padding.
std::string toBase64(std::string_view bytes, std::string_view alphabet = kBase64);
/// Nothing for what Python refuses or skips: only the canonical form is read.
std::optional<std::string> fromBase64(std::string_view text, std::string_view alphabet = kBase64);

} // namespace covet
