#include "support/suggest.h"

#include <algorithm>

namespace covet {
namespace {

size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<size_t>> cost(a.size() + 1, std::vector<size_t>(b.size() + 1));
    for (size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
    for (size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
    for (size_t i = 1; i <= a.size(); ++i) {
        for (size_t j = 1; j <= b.size(); ++j) {
            size_t replace = cost[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            cost[i][j] = std::min({replace, cost[i - 1][j] + 1, cost[i][j - 1] + 1});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    }
    return cost[a.size()][b.size()];
}

} // namespace

std::string closest(std::string_view typed, const std::vector<std::string>& candidates) {
    if (typed.empty() || typed.size() > 64) return "";
    std::string best;
    size_t bestCost = std::string_view::npos;
    for (const std::string& candidate : candidates) {
        size_t cost = distance(typed, candidate);
        if (typed.size() >= 3 && candidate.compare(0, typed.size(), typed) == 0) cost = 0;
        size_t allowed = std::max<size_t>(1, std::max(typed.size(), candidate.size()) / 3);
        if (cost <= allowed && cost < bestCost) {
            best = candidate;
            bestCost = cost;
        }
    }
    return best;
}

} // namespace covet
