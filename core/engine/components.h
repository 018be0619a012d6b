#pragma once

#include <map>
#include <vector>

#include "semantic/project.h"

namespace covet::engine {

using semantic::Module;

/// Which modules belong together: everything connected by imports inside the project.
///
/// A migration keeps a component consistent: all of it is rewritten, or nothing of it.
class Components {
public:
    explicit Components(const semantic::Project& project);

    /// Number of a module's component; numbers follow the order of paths.
    size_t of(const Module& module) const;
    size_t count() const { return count_; }
    /// Whether one of the two modules imports the other.
    bool adjacent(const Module& a, const Module& b) const;

private:
    std::map<const Module*, size_t> component_;
    std::map<const Module*, std::vector<const Module*>> imports_;
    size_t count_ = 0;
};

} // namespace covet::engine
