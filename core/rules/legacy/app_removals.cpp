#include "rules/legacy/app_rewriter.h"

#include <algorithm>

#include "facts/reference_context.h"
#include "support/strings.h"

namespace covet::rules::legacy {

const Module* AppRewriter::moduleOf(const Function& function) const {
    for (const auto& module : project_.modules())
        for (const Function& one : module->functions)
            if (&one == &function) return module.get();
    return nullptr;
}

bool AppRewriter::planRemovals() {
    std::vector<std::pair<const Module*, const Function*>> wanted;
    if (isClass()) {
        const Module& home = *app_.registry->module;
        const semantic::Class* type = home.classNamed(app_.registry->className);
        if (!type) return fail("class-definition", app_.registry->className);
        const Node definition = type->node.parent().is("decorated_definition") ? type->node.parent() : type->node;
        gone(home, definition);
        for (const Reference& reference : referencesTo(project_, home, type->name))
            if (!isInside(reference, removed_) && !app_.instance.contains(reference.node))
                return fail("class-in-use", std::string(facts::statementOf(reference.node).text().substr(0, 60)));
        if (app_.instance.namedChild(0).field("right").field("arguments").namedChildCount() > 0)
            return fail("class-arguments", std::string(app_.instance.text()));
        // Methods that no rewritten site uses have no counterpart.
        for (const Reference& reference : referencesTo(project_, *app_.module, app_.name)) {
            const Node parent = reference.node.parent();
            if (!parent.is("attribute") || !(parent.field("object") == reference.node)) continue;
            if (!isSite(*reference.module, parent)) return fail("class-features", std::string(parent.text()));
        }
    } else {
        gone(*app_.module, app_.callable->decorated);
    }
    if (app_.registry)
        for (const Function* registrar : app_.registry->registrars)
            if (registrar->className.empty() && moduleOf(*registrar)) wanted.emplace_back(moduleOf(*registrar), registrar);
    for (const Function* helper : app_.helpers)
        if (helper->className.empty() && !helper->isNested && moduleOf(*helper)) wanted.emplace_back(moduleOf(*helper), helper);
    if (app_.routerClass) {
        const Module& home = *project_.module(app_.registry->id.substr(0, app_.registry->id.find(':')));
        const Node definition = app_.routerClass->node.parent().is("decorated_definition") ? app_.routerClass->node.parent() : app_.routerClass->node;
        gone(home, definition);
        removedClasses_.emplace_back(&home, app_.routerClass);
        for (const Reference& reference : referencesTo(project_, home, app_.routerClass->name))
            if (!isInside(reference, removed_) && !app_.registry->definitions[0].contains(reference.node))
                return fail("class-in-use", std::string(facts::statementOf(reference.node).text().substr(0, 60)));
    }
    std::sort(wanted.begin(), wanted.end(), [](const auto& a, const auto& b) { return a.second->node.start() < b.second->node.start(); });
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    removeRequestClasses();
    // What is used by nothing but what goes, goes as well.
    for (bool grown = true; grown;) {
        grown = false;
        for (auto& [module, function] : wanted) {
            if (!function) continue;
            std::vector<Removed> with = removed_;
            with.push_back({module, function->decorated});
            bool free = true;
            for (const Reference& reference : referencesTo(project_, *module, function->qualified))
                free = free && (isInside(reference, with) || isSite(*reference.module, reference.node));
            if (!free) continue;
            gone(*module, function->decorated);
            function = nullptr;
            grown = true;
        }
    }
    if (app_.registry)
        for (const Function* registrar : app_.registry->registrars)
            if (const Module* home = moduleOf(*registrar); home && !onlyRegisters(*home, *registrar)) return false;
    for (const auto& [module, function] : wanted)
        if (function && app_.registry && app_.registry->registrars.count(function))
            return fail("registrar-in-use", function->name);
    return app_.registry && !isClass() ? checkRegistryUses() : true;
}

/// Classes of which only the dispatcher made objects.
void AppRewriter::removeRequestClasses() {
    for (const Function* helper : app_.helpers) {
        const Module* home = helper->name == "__init__" ? moduleOf(*helper) : nullptr;
        const semantic::Class* type = home ? home->classNamed(helper->className) : nullptr;
        if (!type || type->name.find('.') != std::string::npos) continue;
        const Node definition = type->node.parent().is("decorated_definition") ? type->node.parent() : type->node;
        std::vector<Removed> with = removed_;
        with.push_back({home, definition});
        bool free = true;
        for (const Reference& reference : referencesTo(project_, *home, type->name)) free = free && isInside(reference, with);
        if (!free) continue;
        gone(*home, definition);
        plan_.removedNames.emplace(home, type->name);
        removedClasses_.emplace_back(home, type);
    }
}

/// Whether a registering function does nothing else that the program could notice.
bool AppRewriter::onlyRegisters(const Module& module, const Function& function) {
    bool clean = true;
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (node.is("global_statement") || node.is("nonlocal_statement") || node.is("delete_statement")) clean = false;
        if (node.is("assignment") && !node.field("left").is("identifier") && !node.field("left").is("pattern_list"))
            clean = clean && containerId(project_, module, node.field("left")) == app_.registry->id;
        if (node.is("expression_statement") && node.namedChild(0).is("call")) {
            const Node callee = node.namedChild(0).field("function");
            const Function* called = namedFunction(project_, module, callee);
            const bool registers = (called && app_.registry->registrars.count(called)) ||
                                   (callee.is("attribute") && containerId(project_, module, callee.field("object")) == app_.registry->id);
            const std::string text(callee.text());
            clean = clean && (registers || text == "print" || startsWith(text, "log"));
        }
        return clean;
    });
    if (!clean) fail("registrar-side-effect", function.name);
    return clean;
}

/// Whether a reference is inside a statement or decorator that a registration is rewritten from.
bool AppRewriter::isSite(const Module& module, const Node& node) const {
    if (!app_.registry) return false;
    for (const Registration& one : app_.registry->registrations) {
        if (one.module != &module || !one.node.contains(node)) continue;
        if (one.site != Registration::Site::Decorator || one.node.field("function").contains(node)) return true;
    }
    return false;
}

bool AppRewriter::checkRegistryUses() {
    const Registry& registry = *app_.registry;
    for (const Reference& reference : referencesTo(project_, *registry.module, registry.variable)) {
        if (isInside(reference, removed_) || isSite(*reference.module, reference.node)) continue;
        bool known = false;
        for (const Node& statement : registry.definitions) known = known || statement.contains(reference.node);
        for (const Registration& one : registry.registrations)
            known = known || (!app_.separate && one.handlerModule == reference.module &&
                              (one.function ? one.function->node.contains(reference.node) : one.lambda.contains(reference.node)));
        if (!known) return fail("registry-in-use", std::string(facts::statementOf(reference.node).text().substr(0, 60)));
    }
    return true;
}

} // namespace covet::rules::legacy
