// Applications on the package `covet` (0.1): what is registered on them, and whether all of it is
// understood.

#include <algorithm>

#include "facts/object_class.h"
#include "facts/reference_context.h"
#include "rules/frameworks/published/published.h"
#include "rules/store/call_graph.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::published {
namespace {

constexpr Words kVerbs = {"get",   "post", "put",    "delete",
                          "patch", "head", "options"};

class Reader {
public:
    Reader(MigrationContext& context, Reading& reading)
        : project_(context.project()), reading_(reading), graph_(reading.graph) {}

    void run() {
        graph_.findRouters([&](const Module& module, Router& router) {
            const Name name = nameOf(project_, module, router.creation.field("function"));
            router.isApp = name.kind == Kind::Application || name.kind == Kind::Assembly;
            if (!router.isApp && name.kind != Kind::Group) return false;
            if (name.kind == Kind::Group)
                router.prefix = graph_.text(module, argumentOf(router.creation, "prefix", 0));
            if (endsWith(router.prefix, "/")) router.prefix.pop_back();
            return true;
        });
        if (graph_.routers().empty()) return;
        for (const Router& router : graph_.routers())
            creation(router);
        for (const auto& module : project_.modules()) {
            if (isTestModule(*module)) continue;
            if (module->tree->root().hasError() && namesPackage(*module))
                refuse(*module, module->tree->root(), "syntax-error", module->path());
            syntax::walk(module->tree->root(), [&](const Node& node) {
                if (node.is("import_statement") || node.is("import_from_statement")) return false;
                if (node.is("attribute"))
                    attribute(*module, node);
                else if (node.is("identifier"))
                    identifier(*module, node);
                return true;
            });
        }
    }

private:
    static bool namesPackage(const Module& module) {
        return std::any_of(module.imports.begin(), module.imports.end(),
                           [](const auto& entry) { return isPackage(entry.second.module); });
    }

    void refuse(const Module& module, const Node& node, std::string reason, std::string detail) {
        reading_.refusals.push_back({&module, node, std::move(reason), std::move(detail)});
    }

    void creation(const Router& router) {
        const Node statement = router.creation.parent().parent();
        if (!statement.is("expression_statement"))
            return refuse(*router.module, router.creation, "application-object", router.name);
        if (!router.isApp) return;
        for (const Node& argument : router.creation.field("arguments").namedChildren()) {
            const bool named = argument.is("keyword_argument");
            const std::string_view keyword =
                named ? argument.field("name").text() : std::string_view("debug");
            if (argument.is("dictionary_splat") || argument.is("list_splat") ||
                !isApplicationOption(keyword))
                refuse(*router.module, argument, "application-option",
                       std::string(argument.text().substr(0, 60)));
            else if (keyword == "middleware" && !argument.field("value").is("list"))
                refuse(*router.module, argument, "application-option",
                       std::string(argument.text().substr(0, 60)));
            else if (keyword == "router" &&
                     graph_.resolve(*router.module, argument.field("value")) >= 0)
                mount(*router.module, router.creation, argument.field("value"), {});
        }
    }

    /// Names of the package that have no counterpart.
    void identifier(const Module& module, const Node& node) {
        const Node outer = node.parent();
        if (outer.is("keyword_argument") && outer.field("name") == node) return;
        if (outer.is("attribute")) return; // looked at as a whole
        used(module, node);
    }

    void used(const Module& module, const Node& node) {
        const Name name = nameOf(project_, module, node);
        const Node outer = node.parent();
        const bool isCalled = outer.is("call") && outer.field("function") == node;
        if (name.kind == Kind::Foreign)
            return refuse(module, node, "not-offered-by-target", name.name);
        const bool makes = name.kind == Kind::Application || name.kind == Kind::Assembly ||
                           name.kind == Kind::Group;
        const bool isMade =
            std::any_of(graph_.routers().begin(), graph_.routers().end(),
                        [&](const Router& router) { return router.creation == outer; });
        if (makes && isCalled && !isMade)
            refuse(module, node, "application-object", std::string(outer.text().substr(0, 60)));
        if (name.kind == Kind::Cors && isCalled)
            refuse(module, node, "middleware-instance", name.name);
        if (name.kind == Kind::Application && outer.is("argument_list") &&
            outer.parent().is("class_definition"))
            refuse(module, node, "application-class", name.name);
    }

    /// The router of `app.get`, also by way of `app.router.get`.
    int routerOf(const Module& module, const Node& object) const {
        if (object.is("attribute") && object.field("attribute").text() == "router") {
            const int owner = graph_.resolve(module, object.field("object"));
            if (owner >= 0 && graph_.routers()[static_cast<size_t>(owner)].isApp) return owner;
        }
        // Any other local name might be the only application, too: parameters are taken by their
        // name.
        const std::string_view name =
            object.is("attribute") ? object.field("attribute").text() : object.text();
        const bool known = std::any_of(graph_.routers().begin(), graph_.routers().end(),
                                       [&](const Router& router) { return router.name == name; });
        const bool isPart =
            object.is("attribute") && object.field("object").is("identifier") &&
            object.field("object").text() != "self" &&
            project_.resolve(module, object).kind != semantic::Symbol::Kind::Variable;
        const bool isLocal = project_.resolve(module, object).kind == semantic::Symbol::Kind::Local;
        return (isLocal && !known) || isPart ? -1 : graph_.resolve(module, object);
    }

    /// `group.include_in_router(app.router)`
    static bool isIncluded(const Node& node) {
        const Node call = node.parent().is("argument_list") ? node.parent().parent() : Node{};
        return call.is("call") && call.field("function").is("attribute") &&
               call.field("function").field("attribute").text() == "include_in_router";
    }

    void attribute(const Module& module, const Node& node) {
        const Node object = node.field("object");
        const int found = routerOf(module, object);
        if (found < 0) {
            if (!node.parent().is("attribute")) used(module, node);
            return;
        }
        const size_t router = static_cast<size_t>(found);
        const std::string name(node.field("attribute").text());
        const Node call = node.parent();
        const bool isCall = call.is("call") && call.field("function") == node;
        if (name == "router" && graph_.routers()[router].isApp &&
            (node.parent().is("attribute") || isIncluded(node)))
            return;
        if (!isCall) {
            const Node decorator = node.parent();
            if (decorator.is("decorator") && (name == "on_startup" || name == "on_shutdown"))
                return use(Use::Kind::Lifecycle, module, router, decorator, object, name.substr(3),
                           decoratedFunction(module, decorator));
            if (decorator.is("decorator") && name == "middleware")
                return use(Use::Kind::Around, module, router, decorator, object, "",
                           decoratedFunction(module, decorator));
            if (name == "routes" && node.parent().is("argument_list") &&
                node.parent().parent().field("function").text() == "len")
                return;
            return refuse(module, node, "application-attribute", name);
        }
        called(module, router, name, call, object);
    }

    void use(Use::Kind kind, const Module& module, size_t router, const Node& node,
             const Node& object, std::string event = "", const Function* function = nullptr) {
        reading_.uses.push_back({kind, &module, router, node, object, std::move(event), function});
    }

    void called(const Module& module, size_t router, const std::string& name, const Node& call,
                const Node& object) {
        const bool isDecorator = call.parent().is("decorator");
        const Node node = isDecorator ? call.parent() : call;
        const Node first = argumentOf(call, "", 0);
        if (kVerbs.count(name) || name == "route")
            return decorated(module, router, name, call, object);
        if (name == "add_route" && !isDecorator) return added(module, router, call, object);
        if (name == "on_event")
            return use(Use::Kind::Event, module, router, node, object, "",
                       isDecorator ? decoratedFunction(module, node) : nullptr);
        if (name == "exception_handler" && isDecorator)
            return use(Use::Kind::ErrorHandler, module, router, node, object, "",
                       decoratedFunction(module, node));
        if (name == "middleware" && isDecorator)
            return use(Use::Kind::Around, module, router, node, object, "",
                       decoratedFunction(module, node));
        if (isDecorator) return refuse(module, call, "application-attribute", name);
        if (name == "include_router" || name == "include_in_router")
            return include(module, router, name, call, object);
        if (name == "add_middleware" || name == "middleware")
            return use(Use::Kind::Middleware, module, router, call, object, "",
                       functionOf(project_, module, first));
        static const std::map<std::string_view, const char*> kEvents = {
            {"on_startup", "startup"},
            {"on_shutdown", "shutdown"},
            {"add_startup_handler", "startup"},
            {"add_shutdown_handler", "shutdown"}};
        if (const auto event = kEvents.find(name); event != kEvents.end())
            return use(Use::Kind::Lifecycle, module, router, call, object, event->second,
                       functionOf(project_, module, first));
        if (name == "add_exception_handler")
            return use(Use::Kind::ErrorCall, module, router, call, object, "",
                       functionOf(project_, module, argumentOf(call, "handler", 1)));
        if (name == "run" && call.parent().is("expression_statement"))
            return use(Use::Kind::Run, module, router, call, object);
        if (name == "mount") return use(Use::Kind::Mount, module, router, call, object);
        if (name == "json_response" || name == "text_response" || name == "html_response")
            return use(Use::Kind::Answer, module, router, call, object);
        refuse(module, call, "application-attribute", name);
    }

    void include(const Module& module, size_t router, const std::string& name, const Node& call,
                 const Node& object) {
        const Node other = argumentOf(call, "router", 0);
        const int found = routerOf(module, other);
        if (found < 0) return refuse(module, call, "unknown-router", std::string(other.text()));
        if (name == "include_router")
            graph_.mount(router, static_cast<size_t>(found),
                         graph_.text(module, argumentOf(call, "prefix", 1)));
        else
            graph_.mount(static_cast<size_t>(found), router, "");
        use(Use::Kind::Include, module, router, call, object);
    }

    void mount(const Module& module, const Node& creation, const Node& child,
               const std::string& prefix) {
        for (size_t i = 0; i < graph_.routers().size(); ++i)
            if (graph_.routers()[i].creation == creation)
                graph_.mount(i, static_cast<size_t>(graph_.resolve(module, child)), prefix);
    }

    /// "GET", ["GET", "POST"]
    std::vector<std::string> methodsOf(const Module& module, const Node& given, bool& known) const {
        if (given.isNull()) return {"GET"};
        std::vector<std::string> found;
        bool isText = false;
        if (const std::string one = graph_.text(module, given, &isText); isText)
            found.push_back(one);
        else
            found = graph_.texts(module, given);
        for (std::string& method : found)
            method = upperCase(method);
        known = !found.empty();
        return found;
    }

    static Node methodArgument(const Node& call, int position) {
        const Node given = argumentOf(call, "methods", position);
        return given.isNull() ? argumentOf(call, "method") : given;
    }

    void decorated(const Module& module, size_t router, const std::string& name, const Node& call,
                   const Node& object) {
        Site site;
        site.router = router;
        site.module = &module;
        site.call = call;
        site.object = object;
        const Node outer = call.parent();
        if (outer.is("decorator")) {
            site.node = outer;
            site.function = decoratedFunction(module, outer);
            if (!site.function)
                return refuse(module, call, "class-handler",
                              std::string(outer.text().substr(0, 60)));
        } else if (outer.is("call") && outer.field("function") == call) {
            site.node = outer;
            site.endpoint = argumentOf(outer, "handler", 0);
            site.function = endpointOf(module, site.endpoint);
        } else {
            return refuse(module, call, "application-attribute", name);
        }
        bool known = true;
        if (kVerbs.count(name))
            site.methods = {upperCase(name)};
        else
            site.methods = methodsOf(module, methodArgument(call, 1), known);
        register_(module, std::move(site), argumentOf(call, "path", 0), known);
    }

    /// `add_route(path, handler, methods)`, and `add_route(method, path, handler)` of older demos.
    void added(const Module& module, size_t router, const Node& call, const Node& object) {
        static constexpr Words kMethods = {"GET",   "POST", "PUT",    "DELETE",
                                           "PATCH", "HEAD", "OPTIONS"};
        Site site;
        site.router = router;
        site.module = &module;
        site.call = site.node = call;
        site.object = object;
        const bool methodFirst =
            kMethods.count(upperCase(graph_.text(module, argumentOf(call, "", 0)))) > 0;
        const int at = methodFirst ? 1 : 0;
        site.endpoint = argumentOf(call, "handler", at + 1);
        site.function = endpointOf(module, site.endpoint);
        bool known = true;
        site.methods = methodsOf(
            module, methodFirst ? argumentOf(call, "", 0) : methodArgument(call, 2), known);
        register_(module, std::move(site), argumentOf(call, "path", at),
                  known && !site.endpoint.isNull());
    }

    /// The function that an endpoint names, also as a method of an object.
    const Function* endpointOf(const Module& module, const Node& endpoint) const {
        if (const Function* function = functionOf(project_, module, endpoint)) return function;
        if (!endpoint.is("attribute")) return nullptr;
        const std::string owner = facts::ownerClass(project_, module, endpoint.field("object"));
        return owner.empty()
                   ? nullptr
                   : facts::methodOfClass(project_, owner,
                                          std::string(endpoint.field("attribute").text()));
    }

    void register_(const Module& module, Site site, const Node& path, bool known) {
        bool isText = false;
        site.rule = readRule(graph_.text(module, path, &isText));
        if (!known || !isText || !site.rule.isKnown)
            return refuse(module, site.call, "dynamic-path",
                          std::string(site.call.text().substr(0, 60)));
        // A function with one form of a part under one path and another under the next has no
        // single reading of it.
        for (const Site& other : reading_.sites)
            if (other.function && other.function == site.function &&
                other.rule.forms != site.rule.forms && !site.rule.forms.empty())
                return refuse(module, site.call, "path-converter", site.rule.path);
        RouteSite route;
        route.router = site.router;
        route.module = &module;
        route.site = site.node;
        route.path = site.rule.path;
        route.methods = site.methods;
        route.function = site.function;
        if (site.function) route.handler = site.function->qualified;
        graph_.addRoute(route);
        reading_.sites.push_back(std::move(site));
    }

    const semantic::Project& project_;
    Reading& reading_;
    RouterGraph& graph_;
};

} // namespace

void read(MigrationContext& context, Reading& reading) {
    Reader(context, reading).run();
    settleOrder(reading);
}

} // namespace covet::rules::published
