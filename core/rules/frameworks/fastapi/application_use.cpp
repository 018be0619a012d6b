// What an application or a router is used for beside its routes, and what of it can be moved.

#include "rules/frameworks/fastapi/application_use.h"

#include <algorithm>

#include "rules/frameworks/fastapi/inspection.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::fastapi {
namespace {

using Use = ApplicationUse::Kind;
using semantic::Module;

/// Attributes of FastAPI that only its pages of documentation read.
bool isDocumentationAttribute(const std::string& name) {
    return isDocumentation(name) || name == "openapi_schema" || name == "openapi_version";
}

/// Attributes that FastAPI or Starlette define; any other is the program's own.
bool isDefined(const std::string& name) {
    static constexpr Words kNames = {
        "routes", "router", "openapi", "setup", "build_middleware_stack", "middleware_stack", "user_middleware",
        "exception_handlers", "dependency_overrides", "webhooks", "root_path", "url_path_for", "host", "extra",
        "add_api_route", "add_route", "add_websocket_route", "add_api_websocket_route", "websocket_route"};
    return kNames.count(name) > 0;
}

bool isDescribing(const std::string& name) { return name == "title" || isDocumentationAttribute(name); }

ApplicationUse no(const Node& node, std::string reason) { return {Use::Unknown, node, std::move(reason)}; }

/// Both arguments of `app.add_event_handler("startup", f)`, and nothing else.
bool hasTwoArguments(const Node& call) {
    const std::vector<Node> given = call.field("arguments").namedChildren();
    return given.size() == 2 && !given[0].is("keyword_argument") && !given[1].is("keyword_argument") &&
           !given[1].is("list_splat") && call.parent().is("expression_statement");
}

ApplicationUse decoratorUse(const RouterGraph& graph, const Module& module, const Node& call, const Router& router,
                            const std::string& method) {
    static constexpr Words kVerbs = {"get",  "post",    "put",   "delete",   "patch",
                                     "head", "options", "trace", "api_route"};
    if (kVerbs.count(method)) return {Use::Route, call};
    if (router.isApp && (method == "exception_handler" || method == "on_event")) return {Use::Plain, call};
    if (method == "middleware" && router.isApp) {
        bool known = false;
        const bool http = graph.text(module, argumentOf(call, "middleware_type", 0), &known) == "http";
        return known && http ? ApplicationUse{Use::HttpMiddleware, call} : no(call, "middleware");
    }
    if (method == "websocket") {
        const std::string obstacle = webSocketObstacle(graph, module, call, router);
        return obstacle.empty() ? ApplicationUse{Use::WebSocket, call} : no(call, obstacle);
    }
    return no(call, "not-offered-by-target");
}

ApplicationUse attributeUse(const RouterGraph& graph, const Module& module, const Node& access, const Router& router) {
    const std::string method(access.field("attribute").text());
    const Node outer = access.parent();
    if (method == "state" && router.isApp) return {Use::State, access};
    if (outer.is("assignment") && outer.field("left") == access && router.isApp) {
        const bool describes = isDescribing(method) || (method == "openapi" && !documentationFunctions(graph, module).empty());
        if (outer.parent().is("expression_statement") && describes) return {Use::Documentation, outer.parent()};
        return isDefined(method) ? no(outer, "application-used-otherwise") : ApplicationUse{Use::Plain, access};
    }
    if (!outer.is("call") || !(outer.field("function") == access)) {
        const bool own = router.isApp && !isDefined(method) && !isDescribing(method);
        return own ? ApplicationUse{Use::Plain, access} : no(outer, "application-used-otherwise");
    }
    const Node call = outer;
    if (call.parent().is("decorator")) return decoratorUse(graph, module, call, router, method);
    if (method == "include_router") {
        if (!call.parent().is("expression_statement")) return no(call, "application-used-otherwise");
        return {Use::Include, call};
    }
    if (method == "add_api_route" && call.parent().is("expression_statement")) return {Use::RouteCall, call};
    if (!router.isApp) return no(call, "not-offered-by-target");
    if (method == "add_middleware") return {Use::Plain, call};
    if (method == "mount") {
        const size_t given = call.field("arguments").namedChildCount();
        return given >= 2 && given <= 3 && call.parent().is("expression_statement") ? ApplicationUse{Use::Mount, call}
                                                                                    : no(call, "mount");
    }
    if (method == "add_event_handler" && hasTwoArguments(call)) return {Use::EventHandler, call};
    if (method == "add_exception_handler" && hasTwoArguments(call)) return {Use::ErrorHandler, call};
    return no(call, "not-offered-by-target");
}

/// `app = server.api` at the top of a module, which nothing but a server asks for.
bool isNameForServers(const semantic::Project& project, const Module& module, const Node& assignment) {
    const Node name = assignment.field("left");
    if (!name.is("identifier") || !assignment.parent().parent().is("module")) return false;
    for (const Node& use : module.tree->identifiers(name.text())) {
        const Node call = use.parent().is("argument_list") ? use.parent().parent() : Node{};
        if (!(use == name) && call.field("function").text() != "uvicorn.run") return false;
    }
    for (const auto& other : project.modules())
        for (const auto& [local, binding] : other->imports)
            if (!isTestModule(*other) && binding.name == name.text() && project.module(binding.module) == &module) return false;
    return true;
}

/// What a web socket's query gives as it is.
bool isQueryType(std::string_view type) {
    static constexpr Words kTypes = {"str", "int", "float", "bool", "Optional[str]", "Optional[int]", "Optional[float]",
                                     "Optional[bool]", "str | None", "int | None", "float | None", "bool | None"};
    return kTypes.count(type) > 0;
}

bool isPlainDefault(const Node& value) {
    const Node given = queryDefault(value);
    return given && (given.is("string") || given.is("integer") || given.is("float") || given.is("true") || given.is("false") || given.is("none"));
}

/// A parameter that gets an application, whatever it is called.
struct ApplicationParameter {
    const semantic::Function* function;
    std::string name;
    const Router* application; // one of them at least
};

/// The one of a lifespan, and those of its type.
std::vector<ApplicationParameter> applicationParameters(const RouterGraph& graph, const Module& module) {
    std::vector<ApplicationParameter> found;
    const Router* any = nullptr;
    for (const Router& router : graph.routers())
        if (router.isApp && (!any || router.module == &module)) any = &router;
    if (!any) return found;
    std::set<std::string_view> types;
    for (const auto& [local, binding] : module.imports)
        if (binding.name == "FastAPI" && startsWith(binding.module, "fastapi")) types.insert(local);
    for (const semantic::Function& function : module.functions)
        for (const Node& parameter : function.node.field("parameters").namedChildren())
            if (types.count(parameter.field("type").text())) found.push_back({&function, parameterName(parameter), any});
    for (const Router& router : graph.routers()) {
        const Node given = router.isApp && router.module == &module ? argumentOf(router.creation, "lifespan") : Node{};
        for (const semantic::Function& function : module.functions)
            if (given.is("identifier") && function.name == given.text())
                if (const Node first = function.node.field("parameters").namedChild(0); !first.isNull())
                    found.push_back({&function, parameterName(first), &router});
    }
    return found;
}

/// Whether a function of the project gets this application and no other one where a call gives it this argument.
bool isOnlyOneGiven(const semantic::Project& project, const RouterGraph& graph, const semantic::Function& function, const Node& list,
                    std::string_view keyword, const Router& router) {
    const Module* home = definingModule(project, function);
    const std::vector<Node> parameters = function.node.field("parameters").namedChildren();
    const auto own = [&](const Node& parameter) {
        const int given = home ? graph.resolve(*home, parameter.is("identifier") ? parameter : parameter.namedChild(0)) : -1;
        return given >= 0 && &graph.routers()[static_cast<size_t>(given)] == &router;
    };
    if (list.is("argument_list")) return std::any_of(parameters.begin(), parameters.end(), own);
    return std::any_of(parameters.begin(), parameters.end(), [&](const Node& parameter) { return parameterName(parameter) == keyword && own(parameter); });
}

} // namespace

Node queryDefault(const Node& value) {
    if (!value.is("call")) return value;
    const std::vector<Node> given = value.field("arguments").namedChildren();
    if (value.field("function").text() != "Query" || given.size() > 1) return {};
    if (given.empty()) return {};
    if (given[0].is("keyword_argument")) return given[0].field("name").text() == "default" ? given[0].field("value") : Node{};
    return given[0];
}

std::string webSocketObstacle(const RouterGraph& graph, const Module& module, const Node& call, const Router& router) {
    bool known = false;
    const std::string path = graph.text(module, argumentOf(call, "path", 0), &known);
    if (!known) return "dynamic-path";
    if (!argumentOf(router.creation, "dependencies").isNull()) return "websocket"; // which run for sockets, too
    if (call.field("arguments").namedChildCount() != 1) return "route-option";
    const semantic::Function* function = decoratedFunction(module, call.parent());
    if (!function || !function->className.empty()) return "websocket";
    size_t sockets = 0;
    for (const Node& parameter : function->node.field("parameters").namedChildren()) {
        const std::string name = parameterName(parameter);
        const bool inPath = path.find("{" + name + "}") != std::string::npos || path.find("{" + name + ":") != std::string::npos;
        const bool typed = parameter.is("typed_parameter") || parameter.is("typed_default_parameter");
        if (inPath && parameter.is("typed_parameter")) continue;
        if (typed && isQueryType(parameter.field("type").text()) && (!parameter.field("value") || isPlainDefault(parameter.field("value")))) continue;
        if (!parameter.is("typed_parameter") || inPath) return "websocket-parameter";
        ++sockets;
    }
    return sockets == 1 ? "" : "websocket-parameter";
}

ApplicationUse applicationUse(const semantic::Project& project, const RouterGraph& graph, const Module& module,
                              const Node& node, const Router& router) {
    const Node parent = node.parent();
    if (parent.is("keyword_argument") && parent.field("name") == node) return {Use::Plain, parent};
    if (parent.is("parameters") || parent.is("typed_parameter") || parent.is("return_statement") || parent.is("global_statement"))
        return {Use::Plain, parent};
    if (parent.is("assignment") && parent.field("left") == node) {
        // `app = create_app()`
        const Node made = parent.field("right");
        const bool ofFactory = made.is("call") && router.function && functionOf(project, module, made.field("function")) == router.function;
        return made == router.creation || ofFactory ? ApplicationUse{Use::Plain, parent} : no(parent, "application-used-otherwise");
    }
    if (parent.is("assignment") && parent.field("right") == node && router.isApp && isNameForServers(project, module, parent))
        return {Use::Plain, parent};
    // `task_router = router`: another name, by which the graph knows it, too.
    if (parent.is("assignment") && parent.field("right") == node && !router.isApp && parent.field("left").is("identifier") &&
        graph.resolve(module, parent.field("left")) == graph.resolve(module, node))
        return {Use::Plain, parent};
    if (parent.is("argument_list") || parent.is("keyword_argument")) {
        const Node call = parent.is("argument_list") ? parent.parent() : parent.parent().parent();
        const std::string_view keyword = parent.is("keyword_argument") ? parent.field("name").text() : "";
        const Node callee = call.field("function");
        const std::string_view method = callee.is("attribute") ? callee.field("attribute").text() : callee.text();
        if (method == "include_router" && (keyword.empty() || keyword == "router")) return {Use::Plain, parent};
        // Servers take any ASGI application, functions of the project what their code makes of it.
        if (callee.text() == "uvicorn.run" || method == "Mangum" || method == "TestClient") return {Use::Plain, parent};
        if (method == "mount") return {Use::Plain, parent};
        if (const semantic::Function* function = functionOf(project, module, callee); function && router.isApp) {
            if (graph.onlyApp() >= 0 || isOnlyOneGiven(project, graph, *function, parent, keyword, router)) return {Use::Plain, parent};
        }
        return no(parent, "application-used-otherwise");
    }
    if (!parent.is("attribute") || !(parent.field("object") == node)) return no(parent, "application-used-otherwise");
    return attributeUse(graph, module, parent, router);
}

std::vector<Node> documentationFunctions(const RouterGraph& graph, const Module& module) {
    std::vector<Node> found;
    for (const semantic::Function& function : module.functions) {
        if (!function.className.empty() || function.isNested) continue;
        size_t uses = 0;
        bool describes = false;
        for (const Node& use : module.tree->identifiers(function.name)) {
            if (use == function.node.field("name")) continue;
            ++uses;
            const Node assignment = use.parent(), left = assignment.field("left");
            const int router = assignment.is("assignment") && assignment.field("right") == use && left.is("attribute") &&
                                       left.field("attribute").text() == "openapi"
                                   ? graph.resolve(module, left.field("object"))
                                   : -1;
            describes = describes || (router >= 0 && graph.routers()[static_cast<size_t>(router)].isApp);
        }
        if (describes && uses == 1) found.push_back(function.decorated);
    }
    return found;
}

bool isDocumentationCode(const std::vector<Node>& functions, const Node& node) {
    return std::any_of(functions.begin(), functions.end(), [&](const Node& function) { return function.contains(node); });
}

void eachRouterUse(const RouterGraph& graph, const Module& module,
                   const std::function<void(const Node&, const Router&)>& visit) {
    const std::vector<Node> documentation = documentationFunctions(graph, module);
    const auto parameters = applicationParameters(graph, module);
    syntax::walk(module.tree->root(), [&](const Node& node) {
        if (node.is("import_from_statement") || node.is("import_statement") || node.is("future_import_statement")) return false;
        if (!node.is("identifier") && !node.is("attribute")) return true;
        const std::string_view name = node.is("attribute") ? node.field("attribute").text() : node.text();
        const bool isPart = node.is("identifier") && node.parent().is("attribute") && node.parent().field("attribute") == node;
        if (isPart) return true;
        const auto parameter = std::find_if(parameters.begin(), parameters.end(), [&](const ApplicationParameter& one) {
            return node.is("identifier") && one.name == name && one.function->node.contains(node);
        });
        const bool any = parameter != parameters.end() ||
                         std::any_of(graph.routers().begin(), graph.routers().end(), [&](const Router& router) { return router.name == name; });
        if (!any) return true;
        const int resolved = graph.resolve(module, node);
        const Router* found = parameter == parameters.end() ? nullptr : parameter->application;
        if (resolved >= 0) found = &graph.routers()[static_cast<size_t>(resolved)];
        if (!found) return true;
        if (isDocumentationCode(documentation, node)) return false;
        visit(node, *found);
        return false;
    });
}

} // namespace covet::rules::fastapi
