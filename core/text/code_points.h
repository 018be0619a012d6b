#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "text/source_text.h"

namespace covet::text {

/// Conversions between UTF-8 and the encodings of source files. On failure `offset` is the byte of
/// the input that has no counterpart.

bool isUtf8(std::string_view bytes, size_t& offset);
std::optional<std::string> singleByteToUtf8(std::string_view bytes, Encoding encoding, size_t& offset);
std::optional<std::string> utf8ToSingleByte(std::string_view text, Encoding encoding, size_t& offset);
std::optional<std::string> utf16ToUtf8(std::string_view bytes, bool bigEndian, size_t& offset);
std::optional<std::string> utf8ToUtf16(std::string_view text, bool bigEndian, size_t& offset);

} // namespace covet::text
