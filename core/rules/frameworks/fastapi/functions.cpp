// What FastAPI calls beside the handlers of routes.
//
// A dependency (`Depends(current_user)`) runs inside of a request and may reach stores as handlers do.
// Functions around all handlers (`@app.middleware("http")`) open stores before and after the request goes on.
// Start-up code, error handlers and web sockets run outside of what a request's session covers.

#include "rules/frameworks/fastapi/functions.h"

#include <algorithm>

#include "facts/object_class.h"
#include "facts/reference_context.h"
#include "rules/blocking_calls.h"
#include "rules/store/entry_points.h"
#include "rules/store/middleware.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules {
namespace {

using semantic::Function;
using semantic::Module;
using semantic::Symbol;

const char* const kFramework = "fastapi";

bool isDepends(const semantic::Project& project, const Module& module, const Node& call) {
    static constexpr Words kNames = {
        "fastapi.Depends", "fastapi.Security", "fastapi.params.Depends", "fastapi.params.Security",
        "fastapi.param_functions.Depends", "fastapi.param_functions.Security"};
    const Symbol& symbol = project.resolve(module, call.field("function"));
    return symbol.kind == Symbol::Kind::External && kNames.count(symbol.name) > 0;
}

class FunctionFinder {
public:
    FunctionFinder(MigrationContext& context, const RouterGraph& graph)
        : context_(context), project_(context.project()), graph_(graph) {}

    void run() {
        for (const auto& module : project_.modules()) {
            if (isTestModule(*module)) continue;
            for (const char* name : {"Depends", "Security"}) eachCall(*module, name, [&](const Node& call) {
                if (!isDepends(project_, *module, call)) return;
                for (const Function* function : providers(*module, argumentOf(call, "dependency", 0)))
                    dependency(*function);
            });
            for (const Function& function : module->functions) hooks(*module, function);
            for (const char* name : {"add_event_handler", "add_exception_handler", "add_api_websocket_route"})
                eachCall(*module, name, [&](const Node& call) { callHook(*module, call); });
        }
        for (const Router& router : graph_.routers()) lifespan(router);
        runBefore();
    }

private:
    template <typename Visit> void eachCall(const Module& module, const char* name, Visit&& visit) {
        auto calls = module.calls.find(name);
        if (calls == module.calls.end()) return;
        for (const Node& call : calls->second) visit(call);
    }

    const Module* moduleOf(const Function& function) const {
        for (const auto& module : project_.modules())
            for (const Function& own : module->functions)
                if (&own == &function) return module.get();
        return nullptr;
    }

    /// The functions that a provider expression leads to: a name, or a factory's inner functions.
    std::vector<const Function*> providers(const Module& module, const Node& provider) const {
        std::vector<const Function*> found;
        if (provider.isNull()) return found;
        if (const Function* function = functionOf(project_, module, provider)) found.push_back(function);
        if (const Function* function = callOfObject(module, provider)) found.push_back(function);
        if (!provider.is("call")) return found;
        const Function* factory = functionOf(project_, module, provider.field("function"));
        const Module* home = factory ? moduleOf(*factory) : nullptr;
        if (!home) return found;
        for (const Function& inner : home->functions)
            if (inner.isNested && home->enclosingFunction(inner.node) == factory) found.push_back(&inner);
        return found;
    }

    /// `__call__` of `Depends(checker)` and `Depends(Checker("admin"))`; nullptr for other providers.
    const Function* callOfObject(const Module& module, const Node& provider) const {
        const Symbol& symbol = project_.resolve(module, provider.is("call") ? provider.field("function") : provider);
        const bool isClass = symbol.kind == Symbol::Kind::Class && symbol.module;
        if (isClass && !provider.is("call")) return nullptr; // which is made for each request
        const std::string owner = isClass ? symbol.module->name + ":" + symbol.name : facts::ownerClass(project_, module, provider);
        return owner.empty() ? nullptr : facts::methodOfClass(project_, owner, "__call__");
    }

    Handler& handler(const Module& module, const Function& function) {
        for (Handler& known : context_.handlers)
            if (known.function == &function) return known;
        context_.handlers.push_back({&module, &function, kFramework, false, ""});
        return context_.handlers.back();
    }

    void dependency(const Function& function) {
        const Module* module = moduleOf(function);
        if (!module || context_.handlerOf(function)) return;
        Handler& added = handler(*module, function);
        added.isDependency = true;
        const bool isMethod = !function.className.empty() && function.name != "__call__";
        added.rewritten = !isMethod;
        if (isMethod) added.reason = "method-dependency";
    }

    void refuse(const Module& module, const Function& function, const std::string& reason) {
        Handler& known = handler(module, function);
        known.rewritten = false;
        known.reason = reason;
    }

    void hooks(const Module& module, const Function& function) {
        static const std::map<std::string_view, const char*> kReasons = {
            {"on_event", "startup-code"}, {"middleware", "middleware"}, {"exception_handler", "exception-handler"},
            {"websocket", "websocket"},   {"websocket_route", "websocket"}};
        for (const Node& decorator : function.decorated.namedChildren()) {
            if (!decorator.is("decorator")) continue;
            Node call = decorator.namedChild(0);
            Node callee = call.is("call") ? call.field("function") : Node{};
            if (!callee.is("attribute")) continue;
            auto reason = kReasons.find(callee.field("attribute").text());
            if (reason == kReasons.end() || graph_.resolve(module, callee.field("object")) < 0) continue;
            refuse(module, function, reason->second);
        }
        if (isMiddleware(module, function)) around(module, function);
        const Handler* known = context_.handlerOf(function);
        const bool isAround = isMiddleware(module, function) || (known && known->isDependency);
        if (known && known->rewritten && !isAround && !function.className.empty()) refuse(module, function, "class-based-view");
    }

    void around(const Module& module, const Function& function) {
        if (!readMiddleware(module, function).isPlain) return;
        Handler& known = handler(module, function);
        known.rewritten = true;
        known.reason.clear();
    }

    void callHook(const Module& module, const Node& call) {
        Node callee = call.field("function");
        if (!callee.is("attribute") || graph_.resolve(module, callee.field("object")) < 0) return;
        std::string_view name = callee.field("attribute").text();
        const char* reason = name == "add_event_handler" ? "startup-code"
                             : name == "add_exception_handler" ? "exception-handler" : "websocket";
        for (const Node& argument : call.field("arguments").namedChildren())
            if (const Function* function = functionOf(project_, module, argument))
                refuse(*moduleOf(*function), *function, reason);
    }

    void lifespan(const Router& router) {
        for (const char* keyword : {"lifespan", "on_startup", "on_shutdown"}) {
            Node given = argumentOf(router.creation, keyword);
            if (given.isNull()) continue;
            std::vector<Node> named = given.is("list") ? given.namedChildren() : std::vector<Node>{given};
            for (const Node& name : named)
                if (const Function* function = functionOf(project_, *router.module, name))
                    refuse(*moduleOf(*function), *function, "startup-code");
        }
    }

    /// `APIRouter(dependencies=[...])` and `include_router(..., dependencies=[...])` run before every
    /// handler; which of them is not worth telling apart.
    void runBefore() {
        std::vector<const Function*> before;
        auto collect = [&](const Module& module, const Node& call) {
            Node given = argumentOf(call, "dependencies");
            if (given.isNull()) return;
            syntax::walk(given, [&](const Node& node) {
                if (node.is("call") && isDepends(project_, module, node))
                    for (const Function* function : providers(module, argumentOf(node, "dependency", 0)))
                        if (std::find(before.begin(), before.end(), function) == before.end())
                            before.push_back(function);
                return true;
            });
        };
        for (const Router& router : graph_.routers()) collect(*router.module, router.creation);
        for (const auto& module : project_.modules())
            if (!isTestModule(*module))
                eachCall(*module, "include_router", [&](const Node& call) { collect(*module, call); });
        if (before.empty()) return;
        for (Handler& known : context_.handlers)
            if (!known.isDependency && known.framework == kFramework) known.runBefore = before;
    }

    MigrationContext& context_;
    const semantic::Project& project_;
    const RouterGraph& graph_;
};

bool blocks(const semantic::Project& project, const Module& module, const Function& function) {
    bool found = false;
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (found || !node.is("call")) return !found;
        const Symbol& symbol = project.resolve(module, node.field("function"));
        found = symbol.kind == Symbol::Kind::External &&
                (isBlockingCall(symbol.name) || symbol.name == "asyncio.run");
        return !found;
    });
    return found;
}

} // namespace

void findFastApiFunctions(MigrationContext& context, const RouterGraph& graph) {
    FunctionFinder(context, graph).run();
}

void keepBlockingInThreads(MigrationContext& context) {
    std::set<const Function*> known;
    for (const auto& module : context.project().modules())
        for (const Function& function : module->functions)
            if (blocks(context.project(), *module, function)) known.insert(&function);
    if (known.empty()) return;
    const CallGraph graph(context);
    for (Handler& handler : context.handlers) {
        if (handler.framework != kFramework || handler.function->isAsync || !graph.contains(*handler.function)) continue;
        for (const Function* function : graph.reachableFrom(*handler.function))
            handler.inThread = handler.inThread || known.count(function) > 0;
    }
}

} // namespace covet::rules
