#include "support/words.h"

#include <algorithm>

namespace covet {

bool detail::isAmong(const std::string_view* words, size_t count, std::string_view word) {
    return std::find(words, words + count, word) != words + count;
}

} // namespace covet
