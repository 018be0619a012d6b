// Flask and what builds on it (Flask-RESTful, RESTX, APIFlask, Quart): what is registered at import.

#include <algorithm>

#include "facts/object_class.h"
#include "facts/reference_context.h"
#include "rules/frameworks/flask/flask_app.h"
#include "rules/store/call_graph.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::flask {
namespace {

constexpr Words kVerbs = {"get", "post", "put", "delete", "patch", "head", "options", "trace"};

class FlaskReader {
public:
    FlaskReader(MigrationContext& context, Reading& reading)
        : context_(context)
        , reading_(reading)
        , graph_(reading.graph) {}

    void read() {
        graph_.findRouters([&](const Module& module, Router& router) { return accept(module, router); });
        if (graph_.routers().empty()) return;
        for (size_t i = 0; i < graph_.routers().size(); ++i) mountOnFirstArgument(i);
        forEachModule([&](const Module& module, const Node& node) {
            if (node.is("assignment")) namespaceOf(module, node);
        });
        forEachModule([&](const Module& module, const Node& node) {
            if (node.is("decorator")) decorator(module, node);
            else if (node.is("call") && node.field("function").is("attribute") && !node.parent().is("decorator"))
                call(module, node);
        });
    }

private:
    template <typename Visit> void forEachModule(Visit&& visit) {
        for (const auto& module : context_.project().modules()) {
            if (isTestModule(*module)) continue;
            syntax::walk(module->tree->root(), [&](const Node& node) {
                visit(*module, node);
                return true;
            });
        }
    }

    bool accept(const Module& module, Router& router) {
        static constexpr Words kApps = {"flask.Flask", "flask.app.Flask", "apiflask.APIFlask",
                                        "quart.Quart", "flask_api.FlaskAPI", "flask_openapi3.OpenAPI"};
        static constexpr Words kRouters = {
            "flask.Blueprint", "apiflask.APIBlueprint", "quart.Blueprint", "flask_smorest.Blueprint", "flask_smorest.Api",
            "flask_restful.Api", "flask_restx.Api", "flask_restplus.Api", "flask_restx.Namespace",
            "flask_restplus.Namespace", "flask_restx.namespace.Namespace", "flask_restplus.namespace.Namespace", "flask_restx.api.Api",
            "flask_restplus.api.Api", "flask_openapi3.APIBlueprint"};
        router.isApp = kApps.count(router.kind) > 0;
        if (!router.isApp && !kRouters.count(router.kind)) return false;
        router.prefix = graph_.text(module, argumentOf(router.creation, endsWith(router.kind, "Api") ? "prefix" : "url_prefix"));
        if (endsWith(router.kind, ".Namespace")) router.prefix = namespacePath(module, router.creation);
        return true;
    }

    /// `Namespace("pets", path="/p")`; the path is the name where none is given.
    std::string namespacePath(const Module& module, const Node& creation) {
        Node path = argumentOf(creation, "path");
        if (path) return graph_.text(module, path);
        std::string name = graph_.text(module, argumentOf(creation, "name", 0));
        return name.empty() ? "" : "/" + name;
    }

    /// `Api(app)`, `Api(blueprint)`.
    void mountOnFirstArgument(size_t index) {
        const Router router = graph_.routers()[index];
        if (!endsWith(router.kind, ".Api")) return;
        Node parent = argumentOf(router.creation, "app", 0);
        int found = parent ? graph_.resolve(*router.module, parent) : -1;
        if (found >= 0) mount(static_cast<size_t>(found), index, "");
    }

    void mount(size_t parent, size_t child, std::string prefix, bool replaces = false, const Module* module = nullptr,
               const Node& call = {}) {
        if (parent != child) reading_.mountings.push_back({parent, child, std::move(prefix), replaces, module, call});
    }

    /// `ns = api.namespace("pets", path="/p")`
    void namespaceOf(const Module& module, const Node& assignment) {
        Node call = assignment.field("right");
        Node callee = call.is("call") ? call.field("function") : Node{};
        if (!callee.is("attribute") || callee.field("attribute").text() != "namespace") return;
        int parent = graph_.resolve(module, callee.field("object"));
        if (parent < 0) return;
        Router router;
        router.module = &module;
        router.function = module.enclosingFunction(assignment);
        router.name = std::string(assignment.field("left").text());
        router.kind = "flask_restx.Namespace";
        router.prefix = namespacePath(module, call);
        router.creation = call;
        mount(static_cast<size_t>(parent), graph_.add(std::move(router)), "");
    }

    std::vector<std::string> methods(const Module& module, const Node& call) {
        Node given = argumentOf(call, "methods");
        if (given.isNull()) return {"GET"};
        std::vector<std::string> found = graph_.texts(module, given);
        for (std::string& method : found) method = upperCase(method);
        return found;
    }

    void add(const Module& module, int router, const Node& site, const std::string& rule,
             std::vector<std::string> methods, const semantic::Function* function, std::string handler) {
        Site route;
        route.router = static_cast<size_t>(router);
        route.module = &module;
        route.node = site;
        route.rule = rule;
        route.methods = std::move(methods);
        route.function = function;
        route.handler = std::move(handler);
        // A route on a function inside of a class is one of a plain function: it is none of an object when it is registered.
        route.isView = function && !function->className.empty() && (!site.is("decorator") || !(decoratedFunction(module, site) == function));
        route.defaults = defaultsOf(site.is("decorator") ? site.namedChild(0) : site);
        reading_.sites.push_back(std::move(route));
    }

    /// One route per HTTP method that a view class (or a base of it in the project) defines.
    void addView(const Module& module, int router, const Node& site, const std::string& rule,
                 const Node& classExpression, bool isResource = false) {
        const size_t before = reading_.sites.size();
        const semantic::Symbol symbol = classBehind(context_.project(), module, classExpression);
        if (const Function* dispatch = symbol.module ? symbol.module->function(symbol.name + ".dispatch_request") : nullptr)
            add(module, router, site, rule, methodsOfClass(*symbol.module, symbol.name, site), dispatch, dispatch->qualified);
        else if (symbol.module)
            addViewClass(*symbol.module, symbol.name, router, module, site, rule, {}, 0);
        for (size_t i = before; i < reading_.sites.size(); ++i) {
            reading_.sites[i].viewClass = classExpression;
            reading_.sites[i].isResource = isResource;
        }
    }

    /// Methods of a class that answers all of them in one function.
    std::vector<std::string> methodsOfClass(const Module& home, const std::string& className, const Node& site) {
        if (argumentOf(site, "methods")) return methods(home, site);
        for (const Node& statement : home.classNamed(className)->node.field("body").namedChildren()) {
            const Node assignment = statement.is("expression_statement") ? statement.namedChild(0) : Node{};
            if (!assignment.is("assignment") || assignment.field("left").text() != "methods") continue;
            std::vector<std::string> found = graph_.texts(home, assignment.field("right"));
            for (std::string& method : found) method = upperCase(method);
            return found;
        }
        return {"GET"};
    }

    void addViewClass(const Module& home, const std::string& className, int router, const Module& module,
                      const Node& site, const std::string& rule, std::set<std::string> seen, int depth) {
        for (const semantic::Function& function : home.functions) {
            if (function.className != className || !kVerbs.count(function.name)) continue;
            if (seen.insert(function.name).second)
                add(module, router, site, rule, {upperCase(function.name)}, &function, function.qualified);
        }
        const semantic::Class* found = home.classNamed(className);
        if (!found || depth > 3) return;
        for (const std::string& base : found->bases) {
            semantic::Symbol symbol = context_.project().resolveGlobal(home, base);
            if (symbol.kind == semantic::Symbol::Kind::Class && symbol.module)
                addViewClass(*symbol.module, symbol.name, router, module, site, rule, seen, depth + 1);
        }
    }

    void decorator(const Module& module, const Node& decorator) {
        Node call = decorator.namedChild(0);
        Node callee = call.is("call") ? call.field("function") : Node{};
        if (!callee.is("attribute")) return;
        std::string_view name = callee.field("attribute").text();
        const bool isVerb = kVerbs.count(name) > 0;
        if (!isVerb && name != "route" && name != "resource") return;
        int router = graph_.resolve(module, callee.field("object"));
        if (router < 0) return;
        const bool isResource = isRestful(router);
        const bool smorest = isSmorest(graph_.routers()[static_cast<size_t>(router)]);
        const bool onRoute = smorest || isRestx(graph_.routers()[static_cast<size_t>(router)]);
        if (isResource != (name == (onRoute ? "route" : "resource"))) return;
        const semantic::Function* function = decoratedFunction(module, decorator);
        Node definition = decorator.parent().field("definition");
        bool any = false;
        for (const Node& argument : call.field("arguments").namedChildren()) {
            Node path = argument.is("keyword_argument") && argument.field("name").text() == "rule"
                            ? argument.field("value")
                            : argument;
            if (path.is("keyword_argument")) continue;
            bool known = false;
            std::string rule = graph_.text(module, path, &known);
            if (!known) continue;
            any = true;
            if (!function && definition.is("class_definition"))
                addView(module, router, decorator, rule, definition.field("name"), isResource);
            else
                add(module, router, decorator, rule,
                    isVerb ? std::vector<std::string>{upperCase(name)} : methods(module, call), function,
                    function ? function->qualified : "");
            reading_.sites.back().isResource = reading_.sites.back().isResource || smorest;
            if (function) break; // further positional arguments are no rules of a function
        }
        if (any) return;
        add(module, router, decorator, "", methods(module, call), function, function ? function->qualified : "");
        dynamic(module, call);
    }

    void dynamicPath(const Module& module, int router, const Node& call) {
        add(module, router, call, "", {}, nullptr, "");
        dynamic(module, call);
    }

    void dynamic(const Module& module, const Node& call) {
        reading_.sites.back().known = false;
        Finding& finding = context_.report(module, call, "COV106", "the path is not constant");
        finding.safetyReason = "dynamic-path";
    }

    bool isRestful(int router) const {
        const Router& known = graph_.routers()[static_cast<size_t>(router)];
        return known.kind == "flask_restful.Api" || isRestx(known) || isSmorest(known);
    }

    void call(const Module& module, const Node& call) {
        Node callee = call.field("function");
        std::string_view name = callee.field("attribute").text();
        static constexpr Words kNames = {"register_blueprint", "add_url_rule", "add_resource",
                                         "add_namespace", "init_app", "register_api"};
        if (!kNames.count(name)) return;
        int router = graph_.resolve(module, callee.field("object"));
        if (router < 0) return;
        if (name == "register_blueprint" || name == "add_namespace" || name == "register_api") {
            Node given = argumentOf(call, name == "add_namespace" ? "path" : "url_prefix", name == "add_namespace" ? 1 : -1);
            int child = graph_.resolve(module, argumentOf(call, name == "add_namespace" ? "ns" : "blueprint", 0));
            if (child >= 0)
                mount(static_cast<size_t>(router), static_cast<size_t>(child), graph_.text(module, given), !given.isNull(),
                      &module, call);
        } else if (name == "init_app") {
            int parent = graph_.resolve(module, argumentOf(call, "app", 0));
            if (parent >= 0 && !graph_.routers()[static_cast<size_t>(router)].isApp)
                mount(static_cast<size_t>(parent), static_cast<size_t>(router), "");
        } else if (name == "add_resource") {
            bool first = true;
            for (const Node& argument : call.field("arguments").namedChildren()) {
                if (argument.is("keyword_argument")) continue;
                bool known = false;
                const std::string rule = first ? "" : graph_.text(module, argument, &known);
                if (known) addView(module, router, call, rule, argumentOf(call, "resource", 0), isRestful(router));
                else if (!first) dynamicPath(module, router, call);
                first = false;
            }
        } else {
            addUrlRule(module, router, call);
        }
    }

    void addUrlRule(const Module& module, int router, const Node& call) {
        std::string rule = graph_.text(module, argumentOf(call, "rule", 0));
        Node view = argumentOf(call, "view_func", 2);
        if (view.isNull() && !argumentOf(call, "endpoint", 1).isNull()) {
            reading_.aliases.push_back({static_cast<size_t>(router), &module, call, rule});
            return;
        }
        if (view.is("identifier")) {
            // `view = ItemAPI.as_view("items")`
            const std::vector<Node> assigned = assignmentsOf(module, view);
            const Node value = assigned.size() == 1 ? assigned[0].namedChild(0).field("right") : Node{};
            if (value.is("call") && value.field("function").is("attribute") && value.field("function").field("attribute").text() == "as_view")
                view = value;
        }
        if (view.is("call") && view.field("function").is("attribute") &&
            view.field("function").field("attribute").text() == "as_view") {
            const size_t before = reading_.sites.size();
            const Node type = view.field("function").field("object");
            addView(module, router, call, rule, type);
            const std::vector<std::string> wanted = argumentOf(call, "methods").isNull() ? std::vector<std::string>{} : methods(module, call);
            for (size_t i = before; i < reading_.sites.size();) {
                Site& site = reading_.sites[i];
                site.viewClass = type;
                site.defaults = defaultsOf(call);
                const bool dispatches = site.function->name == "dispatch_request";
                const bool kept = dispatches || wanted.empty() || std::count(wanted.begin(), wanted.end(), site.methods[0]) > 0;
                if (kept) ++i;
                else reading_.sites.erase(reading_.sites.begin() + static_cast<std::ptrdiff_t>(i));
            }
            return;
        }
        const semantic::Function* function = functionOf(context_.project(), module, view);
        const bool isBound = !function && view.is("attribute");
        if (isBound) function = methodOf(module, view);
        add(module, router, call, rule, methods(module, call), function, function ? function->qualified : "");
        if (!isBound || !function) return;
        reading_.sites.back().isView = false;
        reading_.sites.back().isBound = true;
    }

    /// The method that `self.list` or `books.list` names; nothing for a decorated one.
    const semantic::Function* methodOf(const Module& module, const Node& attribute) const {
        const std::string owner = facts::ownerClass(context_.project(), module, attribute.field("object"));
        const semantic::Function* method =
            facts::methodOfClass(context_.project(), owner, std::string(attribute.field("attribute").text()));
        return method && !method->decorated.is("decorated_definition") ? method : nullptr;
    }

    /// `defaults={"page": 1}`
    static std::map<std::string, std::string> defaultsOf(const Node& call) {
        std::map<std::string, std::string> found;
        for (const Node& pair : argumentOf(call, "defaults").namedChildren())
            if (pair.is("pair") && pair.field("key").namedChildCount() == 3)
                found.emplace(pair.field("key").namedChild(1).text(), pair.field("value").text());
        return found;
    }

    MigrationContext& context_;
    Reading& reading_;
    RouterGraph& graph_;
};

} // namespace

std::vector<Node> assignmentsOf(const Module& module, const Node& name) {
    std::vector<Node> found;
    for (const Function* scope = module.enclosingFunction(name); scope; scope = scope->isNested ? module.enclosingFunction(scope->decorated) : nullptr) {
        if (!scope->locals.count(std::string(name.text()))) continue;
        syntax::walk(scope->node.field("body"), [&](const Node& node) {
            if (node.is("assignment") && node.parent().is("expression_statement") && node.field("left").text() == name.text()) found.push_back(node.parent());
            return !node.is("function_definition") && !node.is("class_definition");
        });
        return found;
    }
    const auto assigned = module.assignments.find(std::string(name.text()));
    return assigned == module.assignments.end() ? found : assigned->second;
}

semantic::Symbol classBehind(const semantic::Project& project, const Module& module, const Node& expression) {
    const semantic::Symbol& symbol = project.resolve(module, expression);
    if (symbol.kind == semantic::Symbol::Kind::Class && symbol.module && symbol.module->classNamed(symbol.name)) return symbol;
    if (symbol.kind != semantic::Symbol::Kind::Local) return {};
    for (const Function* scope = module.enclosingFunction(expression); scope; scope = scope->isNested ? module.enclosingFunction(scope->decorated) : nullptr) {
        const std::string name = scope->qualified + ".<locals>." + std::string(expression.text());
        if (module.classNamed(name)) return {semantic::Symbol::Kind::Class, &module, name};
    }
    return {};
}

void readFlask(MigrationContext& context, Reading& reading) { FlaskReader(context, reading).read(); }

std::vector<std::pair<size_t, std::string>> Reading::placesOf(size_t router, int depth) const {
    constexpr int kMaxDepth = 8;
    const Router& own = graph.routers()[router];
    std::vector<std::pair<size_t, std::string>> places;
    if (own.isApp) return {{router, ""}};
    if (depth > kMaxDepth) return places;
    for (const Mounting& mounting : mountings) {
        if (mounting.child != router) continue;
        const std::string& prefix = mounting.replaces ? mounting.prefix : own.prefix;
        for (const auto& place : placesOf(mounting.parent, depth + 1))
            places.emplace_back(place.first, joinRules(place.second, prefix));
    }
    return places;
}

std::string joinRules(const std::string& prefix, const std::string& rule) {
    if (prefix.empty() || rule.empty()) return prefix + rule;
    const size_t end = prefix.find_last_not_of('/');
    const size_t start = rule.find_first_not_of('/');
    return prefix.substr(0, end == std::string::npos ? 0 : end + 1) + "/" + (start == std::string::npos ? "" : rule.substr(start));
}

} // namespace covet::rules::flask
