#include "rules/signature_edits.h"

#include <algorithm>

#include "support/strings.h"

namespace covet::rules {

namespace {

/// A `*` with nothing to name after it and a `/` with nothing before it are syntax errors.
void dropIdleSeparators(std::vector<std::string>& parameters) {
    const auto star = std::find(parameters.begin(), parameters.end(), "*");
    if (star != parameters.end() && (star + 1 == parameters.end() || startsWith(*(star + 1), "**"))) parameters.erase(star);
    if (!parameters.empty() && parameters.front() == "/") parameters.erase(parameters.begin());
}

} // namespace

SignatureEdits::Changes& SignatureEdits::of(const semantic::Function& function) {
    Changes& changes = changes_[function.node.start()];
    changes.function = &function;
    return changes;
}

void SignatureEdits::makeAsync(const semantic::Function& function) {
    if (!function.isAsync) of(function).async = true;
}

bool SignatureEdits::isAsync(const semantic::Function& function) const {
    auto found = changes_.find(function.node.start());
    return function.isAsync || (found != changes_.end() && found->second.async);
}

void SignatureEdits::prependParameter(const semantic::Function& function, std::string text) {
    auto& list = of(function).prepended;
    if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(std::move(text));
}

void SignatureEdits::addParameter(const semantic::Function& function, std::string text) {
    auto& list = of(function).added;
    if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(std::move(text));
}

void SignatureEdits::replaceParameter(const semantic::Function& function, const std::string& name,
                                      std::string text) {
    of(function).replaced[name] = std::move(text);
}

std::string SignatureEdits::parameters(const Changes& changes) const {
    std::vector<std::string> result;
    std::vector<Node> old = changes.function->node.field("parameters").namedChildren();
    size_t next = 0;
    bool method = !changes.function->className.empty() && !old.empty();
    if (method) {
        std::string first = parameterName(old[0]);
        if (first == "self" || first == "cls") {
            result.push_back(first);
            next = 1;
        }
    }
    result.insert(result.end(), changes.prepended.begin(), changes.prepended.end());
    bool added = changes.added.empty();
    for (; next < old.size(); ++next) {
        const Node& parameter = old[next];
        bool tail = parameter.is("default_parameter") || parameter.is("typed_default_parameter") ||
                    parameter.is("keyword_separator") || parameter.is("list_splat_pattern") ||
                    parameter.is("dictionary_splat_pattern") ||
                    (parameter.is("typed_parameter") && !parameter.namedChild(0).is("identifier"));
        if (tail && !added) {
            result.insert(result.end(), changes.added.begin(), changes.added.end());
            added = true;
        }
        auto replaced = changes.replaced.find(parameterName(parameter));
        if (replaced == changes.replaced.end()) result.push_back(rewrite_.render(parameter));
        else if (!replaced->second.empty()) result.push_back(replaced->second);
    }
    if (!added) result.insert(result.end(), changes.added.begin(), changes.added.end());
    dropIdleSeparators(result);
    return "(" + join(result, ", ") + ")";
}

void SignatureEdits::apply() {
    for (auto& [start, changes] : changes_) {
        const Node& node = changes.function->node;
        if (changes.async) rewrite_.wrap(node.child(0), "async ", "");
        if (changes.prepended.empty() && changes.added.empty() && changes.replaced.empty()) continue;
        const Changes* kept = &changes;
        rewrite_.replace(node.field("parameters"),
                         [this, kept](const ModuleRewrite&) { return parameters(*kept); });
    }
}

} // namespace covet::rules
