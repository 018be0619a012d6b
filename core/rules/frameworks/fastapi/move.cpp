// before  app = FastAPI(title="Shop")            after  app = CovetApp()
//         @app.post("/x", response_model=X,             @app.post("/x")
//                   status_code=201)                    @answers(X, status_code=201)
//         router = APIRouter(prefix="/p")               router = RouteGroup(prefix="/p")
//         app.include_router(router)                    router.register(app)
//         u: User = Depends(current_user)               u: Annotated[User, Depends(current_user)]
//
// The generated module holds what FastAPI did and the target leaves to applications, so that status, body
// and redirects stay as they were. The pages of documentation are no more, which is reported.

#include "rules/frameworks/fastapi/move.h"

#include <algorithm>

#include "rules/frameworks/fastapi/application_use.h"
#include "rules/frameworks/fastapi/helper_module.h"
#include "rules/frameworks/fastapi/request_use.h"
#include "support/strings.h"

namespace covet::rules::fastapi {
namespace {

using semantic::Function;
using semantic::Module;

class ModuleMove {
public:
    /// `parts`: those of the generated module that the rewritten code needs.
    ModuleMove(MigrationContext& context, const RouterGraph& graph, const Module& module, const Inspection& inspection,
               std::set<std::string>& parts)
        : context_(context), graph_(graph), module_(module), rewrite_(context.rewrite(module)),
          names_(inspection.names(module)), support_(context.importPath(module, context.routingModule)), parts_(parts) {}

    void run() {
        imports();
        applicationUses();
        const std::vector<Node> documentation = documentationFunctions(graph_, module_);
        for (const Node& function : documentation) rewrite_.remove(function);
        syntax::walk(module_.tree->root(), [&](const Node& node) {
            if (node.is("import_from_statement")) return false;
            if (node.is("identifier") && !isDocumentationCode(documentation, node)) name(node);
            return true;
        });
        for (const Function& function : module_.functions) {
            annotate(function);
            if (takesFields(function, names_) && !isRoute(function))
                rewrite_.wrap(function.node, "@" + support("with_fields") + "\n" + rewrite_.indentOf(function.decorated), "");
        }
        eachRequestUse(graph_, module_, names_, [&](const std::string& parameter, const RequestUse& use) { request(parameter, use); });
    }

    void routes(Handler& handler) {
        std::string arguments;
        for (const Node& decorator : handler.routeDecorators) {
            Node call = decorator.namedChild(0);
            arguments = withGuards(call, answerArguments(call, *handler.function, names_));
            route(call);
        }
        const std::string answers = support("answers");
        plainCalls(*handler.function);
        handler.callsArePlain = true;
        Node below = belowRoutes(handler);
        const std::string indent = rewrite_.indentOf(below);
        const bool fields = takesFields(*handler.function, names_);
        rewrite_.wrap(below, "@" + answers + "(" + arguments + ")\n" + indent + (fields ? "@" + support("with_fields") + "\n" + indent : ""), "");
    }

private:
    /// The dependencies of the application come before those of the route.
    std::string withGuards(const Node& call, std::string arguments) const {
        const std::string guards = guardsAt(call.field("function").field("object"));
        if (guards.empty()) return arguments;
        static const std::string kOwn = "dependencies=[";
        const size_t at = arguments.find(kOwn);
        if (at == std::string::npos) return arguments + (arguments.empty() ? "" : ", ") + kOwn + guards + "]";
        return arguments.insert(at + kOwn.size(), guards + ", ");
    }

    std::string guardsAt(const Node& object) const {
        const int router = graph_.resolve(module_, object);
        if (router < 0) return "";
        std::vector<std::string> texts;
        for (const Node& guard : guardsOf(graph_.routers()[static_cast<size_t>(router)])) texts.push_back(std::string(guard.text()));
        return join(texts, ", ");
    }

    /// What the generated module offers, under its name in this module.
    std::string support(const std::string& wanted) {
        parts_.insert(partOf(wanted));
        auto imported = module_.imports.find(wanted);
        const bool taken = module_.assignments.count(wanted) || module_.function(wanted) || module_.classNamed(wanted) ||
                           (imported != module_.imports.end() && !isFastApi(imported->second));
        rewrite_.requireImport(support_, wanted, taken ? "covet_" + wanted : "");
        return (taken ? "covet_" : "") + wanted;
    }

    bool isRoute(const Function& function) const {
        return std::any_of(graph_.routes().begin(), graph_.routes().end(),
                           [&](const RouteSite& route) { return route.function == &function; });
    }

    /// Other code wants what the function returns, not the answer that is made of it.
    void plainCalls(const Function& function) {
        for (const auto& module : context_.project().modules()) {
            auto calls = module->calls.find(function.name);
            if (calls == module->calls.end()) continue;
            for (const Node& call : calls->second)
                if (functionOf(context_.project(), *module, call.field("function")) == &function)
                    context_.rewrite(*module).wrap(call.field("function"), "", ".plain");
        }
    }

    /// Import statements with what they import from where it is now.
    void imports() {
        std::set<const void*> done;
        std::set<std::string> written;
        for (const auto& [local, binding] : module_.imports) {
            if (!isFastApi(binding) || !done.insert(binding.statement.id()).second) continue;
            std::map<std::string, std::vector<std::string>> from;
            std::vector<std::string> order;
            for (const Node& item : binding.statement.fields("name")) {
                const bool aliased = item.is("aliased_import");
                const std::string known(aliased ? item.field("alias").text() : item.text());
                auto found = names_.find(known);
                if (found == names_.end()) continue;
                Name moved = found->second;
                if (moved.module.empty()) continue;
                if (moved.module == kGeneratedModule) {
                    moved.module = support_;
                    support(moved.name);
                    if (!aliased) continue;
                }
                const bool renamed = moved.name != moved.original &&
                                     (moved.kind == Kind::Kept || (aliased ? item.field("name") : item).text() == moved.name);
                const std::string own = context_.target().application.name;
                const bool taken = moved.kind == Kind::Application && moved.name != own && !aliased;
                const std::string text = taken ? own + " as " + moved.name : aliased ? (renamed ? moved.original : moved.name) + " as " + known
                                         : renamed ? moved.original + " as " + moved.name : moved.name;
                if (!written.insert(moved.module + " " + text).second) continue;
                std::vector<std::string>& list = from[moved.module];
                if (list.empty()) order.push_back(moved.module);
                list.push_back(text);
                if (!aliased) context_.movedImports[&module_][moved.name] = moved.module;
            }
            std::string text;
            for (const std::string& one : order)
                text += (text.empty() ? "" : "\n") + ("from " + one + " import " + join(from[one], ", "));
            if (text.empty()) rewrite_.remove(binding.statement);
            else rewrite_.replace(binding.statement, text);
        }
    }

    void name(const Node& node) {
        auto known = names_.find(std::string(node.text()));
        Node parent = node.parent();
        if (known == names_.end() || !isImportedName(context_.project(), module_, node)) return;
        const Name& moved = known->second;
        const bool called = parent.is("call") && parent.field("function") == node;
        if (called && moved.kind == Kind::Application) return application(parent);
        if (called && moved.kind == Kind::Router) return router(parent);
        if (moved.kind == Kind::Status) {
            rewrite_.replace(parent, std::string(parent.field("attribute").text().substr(5, 3)));
            return;
        }
        const bool response = moved.kind == Kind::JsonResponse || moved.kind == Kind::TextResponse || moved.kind == Kind::PlainResponse;
        if (called && response) responseArguments(rewrite_, parent, moved);
        if (node.text() == moved.original && moved.name != moved.original) rewrite_.replace(node, moved.name);
    }

    void application(const Node& call) {
        Node statement = call.ancestor({"expression_statement"});
        const std::string variable(call.parent().field("left").text());
        std::vector<std::string> left, lines;
        bool redirects = true;
        for (const Node& argument : call.field("arguments").namedChildren()) {
            const std::string keyword(argument.field("name").text());
            if (keyword == "redirect_slashes") redirects = argument.field("value").text() != "False";
            else if (keyword == "lifespan")
                lines.push_back(support("use_lifespan") + "(" + variable + ", " + std::string(argument.field("value").text()) + ")");
            else if (keyword == "dependencies") continue; // at the routes
            else left.push_back(keyword);
        }
        left.insert(left.end(), leftOut_.begin(), leftOut_.end());
        if (hasExtra_) lines.insert(lines.begin(), support("extra_routes") + "(" + variable + (redirects ? ")" : ", redirects=False)"));
        if (redirects) lines.insert(lines.begin(), support("redirect_slashes") + "(" + variable + ")");
        rewrite_.replace(call, names_.at(std::string(call.field("function").text())).name + "()");
        if (!lines.empty()) rewrite_.insertAfter(statement, lines);
        context_.report(module_, call, "COV108", variable);
        Finding& finding = context_.report(module_, call, "COV109", variable);
        finding.safetyReason = "not-offered-by-target";
        finding.hint = left.empty() ? "" : "left out: " + join(left, ", ");
    }

    /// What is done with applications beside making them and their routes.
    void applicationUses() {
        eachRouterUse(graph_, module_, [&](const Node& node, const Router& router) {
            const ApplicationUse use = applicationUse(context_.project(), graph_, module_, node, router);
            const std::string object(node.text());
            switch (use.kind) {
            case ApplicationUse::Kind::Include: return include(use.call);
            case ApplicationUse::Kind::Documentation:
                leftOut_.push_back(std::string(node.parent().field("attribute").text()));
                rewrite_.remove(use.call);
                return;
            case ApplicationUse::Kind::State: rewrite_.replace(use.call, support("app_state")); return;
            case ApplicationUse::Kind::HttpMiddleware:
                rewrite_.replace(use.call, support("http_middleware") + "(" + object + ")");
                return;
            case ApplicationUse::Kind::Mount: return onApplication(use.call, support("mount"), object);
            case ApplicationUse::Kind::WebSocket: return webSocket(use.call, object);
            case ApplicationUse::Kind::RouteCall: return routeCall(use.call, object);
            case ApplicationUse::Kind::EventHandler: return registered(use.call, object, context_.target().lifecycleMethod);
            case ApplicationUse::Kind::ErrorHandler: return registered(use.call, object, context_.target().exceptionHandlerMethod);
            default: return;
            }
        });
        // Other modules of the project may add to an application of this one.
        hasExtra_ = hasExtra_ || extendsElsewhere();
    }

    /// `app.mount(...)` -> `mount(app, ...)`
    void onApplication(const Node& call, const std::string& function, const std::string& object) {
        hasExtra_ = true;
        const std::vector<Node> given = call.field("arguments").namedChildren();
        rewrite_.replace(call, [=](const ModuleRewrite& inner) { return function + list(inner, given, object); });
    }

    /// Defaults of what comes with the query are written without `Query`.
    void webSocket(const Node& call, const std::string& object) {
        onApplication(call, support("websocket_route"), object);
        const Function* function = decoratedFunction(module_, call.parent());
        for (const Node& parameter : function->node.field("parameters").namedChildren()) {
            const Node value = parameter.field("value");
            if (!value.is("call")) continue;
            const std::string text(queryDefault(value).text());
            rewrite_.replace(value, text);
        }
    }

    /// `items.add_api_route("/x", show, methods=["GET"], status_code=201)` -> `items.add_route("/x", answers(status_code=201)(show), methods=["GET"])`
    void routeCall(const Node& call, const std::string& object) {
        const Node path = argumentOf(call, "path", 0), endpoint = argumentOf(call, "endpoint", 1), methods = argumentOf(call, "methods");
        const Function& function = *functionOf(context_.project(), module_, endpoint);
        const std::string around = support("answers") + "(" + withGuards(call, answerArguments(call, function, names_)) + ")(";
        const std::string fields = takesFields(function, names_) ? support("with_fields") + "(" : "", closing = fields.empty() ? ")" : "))";
        const std::string method = context_.target().addRouteMethod;
        rewrite_.replace(call, [=](const ModuleRewrite& inner) {
            std::string text = object + "." + method + "(" + inner.render(path) + ", " + around + fields + inner.render(endpoint) + closing;
            if (!methods.isNull()) text += ", methods=" + inner.render(methods);
            return text + ")";
        });
    }

    /// `app.add_event_handler("startup", f)` -> `app.on_event("startup")(f)`
    void registered(const Node& call, const std::string& object, const std::string& method) {
        const std::vector<Node> given = call.field("arguments").namedChildren();
        rewrite_.replace(call, [=](const ModuleRewrite& inner) {
            return object + "." + method + "(" + inner.render(given[0]) + ")(" + inner.render(given[1]) + ")";
        });
    }

    bool extendsElsewhere() const {
        bool found = false;
        for (const auto& module : context_.project().modules()) {
            if (isTestModule(*module)) continue;
            for (const char* name : {"mount", "websocket"})
                if (auto calls = module->calls.find(name); calls != module->calls.end())
                    for (const Node& call : calls->second) {
                        const Node callee = call.field("function");
                        found = found || (callee.is("attribute") && graph_.resolve(*module, callee.field("object")) >= 0);
                    }
        }
        return found;
    }

    void router(const Node& call) {
        std::vector<Node> kept;
        for (const Node& argument : call.field("arguments").namedChildren())
            if (!isDocumentation(argument.field("name").text())) kept.push_back(argument);
        const std::string group = support("RouteGroup");
        rewrite_.replace(call, [kept, group](const ModuleRewrite& inner) { return group + list(inner, kept, ""); });
    }

    static std::string list(const ModuleRewrite& inner, const std::vector<Node>& arguments, const std::string& first) {
        std::string text = first;
        for (const Node& argument : arguments) text += (text.empty() ? "" : ", ") + inner.render(argument);
        return "(" + text + ")";
    }

    /// `app.include_router(items.router, prefix="/x")` -> `items.router.register(app, prefix="/x")`
    void include(const Node& call) {
        const Node callee = call.field("function");
        Node child = argumentOf(call, "router", 0);
        std::vector<Node> kept;
        for (const Node& argument : call.field("arguments").namedChildren())
            if (argument.is("keyword_argument") && argument.field("name").text() != "router" &&
                !isDocumentation(argument.field("name").text()))
                kept.push_back(argument);
        const std::string parent(callee.field("object").text()), guards = guardsAt(callee.field("object"));
        rewrite_.replace(call, [=](const ModuleRewrite& inner) {
            std::string text = parent, first = guards;
            for (const Node& argument : kept) {
                const Node value = argument.field("value");
                if (argument.field("name").text() != "dependencies" || guards.empty()) text += ", " + inner.render(argument);
                else first += ", *" + inner.render(value);
            }
            if (!guards.empty()) text += ", dependencies=[" + first + "]";
            return inner.render(child) + ".register(" + text + ")";
        });
    }

    void route(const Node& call) {
        Node callee = call.field("function"), path = argumentOf(call, "path", 0), methods = argumentOf(call, "methods");
        const std::string verb(callee.field("attribute").text());
        const bool own = context_.target().hasVerbDecorator(upperCase(verb));
        const std::string object(callee.field("object").text());
        const std::string method = own ? verb : context_.target().routeMethod;
        const std::string fixed = own ? "" : verb == "api_route" ? "" : "[\"" + upperCase(verb) + "\"]";
        rewrite_.replace(call, [=](const ModuleRewrite& inner) {
            std::string text = object + "." + method + "(" + inner.render(path);
            if (!fixed.empty()) text += ", methods=" + fixed;
            else if (!methods.isNull()) text += ", methods=" + inner.render(methods);
            return text + ")";
        });
    }

    void request(const std::string& parameter, const RequestUse& use) {
        switch (use.kind) {
        case RequestUse::Kind::Path: rewrite_.replace(use.node, parameter + ".scope[\"path\"]"); return;
        case RequestUse::Kind::Host: rewrite_.replace(use.node, parameter + ".scope[\"client\"][0]"); return;
        case RequestUse::Kind::Json:
            rewrite_.requireImport("json", "");
            rewrite_.replace(use.node, "json.loads(await " + parameter + ".body())");
            return;
        case RequestUse::Kind::State: rewrite_.replace(use.node, support("app_state")); return;
        case RequestUse::Kind::Full: rewrite_.replace(use.node, support("full_request") + "(" + parameter + ")"); return;
        default: return;
        }
    }

    /// `user: User = Depends(f)` -> `user: Annotated[User, Depends(f)]`, which needs a place ahead of defaults.
    void annotate(const Function& function) {
        for (const Node& parameter : function.node.field("parameters").namedChildren()) {
            if (!parameter.is("typed_default_parameter")) continue;
            Node value = parameter.field("value");
            auto known = value.is("call") ? names_.find(std::string(value.field("function").text())) : names_.end();
            if (known == names_.end() || known->second.kind != Kind::Depends || isCalled(function)) continue;
            Node given = value.field("arguments");
            const std::string type = rewrite_.render(parameter.field("type"));
            const std::string arguments = given.namedChildCount() == 0 ? "(" + type + ")" : std::string(given.text());
            const std::string label(parameter.field("name").text());
            rewrite_.requireImport(context_.target().annotated.module, context_.target().annotated.name);
            context_.signatures(module_).replaceParameter(function, label, "");
            context_.signatures(module_).addParameter(
                function, label + ": " + context_.target().annotated.name + "[" + type + ", " +
                              std::string(value.field("function").text()) + arguments + "]");
        }
    }

    /// Calls in the project give arguments by position.
    bool isCalled(const Function& function) const {
        for (const auto& module : context_.project().modules())
            if (auto calls = module->calls.find(function.name); calls != module->calls.end() && !calls->second.empty()) return true;
        return false;
    }

    MigrationContext& context_;
    const RouterGraph& graph_;
    const Module& module_;
    ModuleRewrite& rewrite_;
    const std::map<std::string, Name>& names_;
    std::string support_;
    std::set<std::string>& parts_;
    std::vector<std::string> leftOut_; // attributes of the application
    bool hasExtra_ = false;            // applications are mounted, or web sockets answered
};

} // namespace

void moveToTarget(MigrationContext& context, const RouterGraph& graph, const Inspection& inspection) {
    std::set<std::string> parts;
    for (const auto& module : context.project().modules()) {
        if (isTestModule(*module) || inspection.refusal(*module)) continue;
        bool concerned = inspection.uses(*module);
        eachRouterUse(graph, *module, [&](const Node&, const Router&) { concerned = true; });
        if (!concerned) continue;
        ModuleMove(context, graph, *module, inspection, parts).run();
    }
    for (Handler& handler : context.handlers) {
        if (handler.framework != "fastapi" || !handler.rewritten || handler.routeDecorators.empty()) continue;
        ModuleMove(context, graph, *handler.module, inspection, parts).routes(handler);
    }
    if (parts.empty()) return;
    parts.erase("");
    context.generatedFiles[context.generatedPath(context.routingModule)] = helperText(context.target(), parts);
}

} // namespace covet::rules::fastapi
