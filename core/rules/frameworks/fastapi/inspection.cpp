// Which FastAPI applications use nothing but what the target, or the module that comes with the code, offers.

#include "rules/frameworks/fastapi/inspection.h"

#include <algorithm>

#include "rules/frameworks/fastapi/application_use.h"
#include "rules/frameworks/fastapi/move.h"
#include "rules/frameworks/fastapi/request_use.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::fastapi {
namespace {

using semantic::Module;
using semantic::Symbol;

bool isImport(const Node& node) {
    return node.is("import_from_statement") || node.is("import_statement") || node.is("future_import_statement");
}

bool isCalled(const Node& node) { return node.parent().is("call") && node.parent().field("function") == node; }

/// `Security(f)` that is `Depends(f)`. The guards of an application are repeated at its routes as they are written.
bool isPlainSecurity(const RouterGraph& graph, const Node& call) {
    for (const Node& argument : call.field("arguments").namedChildren())
        if (argument.is("dictionary_splat") || argument.field("name").text() == "scopes") return false;
    for (const Router& router : graph.routers())
        for (const Node& guard : guardsOf(router))
            if (guard == call) return false;
    return true;
}

bool isAnnotation(const Node& node) { return !node.ancestor({"type"}).isNull(); }

std::string statusOf(const Node& attribute) {
    std::string name(attribute.is("attribute") ? attribute.field("attribute").text() : "");
    return startsWith(name, "HTTP_") && name.size() >= 8 ? name.substr(5, 3) : "";
}

} // namespace

bool isDocumentation(std::string_view keyword) {
    static constexpr Words kNames = {
        "tags", "summary", "description", "response_description", "responses", "deprecated", "operation_id",
        "include_in_schema", "openapi_extra", "title", "version", "docs_url", "redoc_url", "openapi_url", "openapi_tags",
        "root_path", "root_path_in_servers", "separate_input_output_schemas", "generate_unique_id_function",
        "callbacks", "webhooks", "swagger_ui_oauth2_redirect_url", "swagger_ui_init_oauth", "terms_of_service", "contact", "license_info", "swagger_ui_parameters", "servers", "debug", "name"};
    return kNames.count(keyword) > 0;
}

bool isAnswerOption(std::string_view keyword) {
    static constexpr Words kNames = {
        "response_model", "status_code", "dependencies", "response_model_include", "response_model_exclude",
        "response_model_by_alias", "response_model_exclude_unset", "response_model_exclude_defaults",
        "response_model_exclude_none", "response_class"};
    return kNames.count(keyword) > 0;
}

std::vector<Node> guardsOf(const Router& router) {
    if (!router.isApp) return {};
    const Node given = argumentOf(router.creation, "dependencies");
    return given.isNull() ? std::vector<Node>{} : given.namedChildren();
}

Inspection::Inspection(MigrationContext& context, const RouterGraph& graph) : context_(context), graph_(graph) {
    connect();
    for (const auto& module : context.project().modules())
        if (!isTestModule(*module)) inspectImports(*module);
    for (const auto& module : context.project().modules())
        if (names_.count(module.get())) inspectNames(*module);
    for (const auto& module : context.project().modules())
        if (!isTestModule(*module)) inspectRouters(*module);
    inspectStates();
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
        std::optional<Name> moved = movedName(context_.target(), binding);
        if ((!moved || moved->name == "Security") && !isUsed(module, local)) continue;
        if (binding.name.empty()) refuse(module, binding.statement, "module-import", binding.module);
        else if (!moved) refuse(module, binding.statement, "not-offered-by-target", binding.name);
        else if (!(binding.statement.parent().is("module"))) refuse(module, binding.statement, "local-import", binding.name);
        else if (moved->kind == Kind::Application && module.classNamed(moved->name)) {
            // The program's own class around an application has the name that the target's has.
            moved->name += "Base";
            if (module.assignments.count(moved->name) || module.classNamed(moved->name) || module.function(moved->name))
                refuse(module, binding.statement, "name-taken", moved->name);
            else names.emplace(local, *moved);
        } else if (moved->name != local && local == moved->original &&
                 (module.assignments.count(moved->name) || module.classNamed(moved->name) || module.function(moved->name)))
            refuse(module, binding.statement, "name-taken", moved->name);
        else names.emplace(local, *moved);
    }
}

bool Inspection::isUsed(const Module& module, const std::string& local) const {
    const std::vector<Node> documentation = documentationFunctions(graph_, module);
    for (const Node& use : module.tree->identifiers(local))
        if (!use.ancestor({"import_statement", "import_from_statement"}) && !isDocumentationCode(documentation, use)) return true;
    for (const auto& other : context_.project().modules())
        for (const auto& [name, binding] : other->imports)
            if (binding.name == local && context_.project().module(binding.module) == &module) return true;
    return module.tree->text().find("__all__") != std::string_view::npos;
}

void Inspection::inspectNames(const Module& module) {
    const std::map<std::string, Name>& names = names_.at(&module);
    const std::vector<Node> documentation = documentationFunctions(graph_, module);
    syntax::walk(module.tree->root(), [&](const Node& node) {
        if (isImport(node)) return false;
        if (!node.is("identifier")) return true;
        if (isDocumentationCode(documentation, node)) return false;
        auto known = names.find(std::string(node.text()));
        if (known == names.end() || !isImportedName(context_.project(), module, node)) return true;
        if (context_.project().resolve(module, node).kind == Symbol::Kind::External) inspectName(module, node, known->second);
        else refuse(module, node, "name-shadowed", known->first);
        return true;
    });
    eachRequestUse(graph_, module, names, [&](const std::string&, const RequestUse& use) {
        if (use.kind == RequestUse::Kind::State) noteState(module, use.node, servingApplication(module, use.node));
        else if (use.kind == RequestUse::Kind::Unknown) refuse(module, use.node, "request-use", std::string(use.node.text().substr(0, 60)));
    });
}

void Inspection::inspectName(const Module& module, const Node& node, const Name& name) {
    Node parent = node.parent();
    bool fine = false;
    switch (name.kind) {
    case Kind::Application:
    case Kind::Router:
        fine = isAnnotation(node) || (isCalled(node) && parent.parent().is("assignment"));
        if (fine && isCalled(node)) inspectApplication(module, parent, name.kind);
        break;
    case Kind::Depends: fine = isCalled(node) && (name.name != "Security" || isPlainSecurity(graph_, parent)); break;
    case Kind::Parameter: fine = isCalled(node); break;
    case Kind::Encoder: fine = isCalled(node); break;
    case Kind::HttpException:
    case Kind::ValidationError:
    case Kind::Security:
    case Kind::Login:
    case Kind::Kept:
    case Kind::Upload: fine = true; break;
    case Kind::Field: fine = isCalled(node) && !node.ancestor({"parameters"}).isNull(); break;
    case Kind::Background: fine = isInjected(module, parent); break;
    case Kind::Request: fine = isAnnotation(node); break;
    case Kind::Status:
        fine = true;
        if (statusOf(parent).empty() || !(parent.field("object") == node))
            for (auto& [local, known] : names_[&module])
                if (known.kind == Kind::Status) known = Name{Kind::Kept, "status", "starlette", "status", ""};
        break;
    case Kind::JsonResponse:
    case Kind::TextResponse:
    case Kind::PlainResponse: {
        const Node function = parent.parent(); // `-> JSONResponse`
        const bool returned = parent.is("type") && function.is("function_definition") && function.field("return_type") == parent;
        const bool option = parent.is("keyword_argument") && parent.field("name").text() == "response_class" &&
                            name.kind != Kind::PlainResponse;
        fine = returned || option || (name.kind == Kind::PlainResponse && isInjected(module, parent));
        if (!isCalled(node)) {
            fine = fine || keepResponse(module, name);
            break;
        }
        fine = true;
        size_t position = 0;
        for (const Node& argument : parent.field("arguments").namedChildren()) {
            std::string_view keyword = argument.is("keyword_argument") ? argument.field("name").text() : "";
            const bool content = keyword == "content" || (keyword.empty() && position == 0);
            if (keyword.empty()) ++position;
            if (argument.is("list_splat") || argument.is("dictionary_splat") || position > 2) fine = false;
            else if (content && (argument.is("keyword_argument") ? argument.field("value") : argument).is("none"))
                fine = false;
            else if (keyword == "media_type" && name.kind == Kind::PlainResponse) fine = fine && !plainMediaType(parent).empty();
            else if (!keyword.empty() && keyword != "content" && keyword != "status_code" && keyword != "headers")
                fine = false;
        }
        if (name.kind != Kind::PlainResponse && parent.field("arguments").namedChildCount() == 0) fine = false;
        fine = fine || keepResponse(module, name);
        break;
    }
    }
    if (!fine) refuse(module, node, "not-offered-by-target", std::string(parent.text().substr(0, 60)));
}

/// `response: Response`, `tasks: BackgroundTasks` of a route's handler.
bool Inspection::isInjected(const Module& module, const Node& annotation) const {
    if (!annotation.is("type") || !annotation.parent().is("typed_parameter")) return false;
    const semantic::Function* function = nullptr;
    for (const semantic::Function& one : module.functions)
        if (annotation.parent().parent() == one.node.field("parameters")) function = &one;
    return std::any_of(graph_.routes().begin(), graph_.routes().end(),
                       [&](const RouteSite& route) { return function && route.function == function; });
}

bool Inspection::keepResponse(const Module& module, const Name& name) {
    if (startsWith(name.original, "ORJSON") || startsWith(name.original, "UJSON")) return false;
    std::map<std::string, Name>& names = names_[&module];
    for (auto& [local, known] : names) {
        if (known.original != name.original || known.kind != name.kind) continue;
        if (name.kind == Kind::PlainResponse)
            for (const RouteSite& route : graph_.routes())
                if (route.function && route.module == &module && !parametersOfType(*route.function, local).empty()) return false;
        const bool taken = name.original == context_.target().response.name;
        known = Name{Kind::Kept, name.original, "starlette.responses", taken ? "Plain" + name.original : name.original, ""};
        return true;
    }
    return false;
}

void Inspection::inspectApplication(const Module& module, const Node& call, Kind kind) {
    for (const Node& argument : call.field("arguments").namedChildren()) {
        const std::string_view keyword = argument.field("name").text();
        const bool kept = kind == Kind::Router ? keyword == "prefix" || keyword == "dependencies"
                                               : keyword == "redirect_slashes" || keyword == "lifespan" ||
                                                     (keyword == "dependencies" && argument.field("value").is("list"));
        if (!argument.is("keyword_argument") || (!kept && !isDocumentation(keyword)))
            return refuse(module, argument, "application-option", std::string(argument.text().substr(0, 60)));
        if (keyword == "lifespan") inspectLifespan(module, argument.field("value"));
    }
}

/// Dependencies of an application are written at its routes, where their names must be known.
void Inspection::inspectGuards(const Module& module, const Node& node, const Router& router) {
    if (guardsOf(router).empty() || router.module == &module) return;
    refuse(module, node, "application-option", "dependencies of " + router.name);
}

/// What a lifespan yields becomes the state of requests, which the target does not have.
void Inspection::inspectLifespan(const Module& module, const Node& given) {
    const semantic::Function* function = functionOf(context_.project(), module, given);
    if (!function) return refuse(module, given, "application-option", "lifespan=" + std::string(given.text().substr(0, 60)));
    syntax::walk(function->node.field("body"), [&](const Node& node) {
        if (node.is("yield") && node.namedChildCount() > 0) refuse(module, node, "application-option", "lifespan with a state");
        return true;
    });
}

void Inspection::inspectRouters(const Module& module) {
    eachRouterUse(graph_, module, [&](const Node& node, const Router& router) {
        const ApplicationUse use = applicationUse(context_.project(), graph_, module, node, router);
        switch (use.kind) {
        case ApplicationUse::Kind::Route:
            inspectGuards(module, use.call, router);
            return inspectRoute(module, use.call, use.call.parent().parent().field("definition").is("class_definition"));
        case ApplicationUse::Kind::RouteCall:
            inspectGuards(module, use.call, router);
            return inspectRouteCall(module, use.call);
        case ApplicationUse::Kind::WebSocket:
            if (includesWithGuards()) refuse(module, use.call, "websocket", std::string(use.call.text().substr(0, 60)));
            return;
        case ApplicationUse::Kind::Include:
            inspectGuards(module, use.call, router);
            return inspectInclude(module, use.call);
        case ApplicationUse::Kind::State: return noteState(module, use.call, stateOwner(module, node, router));
        case ApplicationUse::Kind::Unknown:
            return refuse(module, use.call, use.reason, std::string(node.parent().text().substr(0, 60)));
        default: return;
        }
    });
}

void Inspection::inspectInclude(const Module& module, const Node& call) {
    size_t position = 0;
    for (const Node& argument : call.field("arguments").namedChildren()) {
        std::string_view keyword = argument.is("keyword_argument") ? argument.field("name").text() : "";
        const bool fine = keyword.empty() ? ++position == 1 && !argument.is("dictionary_splat")
                                          : keyword == "prefix" || keyword == "router" || keyword == "dependencies" ||
                                                isDocumentation(keyword);
        if (!fine) return refuse(module, argument, "application-option", std::string(argument.text().substr(0, 60)));
    }
    if (graph_.resolve(module, argumentOf(call, "router", 0)) < 0)
        refuse(module, call, "unknown-router", std::string(call.text().substr(0, 60)));
}

/// Dependencies that are given to `include_router` run for its web sockets as well.
bool Inspection::includesWithGuards() const {
    for (const auto& module : context_.project().modules())
        if (auto calls = module->calls.find("include_router"); calls != module->calls.end())
            for (const Node& call : calls->second)
                if (!argumentOf(call, "dependencies").isNull()) return true;
    return false;
}

/// `router.add_api_route("/x", handler, ...)`: what the handler gives is wrapped where it is registered.
void Inspection::inspectRouteCall(const Module& module, const Node& call) {
    auto no = [&](const std::string& reason, const Node& node) { refuse(module, node, reason, std::string(node.text().substr(0, 60))); };
    bool known = false;
    graph_.text(module, argumentOf(call, "path", 0), &known);
    if (!known) return no("dynamic-path", call);
    const semantic::Function* function = functionOf(context_.project(), module, argumentOf(call, "endpoint", 1));
    const Module* home = function ? definingModule(context_.project(), *function) : nullptr;
    if (!home || !function->className.empty()) return no("unknown-handler", call);
    for (const RouteSite& other : graph_.routes())
        if (other.function == function && other.site.is("decorator")) return no("routes-differ", call);
    size_t position = 0;
    for (const Node& argument : call.field("arguments").namedChildren()) {
        const std::string_view keyword = argument.is("keyword_argument") ? argument.field("name").text() : "";
        const bool fine = keyword.empty() ? ++position <= 2 && !argument.is("dictionary_splat") && !argument.is("list_splat")
                                          : keyword == "path" || keyword == "endpoint" || keyword == "methods" || isDocumentation(keyword) ||
                                                (isAnswerOption(keyword) && keyword != "response_class");
        if (!fine) return no("route-option", argument);
    }
    // Names of the function's own module, which this one need not have.
    if (home == &module) return;
    bool names = !function->node.field("return_type").isNull();
    for (const auto& [local, name] : this->names(*home))
        names = names || ((name.kind == Kind::PlainResponse || name.kind == Kind::Background) && !parametersOfType(*function, local).empty());
    if (names) no("route-option", call);
}

void Inspection::inspectRoute(const Module& module, const Node& call, bool onClass) {
    auto no = [&](const std::string& reason, const Node& node) {
        refuse(module, node, reason, std::string(node.text().substr(0, 60)));
    };
    if (onClass) return no("class-based-view", call);
    bool known = false;
    graph_.text(module, argumentOf(call, "path", 0), &known);
    if (!known) return no("dynamic-path", call);
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
