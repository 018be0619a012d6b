#include "text/line_diff.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace covet::text {
namespace {

constexpr long kMaxCost = 3000;

class LineDiff {
public:
    LineDiff(const std::vector<uint32_t>& before, const std::vector<uint32_t>& after)
        : a_(before), b_(after) {
        // Diagonals are at most as far from the middle as paths are long.
        const size_t size = 2 * std::min(a_.size() + b_.size(), static_cast<size_t>(kMaxCost)) + 5;
        forward_.resize(size);
        backward_.resize(size);
    }

    std::vector<LineChange> run() {
        compare(0, static_cast<long>(a_.size()), 0, static_cast<long>(b_.size()));
        return std::move(changes_);
    }

private:
    struct Split {
        long a = 0, b = 0;
        bool found = false;
    };

    bool equal(long i, long j) const { return a_[static_cast<size_t>(i)] == b_[static_cast<size_t>(j)]; }

    void emit(long aLow, long aHigh, long bLow, long bHigh) {
        if (aLow == aHigh && bLow == bHigh) return;
        auto size = [](long value) { return static_cast<size_t>(value); };
        if (!changes_.empty() && changes_.back().oldEnd == size(aLow) &&
            changes_.back().newEnd == size(bLow)) {
            changes_.back().oldEnd = size(aHigh);
            changes_.back().newEnd = size(bHigh);
            return;
        }
        changes_.push_back({size(aLow), size(aHigh), size(bLow), size(bHigh)});
    }

    void compare(long aLow, long aHigh, long bLow, long bHigh) {
        while (aLow < aHigh && bLow < bHigh && equal(aLow, bLow)) ++aLow, ++bLow;
        while (aLow < aHigh && bLow < bHigh && equal(aHigh - 1, bHigh - 1)) --aHigh, --bHigh;
        if (aLow == aHigh || bLow == bHigh) return emit(aLow, aHigh, bLow, bHigh);
        Split split = middle(aLow, aHigh, bLow, bHigh);
        bool progress = split.found && (split.a > aLow || split.b > bLow) &&
                        (split.a < aHigh || split.b < bHigh);
        if (!progress) return emit(aLow, aHigh, bLow, bHigh);
        compare(aLow, split.a, bLow, split.b);
        compare(split.a, aHigh, split.b, bHigh);
    }

    /// A point on an optimal path, where the searches from both ends meet.
    Split middle(long aLow, long aHigh, long bLow, long bHigh) {
        const long n = aHigh - aLow, m = bHigh - bLow, delta = n - m;
        const bool odd = delta & 1;
        const long offset = std::min(n + m, kMaxCost) + 2;
        auto f = [&](long k) -> long& { return forward_[static_cast<size_t>(offset + k)]; };
        auto r = [&](long k) -> long& { return backward_[static_cast<size_t>(offset + k)]; };
        f(1) = 0;
        r(1) = 0;
        for (long d = 0; d <= std::min((n + m + 1) / 2, kMaxCost); ++d) {
            for (long k = -d; k <= d; k += 2) {
                long x = k == -d || (k != d && f(k - 1) < f(k + 1)) ? f(k + 1) : f(k - 1) + 1;
                long y = x - k;
                while (x < n && y < m && y >= 0 && equal(aLow + x, bLow + y)) ++x, ++y;
                f(k) = x;
                long c = delta - k;
                if (odd && c >= -(d - 1) && c <= d - 1 && x + r(c) >= n && y >= 0 && y <= m && x <= n)
                    return {aLow + x, bLow + y, true};
            }
            for (long k = -d; k <= d; k += 2) {
                long x = k == -d || (k != d && r(k - 1) < r(k + 1)) ? r(k + 1) : r(k - 1) + 1;
                long y = x - k;
                while (x < n && y < m && y >= 0 && equal(aHigh - 1 - x, bHigh - 1 - y)) ++x, ++y;
                r(k) = x;
                long c = delta - k;
                if (!odd && c >= -d && c <= d && f(c) + x >= n && y >= 0 && y <= m && x <= n)
                    return {aHigh - x, bHigh - y, true};
            }
        }
        return {};
    }

    const std::vector<uint32_t>& a_;
    const std::vector<uint32_t>& b_;
    std::vector<long> forward_, backward_;
    std::vector<LineChange> changes_;
};

/// How many lines both start with.
size_t commonStart(const LineList& before, const LineList& after) {
    size_t line = 0;
    while (line < before.size() && line < after.size() && before[line] == after[line]) ++line;
    return line;
}

/// How many lines both end with, after `start` lines that are the same.
size_t commonEnd(const LineList& before, const LineList& after, size_t start) {
    size_t most = std::min(before.size(), after.size()) - start, lines = 0;
    while (lines < most && before[before.size() - lines - 1] == after[after.size() - lines - 1]) ++lines;
    return lines;
}

/// Those of a side's lines that the other side has too; only they can stay.
struct SharedLines {
    std::vector<size_t> places;
    std::vector<uint32_t> numbers; // equal lines have equal ones
};

std::pair<SharedLines, SharedLines> sharedLines(const LineList& shorter, const LineList& longer, size_t start, size_t shorterEnd,
                                                size_t longerEnd) {
    std::unordered_map<std::string_view, uint32_t> numbers;
    for (size_t i = start; i < shorterEnd; ++i) numbers.emplace(shorter[i], static_cast<uint32_t>(numbers.size()));
    std::vector<bool> isShared(numbers.size());
    std::pair<SharedLines, SharedLines> shared;
    for (size_t i = start; i < longerEnd; ++i) {
        const auto known = numbers.find(longer[i]);
        if (known == numbers.end()) continue;
        isShared[known->second] = true;
        shared.second.places.push_back(i);
        shared.second.numbers.push_back(known->second);
    }
    for (size_t i = start; i < shorterEnd; ++i) {
        const uint32_t number = numbers.find(shorter[i])->second;
        if (!isShared[number]) continue;
        shared.first.places.push_back(i);
        shared.first.numbers.push_back(number);
    }
    return shared;
}

} // namespace

std::vector<LineChange> diffLines(const std::vector<uint32_t>& before, const std::vector<uint32_t>& after) {
    return LineDiff(before, after).run();
}

std::vector<LineChange> diffLines(const LineList& before, const LineList& after) {
    const size_t start = commonStart(before, after);
    const size_t end = commonEnd(before, after, start);
    const size_t lastBefore = before.size() - end, lastAfter = after.size() - end;
    const bool swapped = lastAfter < lastBefore;
    auto [shorter, longer] = sharedLines(swapped ? after : before, swapped ? before : after, start,
                                         std::min(lastBefore, lastAfter), std::max(lastBefore, lastAfter));
    const SharedLines &was = swapped ? longer : shorter, &is = swapped ? shorter : longer;
    std::vector<LineChange> changes;
    size_t oldLine = start, newLine = start; // all before is told
    const auto changeUntil = [&](size_t oldEnd, size_t newEnd) {
        if (oldLine < oldEnd || newLine < newEnd) changes.push_back({oldLine, oldEnd, newLine, newEnd});
    };
    size_t i = 0, j = 0;
    const auto keepUntil = [&](size_t until) {
        for (; i < until; ++i, ++j) {
            changeUntil(was.places[i], is.places[j]);
            oldLine = was.places[i] + 1;
            newLine = is.places[j] + 1;
        }
    };
    for (const LineChange& change : diffLines(was.numbers, is.numbers)) {
        keepUntil(change.oldStart);
        i = change.oldEnd;
        j = change.newEnd;
    }
    keepUntil(was.places.size());
    changeUntil(lastBefore, lastAfter);
    return changes;
}

} // namespace covet::text
