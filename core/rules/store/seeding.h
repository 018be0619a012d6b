#pragma once

#include <set>
#include <vector>

#include "rules/store/call_graph.h"
#include "facts/store_finder.h"

namespace covet::rules {

/// Tells code that does nothing but fill stores, so that it can go once their rows are in tables.
class SeedCheck {
public:
    SeedCheck(const semantic::Project& project, const CallGraph& graph,
              const std::vector<const facts::FoundStore*>& stores);

    /// The function and all it runs. `isAwaited`: whoever calls it runs it also where it is async.
    bool functionOnlyFills(const semantic::Function& start, bool isAwaited = false) const;
    /// A statement of module level and all it runs.
    bool statementOnlyFills(const semantic::Module& module, const Node& statement) const;
    /// A statement of a function that an application runs when it starts or ends.
    bool lifespanOnlyFills(const semantic::Module& module, const semantic::Function& function, const Node& statement) const;

private:
    bool isStore(Node node) const;
    bool onlyFills(const semantic::Module& module, const semantic::Function* function, const Node& code) const;
    bool isHarmlessCall(const semantic::Module& module, const Node& call) const;

    const semantic::Project& project_;
    const CallGraph& graph_;
    std::set<std::pair<const semantic::Module*, std::string>> variables_;
    std::set<const void*> references_;
};

/// Functions that only fill stores, with their modules.
using SeedFunctions = std::set<std::pair<const semantic::Module*, const semantic::Function*>>;

/// Takes out statements that only fill stores, and functions that nothing else calls: their rows are in the tables.
void removeSeeding(MigrationContext& context, const std::vector<std::pair<const semantic::Module*, Node>>& statements,
                   const SeedFunctions& functions);

} // namespace covet::rules
