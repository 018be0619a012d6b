#include "rules/store/exact/claims.h"

#include <algorithm>

namespace covet::rules::exact {

void Claims::replace(const Module& module, const Node& node, ModuleRewrite::Render render) {
    replacements_.push_back({&module, node, std::move(render)});
}

void Claims::replace(const Module& module, const Node& node, const std::string& text) {
    replace(module, node, [text](const ModuleRewrite&) { return text; });
}

void Claims::surround(const Module& module, const Node& node, const std::string& prefix, const std::string& suffix) {
    steps_.push_back([&module, node, prefix, suffix](MigrationContext& context) {
        context.rewrite(module).wrapValue(node, prefix, suffix);
    });
}

void Claims::before(const Module& module, const Node& statement, std::vector<std::string> lines) {
    steps_.push_back([&module, statement, lines = std::move(lines)](MigrationContext& context) {
        context.rewrite(module).insertBefore(statement, lines);
    });
}

void Claims::after(const Module& module, const Node& statement, std::vector<std::string> lines) {
    steps_.push_back([&module, statement, lines = std::move(lines)](MigrationContext& context) {
        context.rewrite(module).insertAfter(statement, lines);
    });
}

void Claims::atBodyStart(const Module& module, const Node& function, std::vector<std::string> lines) {
    steps_.push_back([&module, function, lines = std::move(lines)](MigrationContext& context) {
        context.rewrite(module).insertAtBodyStart(function, lines);
    });
}

void Claims::remove(const Module& module, const Node& statement) {
    removals_.emplace_back(&module, statement);
}

void Claims::then(std::function<void()> step) {
    steps_.push_back([step = std::move(step)](MigrationContext&) { step(); });
}

bool Claims::covers(const Node& node) const {
    return std::any_of(replacements_.begin(), replacements_.end(),
                       [&](const Replacement& one) { return one.node == node; });
}

bool Claims::areFree(MigrationContext& context) const {
    for (size_t i = 0; i < replacements_.size(); ++i) {
        const Replacement& one = replacements_[i];
        const ModuleRewrite& rewrite = context.rewrite(*one.module);
        if (rewrite.isClaimed(one.node) || rewrite.isRemoved(one.node)) return false;
        for (size_t k = 0; k < i; ++k)
            if (replacements_[k].node == one.node) return false;
    }
    return std::none_of(removals_.begin(), removals_.end(), [&](const auto& one) {
        return context.rewrite(*one.first).isClaimed(one.second) || context.rewrite(*one.first).isRemoved(one.second);
    });
}

void Claims::make(MigrationContext& context) {
    for (Replacement& one : replacements_) context.rewrite(*one.module).replace(one.node, std::move(one.render));
    for (const auto& [module, statement] : removals_) context.rewrite(*module).remove(statement);
    for (const auto& step : steps_) step(context);
}

} // namespace covet::rules::exact
