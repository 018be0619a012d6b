#include "text/line_diff.h"

#include <algorithm>
#include <unordered_map>

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

} // namespace

std::vector<LineChange> diffLines(const std::vector<uint32_t>& before, const std::vector<uint32_t>& after) {
    return LineDiff(before, after).run();
}

std::vector<LineChange> diffLines(const std::vector<std::string_view>& before,
                                  const std::vector<std::string_view>& after) {
    // Only the shorter side's lines are remembered: what it does not have is the same as nothing.
    const bool swapped = after.size() < before.size();
    std::unordered_map<std::string_view, uint32_t> numbers;
    std::vector<uint32_t> shorter, longer;
    for (std::string_view text : swapped ? after : before)
        shorter.push_back(numbers.emplace(text, static_cast<uint32_t>(numbers.size())).first->second);
    auto next = static_cast<uint32_t>(numbers.size());
    longer.reserve(std::max(before.size(), after.size()));
    for (std::string_view text : swapped ? before : after) {
        const auto known = numbers.find(text);
        longer.push_back(known == numbers.end() ? next++ : known->second);
    }
    return swapped ? diffLines(longer, shorter) : diffLines(shorter, longer);
}

} // namespace covet::text
