#include "rules/legacy/app_rewriter.h"

#include <algorithm>

#include "support/strings.h"

namespace covet::rules::legacy {

std::string AppRewriter::appIn(const Module& module, const Node& callee) {
    if (isClass() || &module == plan_.appModule) {
        if (isClass() && callee.is("attribute")) return std::string(callee.field("object").text());
        return plan_.appName;
    }
    if (callee.is("attribute")) {
        const semantic::Symbol& symbol = project_.resolve(module, callee.field("object"));
        if (symbol.kind == semantic::Symbol::Kind::Module && symbol.module == plan_.appModule)
            return std::string(callee.field("object").text()) + "." + plan_.appName;
    }
    importApp(module);
    return plan_.appName;
}

void AppRewriter::importApp(const Module& module) {
    if (&module == plan_.appModule) return;
    std::string path = plan_.appModule->name;
    for (const auto& [name, binding] : module.imports)
        if (!binding.name.empty() && project_.module(binding.module) == plan_.appModule)
            path = std::string(binding.statement.field("module_name").text());
    context_.rewrite(module).requireImport(path, plan_.appName);
}

std::vector<SiteRoute> AppRewriter::routesAt(const std::vector<const Registration*>& registrations) {
    std::vector<SiteRoute> routes;
    for (const Registration* one : registrations) {
        auto same = std::find_if(routes.begin(), routes.end(), [&](const SiteRoute& r) { return r.path == one->path; });
        if (same == routes.end()) {
            routes.push_back({one->path, {}});
            same = routes.end() - 1;
        }
        if (one->method.empty()) same->methods = anyMethod();
        else same->methods.push_back(one->method);
    }
    return routes;
}

std::string AppRewriter::handlerName(const Registration& one) {
    if (one.function) return one.function->name;
    std::string name = toLower(one.method.empty() ? "answer" : one.method);
    for (const std::string& word : split(one.path, '/')) {
        std::string clean = snakeCase(replaceAll(replaceAll(replaceAll(word, "{", ""), "}", ""), "-", "_"));
        if (!clean.empty() && isPythonIdentifier("a" + clean)) name += "_" + clean;
    }
    const Module& module = *one.module;
    std::string candidate = name;
    for (int n = 2; module.function(candidate) || module.assignments.count(candidate) || module.imports.count(candidate) ||
                    !usedNames_.insert(candidate).second; ++n)
        candidate = name + "_" + std::to_string(n);
    return candidate;
}

void AppRewriter::planSites() {
    if (!app_.registry) return;
    std::vector<std::pair<const Registration*, std::vector<const Registration*>>> sites;
    for (const Registration& one : app_.registry->registrations) {
        if (one.site != Registration::Site::Entry && !sites.empty() && sites.back().first->node == one.node &&
            sites.back().first->module == one.module)
            sites.back().second.push_back(&one);
        else sites.push_back({&one, {&one}});
    }
    for (const auto& [first, registrations] : sites) {
        if (first->site == Registration::Site::Decorator) decorator(*first, registrations);
        else if (first->site == Registration::Site::Entry) entry(*first);
        else call(*first, registrations);
    }
}

void AppRewriter::decorator(const Registration& one, const std::vector<const Registration*>& registrations) {
    const std::string app = appIn(*one.module, one.node.field("function"));
    const std::string indent = context_.rewrite(*one.module).indentOf(one.node.parent());
    std::string text;
    for (const SiteRoute& route : routesAt(registrations))
        text += (text.empty() ? "" : "\n" + indent + "@") + decoratorText(context_, app, route.path, route.methods);
    ModuleRewrite& rewrite = context_.rewrite(*one.module);
    const Node node = one.node;
    actions_.push_back([&rewrite, node, text] { rewrite.replace(node, text); });
}

std::string AppRewriter::addRoute(const std::string& app, const SiteRoute& route, const std::string& handler) {
    return app + "." + context_.target().addRouteMethod + "(" + pythonQuote(route.path) + ", " + handler +
           ", methods=" + methodList(route.methods) + ")";
}

/// Lines of an `async def` for a lambda, rendered when the module is.
ModuleRewrite::Render AppRewriter::lambdaText(const Registration& one, const std::string& name, const std::string& after) {
    HandlerPlan& plan = lambdas_.at(one.lambda.id());
    const Node body = one.lambda.field("body");
    const std::string head = "async def " + name + "(" + join(plan.parameters, ", ") + "):\n";
    // Two blank lines above, where the statement before stands closer.
    std::string gap;
    if (one.site == Registration::Site::Call || one.site == Registration::Site::Assignment) {
        const Node before = one.node.previousNamedSibling();
        if (before && !before.is("comment")) {
            const uint32_t blank = one.node.line() - before.endLine() - 1;
            for (uint32_t i = blank; i < 2; ++i) gap += "\n";
        }
    }
    auto decorators = std::make_shared<std::vector<std::string>>();
    if (one.handlerModule == one.module && !one.module->enclosingFunction(one.lambda))
        context_.madeHandlers.push_back({one.module, body, decorators});
    return [head, body, after, gap, decorators](const ModuleRewrite& rewrite) {
        std::string above;
        for (const std::string& line : *decorators) above += line + "\n";
        return gap + above + head + rewrite.indentUnit() + "return " + rewrite.render(body) + "\n\n\n" + after;
    };
}

void AppRewriter::call(const Registration& one, const std::vector<const Registration*>& registrations) {
    const Node expression = one.node.namedChild(0);
    const Node callee = expression.is("call") ? expression.field("function") : expression.field("left");
    const std::string app = appIn(*one.module, callee.is("subscript") ? callee.field("value") : callee);
    const std::string name = handlerName(one);
    std::vector<std::string> lines;
    std::string handler = name;
    if (one.function && one.handlerModule != one.module) handler = handlerText(one);
    for (const SiteRoute& route : routesAt(registrations)) lines.push_back(addRoute(app, route, handler));
    ModuleRewrite& rewrite = context_.rewrite(*one.module);
    const Node node = one.node;
    const std::string text = join(lines, "\n");
    if (one.function) {
        actions_.push_back([&rewrite, node, text] { rewrite.replace(node, text); });
    } else {
        const ModuleRewrite::Render render = lambdaText(one, name, text);
        actions_.push_back([&rewrite, node, render] { rewrite.replace(node, render); });
    }
}

/// The expression that names the handler at the site (`handlers.list_items`).
std::string AppRewriter::handlerText(const Registration& one) {
    std::string found = one.function->name;
    syntax::walk(one.node, [&](const Node& node) {
        if ((node.is("identifier") || node.is("attribute")) &&
            namedFunction(project_, *one.module, node) == one.function) {
            found = std::string(node.text());
            return false;
        }
        return true;
    });
    return found;
}

void AppRewriter::entry(const Registration& one) {
    SiteRoute route{one.path, one.method.empty() ? anyMethod() : std::vector<std::string>{one.method}};
    const std::string name = one.function ? handlerText(one) : handlerName(one);
    const std::string text = addRoute(plan_.appName, route, name);
    if (one.function) entries_.push_back([text](const ModuleRewrite&) { return text; });
    else entries_.push_back(lambdaText(one, name, text));
}

} // namespace covet::rules::legacy
