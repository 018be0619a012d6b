#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rules/migration_context.h"

namespace covet::rules {

/// When a rule runs.
enum class Phase {
    Frontend, // before the schema is known: applications, routes, handlers
    Check     // after the stores have been rewritten: findings on what comes out
};

/// One row of rules.def: a pass over the whole project that claims rewrites and reports findings.
struct Rule {
    std::string_view name; // kebab-case
    Phase phase;
    void (*run)(MigrationContext& context);
    std::string_view summary; // one line for `covetpy-migrate rules`
};

/// All rules in the order in which they run; the first claim of a node wins.
const std::vector<Rule>& rules();
/// Runs the rules of one phase, but for those that are left out by their names.
void runRules(MigrationContext& context, Phase phase, const std::set<std::string>& leftOut = {});

} // namespace covet::rules
