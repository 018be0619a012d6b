#include "text/line_origins.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "support/strings.h"
#include "text/line_diff.h"

namespace covet::text {
namespace {

std::vector<uint32_t> numbered(std::string_view text, std::unordered_map<std::string, uint32_t>& numbers) {
    std::vector<uint32_t> out;
    for (const std::string& line : split(text, '\n'))
        out.push_back(numbers.emplace(line, static_cast<uint32_t>(numbers.size())).first->second);
    return out;
}

} // namespace

std::vector<uint32_t> originalLines(std::string_view before, std::string_view after) {
    std::unordered_map<std::string, uint32_t> numbers;
    const std::vector<uint32_t> was = numbered(before, numbers), is = numbered(after, numbers);
    std::vector<uint32_t> lines;
    size_t old = 0;
    auto copy = [&](size_t until) {
        while (lines.size() < until) lines.push_back(static_cast<uint32_t>(++old));
    };
    for (const LineChange& change : diffLines(was, is)) {
        copy(change.newStart);
        for (size_t i = change.newStart; i < change.newEnd; ++i) {
            const size_t last = change.oldEnd > change.oldStart ? change.oldEnd - 1 : change.oldStart;
            lines.push_back(static_cast<uint32_t>(std::min(change.oldStart + i - change.newStart, last) + 1));
        }
        old = change.oldEnd;
    }
    copy(is.size());
    const auto count = static_cast<uint32_t>(was.size());
    for (uint32_t& line : lines) line = std::min(std::max(line, 1u), std::max(count, 1u));
    return lines;
}

} // namespace covet::text
