// Before:  routes = {}; def route(path, method="GET"): ...; async def app(scope, receive, send): ...
// After:   app = CovetApp(); @app.get("/x") on each handler
// Safe: only when the registry, every registration, every handler and the dispatcher are understood.
#include "rules/legacy/app_rewrite.h"

#include <algorithm>

#include "facts/reference_context.h"
#include "rules/legacy/removal.h"
#include "rules/wrapped_signature.h"
#include "support/strings.h"

namespace covet::rules::legacy {
namespace {

std::string folderOf(const std::string& path) {
    const size_t cut = path.rfind('/');
    return cut == std::string::npos ? "" : path.substr(0, cut);
}

std::string indented(const std::vector<std::string>& lines, const std::string& unit) {
    std::string out;
    for (const std::string& line : lines) {
        if (!out.empty() || &line != &lines.front()) out += "\n";
        size_t spaces = line.find_first_not_of(' ');
        if (spaces == std::string::npos) continue;
        for (size_t i = 0; i < spaces / 4; ++i) out += unit;
        out += line.substr(spaces / 4 * 4);
    }
    return out;
}

/// Whether requests of a method come with a body; "" is any method.
bool takesBody(const std::string& method) { return method.empty() || method == "POST" || method == "PUT" || method == "PATCH"; }

/// Routes of one site that share a path.
struct SiteRoute {
    std::string path;
    std::vector<std::string> methods;
};

class AppRewriter {
public:
    AppRewriter(MigrationContext& context, LegacyApp& app)
        : context_(context)
        , project_(context.project())
        , app_(app) {}

    void run() {
        if (!place() || !checkRoutes() || !planRemovals() || !planHandlers() || !planEndpoints()) return;
        planSites();
        apply();
    }

private:
    bool fail(const std::string& reason, const std::string& detail) {
        if (app_.unclear.empty()) {
            app_.unclear = reason;
            app_.detail = detail;
        }
        return false;
    }

    bool isClass() const { return app_.registry && !app_.registry->className.empty(); }

    /// Decides in which module the application object lives and what it is called.
    bool place() {
        plan_.shape = &app_.shape;
        plan_.helperModule = "covet_answers";
        while (project_.moduleByPath(context_.generatedPath(plan_.helperModule))) plan_.helperModule += "_";
        plan_.appModule = app_.registry && !isClass() ? app_.registry->module : app_.module;
        plan_.registryId = app_.registry ? app_.registry->id : "";
        plan_.appName = app_.name;
        if (isClass() && app_.instance.isNull()) return fail("class-instance", app_.registry->className);
        if (app_.callable->isNested) return fail("nested-application", app_.callable->qualified);
        if (plan_.appModule != app_.module) {
            for (const std::string& candidate : {app_.name, std::string("app"), std::string("covet_app")}) {
                plan_.appName = candidate;
                const Module& home = *plan_.appModule;
                if (!home.function(candidate) && !home.assignments.count(candidate) && !home.imports.count(candidate)) break;
            }
        }
        if (app_.registry && !isClass()) {
            if (app_.registry->definitions.empty()) return fail("registry-definition", app_.registry->variable);
            for (const Node& statement : app_.registry->definitions)
                if (!statement.parent().is("module") || !statement.namedChild(0).field("left").is("identifier"))
                    return fail("registry-definition", std::string(statement.text()));
        }
        return true;
    }

    /// The target tries routes in order; a table of the legacy kind may look exact paths up first.
    bool checkRoutes() {
        if (!app_.registry) return true;
        std::set<std::pair<std::string, std::string>> seen;
        const std::vector<Registration>& all = app_.registry->registrations;
        for (const Registration& one : all) {
            if (!seen.emplace(one.method, shapeOfPath(one.path)).second) return fail("duplicate-route", one.method + " " + one.path);
            if (one.converted) return fail("path-converter", one.pattern);
        }
        for (size_t i = 0; i < all.size(); ++i)
            for (size_t k = i + 1; k < all.size(); ++k)
                if (all[i].method == all[k].method && all[i].module == all[k].module && shadows(all[i].path, all[k].path))
                    return fail("route-order", all[k].method + " " + all[k].path + " behind " + all[i].path);
        return true;
    }

    /// A path without the names of its parameters.
    static std::string shapeOfPath(const std::string& path) {
        std::string out;
        for (const std::string& part : split(path, '/')) out += "/" + (startsWith(part, "{") ? std::string("{}") : part);
        return out;
    }

    /// Whether a pattern takes all requests of a later, more exact one.
    static bool shadows(const std::string& pattern, const std::string& exact) {
        if (pattern.find('{') == std::string::npos) return false;
        const std::vector<std::string> a = split(pattern, '/'), b = split(exact, '/');
        if (a.size() != b.size()) return false;
        for (size_t i = 0; i < a.size(); ++i)
            if (a[i] != b[i] && !startsWith(a[i], "{")) return false;
        return true;
    }

    // -- what goes -------------------------------------------------------------------------------

    void gone(const Module& module, const Node& statement) { removed_.push_back({&module, statement}); }

    const Module* moduleOf(const Function& function) const {
        for (const auto& module : project_.modules())
            for (const Function& one : module->functions)
                if (&one == &function) return module.get();
        return nullptr;
    }

    bool planRemovals() {
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
    void removeRequestClasses() {
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
    bool onlyRegisters(const Module& module, const Function& function) {
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
    bool isSite(const Module& module, const Node& node) const {
        if (!app_.registry) return false;
        for (const Registration& one : app_.registry->registrations) {
            if (one.module != &module) continue;
            if (one.site == Registration::Site::Decorator ? one.node.field("function").contains(node) || one.node.field("function") == node
                                                          : one.node.contains(node))
                return true;
        }
        return false;
    }

    bool checkRegistryUses() {
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

    // -- handlers --------------------------------------------------------------------------------

    static bool meets(const std::string& a, const std::string& b) { return a.empty() || b.empty() || a == b; }

    /// Whether a path that is known in part takes paths that another route has.
    bool overlaps(const InlineRoute& route) const {
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

    static bool covers(const InlineRoute& route, const std::string& path, bool inPart) {
        if (route.isSuffix) return inPart || endsWith(path, "}") || endsWith(path, route.path);
        const std::string fixed = path.substr(0, path.find('{'));
        return startsWith(fixed, route.path) || (fixed.size() < path.size() && startsWith(route.path, fixed)) ||
               (inPart && startsWith(route.path, fixed));
    }

    /// Routes that are compared as a part of the path come after those of the registry here; so they
    /// must there.
    bool checkInlineOrder() {
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
    bool planInline() {
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
    static bool sameArguments(const std::vector<const InlineRoute*>& list) {
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

    void registerInline(const InlineRoute& route, const Function& function, const HandlerCode& code, bool decorates) {
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

    bool planHandlers() {
        if (!checkInlineOrder() || !planInline()) return false;
        if (!app_.registry) return true;
        std::map<const Function*, HandlerCode> functions;
        std::vector<const Function*> order;
        for (const Registration& one : app_.registry->registrations) {
            if (!one.function) {
                HandlerCode code;
                code.module = one.handlerModule;
                code.parameters = one.lambda.field("parameters");
                code.body = one.lambda.field("body");
                code.pathParameters = pathParameters(one.path);
                code.guards = one.guards;
                HandlerPlan plan = planHandler(context_, code, plan_);
                if (!plan.unclear.empty()) return fail(plan.unclear, "lambda for " + one.path + (plan.detail.empty() ? "" : ": " + plan.detail));
                lambdas_.emplace(one.lambda.id(), std::move(plan));
                continue;
            }
            HandlerCode& code = functions[one.function];
            code.takesBody = code.takesBody || takesBody(one.method);
            if (!code.function) {
                code.module = one.handlerModule;
                code.function = one.function;
                code.parameters = one.function->node.field("parameters");
                code.body = one.function->node.field("body");
                code.pathParameters = pathParameters(one.path);
                code.guards = one.guards;
                order.push_back(one.function);
            } else {
                if (code.pathParameters != pathParameters(one.path)) code.sameParameters = false;
                if (code.guards != one.guards) return fail("path-converter", one.pattern);
            }
        }
        for (const Function* function : order) {
            HandlerCode& code = functions[function];
            if (!checkFunction(code)) return false;
            HandlerPlan plan = planHandler(context_, code, plan_);
            if (!plan.unclear.empty()) return fail(plan.unclear, function->name + (plan.detail.empty() ? "" : ": " + plan.detail));
            handlers_.emplace_back(code, std::move(plan));
        }
        return true;
    }

    /// A decorator of the project that stands around handlers only is rewritten with them: its wrapper
    /// takes the request as they do and waits for what it calls.
    bool planWrapper(HandlerCode& handler, const Node& expression) {
        const bool isFactory = expression.is("call");
        const Module* home = nullptr;
        const Function* decorator = namedFunction(project_, *handler.module, isFactory ? expression.field("function") : expression, &home);
        if (!decorator || decorator->isNested || !decorator->className.empty()) return false;
        for (const Reference& reference : referencesTo(project_, *home, decorator->qualified))
            if (!isInside(reference, removed_) && !decoratesHandler(reference)) return false;
        const Function* maker = decorator;
        if (isFactory) {
            const std::vector<const Function*> inner = returnedFunctions(*home, *decorator);
            if (inner.size() != 1) return false;
            maker = inner[0];
        }
        const std::vector<Node> given = maker->node.field("parameters").namedChildren();
        const std::vector<const Function*> made = returnedFunctions(*home, *maker);
        if (given.size() != 1 || made.size() != 1) return false;
        const Function& wrapper = *made[0];
        const std::vector<Node> parameters = wrapper.node.field("parameters").namedChildren();
        const bool passesAll = parameters.size() == 2 && parameters[0].is("list_splat_pattern") && parameters[1].is("dictionary_splat_pattern");
        const bool keepsName = wrapper.decorated.is("decorated_definition") && wrapper.decorated.text().find("wraps(") != std::string_view::npos;
        const bool fixed = parameters.size() == 1 && app_.shape.positional.size() == 1 && app_.shape.keywords.empty() && !app_.shape.spreadsParams &&
                           !parameters[0].is("list_splat_pattern") && !parameters[0].is("dictionary_splat_pattern");
        if (!fixed && !(passesAll && keepsName)) return false;
        handler.wrapped = handler.wrapped || fixed;
        for (const auto& known : wrappers_)
            if (known.first.function == &wrapper) return true;
        HandlerCode code;
        code.module = home;
        code.function = &wrapper;
        code.parameters = wrapper.node.field("parameters");
        code.body = wrapper.node.field("body");
        code.target = parameterName(given[0]);
        code.passesAll = passesAll;
        code.takesBody = fixed;
        HandlerPlan plan = planHandler(context_, code, plan_);
        if (!plan.unclear.empty()) return false;
        wrappers_.emplace_back(code, std::move(plan));
        return true;
    }

    /// Whether a reference is the decorator of a registered function.
    bool decoratesHandler(const Reference& reference) const {
        Node node = reference.node;
        while (node && !node.is("decorator")) node = node.parent();
        if (!node || !app_.registry) return false;
        return std::any_of(app_.registry->registrations.begin(), app_.registry->registrations.end(), [&](const Registration& one) {
            return one.function && one.handlerModule == reference.module && one.function->decorated == node.parent();
        });
    }

    /// Decorators beside the routes, and calls from elsewhere, see the handler as it was.
    bool checkFunction(HandlerCode& code) {
        const Function& function = *code.function;
        if (function.isNested) return fail("nested-handler", function.name);
        if (function.decorated.is("decorated_definition"))
            for (const Node& child : function.decorated.namedChildren()) {
                if (!child.is("decorator")) continue;
                const Node expression = child.namedChild(0);
                if (isSite(*code.module, expression.is("call") ? expression.field("function") : expression)) continue;
                if (!planWrapper(code, expression)) return fail("decorated-handler", function.name + ": " + std::string(child.text()));
            }
        for (const Reference& reference : referencesTo(project_, *code.module, function.qualified)) {
            if (isInside(reference, removed_) || isSite(*reference.module, reference.node)) continue;
            bool entry = false;
            if (app_.registry)
                for (const Node& statement : app_.registry->definitions)
                    entry = entry || (reference.module == app_.registry->module && statement.contains(reference.node));
            if (!entry) return fail("handler-called-elsewhere", function.name);
        }
        return true;
    }

    bool planEndpoints() {
        std::string detail;
        if (!endpointLines(context_, app_, plan_, endpoints_, lines_, detail)) return fail("answer-not-understood", detail);
        return true;
    }

    // -- where it is registered ------------------------------------------------------------------

    std::string appIn(const Module& module, const Node& callee) {
        if (isClass() || &module == plan_.appModule) {
            if (isClass() && callee.is("attribute")) return std::string(callee.field("object").text());
            return plan_.appName;
        }
        if (callee.is("attribute")) {
            semantic::Symbol symbol = project_.resolve(module, callee.field("object"));
            if (symbol.kind == semantic::Symbol::Kind::Module && symbol.module == plan_.appModule)
                return std::string(callee.field("object").text()) + "." + plan_.appName;
        }
        importApp(module);
        return plan_.appName;
    }

    void importApp(const Module& module) {
        if (&module == plan_.appModule) return;
        std::string path = plan_.appModule->name;
        for (const auto& [name, binding] : module.imports)
            if (!binding.name.empty() && project_.module(binding.module) == plan_.appModule)
                path = std::string(binding.statement.field("module_name").text());
        context_.rewrite(module).requireImport(path, plan_.appName);
    }

    static std::vector<SiteRoute> routesAt(const std::vector<const Registration*>& registrations) {
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

    std::string handlerName(const Registration& one) {
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

    void planSites() {
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

    void decorator(const Registration& one, const std::vector<const Registration*>& registrations) {
        const std::string app = appIn(*one.module, one.node.field("function"));
        const std::string indent = context_.rewrite(*one.module).indentOf(one.node.parent());
        std::string text;
        for (const SiteRoute& route : routesAt(registrations))
            text += (text.empty() ? "" : "\n" + indent + "@") + decoratorText(context_, app, route.path, route.methods);
        ModuleRewrite& rewrite = context_.rewrite(*one.module);
        const Node node = one.node;
        actions_.push_back([&rewrite, node, text] { rewrite.replace(node, text); });
    }

    std::string addRoute(const std::string& app, const SiteRoute& route, const std::string& handler) {
        return app + "." + context_.target().addRouteMethod + "(" + pythonQuote(route.path) + ", " + handler +
               ", methods=" + methodList(route.methods) + ")";
    }

    /// Lines of an `async def` for a lambda, rendered when the module is.
    ModuleRewrite::Render lambdaText(const Registration& one, const std::string& name, const std::string& after) {
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

    void call(const Registration& one, const std::vector<const Registration*>& registrations) {
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
    std::string handlerText(const Registration& one) {
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

    void entry(const Registration& one) {
        SiteRoute route{one.path, one.method.empty() ? anyMethod() : std::vector<std::string>{one.method}};
        const std::string name = one.function ? handlerText(one) : handlerName(one);
        const std::string text = addRoute(plan_.appName, route, name);
        if (one.function) entries_.push_back([text](const ModuleRewrite&) { return text; });
        else entries_.push_back(lambdaText(one, name, text));
    }

    // -- claims ----------------------------------------------------------------------------------

    void apply() {
        const catalog::TargetProfile& target = context_.target();
        context_.rewrite(*plan_.appModule).requireImport(target.application.module, target.application.name);
        if (app_.registry) context_.replacedContainers.insert(app_.registry->id);
        for (auto& [code, plan] : handlers_) applyHandler(code, plan);
        for (auto& [code, plan] : wrappers_) applyCode(code, plan);
        for (auto& [id, plan] : lambdas_) {
            for (auto& action : plan.actions) action();
            for (const Registration& one : app_.registry->registrations)
                if (!one.function && one.lambda.id() == id) applyImports(context_, *one.handlerModule, plan_, plan);
        }
        for (auto& action : actions_) action();
        if (firstInline_) {
            ModuleRewrite& rewrite = context_.rewrite(*app_.module);
            rewrite.insertBefore(firstInline_, {plan_.appName + " = " + target.application.name + "()", "", ""});
        }
        for (auto& decoration : decorations_) decoration();
        applyDefinition();
        applyCallable();
        for (const Removed& piece : removed_) remove(piece);
        noteRemovedClasses();
        dropImports();
        importApp(*app_.module);
        applyImports(context_, *app_.module, plan_, endpoints_);
        const bool helper = plan_.needsRespond || plan_.needsRoutes || !app_.shape.headers.empty();
        if (helper && folderOf(app_.module->path()) == context_.generatedFolder)
            context_.generatedFiles[context_.generatedPath(plan_.helperModule)] = helperText(context_, app_, plan_);
        facts::App migrated;
        migrated.where = {plan_.appModule->path(), app_.registry && !app_.registry->definitions.empty()
                                                       ? app_.registry->definitions[0].line() : app_.callable->node.line()};
        migrated.module = app_.module->name;
        migrated.attribute = app_.name;
        migrated.framework = target.framework;
        context_.migratedApps.push_back(migrated);
    }

    /// Attributes of removed classes are no stores.
    void noteRemovedClasses() {
        for (const auto& [home, type] : removedClasses_) {
            const std::string owner = home->name + ":" + type->name + ".";
            syntax::walk(type->node, [&](const Node& node) {
                if (node.is("attribute") && node.field("object").is("identifier"))
                    context_.replacedContainers.insert(owner + std::string(node.field("attribute").text()));
                return true;
            });
        }
    }

    void applyHandler(HandlerCode& code, HandlerPlan& plan) {
        applyCode(code, plan);
        if (app_.inlineHandlers.count(code.function))
            context_.handlers.push_back({code.module, code.function, context_.target().legacyFramework, true, ""});
        context_.report(*code.module, code.function->node.field("name"), "COV103", code.function->name);
    }

    void applyCode(HandlerCode& code, HandlerPlan& plan) {
        SignatureEdits& signatures = context_.signatures(*code.module);
        ModuleRewrite& rewrite = context_.rewrite(*code.module);
        for (auto& action : plan.actions) action();
        signatures.makeAsync(*code.function);
        if (!code.passesAll)
            for (const Node& parameter : code.parameters.namedChildren()) signatures.replaceParameter(*code.function, parameterName(parameter), "");
        for (const std::string& parameter : plan.parameters) signatures.addParameter(*code.function, parameter);
        if (!plan.bodyStart.empty()) rewrite.insertAtBodyStart(code.function->node, plan.bodyStart);
        applyImports(context_, *code.module, plan_, plan);
    }

    void applyDefinition() {
        const catalog::TargetProfile& target = context_.target();
        const std::string text = plan_.appName + " = " + target.application.name + "()";
        ModuleRewrite& rewrite = context_.rewrite(*plan_.appModule);
        if (isClass()) {
            rewrite.replace(app_.instance, text);
            if (!lines_.empty()) insertLines(rewrite, app_.instance);
            context_.report(*app_.module, app_.instance, "COV101", app_.registry->className);
            return;
        }
        if (!app_.registry) return;
        std::vector<Node> definitions = app_.registry->definitions;
        const std::vector<ModuleRewrite::Render> entries = entries_;
        rewrite.replace(definitions[0], [text, entries](const ModuleRewrite& r) {
            std::string out = text;
            for (const auto& render : entries) {
                const std::string made = render(r);
                out += (startsWith(made, "async def ") || startsWith(made, "@") ? "\n\n\n" : "\n") + made;
            }
            return out;
        });
        for (size_t i = 1; i < definitions.size(); ++i) rewrite.remove(definitions[i]);
        context_.report(*plan_.appModule, definitions[0], "COV101", app_.registry->variable);
    }

    void insertLines(ModuleRewrite& rewrite, const Node& after) {
        std::vector<std::string> lines{"", ""};
        lines.insert(lines.end(), lines_.begin(), lines_.end());
        rewrite.insertAfter(after, lines);
    }

    void applyCallable() {
        context_.report(*app_.module, app_.callable->node.field("name"), "COV104", app_.callable->qualified);
        if (isClass()) return;
        ModuleRewrite& rewrite = context_.rewrite(*app_.module);
        std::vector<std::string> lines;
        if (!app_.registry && !firstInline_) {
            lines.push_back(plan_.appName + " = " + context_.target().application.name + "()");
            if (!lines_.empty()) lines.insert(lines.end(), {"", ""});
        }
        lines.insert(lines.end(), lines_.begin(), lines_.end());
        const Node node = app_.callable->decorated;
        for (const Node& comment : commentsAbove(node)) rewrite.remove(comment);
        if (lines.empty()) {
            rewrite.remove(node);
            return;
        }
        rewrite.replace(node, indented(lines, rewrite.indentUnit()));
        std::vector<Removed> kept;
        for (const Removed& piece : removed_)
            if (!(piece.module == app_.module && piece.node == node)) kept.push_back(piece);
        removed_.swap(kept);
        replacedCallable_ = node;
    }

    void remove(const Removed& piece) {
        ModuleRewrite& rewrite = context_.rewrite(*piece.module);
        rewrite.remove(piece.node);
        for (const Node& comment : commentsAbove(piece.node)) rewrite.remove(comment);
    }

    /// Imports that only removed code needed.
    void dropImports() {
        std::vector<Removed> pieces = removed_;
        if (replacedCallable_) pieces.push_back({app_.module, replacedCallable_});
        std::set<std::string> names;
        if (app_.registry) names.insert(app_.registry->variable);
        for (const Removed& piece : pieces) {
            ModuleRewrite& rewrite = context_.rewrite(*piece.module);
            std::set<std::string> used;
            syntax::walk(piece.node, [&](const Node& node) {
                if (node.is("identifier") && piece.module->imports.count(std::string(node.text()))) used.emplace(node.text());
                return true;
            });
            for (const std::string& name : used) rewrite.dropImportIfUnused(name);
            const Node definition = piece.node.is("decorated_definition") ? piece.node.field("definition") : piece.node;
            names.emplace(definition.field("name").text());
        }
        for (const auto& module : project_.modules())
            for (const auto& [name, binding] : module->imports) {
                const Module* target = project_.module(binding.module);
                if (!target || !names.count(binding.name)) continue;
                bool removedThere = app_.registry && target == app_.registry->module && binding.name == app_.registry->variable;
                for (const Removed& piece : pieces) {
                    const Node definition = piece.node.is("decorated_definition") ? piece.node.field("definition") : piece.node;
                    removedThere = removedThere || (piece.module == target && definition.field("name").text() == binding.name);
                }
                if (removedThere) context_.rewrite(*module).dropImportIfUnused(name);
            }
    }

    MigrationContext& context_;
    const Project& project_;
    LegacyApp& app_;
    AppPlan plan_;
    std::vector<Removed> removed_;
    std::vector<std::pair<const Module*, const semantic::Class*>> removedClasses_;
    std::vector<std::pair<HandlerCode, HandlerPlan>> handlers_;
    std::vector<std::pair<HandlerCode, HandlerPlan>> wrappers_; // of decorators around them
    std::map<const void*, HandlerPlan> lambdas_;
    HandlerPlan endpoints_;
    std::vector<std::string> lines_;
    std::vector<std::function<void()>> actions_;
    std::vector<ModuleRewrite::Render> entries_;
    std::set<std::string> usedNames_;
    Node replacedCallable_;
    Node firstInline_; // before it the application object is made
    std::vector<std::function<void()>> decorations_;
    std::set<const InlineRoute*> decorated_;
    std::vector<std::unique_ptr<DispatchShape>> inlineShapes_;
};

} // namespace

void rewriteApp(MigrationContext& context, LegacyApp& app) { AppRewriter(context, app).run(); }

} // namespace covet::rules::legacy
