#pragma once

#include <cstddef>
#include <string_view>

namespace covet {

namespace detail {
bool isAmong(const std::string_view* words, size_t count, std::string_view word);
}

/// Words that the code knows, as data: nothing is made of them when the program runs.
///
///     static constexpr Words kVerbs = {"GET", "POST"};
///     if (kVerbs.count(name)) …
template <size_t kCount> struct Words {
    std::string_view words[kCount];

    size_t count(std::string_view word) const { return detail::isAmong(words, kCount, word) ? 1 : 0; }
};

template <typename... Word> Words(Word...) -> Words<sizeof...(Word)>;

} // namespace covet
