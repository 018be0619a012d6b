// Before:  CORS(app, resources={r"/api/*": {"origins": "*"}})        raise NotFound("no such book")       class Sold(Conflict):
// After:   app.add_middleware(CrossOrigin, resources=...)            raise HTTPError(404, "no such book") class Sold(WebError.of(409)):
// Safe: the helper adds the headers that Flask-CORS adds for these options, and HTTPError has the texts of
// Werkzeug's errors.
#include "rules/frameworks/flask/flask_app.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::flask {
namespace {

/// Only strings, lists, dicts and Booleans inside.
bool isConstant(const Node& node) {
    bool constant = true;
    syntax::walk(node, [&](const Node& inner) {
        constant = constant && !inner.is("identifier") && !inner.is("call") && !inner.is("attribute");
        return constant;
    });
    return constant;
}

class ExtensionPlanner {
public:
    explicit ExtensionPlanner(Plan& plan) : plan_(plan) {}

    void run() {
        for (const Module* module : plan_.modules)
            for (const semantic::Class& type : module->classes) ownError(*module, type);
        for (const Module* module : plan_.modules)
            syntax::walk(module->tree->root(), [&](const Node& node) {
                if (node.is("import_statement") || node.is("import_from_statement")) return false;
                if (node.is("identifier") || node.is("attribute")) return !errorClass(*module, node) && !statusNames(*module, node);
                if (!node.is("call")) return true;
                corsOfApp(*module, node);
                const semantic::Symbol& symbol = plan_.project().resolve(*module, node.field("function"));
                if (symbol.kind != semantic::Symbol::Kind::External) return true;
                if (symbol.name == "flask_cors.CORS" || symbol.name == "flask_cors.cross_origin") cors(*module, node, symbol.name == "flask_cors.cross_origin");
                else if (symbol.name == "werkzeug.utils.secure_filename") secureName(*module, node);
                else if (symbol.name == "flasgger.Swagger") documentation(*module, node);
                else if (symbol.name == "flask_swagger_ui.get_swaggerui_blueprint") documentationPages(*module, node);
                else if (startsWith(symbol.name, "werkzeug.exceptions.")) error(*module, node);
                return true;
            });
    }

private:
    /// `Swagger(app)` and `@swag_from("docs/items.yml")` only make pages that describe the application.
    void documentation(const Module& module, const Node& call) {
        const Node statement = call.parent().is("assignment") ? call.parent().parent() : call.parent();
        const Node app = argumentOf(call, "app", 0);
        if (!statement.is("expression_statement") || app.isNull()) return;
        const Node name = call.parent().is("assignment") ? call.parent().field("left") : Node{};
        bool used = false;
        if (name)
            syntax::walk(module.tree->root(), [&](const Node& node) {
                used = used || (node.is("identifier") && node.text() == name.text() && !(node == name));
                return !used;
            });
        if (used) return;
        plan_.claim(call.field("function"));
        plan_.claim(app);
        MigrationContext& context = plan_.context;
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const Module* home = &module;
        const std::string subject(app.text());
        plan_.later([&rewrite, &context, home, statement, call, subject] {
            rewrite.remove(statement);
            context.report(*home, call, "COV109", subject);
        });
    }

    /// `pages = get_swaggerui_blueprint("/docs", "/static/api.json")` with `app.register_blueprint(pages, url_prefix="/docs")`
    void documentationPages(const Module& module, const Node& call) {
        const Node assignment = call.parent();
        if (!assignment.is("assignment") || !assignment.field("left").is("identifier") || !assignment.parent().is("expression_statement")) return;
        const Node name = assignment.field("left");
        std::vector<Node> registered; // the calls
        for (const Module* other : plan_.modules)
            for (const Node& use : other->tree->identifiers(name.text())) {
                if (other == &module ? use == name : !denotes(*other, use, module, name.text())) continue;
                const Node registration = use.parent().is("argument_list") ? use.parent().parent() : Node{};
                const Node callee = registration.is("call") ? registration.field("function") : Node{};
                if (other != &module || !callee.is("attribute") || callee.field("attribute").text() != "register_blueprint" ||
                    !registration.parent().is("expression_statement"))
                    return;
                registered.push_back(registration);
            }
        plan_.claim(call.field("function"));
        ModuleRewrite& rewrite = plan_.rewrite(module);
        MigrationContext& context = plan_.context;
        const Module* home = &module;
        for (const Node& registration : registered) plan_.claim(registration.field("function").field("object"));
        plan_.later([&rewrite, &context, home, assignment, call, registered] {
            rewrite.remove(assignment.parent());
            for (const Node& registration : registered) rewrite.remove(registration.parent());
            const std::string subject(registered.empty() ? assignment.field("left").text() : registered[0].field("function").field("object").text());
            context.report(*home, call, "COV109", subject);
        });
    }

    bool denotes(const Module& module, const Node& use, const Module& home, std::string_view name) const {
        const semantic::Symbol symbol = plan_.project().resolve(module, use);
        return symbol.kind == semantic::Symbol::Kind::Variable && symbol.module == &home && symbol.name == name;
    }

    /// `CORS(app, ...)`, `cors = CORS()` with `cors.init_app(app)`, `@cross_origin()`
    void cors(const Module& module, const Node& call, bool isDecorator) {
        const Node app = isDecorator ? Node{} : argumentOf(call, "app", 0);
        for (const Node& argument : call.field("arguments").namedChildren())
            if (!(argument == app) && !(app && argument.is("keyword_argument") && argument.field("value") == app) && !isKnownOption(argument))
                return plan_.refuse(module, argument, "flask-cors", std::string(argument.text()));
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const Node callee = call.field("function");
        if (app.isNull()) {
            const Node outer = call.parent();
            const bool stands = isDecorator ? outer.is("decorator") || isViewDecorator(call) : outer.is("assignment") && outer.field("right") == call;
            if (!stands) return plan_.refuse(module, call, "flask-cors", std::string(call.text().substr(0, 60)));
            plan_.claim(callee);
            plan_.sharesRequest = plan_.sharesRequest || isDecorator;
            const std::string name = plan_.helper(module, isDecorator ? "cross_origin" : "CORS");
            return plan_.later([&rewrite, callee, name] { rewrite.replace(callee, name); });
        }
        const Node statement = call.parent().is("assignment") ? call.parent().parent() : call.parent();
        const int router = plan_.reading.graph.resolve(module, app);
        const bool isApp = router >= 0 && plan_.reading.graph.routers()[static_cast<size_t>(router)].isApp;
        const bool isGroup = router >= 0 && plan_.reading.graph.routers()[static_cast<size_t>(router)].kind == "flask.Blueprint";
        if ((!isApp && !isGroup) || !statement.is("expression_statement"))
            return plan_.refuse(module, call, "flask-cors", std::string(call.text().substr(0, 60)));
        std::string text = isGroup ? plan_.helper(module, "group_origins") + "(" + std::string(app.text())
                                   : std::string(app.text()) + "." + plan_.context.target().addMiddlewareMethod + "(" + plan_.helper(module, "CrossOrigin");
        for (const Node& argument : call.field("arguments").namedChildren())
            if (argument.is("keyword_argument") && !(argument.field("value") == app)) text += ", " + std::string(argument.text());
        plan_.claim(callee);
        plan_.claim(app);
        const Node replaced = statement.namedChild(0);
        plan_.later([&rewrite, replaced, text] { rewrite.replace(replaced, text + ")"); });
    }

    /// `cors.init_app(app)`
    void corsOfApp(const Module& module, const Node& call) {
        const Node callee = call.field("function");
        if (!callee.is("attribute") || callee.field("attribute").text() != "init_app") return;
        const semantic::Symbol& symbol = plan_.project().resolve(module, callee.field("object"));
        if (symbol.kind != semantic::Symbol::Kind::Variable || !symbol.module) return;
        const auto assigned = symbol.module->assignments.find(symbol.name);
        const Node made = assigned == symbol.module->assignments.end() ? Node{} : assigned->second.front().namedChild(0).field("right");
        if (!made.is("call")) return;
        const semantic::Symbol& maker = plan_.project().resolve(*symbol.module, made.field("function"));
        if (maker.kind != semantic::Symbol::Kind::External || maker.name != "flask_cors.CORS") return;
        const Node app = argumentOf(call, "app", 0);
        for (const Node& argument : call.field("arguments").namedChildren())
            if (!(argument == app) && !isKnownOption(argument)) return plan_.refuse(module, argument, "flask-cors", std::string(argument.text()));
        plan_.claim(app);
    }

    /// An option that the helper has; what is inside of `resources` has to be seen.
    static bool isKnownOption(const Node& argument) {
        static constexpr Words kInner = {"origins", "methods", "allow_headers", "expose_headers", "supports_credentials",
                                         "max_age", "send_wildcard", "vary_header", "always_send"};
        // Flask-CORS knows no such options, and says so in its log.
        static constexpr Words kIdle = {"origin", "headers", "support_credentials", "automatic_options"};
        if (!argument.is("keyword_argument")) return argument.is("comment");
        const std::string_view name = argument.field("name").text();
        const Node value = argument.field("value");
        if (kInner.count(name) || kIdle.count(name)) return value.text().find("re.compile") == std::string_view::npos;
        if (name != "resources" || !isConstant(value)) return false;
        for (const Node& resource : value.namedChildren())
            for (const Node& option : resource.is("pair") ? resource.field("value").namedChildren() : std::vector<Node>{})
                if (!option.is("pair") || option.field("key").namedChildCount() != 3 || !kInner.count(option.field("key").namedChild(1).text()))
                    return false;
        return true;
    }

    /// `class OutOfStock(Conflict):`, `class OutOfStock(HTTPException): code = 409`
    void ownError(const Module& module, const semantic::Class& type) {
        const std::vector<Node> bases = type.node.field("superclasses").namedChildren();
        const std::string code = bases.size() == 1 ? httpErrorCode(plan_, module, bases[0]) : "";
        if (code.empty()) return;
        bool hasCode = code != "HTTPException";
        for (const Node& statement : type.node.field("body").namedChildren()) {
            const Node definition = statement.is("decorated_definition") ? statement.field("definition") : statement;
            const Node assignment = statement.is("expression_statement") ? statement.namedChild(0) : Node{};
            hasCode = hasCode || (assignment.is("assignment") && assignment.field("left").text() == "code" && assignment.field("right").is("integer"));
            // What Werkzeug would ask for its answer.
            if (definition.is("function_definition") && startsWith(std::string(definition.field("name").text()), "get_")) return;
        }
        if (!hasCode) return;
        plan_.claim(bases[0]);
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const Node base = bases[0];
        const std::string text = plan_.helper(module, "WebError") + (code == "HTTPException" ? "" : ".of(" + code + ")");
        plan_.later([&rewrite, base, text] { rewrite.replace(base, text); });
    }

    void secureName(const Module& module, const Node& call) {
        const Node callee = call.field("function");
        plan_.claim(callee);
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const std::string name = plan_.helper(module, "secure_filename");
        if (callee.text() != name) plan_.later([&rewrite, callee, name] { rewrite.replace(callee, name); });
    }

    /// `raise NotFound("no such book")`
    void error(const Module& module, const Node& call) {
        const std::string code = httpErrorCode(plan_, module, call.field("function"));
        const std::vector<Node> arguments = call.field("arguments").namedChildren();
        if (code.empty() || code == "HTTPException" || arguments.size() > 1) return;
        if (!arguments.empty() && arguments[0].is("keyword_argument") && arguments[0].field("name").text() != "description") return;
        plan_.claim(call.field("function"));
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const Node callee = call.field("function"), list = call.field("arguments");
        const std::string name = plan_.helper(module, "HTTPError");
        plan_.later([&rewrite, callee, list, name, code, arguments] {
            rewrite.replace(callee, name);
            rewrite.replace(list, [code, arguments](const ModuleRewrite& r) {
                return "(" + code + (arguments.empty() ? "" : ", " + r.render(arguments[0])) + ")";
            });
        });
    }

    /// `HTTP_STATUS_CODES.get(404, "Unknown error")`
    bool statusNames(const Module& module, const Node& node) {
        const semantic::Symbol& symbol = plan_.project().resolve(module, node);
        if (symbol.kind != semantic::Symbol::Kind::External || symbol.name != "werkzeug.http.HTTP_STATUS_CODES") return false;
        plan_.claim(node);
        for (Node outer = node.parent(); outer.is("attribute") && outer.field("object").contains(node); outer = outer.parent()) plan_.claim(outer);
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const std::string text = plan_.helper(module, "HTTP_STATUS_CODES");
        plan_.later([&rewrite, node, text] { rewrite.replace(node, text); });
        return true;
    }

    /// `isinstance(e, HTTPException)`, `except NotFound:`, `raise Conflict`
    bool errorClass(const Module& module, const Node& node) {
        const std::string code = httpErrorCode(plan_, module, node);
        if (code.empty()) return false;
        Node outer = node.parent();
        const bool isRaised = outer.is("raise_statement") && code != "HTTPException";
        if (outer.is("tuple")) outer = outer.parent();
        if (outer.is("as_pattern")) outer = outer.parent();
        const bool isCaught = outer.is("except_clause") && !outer.field("body").contains(node);
        const bool isAsked = outer.is("argument_list") && outer.parent().field("function").text() == "isinstance" && !outer.namedChild(0).contains(node);
        if (!isRaised && !isCaught && !isAsked) return false;
        plan_.claim(node);
        plan_.readsErrors = plan_.readsErrors || isCaught || isAsked;
        const std::string text = code == "HTTPException" ? plan_.target(module, plan_.context.target().httpException)
                                 : isRaised              ? plan_.helper(module, "HTTPError") + "(" + code + ")"
                                                         : plan_.helper(module, "error_of") + "(" + code + ")";
        ModuleRewrite& rewrite = plan_.rewrite(module);
        plan_.later([&rewrite, node, text] { rewrite.replace(node, text); });
        return true;
    }

    Plan& plan_;
};

} // namespace

std::string httpErrorCode(const Plan& plan, const Module& module, const Node& node) {
    static const std::map<std::string, std::string> kCodes = {
        {"BadRequest", "400"}, {"Unauthorized", "401"}, {"Forbidden", "403"}, {"NotFound", "404"}, {"MethodNotAllowed", "405"},
        {"NotAcceptable", "406"}, {"RequestTimeout", "408"}, {"Conflict", "409"}, {"Gone", "410"}, {"LengthRequired", "411"},
        {"PreconditionFailed", "412"}, {"RequestEntityTooLarge", "413"}, {"RequestURITooLarge", "414"}, {"UnsupportedMediaType", "415"},
        {"ImATeapot", "418"}, {"UnprocessableEntity", "422"}, {"Locked", "423"}, {"FailedDependency", "424"}, {"PreconditionRequired", "428"},
        {"TooManyRequests", "429"}, {"InternalServerError", "500"}, {"NotImplemented", "501"}, {"BadGateway", "502"}, {"ServiceUnavailable", "503"},
        {"GatewayTimeout", "504"},
        {"HTTPException", "HTTPException"}};
    const semantic::Symbol& symbol = plan.project().resolve(module, node);
    if (symbol.kind != semantic::Symbol::Kind::External || !startsWith(symbol.name, "werkzeug.exceptions.")) return "";
    auto found = kCodes.find(symbol.name.substr(20));
    return found == kCodes.end() ? "" : found->second;
}

void planExtensions(Plan& plan) { ExtensionPlanner(plan).run(); }

} // namespace covet::rules::flask
