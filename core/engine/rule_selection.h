#pragma once

#include "covet/core.h"

namespace covet::engine {

/// Rules by id, name or the start of ids, as the user selects and ignores them.
class RuleSelection {
public:
    /// `own` are the ids of the user's rules. Error `unknown-rule` for a selector that means none.
    static Result<RuleSelection> of(const Selection& selection, std::vector<std::string> own);

    bool includes(const std::string& rule, const std::string& file) const;
    /// Whether a selector means the rule.
    bool means(const std::string& selector, const std::string& rule) const { return strength(selector, rule) > 0; }
    /// Whether any rule that the selector means is included in a file.
    bool looksFor(const std::string& selector, const std::string& file) const;
    /// Whether a selector means any rule at all; `near` becomes the closest one if not.
    bool isKnown(const std::string& selector, std::string& near) const;

private:
    size_t strength(const std::string& selector, const std::string& rule) const;
    size_t strongest(const std::vector<std::string>& selectors, const std::string& rule) const;

    Selection selection_;
    std::vector<std::string> own_;
};

} // namespace covet::engine
