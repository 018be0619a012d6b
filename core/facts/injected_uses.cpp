#include "facts/injected_uses.h"

#include <algorithm>
#include <set>

#include "semantic/module_index.h"
#include "semantic/test_modules.h"
#include "support/strings.h"

namespace covet::facts {
namespace {

using semantic::Symbol;

/// Where a store is all that a function or a lambda gives.
std::vector<StoreReference> handedOut(const FoundStore& store) {
    std::vector<StoreReference> given;
    for (const StoreReference& reference : store.references) {
        const Node around = reference.node.parent();
        if (reference.function && (around.is("return_statement") || around.is("yield") || around.is("lambda"))) given.push_back(reference);
        else if (around.is("lambda")) given.push_back(reference);
    }
    return given;
}

class InjectedUses {
public:
    InjectedUses(const Project& project, std::vector<StoreReference> given) : project_(project), given_(std::move(given)) {}

    std::vector<StoreReference> collect() {
        for (const auto& module : project_.modules()) {
            if (semantic::isTestModule(*module)) continue;
            for (const Function& function : module->functions)
                for (const Node& parameter : function.node.field("parameters").namedChildren())
                    if (gives(*module, parameter.field("value")) || gives(*module, parameter.field("type")))
                        take(*module, function, semantic::parameterName(parameter));
        }
        return std::move(uses_);
    }

private:
    /// `Depends(get_db)`, `Annotated[list, Depends(get_db)]`, or a name of the latter.
    bool gives(const Module& module, const Node& expression) const {
        bool found = false;
        syntax::walk(expression, [&](const Node& node) {
            if (found) return false;
            if (node.is("call")) found = isProvider(module, node);
            if (!node.is("identifier") || !expression.is("type")) return !found;
            const Symbol& symbol = project_.resolve(module, node);
            if (symbol.kind != Symbol::Kind::Variable || !symbol.module) return true;
            const auto assigned = symbol.module->assignments.find(symbol.name);
            if (assigned == symbol.module->assignments.end()) return true;
            syntax::walk(assigned->second.front().namedChild(0).field("right"), [&](const Node& part) {
                found = found || (part.is("call") && isProvider(*symbol.module, part));
                return !found;
            });
            return !found;
        });
        return found;
    }

    bool isProvider(const Module& module, const Node& call) const {
        const std::string_view callee = call.field("function").text();
        if (!endsWith(callee, "Depends") && !endsWith(callee, "Security")) return false;
        Node provider = call.field("arguments").namedChild(0);
        if (provider.is("keyword_argument")) provider = provider.field("value");
        if (provider.isNull()) return false;
        const Symbol& symbol = project_.resolve(module, provider);
        return std::any_of(given_.begin(), given_.end(), [&](const StoreReference& one) {
            if (one.node.parent().is("lambda")) return one.node.parent() == provider;
            return symbol.kind == Symbol::Kind::Function && symbol.module == one.module && symbol.name == one.function->qualified;
        });
    }

    void take(const Module& module, const Function& function, const std::string& name) {
        syntax::walk(function.node.field("body"), [&](const Node& node) {
            const Node parent = node.parent();
            const bool isName = node.is("identifier") && node.text() == name && !(parent.is("attribute") && parent.field("attribute") == node) &&
                                !(parent.is("keyword_argument") && parent.field("name") == node);
            if (isName) uses_.push_back({&module, node, &function});
            return true;
        });
    }

    const Project& project_;
    const std::vector<StoreReference> given_;
    std::vector<StoreReference> uses_;
};

} // namespace

std::vector<StoreReference> injectedUses(const Project& project, const FoundStore& store) {
    std::vector<StoreReference> given = handedOut(store);
    return given.empty() ? given : InjectedUses(project, std::move(given)).collect();
}

} // namespace covet::facts
