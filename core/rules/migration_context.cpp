#include "rules/migration_context.h"

#include <algorithm>
#include <set>

#include "rules/diagnostics.h"

namespace covet::rules {

bool bindsMethod(const Node& decorator) { return decorator.text() == "@classmethod" || decorator.text() == "@staticmethod"; }

Node belowRoutes(const Handler& handler) {
    Node below = handler.function->node;
    for (const Node& decorator : handler.function->decorated.namedChildren()) {
        if (!decorator.is("decorator")) continue;
        const bool route = std::any_of(handler.routeDecorators.begin(), handler.routeDecorators.end(),
                                       [&](const Node& known) { return known == decorator; });
        if (route || bindsMethod(decorator)) below = handler.function->node;
        else if (below == handler.function->node) below = decorator;
    }
    return below;
}

MigrationContext::MigrationContext(const semantic::Project& project, const catalog::TargetProfile& target)
    : project_(project)
    , target_(target) {}

MigrationContext::State& MigrationContext::state(const semantic::Module& module) {
    State& found = states_[&module];
    if (!found.rewrite) {
        found.rewrite = std::make_unique<ModuleRewrite>(module);
        found.signatures = std::make_unique<SignatureEdits>(*found.rewrite);
    }
    return found;
}

ModuleRewrite& MigrationContext::rewrite(const semantic::Module& module) { return *state(module).rewrite; }

SignatureEdits& MigrationContext::signatures(const semantic::Module& module) {
    return *state(module).signatures;
}

std::vector<const semantic::Module*> MigrationContext::openedModules() const {
    std::vector<const semantic::Module*> opened;
    for (const auto& module : project_.modules()) {
        auto found = states_.find(module.get());
        if (found != states_.end() && found->second.rewrite) opened.push_back(module.get());
    }
    return opened;
}

std::string MigrationContext::sessionName(const semantic::Module& module) {
    std::string& name = state(module).sessionName;
    if (!name.empty()) return name;
    const auto isUsed = [&](std::string_view candidate) { return !module.tree->identifiers(candidate).empty(); };
    for (const char* candidate : {"db", "session", "db_session", "database_session"})
        if (!isUsed(candidate)) return name = candidate;
    name = "db_session_";
    while (isUsed(name)) name += "_";
    return name;
}

const MadeHandler* MigrationContext::madeHandlerAround(const semantic::Module& module, const Node& node) const {
    for (const MadeHandler& made : madeHandlers)
        if (made.module == &module && made.code.contains(node)) return &made;
    return nullptr;
}

const Handler* MigrationContext::handlerOf(const semantic::Function& function) const {
    for (const Handler& handler : handlers)
        if (handler.function == &function) return &handler;
    return nullptr;
}

Finding& MigrationContext::report(const semantic::Module& module, const Node& node,
                                  const std::string& rule, const std::string& subject) {
    Finding finding;
    finding.rule = rule;
    finding.file = module.path();
    finding.start = {module.source.lineOf(node.start()), module.source.columnOf(node.start())};
    finding.end = {module.source.lineOf(node.end()), module.source.columnOf(node.end())};
    finding.message = messageOf(rule, subject);
    const Diagnostic* entry = diagnostic(rule);
    finding.safety = entry ? entry->safety : Safety::Manual;
    finding.outcome = finding.safety == Safety::Safe ? Outcome::Fixed : Outcome::Skipped;
    findings.push_back(std::move(finding));
    return findings.back();
}

} // namespace covet::rules
