#pragma once

#include <map>
#include <set>
#include <vector>

#include "facts/store_finder.h"
#include "rules/store/object_reach.h"

namespace covet::rules {

/// Which functions reach which stores, directly or through what they call.
class StoreAccess {
public:
    StoreAccess(const CallGraph& graph, const std::vector<const facts::FoundStore*>& stores);

    /// In order of FoundStore ids as given.
    std::vector<const facts::FoundStore*> storesOf(const semantic::Function& function) const;
    const std::set<const semantic::Function*>& touching() const { return touching_; }
    bool touches(const semantic::Function& function) const { return touching_.count(&function) > 0; }
    /// Stores that the function names itself.
    const std::set<const facts::FoundStore*>& directly(const semantic::Function& function) const;

private:
    const CallGraph& graph_;
    std::vector<const facts::FoundStore*> stores_;
    std::map<const semantic::Function*, std::set<const facts::FoundStore*>> direct_;
    std::set<const semantic::Function*> touching_;
    ObjectReach reach_;
};

} // namespace covet::rules
