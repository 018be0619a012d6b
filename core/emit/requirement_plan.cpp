#include "emit/requirement_files.h"

#include <algorithm>

namespace covet::emit {

Decision decide(const Requirement& declared, const RequirementPlan& plan) {
    for (const std::string& name : plan.removed)
        if (declared.normalised == name) return {"remove", "", "the migrated code no longer imports it", false};
    for (const RequirementPlan::Replacement& replacement : plan.replacements)
        if (declared.normalised == replacement.package)
            return {"replace", toText(replacement.by), replacement.reason, false};
    for (const Wanted& wanted : plan.wanted) {
        if (declared.normalised != wanted.requirement.normalised) continue;
        const std::string text = merged(declared, wanted.requirement);
        if (text == toText(declared)) return {"keep", "", wanted.reason, false};
        return {"replace", text, wanted.reason, fitOf(declared, wanted.requirement) == Fit::Conflict};
    }
    return {"keep", "", "", false};
}

std::vector<Wanted> missingFrom(const std::vector<std::string>& declared, const RequirementPlan& plan) {
    std::vector<Wanted> missing;
    auto isIn = [](const std::vector<std::string>& names, const std::string& name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    auto isThere = [&](const std::string& name) {
        if (isIn(declared, name) || isIn(plan.declaredElsewhere, name)) return true;
        // What replaces a declared package is there under its new name.
        return std::any_of(plan.replacements.begin(), plan.replacements.end(), [&](const auto& replacement) {
            return replacement.by.normalised == name && isIn(declared, replacement.package);
        });
    };
    for (const Wanted& wanted : plan.wanted)
        if (!isThere(wanted.requirement.normalised)) missing.push_back(wanted);
    return missing;
}

} // namespace covet::emit
