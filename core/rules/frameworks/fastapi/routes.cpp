// FastAPI applications: what the framework registers when the modules are imported.
//
// Where FastAPI is the target, too, routing stays as it is, and the handlers are open to the store engine.

#include "rules/frameworks/fastapi/functions.h"
#include "rules/frameworks/fastapi/inspection.h"
#include "rules/frameworks/fastapi/move.h"
#include "rules/frameworks/frameworks.h"
#include "rules/frameworks/router_graph.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules {
namespace {

using semantic::Module;

constexpr Words kVerbs = {"get", "post", "put", "delete", "patch", "options", "head", "trace"};

/// "/files/{path:path}" -> "/files/{path}"
std::string withoutConverters(const std::string& path) {
    std::string out;
    bool inside = false;
    bool skipping = false;
    for (char c : path) {
        if (c == '{') inside = true;
        if (c == '}') inside = skipping = false;
        if (inside && c == ':') skipping = true;
        if (!skipping) out += c;
    }
    return out;
}

bool acceptRouter(RouterGraph& graph, const Module& module, Router& router) {
    static constexpr Words kApps = {"fastapi.FastAPI", "fastapi.applications.FastAPI"};
    static constexpr Words kRouters = {"fastapi.APIRouter", "fastapi.routing.APIRouter"};
    router.isApp = kApps.count(router.kind) > 0;
    if (!router.isApp && !kRouters.count(router.kind)) return false;
    router.prefix = graph.text(module, argumentOf(router.creation, "prefix"));
    return true;
}

std::vector<std::string> methodsOf(RouterGraph& graph, const Module& module, const Node& call) {
    Node given = argumentOf(call, "methods");
    if (given.isNull()) return {"GET"};
    std::vector<std::string> methods = graph.texts(module, given);
    for (std::string& method : methods) method = upperCase(method);
    return methods;
}

void decoratorRoute(MigrationContext& context, RouterGraph& graph, const Module& module, const Node& decorator) {
    Node call = decorator.namedChild(0);
    Node callee = call.is("call") ? call.field("function") : Node{};
    if (!callee.is("attribute")) return;
    std::string_view verb = callee.field("attribute").text();
    const bool isVerb = kVerbs.count(verb) > 0;
    if (!isVerb && verb != "api_route") return;
    int router = graph.resolve(module, callee.field("object"));
    if (router < 0) return;
    bool known = false;
    RouteSite route;
    route.path = withoutConverters(graph.text(module, argumentOf(call, "path", 0), &known));
    if (!known) {
        Finding& finding = context.report(module, call, "COV106", "the path is not constant");
        finding.safetyReason = "dynamic-path";
        return;
    }
    route.router = static_cast<size_t>(router);
    route.module = &module;
    route.site = decorator;
    route.methods = isVerb ? std::vector<std::string>{upperCase(verb)} : methodsOf(graph, module, call);
    route.function = decoratedFunction(module, decorator);
    if (route.function) route.handler = route.function->qualified;
    graph.addRoute(std::move(route));
}

void callRoute(MigrationContext& context, RouterGraph& graph, const Module& module, const Node& call) {
    Node callee = call.field("function");
    std::string_view name = callee.field("attribute").text();
    int router = graph.resolve(module, callee.field("object"));
    if (router < 0) return;
    if (name == "include_router") {
        int child = graph.resolve(module, argumentOf(call, "router", 0));
        if (child >= 0)
            graph.mount(static_cast<size_t>(router), static_cast<size_t>(child),
                        graph.text(module, argumentOf(call, "prefix")));
        return;
    }
    if (name == "mount") { // another application of the project
        const int child = graph.resolve(module, argumentOf(call, "app", 1));
        if (child >= 0) graph.mount(static_cast<size_t>(router), static_cast<size_t>(child), graph.text(module, argumentOf(call, "path", 0)));
        return;
    }
    if (name != "add_api_route" && name != "add_route") return;
    RouteSite route;
    route.router = static_cast<size_t>(router);
    route.module = &module;
    route.site = call;
    route.path = withoutConverters(graph.text(module, argumentOf(call, "path", 0)));
    route.methods = methodsOf(graph, module, call);
    Node endpoint = argumentOf(call, name == "add_route" ? "route" : "endpoint", 1);
    route.function = functionOf(context.project(), module, endpoint);
    if (route.function) route.handler = route.function->qualified;
    graph.addRoute(std::move(route));
}

} // namespace

void findFastApiRoutes(MigrationContext& context) {
    RouterGraph graph(context, "fastapi");
    graph.findRouters([&](const Module& module, Router& router) { return acceptRouter(graph, module, router); });
    if (graph.routers().empty()) return;
    for (const auto& module : context.project().modules()) {
        if (isTestModule(*module)) continue;
        syntax::walk(module->tree->root(), [&](const Node& node) {
            if (node.is("decorator")) decoratorRoute(context, graph, *module, node);
            else if (node.is("call") && node.field("function").is("attribute") && !node.parent().is("decorator"))
                callRoute(context, graph, *module, node);
            return true;
        });
    }
    Publication kept;
    kept.rewritten = true;
    if (context.target().framework == "fastapi") {
        graph.publish(kept);
        findFastApiFunctions(context, graph);
        keepBlockingInThreads(context);
        return;
    }
    if (context.target().routingModules.empty()) return graph.publish();
    const fastapi::Inspection inspection(context, graph);
    graph.publish([&](const Module& module) {
        const fastapi::Refusal* refusal = inspection.refusal(module);
        if (!refusal) return kept;
        Publication refused;
        refused.reason = refusal->reason;
        refused.detail = refusal->detail + ", " + refusal->module->path() + ":" + std::to_string(refusal->where.line());
        return refused;
    });
    findFastApiFunctions(context, graph);
    // A function that is called for refused handlers stays, too.
    for (Handler& handler : context.handlers)
        if (const fastapi::Refusal* refusal = handler.framework == "fastapi" ? inspection.refusal(*handler.module) : nullptr) {
            handler.rewritten = false;
            handler.reason = refusal->reason;
        }
    fastapi::moveToTarget(context, graph, inspection);
    keepBlockingInThreads(context);
}

} // namespace covet::rules
