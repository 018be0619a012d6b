// Applications of the target framework: what a migrated project consists of.

#include <algorithm>

#include "rules/frameworks/frameworks.h"
#include "rules/frameworks/router_graph.h"

namespace covet::rules {
namespace {

using catalog::TargetProfile;
using semantic::Module;

/// Verb of an attribute (`app.get`); "" when it is none of the target's decorators.
std::string verbOf(const TargetProfile& target, std::string_view attribute) {
    const std::string verb = upperCase(attribute);
    return target.hasVerbDecorator(verb) && verb != attribute ? verb : "";
}

std::vector<std::string> methodsOf(RouterGraph& graph, const Module& module, const Node& call) {
    std::vector<std::string> methods = graph.texts(module, argumentOf(call, "methods"));
    for (std::string& method : methods) method = upperCase(method);
    if (methods.empty()) methods.push_back("GET");
    return methods;
}

void addRoute(MigrationContext& context, RouterGraph& graph, const Module& module, const Node& call,
              const Node& decorator) {
    const Node callee = call.field("function");
    if (!callee.is("attribute")) return;
    const TargetProfile& target = context.target();
    const std::string_view attribute = callee.field("attribute").text();
    const std::string verb = decorator ? verbOf(target, attribute) : "";
    if (verb.empty() && attribute != (decorator ? target.routeMethod : target.addRouteMethod)) return;
    const int router = graph.resolve(module, callee.field("object"));
    if (router < 0) return;
    RouteSite route;
    route.router = static_cast<size_t>(router);
    route.module = &module;
    route.site = decorator ? decorator : call;
    route.path = graph.text(module, argumentOf(call, "path", 0));
    route.methods = verb.empty() ? methodsOf(graph, module, call) : std::vector<std::string>{verb};
    route.function = decorator ? decoratedFunction(module, decorator)
                               : functionOf(context.project(), module, argumentOf(call, "handler", 1));
    if (route.function) route.handler = route.function->qualified;
    graph.addRoute(std::move(route));
}

} // namespace

void findTargetRoutes(MigrationContext& context) {
    const TargetProfile& target = context.target();
    if (target.bringsSessions()) return; // a source framework as well: its own frontend reads it
    RouterGraph graph(context, target.framework);
    graph.findRouters([&](const Module&, Router& router) {
        router.isApp = router.kind == target.application.module + "." + target.application.name;
        return router.isApp;
    });
    if (graph.routers().empty()) return;
    for (const auto& module : context.project().modules()) {
        if (isTestModule(*module)) continue;
        std::vector<Node> decorators;
        syntax::walk(module->tree->root(), [&](const Node& node) {
            if (node.is("decorator") && node.namedChild(0).is("call")) {
                decorators.push_back(node.namedChild(0));
                addRoute(context, graph, *module, node.namedChild(0), node);
            } else if (node.is("call") && std::none_of(decorators.begin(), decorators.end(),
                                                       [&](const Node& call) { return call == node; })) {
                addRoute(context, graph, *module, node, {});
            }
            return true;
        });
    }
    Publication onTarget;
    onTarget.isTarget = true;
    onTarget.reason = "already-migrated";
    graph.publish(onTarget);
}

} // namespace covet::rules
