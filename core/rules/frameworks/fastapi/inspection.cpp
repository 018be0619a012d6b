// Which FastAPI applications use nothing but what the target, or the module that comes with the code, offers.

#include "rules/frameworks/fastapi/inspection.h"

#include <algorithm>

#include "rules/frameworks/fastapi/move.h"

#include "support/strings.h"

namespace covet::rules::fastapi {
namespace {

using semantic::Module;
using semantic::Symbol;

bool isImport(const Node& node) {
    return node.is("import_from_statement") || node.is("import_statement") || node.is("future_import_statement");
}

bool isCalled(const Node& node) { return node.parent().is("call") && node.parent().field("function") == node; }

bool isAnnotation(const Node& node) { return !node.ancestor({"type"}).isNull(); }

std::string statusOf(const Node& attribute) {
    std::string name(attribute.is("attribute") ? attribute.field("attribute").text() : "");
    return startsWith(name, "HTTP_") && name.size() >= 8 ? name.substr(5, 3) : "";
}

} // namespace

bool isDocumentation(std::string_view keyword) {
    static const std::set<std::string_view> kNames = {
        "tags", "summary", "description", "response_description", "responses", "deprecated", "operation_id",
        "include_in_schema", "openapi_extra", "title", "version", "docs_url", "redoc_url", "openapi_url", "openapi_tags",
        "terms_of_service", "contact", "license_info", "swagger_ui_parameters", "servers", "debug", "name"};
    return kNames.count(keyword) > 0;
}

bool isAnswerOption(std::string_view keyword) {
    static const std::set<std::string_view> kNames = {
        "response_model", "status_code", "dependencies", "response_model_include", "response_model_exclude",
        "response_model_by_alias", "response_model_exclude_unset", "response_model_exclude_defaults",
        "response_model_exclude_none", "response_class"};
    return kNames.count(keyword) > 0;
}

std::vector<std::string> parametersOfType(const semantic::Function& function, const std::string& type) {
    std::vector<std::string> found;
    for (const Node& parameter : function.node.field("parameters").namedChildren())
        if (parameter.field("type").text() == type) found.push_back(parameterName(parameter));
    return found;
}

Inspection::Inspection(MigrationContext& context, const RouterGraph& graph) : context_(context), graph_(graph) {
    connect();
    for (const auto& module : context.project().modules())
        if (!isTestModule(*module)) inspectImports(*module);
    for (const auto& [module, names] : names_) inspectNames(*module);
    for (const auto& module : context.project().modules())
        if (!isTestModule(*module)) inspectRouters(*module);
}

const Refusal* Inspection::refusal(const Module& module) const {
    auto found = refusals_.find(rootOf(&module));
    return found == refusals_.end() ? nullptr : &found->second;
}

const Module* Inspection::rootOf(const Module* module) const {
    auto found = parents_.emplace(module, module).first;
    if (found->second == module) return module;
    const Module* root = rootOf(found->second);
    return parents_[module] = root;
}

void Inspection::connect() {
    const semantic::Project& project = context_.project();
    for (const auto& module : project.modules()) {
        if (isTestModule(*module)) continue;
        for (const auto& [name, binding] : module->imports) {
            const Module* imported = binding.name.empty() ? nullptr : project.module(binding.module + "." + binding.name);
            for (const Module* other : {imported, project.module(binding.module)})
                if (other && !isTestModule(*other)) parents_[rootOf(module.get())] = rootOf(other);
        }
    }
}

void Inspection::refuse(const Module& module, const Node& where, const std::string& reason, const std::string& detail) {
    refusals_.emplace(rootOf(&module), Refusal{&module, where, reason, detail});
}

void Inspection::inspectImports(const Module& module) {
    if (module.tree->root().hasError()) return refuse(module, module.tree->root(), "syntax-error", module.path());
    for (const auto& [local, binding] : module.imports) {
        if (!isFastApi(binding)) continue;
        std::map<std::string, Name>& names = names_[&module];
        std::optional<Name> moved = movedName(context_.target(), binding, "");
        if (binding.name.empty()) refuse(module, binding.statement, "module-import", binding.module);
        else if (!moved) refuse(module, binding.statement, "not-offered-by-target", binding.name);
        else if (!(binding.statement.parent().is("module"))) refuse(module, binding.statement, "local-import", binding.name);
        else if (moved->name != local && local == moved->original &&
                 (module.assignments.count(moved->name) || module.classNamed(moved->name) || module.function(moved->name)))
            refuse(module, binding.statement, "name-taken", moved->name);
        else names.emplace(local, *moved);
    }
}

void Inspection::inspectNames(const Module& module) {
    const std::map<std::string, Name>& names = names_.at(&module);
    syntax::walk(module.tree->root(), [&](const Node& node) {
        if (isImport(node)) return false;
        if (!node.is("identifier")) return true;
        auto known = names.find(std::string(node.text()));
        Node parent = node.parent();
        if (known == names.end() || (parent.is("attribute") && parent.field("attribute") == node) ||
            (parent.is("keyword_argument") && parent.field("name") == node))
            return true;
        if (context_.project().resolve(module, node).kind == Symbol::Kind::External) inspectName(module, node, known->second);
        else refuse(module, node, "name-shadowed", known->first);
        return true;
    });
    for (const auto& [local, name] : names) {
        if (name.kind != Kind::Request) continue;
        for (const semantic::Function& function : module.functions)
            for (const std::string& parameter : parametersOfType(function, local)) inspectRequest(module, function, parameter);
    }
}

void Inspection::inspectName(const Module& module, const Node& node, const Name& name) {
    Node parent = node.parent();
    bool fine = false;
    switch (name.kind) {
    case Kind::Application:
    case Kind::Router:
        fine = isAnnotation(node) || (isCalled(node) && parent.parent().is("assignment"));
        if (isCalled(node)) {
            for (const Node& argument : parent.field("arguments").namedChildren()) {
                std::string_view keyword = argument.field("name").text();
                const bool kept = name.kind == Kind::Router ? keyword == "prefix" || keyword == "dependencies"
                                                            : keyword == "redirect_slashes";
                const bool plain = argument.is("keyword_argument") && (kept || isDocumentation(keyword));
                if (!plain || (keyword == "debug" && argument.field("value").text() != "False"))
                    return refuse(module, argument, "application-option", std::string(argument.text().substr(0, 60)));
            }
        }
        break;
    case Kind::Depends:
    case Kind::Parameter: fine = isCalled(node); break;
    case Kind::Encoder: fine = isCalled(node) && parent.field("arguments").namedChildCount() == 1; break;
    case Kind::HttpException: {
        Node decorator = node.ancestor({"decorator"});
        fine = decorator.isNull(); // its handlers also get the errors of the framework
        break;
    }
    case Kind::Request: fine = isAnnotation(node); break;
    case Kind::Status: fine = !statusOf(parent).empty() && parent.field("object") == node; break;
    case Kind::Middleware:
        fine = parent.is("argument_list") &&
               endsWith(std::string(parent.parent().field("function").text()), ".add_middleware");
        break;
    case Kind::JsonResponse:
    case Kind::TextResponse:
    case Kind::PlainResponse: {
        const Node function = parent.parent(); // `-> JSONResponse`
        const bool returned = parent.is("type") && function.is("function_definition") && function.field("return_type") == parent;
        const bool option = parent.is("keyword_argument") && parent.field("name").text() == "response_class" &&
                            name.kind != Kind::PlainResponse;
        fine = returned || option || (name.kind == Kind::PlainResponse && isInjectedResponse(module, parent));
        if (!isCalled(node)) break;
        fine = true;
        size_t position = 0;
        for (const Node& argument : parent.field("arguments").namedChildren()) {
            std::string_view keyword = argument.is("keyword_argument") ? argument.field("name").text() : "";
            const bool content = keyword == "content" || (keyword.empty() && position == 0);
            if (keyword.empty()) ++position;
            if (argument.is("list_splat") || argument.is("dictionary_splat") || position > 2) fine = false;
            else if (content && (argument.is("keyword_argument") ? argument.field("value") : argument).is("none"))
                fine = false;
            else if (!keyword.empty() && keyword != "content" && keyword != "status_code" && keyword != "headers")
                fine = false;
        }
        if (name.kind != Kind::PlainResponse && parent.field("arguments").namedChildCount() == 0) fine = false;
        break;
    }
    }
    if (!fine) refuse(module, node, "not-offered-by-target", std::string(parent.text().substr(0, 60)));
}

/// `response: Response` of a route's handler.
bool Inspection::isInjectedResponse(const Module& module, const Node& annotation) const {
    if (!annotation.is("type") || !annotation.parent().is("typed_parameter")) return false;
    const semantic::Function* function = nullptr;
    for (const semantic::Function& one : module.functions)
        if (annotation.parent().parent() == one.node.field("parameters")) function = &one;
    return std::any_of(graph_.routes().begin(), graph_.routes().end(),
                       [&](const RouteSite& route) { return function && route.function == function; });
}

void Inspection::inspectRequest(const Module& module, const semantic::Function& function, const std::string& parameter) {
    static const std::set<std::string_view> kSame = {"method", "headers", "cookies", "path_params", "scope"};
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (!node.is("identifier") || node.text() != parameter) return true;
        Node access = node.parent();
        if (access.is("attribute") && access.field("attribute") == node) return true;
        if (access.is("keyword_argument") && access.field("name") == node) return true;
        std::string name(access.is("attribute") ? access.field("attribute").text() : "");
        std::string outer(access.parent().is("attribute") ? access.parent().field("attribute").text() : "");
        const bool awaited = access.parent().is("call") && access.parent().parent().is("await");
        const bool fine = kSame.count(name) || (awaited && (name == "json" || name == "body")) ||
                          (name == "url" && outer == "path") || (name == "client" && outer == "host");
        if (!fine) refuse(module, node, "request-use", std::string(access.text().substr(0, 60)));
        return true;
    });
}

void Inspection::inspectRouters(const Module& module) {
    syntax::walk(module.tree->root(), [&](const Node& node) {
        if (isImport(node)) return false;
        if (!node.is("identifier") && !node.is("attribute")) return true;
        const std::string_view name = node.is("attribute") ? node.field("attribute").text() : node.text();
        const bool any = std::any_of(graph_.routers().begin(), graph_.routers().end(),
                                     [&](const Router& router) { return router.name == name; });
        if (!any) return true;
        const int found = graph_.resolve(module, node);
        if (found < 0) return true;
        inspectRouterUse(module, node, graph_.routers()[static_cast<size_t>(found)]);
        return false;
    });
}

void Inspection::inspectRouterUse(const Module& module, const Node& node, const Router& router) {
    Node parent = node.parent();
    auto no = [&](const std::string& reason) { refuse(module, parent, reason, std::string(parent.text().substr(0, 60))); };
    if (parent.is("keyword_argument") && parent.field("name") == node) return;
    if (parent.is("parameters") || parent.is("typed_parameter")) return no("application-parameter");
    if (parent.is("assignment") && parent.field("left") == node) {
        if (!(parent.field("right") == router.creation)) no("application-used-otherwise");
        return;
    }
    if (parent.is("return_statement")) return;
    if (parent.is("argument_list") || (parent.is("keyword_argument") && parent.field("name").text() == "router")) {
        Node call = parent.is("argument_list") ? parent.parent() : parent.parent().parent();
        const std::string callee(call.field("function").text());
        if (endsWith(callee, ".include_router") || callee == "uvicorn.run") return;
        return no("application-used-otherwise");
    }
    if (!parent.is("attribute") || !(parent.field("object") == node)) return no("application-used-otherwise");
    const std::string method(parent.field("attribute").text());
    Node call = parent.parent();
    if (!call.is("call") || !(call.field("function") == parent)) return no("application-used-otherwise");
    static const std::set<std::string_view> kVerbs = {"get", "post", "put", "delete", "patch", "head", "options", "trace", "api_route"};
    if (call.parent().is("decorator")) {
        const bool hook = router.isApp && (method == "exception_handler" || method == "on_event");
        if (kVerbs.count(method)) inspectRoute(module, call, call.parent().parent().field("definition").is("class_definition"));
        else if (!hook) no(method == "middleware" ? "middleware" : method == "websocket" ? "websocket" : "not-offered-by-target");
        return;
    }
    if (method == "include_router") {
        if (!call.parent().is("expression_statement")) return no("application-used-otherwise");
        size_t position = 0;
        for (const Node& argument : call.field("arguments").namedChildren()) {
            std::string_view keyword = argument.is("keyword_argument") ? argument.field("name").text() : "";
            const bool fine = keyword.empty() ? ++position == 1 && !argument.is("dictionary_splat")
                                              : keyword == "prefix" || keyword == "router" ||
                                                    keyword == "dependencies" || isDocumentation(keyword);
            if (!fine) return no("application-option");
        }
        if (graph_.resolve(module, argumentOf(call, "router", 0)) < 0) no("unknown-router");
        return;
    }
    if (method == "add_middleware" && router.isApp) return;
    no("not-offered-by-target");
}

void Inspection::inspectRoute(const Module& module, const Node& call, bool onClass) {
    auto no = [&](const std::string& reason, const Node& node) {
        refuse(module, node, reason, std::string(node.text().substr(0, 60)));
    };
    if (onClass) return no("class-based-view", call);
    bool known = false;
    const std::string path = graph_.text(module, argumentOf(call, "path", 0), &known);
    if (!known) return no("dynamic-path", call);
    if (path.find(':') != std::string::npos && path.find('{') != std::string::npos) return no("path-converter", call);
    size_t position = 0;
    for (const Node& argument : call.field("arguments").namedChildren()) {
        if (!argument.is("keyword_argument")) {
            if (++position > 1 || argument.is("dictionary_splat") || argument.is("list_splat")) return no("route-option", argument);
            continue;
        }
        std::string_view keyword = argument.field("name").text();
        if (keyword != "path" && keyword != "methods" && !isDocumentation(keyword) && !isAnswerOption(keyword))
            return no("route-option", argument);
        if (keyword == "response_class") {
            auto name = names_.find(&module);
            const std::string value(argument.field("value").text());
            auto moved = name == names_.end() ? std::map<std::string, Name>::const_iterator{} : name->second.find(value);
            if (name == names_.end() || moved == name->second.end() || moved->second.kind == Kind::PlainResponse)
                return no("route-option", argument);
        }
    }
    const semantic::Function* function = decoratedFunction(module, call.parent());
    if (!function) return no("unknown-handler", call);
    if (!function->className.empty()) return no("class-based-view", call);
    // One answer for all routes of a function.
    for (const Node& decorator : function->decorated.namedChildren()) {
        Node other = decorator.is("decorator") ? decorator.namedChild(0) : Node{};
        Node callee = other.is("call") ? other.field("function") : Node{};
        if (!callee.is("attribute") || graph_.resolve(module, callee.field("object")) < 0) continue;
        if (answerArguments(other, *function, names(module)) != answerArguments(call, *function, names(module)))
            return no("routes-differ", call);
    }
}

} // namespace covet::rules::fastapi
