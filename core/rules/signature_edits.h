#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "rules/module_rewrite.h"
#include "semantic/module_index.h"

namespace covet::rules {

/// Changes to function signatures of one module, collected from all rules and applied once.
class SignatureEdits {
public:
    explicit SignatureEdits(ModuleRewrite& rewrite) : rewrite_(rewrite) {}

    /// `def` becomes `async def` (nothing if it is already).
    void makeAsync(const semantic::Function& function);
    bool isAsync(const semantic::Function& function) const;
    /// New parameter ("db: DB") after `self`/`cls` and what was added before, ahead of the others.
    void prependParameter(const semantic::Function& function, std::string text);
    /// New parameter after the last one without a default, ahead of `*args`, `*` and defaults.
    void addParameter(const semantic::Function& function, std::string text);
    /// Another text for a parameter; "" removes it.
    void replaceParameter(const semantic::Function& function, const std::string& name, std::string text);
    /// Hands the collected changes to the rewrite. Call once.
    void apply();

private:
    struct Changes {
        const semantic::Function* function = nullptr;
        bool async = false;
        std::vector<std::string> prepended, added;
        std::map<std::string, std::string> replaced;
    };
    Changes& of(const semantic::Function& function);
    std::string parameters(const Changes& changes) const;

    ModuleRewrite& rewrite_;
    std::map<size_t, Changes> changes_; // by start of the definition, for a stable order
};

using semantic::parameterName;

} // namespace covet::rules
