#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace covet::syntax::eval {

/// Other case of a character, for the scripts that are written with one code point per letter and
/// case; the same code point where there is none.
struct LetterCase {
    uint32_t upper = 0;
    uint32_t lower = 0;
    bool isCased() const { return upper != lower; }
};

/// Nothing for a character whose case needs the full Unicode tables.
std::optional<LetterCase> caseOf(uint32_t point);

/// As str.isspace of one character.
bool isUnicodeSpace(uint32_t point);

/// str.upper, lower, title, capitalize, swapcase or casefold; nothing if a character is not known.
std::optional<std::string> changedCase(std::string_view text, std::string_view method);

/// textwrap.dedent
std::string dedented(std::string_view text);

} // namespace covet::syntax::eval
