#pragma once

#include <set>
#include <string>

#include "rules/legacy/symbols.h"

namespace covet::rules::legacy {

/// What the conditions around a branch say about the requests that come there.
struct ChainRoute {
    std::string method, path;
    bool isPart = false; // the path begins or ends so

    bool known() const { return !method.empty() || !path.empty(); }
    /// Name for a function that answers them: "post_users".
    std::string functionName() const;
};

/// The `if` statements of a dispatcher that compare nothing but method and path.
class ChainConditions {
public:
    explicit ChainConditions(const Function& function);

    bool isRouteIf(const Node& statement) const;
    /// Whether there is any.
    bool any() const;
    /// The route with what a condition adds to it.
    ChainRoute narrowed(ChainRoute route, const Node& condition) const;

private:
    bool isRouteCondition(const Node& condition) const;
    bool isPathOrMethod(const Node& node) const;

    const Function& function_;
    std::set<std::string> names_; // variables that hold method or path
};

} // namespace covet::rules::legacy
