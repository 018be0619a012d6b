#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace covet::text {

/// The lines of a text, with their ends (`\n`; the last may lack one). Takes an eighth of a byte for each, so that
/// texts of millions of lines have one as well; reading them one after the other, either way, costs nothing but the reading.
/// Not for several threads at once.
class LineList {
public:
    /// `text` has to live as long.
    explicit LineList(std::string_view text);

    std::string_view text() const { return text_; }
    size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    std::string_view operator[](size_t line) const;

private:
    static constexpr size_t kStride = 64;

    size_t endOf(size_t start) const;

    std::string_view text_;
    std::vector<size_t> starts_; // of every kStride-th line
    size_t size_ = 0;
    mutable size_t last_ = 0, lastStart_ = 0; // the line that was read last
};

} // namespace covet::text
