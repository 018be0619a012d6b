#include "rules/rule.h"

#include "rules/blocking_calls.h"
#include "rules/legacy/legacy_frontend.h"
#include "rules/sessions/async_sessions.h"

namespace covet::rules {

const std::vector<Rule>& rules() {
    static const std::vector<Rule> table = {
#define RULE(name, phase, function, summary) {name, Phase::phase, function, summary},
#include "rules/rules.def"
#undef RULE
    };
    return table;
}

void runRules(MigrationContext& context, Phase phase, const std::set<std::string>& leftOut) {
    for (const Rule& rule : rules())
        if (rule.phase == phase && !leftOut.count(std::string(rule.name))) rule.run(context);
}

} // namespace covet::rules
