#include "text/line_list.h"

namespace covet::text {

LineList::LineList(std::string_view text) : text_(text) {
    for (size_t start = 0; start < text_.size(); start = endOf(start))
        if (size_++ % kStride == 0) starts_.push_back(start);
}

size_t LineList::endOf(size_t start) const {
    const size_t end = text_.find('\n', start);
    return end == std::string_view::npos ? text_.size() : end + 1;
}

std::string_view LineList::operator[](size_t line) const {
    if (line + 1 == last_) {
        // The last character before it is the end of the line wanted.
        const size_t end = lastStart_ > 1 ? text_.rfind('\n', lastStart_ - 2) : std::string_view::npos;
        lastStart_ = end == std::string_view::npos ? 0 : end + 1;
        last_ = line;
    } else if (line < last_ || line - last_ >= kStride) {
        last_ = line / kStride * kStride;
        lastStart_ = starts_[line / kStride];
    }
    for (; last_ < line; ++last_) lastStart_ = endOf(lastStart_);
    return text_.substr(lastStart_, endOf(lastStart_) - lastStart_);
}

} // namespace covet::text
