#pragma once

#include <functional>
#include <string>
#include <vector>

#include "rules/migration_context.h"

namespace covet::rules::exact {

using semantic::Module;

/// Changes that are planned first and made together, or not at all.
class Claims {
public:
    void replace(const Module& module, const Node& node, ModuleRewrite::Render render);
    void replace(const Module& module, const Node& node, const std::string& text);
    /// Text around the new form of a node, inside of what other rules put around it.
    void surround(const Module& module, const Node& node, const std::string& prefix, const std::string& suffix);
    void before(const Module& module, const Node& statement, std::vector<std::string> lines);
    void after(const Module& module, const Node& statement, std::vector<std::string> lines);
    void atBodyStart(const Module& module, const Node& function, std::vector<std::string> lines);
    void remove(const Module& module, const Node& statement);
    /// Anything else that must happen only if all of it happens.
    void then(std::function<void()> step);

    bool covers(const Node& node) const;
    /// Whether no other rule has claimed one of the nodes.
    bool areFree(MigrationContext& context) const;
    void make(MigrationContext& context);

private:
    struct Replacement {
        const Module* module;
        Node node;
        ModuleRewrite::Render render;
    };
    std::vector<Replacement> replacements_;
    std::vector<std::pair<const Module*, Node>> removals_;
    std::vector<std::function<void(MigrationContext&)>> steps_;
};

} // namespace covet::rules::exact
