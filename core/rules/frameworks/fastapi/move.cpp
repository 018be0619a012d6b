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

#include "catalog/resource.h"
#include "support/strings.h"

namespace covet::rules::fastapi {
namespace {

using semantic::Function;
using semantic::Module;

class ModuleMove {
public:
    ModuleMove(MigrationContext& context, const RouterGraph& graph, const Module& module, const Inspection& inspection)
        : context_(context), graph_(graph), module_(module), rewrite_(context.rewrite(module)),
          names_(inspection.names(module)), support_(context.importPath(module, context.routingModule)) {}

    void run() {
        imports();
        syntax::walk(module_.tree->root(), [&](const Node& node) {
            if (node.is("import_from_statement")) return false;
            if (node.is("call")) routerCall(node);
            if (node.is("identifier")) name(node);
            return true;
        });
        for (const Function& function : module_.functions) {
            annotate(function);
            for (const auto& [local, name] : names_)
                if (name.kind == Kind::Request)
                    for (const std::string& parameter : parametersOfType(function, local)) request(function, parameter);
        }
    }

    void routes(Handler& handler) {
        std::string arguments;
        for (const Node& decorator : handler.routeDecorators) {
            Node call = decorator.namedChild(0);
            arguments = answerArguments(call, *handler.function, names_);
            route(call);
        }
        support("answers");
        plainCalls(*handler.function);
        handler.callsArePlain = true;
        Node below = belowRoutes(handler);
        rewrite_.wrap(below, "@answers(" + arguments + ")\n" + rewrite_.indentOf(below), "");
    }

private:
    void support(const std::string& wanted) {
        rewrite_.requireImport(support_, wanted);
        context_.generatedFiles[context_.generatedPath(context_.routingModule)] = std::string(catalog::resource("templates/routing/routing.py"));
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
                if (moved.module.empty() && (moved.kind == Kind::Router || moved.kind == Kind::Encoder)) moved.module = support_;
                if (moved.module.empty()) continue;
                if (moved.module == support_) support(moved.name);
                if (moved.module == support_ && !aliased) continue;
                const std::string text = moved.name + (aliased ? " as " + known : "");
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
        if (known == names_.end() || (parent.is("attribute") && parent.field("attribute") == node) ||
            (parent.is("keyword_argument") && parent.field("name") == node))
            return;
        const Name& moved = known->second;
        const bool called = parent.is("call") && parent.field("function") == node;
        if (called && moved.kind == Kind::Application) return application(parent);
        if (called && moved.kind == Kind::Router) return router(parent);
        if (moved.kind == Kind::Status) {
            rewrite_.replace(parent, std::string(parent.field("attribute").text().substr(5, 3)));
            return;
        }
        const bool response = moved.kind == Kind::JsonResponse || moved.kind == Kind::TextResponse || moved.kind == Kind::PlainResponse;
        if (called && response) responseArguments(parent, moved);
        if (node.text() == moved.original && moved.name != moved.original) rewrite_.replace(node, moved.name);
    }

    void application(const Node& call) {
        Node statement = call.ancestor({"expression_statement"});
        std::vector<std::string> left;
        bool redirects = true;
        for (const Node& argument : call.field("arguments").namedChildren()) {
            if (argument.field("name").text() == "redirect_slashes") redirects = argument.field("value").text() != "False";
            else left.push_back(std::string(argument.field("name").text()));
        }
        rewrite_.replace(call, context_.target().application.name + "()");
        if (redirects) {
            support("redirect_slashes");
            rewrite_.insertAfter(statement, {"redirect_slashes(" + std::string(call.parent().field("left").text()) + ")"});
        }
        context_.report(module_, call, "COV108", std::string(call.parent().field("left").text()));
        Finding& finding = context_.report(module_, call, "COV109", std::string(call.parent().field("left").text()));
        finding.safetyReason = "not-offered-by-target";
        finding.hint = left.empty() ? "" : "left out: " + join(left, ", ");
    }

    void router(const Node& call) {
        std::vector<Node> kept;
        for (const Node& argument : call.field("arguments").namedChildren())
            if (!isDocumentation(argument.field("name").text())) kept.push_back(argument);
        rewrite_.replace(call, [kept](const ModuleRewrite& inner) { return "RouteGroup" + list(inner, kept, ""); });
    }

    static std::string list(const ModuleRewrite& inner, const std::vector<Node>& arguments, const std::string& first) {
        std::string text = first;
        for (const Node& argument : arguments) text += (text.empty() ? "" : ", ") + inner.render(argument);
        return "(" + text + ")";
    }

    /// `app.include_router(items.router, prefix="/x")` -> `items.router.register(app, prefix="/x")`
    void routerCall(const Node& call) {
        Node callee = call.field("function");
        if (!callee.is("attribute") || callee.field("attribute").text() != "include_router" ||
            graph_.resolve(module_, callee.field("object")) < 0)
            return;
        Node child = argumentOf(call, "router", 0);
        std::vector<Node> kept;
        for (const Node& argument : call.field("arguments").namedChildren())
            if (argument.is("keyword_argument") && argument.field("name").text() != "router" &&
                !isDocumentation(argument.field("name").text()))
                kept.push_back(argument);
        const std::string parent(callee.field("object").text());
        rewrite_.replace(call, [child, kept, parent](const ModuleRewrite& inner) {
            return inner.render(child) + ".register" + list(inner, kept, parent);
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

    void responseArguments(const Node& call, const Name& name) {
        std::vector<std::pair<std::string, Node>> given;
        size_t position = 0;
        for (const Node& argument : call.field("arguments").namedChildren()) {
            if (argument.is("keyword_argument")) {
                std::string keyword(argument.field("name").text());
                given.emplace_back(keyword == "content" ? "data" : keyword, argument.field("value"));
            } else {
                given.emplace_back(position++ == 0 ? "data" : "status_code", argument);
            }
        }
        const std::string media = name.kind == Kind::TextResponse ? pythonQuote(name.mediaType)
                                  : name.kind == Kind::PlainResponse ? "None" : "";
        rewrite_.replace(call.field("arguments"), [given, media](const ModuleRewrite& inner) {
            std::string text;
            for (const auto& [keyword, value] : given)
                text += (text.empty() ? "" : ", ") + keyword + "=" + inner.render(value);
            if (!media.empty()) text += (text.empty() ? "" : ", ") + ("media_type=" + media);
            return "(" + text + ")";
        });
    }

    void request(const Function& function, const std::string& parameter) {
        syntax::walk(function.node.field("body"), [&](const Node& node) {
            if (!node.is("identifier") || node.text() != parameter) return true;
            Node access = node.parent(), outer = access.parent();
            if (!access.is("attribute") || !(access.field("object") == node)) return true;
            const std::string_view name = access.field("attribute").text();
            if (name == "url") rewrite_.replace(outer, parameter + ".scope[\"path\"]");
            if (name == "client") rewrite_.replace(outer, parameter + ".scope[\"client\"][0]");
            // The target gives None for an empty body, where FastAPI gives an error.
            if (name == "json") {
                rewrite_.requireImport("json", "");
                rewrite_.replace(outer.parent(), "json.loads(await " + parameter + ".body())");
            }
            return true;
        });
    }

    /// `user: User = Depends(f)` -> `user: Annotated[User, Depends(f)]`, which needs a place ahead of defaults.
    void annotate(const Function& function) {
        for (const Node& parameter : function.node.field("parameters").namedChildren()) {
            if (!parameter.is("typed_default_parameter")) continue;
            Node value = parameter.field("value");
            auto known = value.is("call") ? names_.find(std::string(value.field("function").text())) : names_.end();
            if (known == names_.end() || known->second.kind != Kind::Depends || isCalled(function)) continue;
            Node given = value.field("arguments");
            const std::string type(parameter.field("type").text());
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
};

} // namespace

std::string answerArguments(const Node& routeCall, const Function& function, const std::map<std::string, Name>& names) {
    std::string model, rest;
    for (const Node& argument : routeCall.field("arguments").namedChildren()) {
        if (!argument.is("keyword_argument")) continue;
        std::string keyword(argument.field("name").text());
        std::string value(argument.field("value").text());
        if (!isAnswerOption(keyword)) continue;
        if (keyword == "response_model") {
            model = value;
            continue;
        }
        if (keyword == "response_class") {
            auto known = names.find(value);
            if (known == names.end() || known->second.kind != Kind::TextResponse) continue;
            keyword = "media_type";
            value = pythonQuote(known->second.mediaType);
        }
        if (keyword == "status_code" && startsWith(value, "status.HTTP_")) value = value.substr(12, 3);
        if (startsWith(keyword, "response_model_")) keyword = keyword.substr(15);
        rest += ", " + keyword + "=" + value;
    }
    for (const auto& [local, name] : names)
        if (name.kind == Kind::PlainResponse)
            for (const std::string& parameter : parametersOfType(function, local)) rest += ", response=" + pythonQuote(parameter);
    Node annotation = function.node.field("return_type");
    if (model.empty() && !annotation.isNull()) {
        model = std::string(annotation.text());
        auto known = names.find(model);
        if (known != names.end()) model.clear(); // responses describe themselves
        if (model.size() > 2 && (model[0] == '"' || model[0] == '\'')) model = model.substr(1, model.size() - 2);
    }
    if (!model.empty()) return model + rest;
    return rest.empty() ? "" : rest.substr(2);
}

void moveToTarget(MigrationContext& context, const RouterGraph& graph, const Inspection& inspection) {
    for (const auto& module : context.project().modules()) {
        if (isTestModule(*module) || !inspection.uses(*module) || inspection.refusal(*module)) continue;
        ModuleMove(context, graph, *module, inspection).run();
    }
    for (Handler& handler : context.handlers) {
        if (handler.framework != "fastapi" || !handler.rewritten || handler.routeDecorators.empty()) continue;
        ModuleMove(context, graph, *handler.module, inspection).routes(handler);
    }
}

} // namespace covet::rules::fastapi
