// The package tries paths without variable parts first, then the others in order of registration; the target
// tries all in order. Routes of a group come in the package's order by themselves.

#include <algorithm>

#include "rules/frameworks/published/published.h"
#include "support/strings.h"

namespace covet::rules::published {
namespace {

bool isVariable(const Site& site) { return site.rule.path.find('{') != std::string::npos; }

bool shareMethod(const Site& first, const Site& second) {
    return std::any_of(first.methods.begin(), first.methods.end(), [&](const std::string& method) {
        return std::count(second.methods.begin(), second.methods.end(), method) > 0;
    });
}

/// Whether some path fits both.
bool overlap(const std::string& first, const std::string& second) {
    const std::vector<std::string> a = split(first, '/'), b = split(second, '/');
    if (a.size() != b.size()) return false;
    for (size_t i = 0; i < a.size(); ++i)
        if (a[i] != b[i] && a[i].find('{') == std::string::npos && b[i].find('{') == std::string::npos) return false;
    return true;
}

/// Whether the first can be registered after the second, by a call below it.
bool canFollow(const Site& first, const Site& second) {
    return first.module == second.module && first.isDecorator() && second.isDecorator() && first.function != second.function &&
           first.function->decorated.parent() == second.function->decorated.parent();
}

} // namespace

void settleOrder(Reading& reading) {
    for (size_t i = 0; i < reading.sites.size(); ++i)
        for (size_t j = i + 1; j < reading.sites.size(); ++j) {
            Site& first = reading.sites[i];
            const Site& second = reading.sites[j];
            if (first.router != second.router || !shareMethod(first, second) || !overlap(first.rule.path, second.rule.path)) continue;
            const bool hides = isVariable(first) && !isVariable(second) && reading.graph.routers()[first.router].isApp;
            if (hides && canFollow(first, second)) {
                if (!first.behind || first.behind->node.start() < second.function->node.start()) first.behind = second.function;
                continue;
            }
            // Of two equal ones the package takes the last; a number that does not fit goes on to the next.
            const bool doubles = !isVariable(first) && !isVariable(second);
            const bool passes = isVariable(first) && isVariable(second) && !first.rule.forms.empty();
            if (hides || doubles || passes)
                reading.refusals.push_back({second.module, second.node, "overlapping-routes", second.rule.path + " and " + first.rule.path});
        }
}

} // namespace covet::rules::published
