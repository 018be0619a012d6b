#include "rules/legacy/app_rewriter.h"

#include <algorithm>

#include "support/strings.h"

namespace covet::rules::legacy {

/// Whether a path that is known in part takes paths that another route has.
bool AppRewriter::overlaps(const InlineRoute& route) const {
    if (!route.isPrefix && !route.isSuffix) return false;
    bool after = false;
    for (const InlineRoute& other : app_.shape.inlineRoutes) {
        if (&other == &route) {
            after = true;
            continue;
        }
        if (!meets(route.method, other.method) || !covers(route, other.path, other.isPrefix || other.isSuffix)) continue;
        // Decorators register in the order of the functions; what has none comes last.
        const bool inOrder = other.function && route.module == other.module &&
                             (route.function->node.start() < other.function->node.start()) == after;
        if (after ? other.function && !inOrder : !inOrder || !decorated_.count(&other)) return true;
    }
    if (app_.registry)
        for (const Registration& one : app_.registry->registrations)
            if (meets(route.method, one.method) && covers(route, one.path, false)) return true;
    return false;
}

bool AppRewriter::covers(const InlineRoute& route, const std::string& path, bool inPart) {
    if (route.isSuffix) return inPart || endsWith(path, "}") || endsWith(path, route.path);
    const std::string fixed = path.substr(0, path.find('{'));
    return startsWith(fixed, route.path) || (fixed.size() < path.size() && startsWith(route.path, fixed)) ||
           (inPart && startsWith(route.path, fixed));
}

/// Routes that are compared as a part of the path come after those of the registry here; so they
/// must there.
bool AppRewriter::checkInlineOrder() {
    const std::vector<InlineRoute>& all = app_.shape.inlineRoutes;
    for (size_t i = 0; i < all.size(); ++i) {
        if (!all[i].isPrefix && !all[i].isSuffix) continue;
        for (size_t k = i + 1; k < all.size(); ++k)
            if (!all[k].isPrefix && !all[k].isSuffix && meets(all[i].method, all[k].method) && covers(all[i], all[k].path, false))
                return fail("route-order", all[k].path + " behind " + all[i].path);
        if (!app_.registry) continue;
        for (const Registration& one : app_.registry->registrations) {
            if (!meets(all[i].method, one.method) || !covers(all[i], one.path, false)) continue;
            bool before = one.module == app_.module && one.node.start() < app_.callable->node.start();
            for (const auto& [name, binding] : app_.module->imports) {
                const Module* inner = binding.name.empty() ? nullptr : project_.module(binding.module + "." + binding.name);
                const Module* target = inner ? inner : project_.module(binding.module);
                before = before || (target == one.module && binding.statement.start() < app_.callable->node.start());
            }
            if (app_.shape.inlineFirst || !before) return fail("route-order", one.path + " beside " + all[i].path);
        }
    }
    return true;
}

/// Functions that only the dispatcher calls for a path it compares itself become handlers of it.
bool AppRewriter::planInline() {
    std::vector<std::pair<const Function*, std::vector<const InlineRoute*>>> routes; // in the order of the dispatcher
    for (const InlineRoute& route : app_.shape.inlineRoutes) {
        if (!route.function) continue;
        auto known = std::find_if(routes.begin(), routes.end(), [&](const auto& r) { return r.first == route.function; });
        if (known == routes.end()) routes.push_back({route.function, {&route}});
        else known->second.push_back(&route);
    }
    std::vector<Removed> with = removed_;
    with.push_back({app_.module, app_.callable->decorated});
    const bool owns = !app_.registry; // the application object is made for these functions
    for (const auto& [function, list] : routes) {
        if (list[0]->everyPath || function->isNested || !function->className.empty() ||
            function->decorated.is("decorated_definition") || plan_.appModule->path() != list[0]->module->path())
            continue;
        if (isClass()) continue;
        if (!sameArguments(list)) continue;
        const bool before = list[0]->module == app_.module && function->node.start() < app_.callable->node.start();
        if (owns && !before) continue;
        // The application object has to exist before a decorator runs; a call stands where the callable stood.
        bool decorates = owns || app_.registry->definitions[0].start() < function->node.start();
        for (const InlineRoute* route : list) decorates = decorates && !route->isSuffix && !overlaps(*route);
        if (!decorates && !before) continue;
        bool only = true;
        for (const Reference& reference : referencesTo(project_, *list[0]->module, function->qualified))
            only = only && isInside(reference, with);
        if (!only) continue;
        auto shape = std::make_unique<DispatchShape>(app_.shape);
        shape->positional = list[0]->positional;
        shape->keywords = list[0]->keywords;
        shape->spreadsParams = false;
        shape->parsed = list[0]->parsed;
        HandlerCode code;
        code.module = list[0]->module;
        code.function = function;
        code.parameters = function->node.field("parameters");
        code.body = function->node.field("body");
        code.shape = shape.get();
        code.takesBody = takesBody(list[0]->method);
        if (list[0]->isPrefix) {
            code.pathTail = tailName(context_, *list[0]);
            code.pathPrefix = list[0]->path;
            code.pathParameters = {code.pathTail};
        }
        if (list[0]->isSuffix && !startsWith(list[0]->path, "/")) continue;
        for (const InlineRoute* route : list) code.takesBody = code.takesBody || takesBody(route->method);
        HandlerPlan plan = planHandler(context_, code, plan_);
        if (!plan.unclear.empty()) continue;
        inlineShapes_.push_back(std::move(shape));
        app_.inlineHandlers.insert(function);
        if (owns && (!firstInline_ || function->node.start() < firstInline_.start())) firstInline_ = function->node;
        for (const InlineRoute* route : list) registerInline(*route, *function, code, decorates);
        handlers_.emplace_back(code, std::move(plan));
    }
    return true;
}

/// Whether all routes of a function call it with the same arguments.
bool AppRewriter::sameArguments(const std::vector<const InlineRoute*>& list) {
    for (const InlineRoute* route : list) {
        if (list.size() > 1 && (route->isPrefix || route->isSuffix)) return false;
        if (route->positional.size() != list[0]->positional.size() || route->keywords.size() != list[0]->keywords.size()) return false;
        for (size_t i = 0; i < route->positional.size(); ++i)
            if (signatureOf(route->positional[i]) != signatureOf(list[0]->positional[i])) return false;
        for (size_t i = 0; i < route->keywords.size(); ++i)
            if (signatureOf(route->keywords[i].second) != signatureOf(list[0]->keywords[i].second)) return false;
    }
    return true;
}

void AppRewriter::registerInline(const InlineRoute& route, const Function& function, const HandlerCode& code, bool decorates) {
    std::vector<std::string> paths{route.path + (route.isPrefix ? "{" + code.pathTail + ":path}" : "")};
    if (route.isSuffix) paths.push_back("/{path:path}" + route.path);
    const std::vector<std::string> methods = route.method.empty() ? anyMethod() : std::vector<std::string>{route.method};
    if (decorates) {
        ModuleRewrite& rewrite = context_.rewrite(*code.module);
        const Node node = function.node;
        const std::string line = "@" + decoratorText(context_, plan_.appName, paths[0], methods);
        decorated_.insert(&route);
        decorations_.push_back([&rewrite, node, line] { rewrite.insertBefore(node, {line}); });
    } else {
        for (const std::string& one : paths) app_.inlineLines[&function].push_back(addRoute(plan_.appName, {one, methods}, function.name));
    }
    for (const std::string& method : methods) {
        facts::Route fact;
        fact.where = {code.module->path(), function.node.line()};
        fact.method = method;
        fact.path = paths[0];
        fact.handler = function.qualified;
        fact.framework = context_.target().legacyFramework;
        fact.isAsync = function.isAsync;
        context_.routes.push_back(fact);
    }
}

} // namespace covet::rules::legacy
