#include "engine/rule_selection.h"

#include <algorithm>

#include "rules/diagnostics.h"
#include "support/strings.h"
#include "support/suggest.h"

namespace covet::engine {
namespace {

/// Strength of a selector that names the rule itself; the start of an id counts its letters.
constexpr size_t kWhole = 1000;

} // namespace

Result<RuleSelection> RuleSelection::of(const Selection& selection, std::vector<std::string> own) {
    RuleSelection result;
    result.selection_ = selection;
    result.own_ = std::move(own);
    std::vector<std::string> selectors = selection.select;
    selectors.insert(selectors.end(), selection.ignore.begin(), selection.ignore.end());
    for (const auto& [path, ignored] : selection.fileIgnores)
        selectors.insert(selectors.end(), ignored.begin(), ignored.end());
    for (const std::string& selector : selectors) {
        std::string near;
        if (result.isKnown(selector, near)) continue;
        return Error{"unknown-rule", "there is no rule `" + selector + "`", "", 0,
                     near.empty() ? "covetpy-migrate rules lists them" : "did you mean " + near + "?"};
    }
    return result;
}

bool RuleSelection::includes(const std::string& rule, const std::string& file) const {
    const size_t selected = selection_.select.empty() ? 1 : strongest(selection_.select, rule);
    size_t ignored = strongest(selection_.ignore, rule);
    const auto here = selection_.fileIgnores.find(file);
    if (here != selection_.fileIgnores.end()) ignored = std::max(ignored, strongest(here->second, rule));
    return selected > ignored;
}

bool RuleSelection::looksFor(const std::string& selector, const std::string& file) const {
    auto meant = [&](const std::string& rule) { return means(selector, rule) && includes(rule, file); };
    const std::vector<rules::Diagnostic>& all = rules::diagnostics();
    return std::any_of(own_.begin(), own_.end(), meant) ||
           std::any_of(all.begin(), all.end(), [&](const rules::Diagnostic& entry) { return meant(std::string(entry.id)); });
}

bool RuleSelection::isKnown(const std::string& selector, std::string& near) const {
    std::vector<std::string> names = own_;
    for (const rules::Diagnostic& entry : rules::diagnostics()) names.emplace_back(entry.id);
    for (const std::string& id : names)
        if (means(selector, id)) return true;
    for (const rules::Diagnostic& entry : rules::diagnostics()) names.emplace_back(entry.name);
    near = closest(selector, names);
    return false;
}

size_t RuleSelection::strength(const std::string& selector, const std::string& rule) const {
    if (selector.empty()) return 0;
    if (selector == "ALL") return 1;
    if (selector == rule) return kWhole;
    const rules::Diagnostic* entry = rules::diagnostic(rule);
    if (entry && entry->name == selector) return kWhole;
    return startsWith(rule, selector) ? 1 + selector.size() : 0;
}

size_t RuleSelection::strongest(const std::vector<std::string>& selectors, const std::string& rule) const {
    size_t best = 0;
    for (const std::string& selector : selectors) best = std::max(best, strength(selector, rule));
    return best;
}

} // namespace covet::engine
