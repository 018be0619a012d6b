#include "engine/rule_case.h"

#include "engine/own_rules.h"

namespace covet::engine {

Result<std::string> applyRules(const RuleFile& file, std::vector<std::string> ids, const std::string& module) {
    constexpr const char* kModule = "module.py";
    if (ids.empty()) {
        const Result<OwnRules> rules = OwnRules::read({file});
        if (!rules) return rules.error();
        ids = rules->ids();
        if (ids.empty()) return module; // a selection of nothing would mean everything
    }
    Options options;
    options.ruleFiles = {file};
    options.selection.unsafe = true;
    options.selection.select = std::move(ids);
    const Result<Analysis> analysis = analyze({{kModule, module}}, {}, options);
    if (!analysis) return analysis.error();
    for (const FileChange& change : analysis->changes)
        if (change.path == kModule) return change.after.string();
    return module;
}

} // namespace covet::engine
