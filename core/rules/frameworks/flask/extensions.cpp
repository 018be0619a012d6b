// Before:  CORS(app, resources={r"/api/*": {"origins": "*"}})        raise NotFound("no such book")
// After:   app.add_middleware(CrossOrigin, resources=...)            raise HTTPError(404, "no such book")
// Safe: the helper adds the headers that Flask-CORS adds for these options, and HTTPError has the texts of
// Werkzeug's errors.
#include "rules/frameworks/flask/flask_app.h"
#include "support/strings.h"

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
            syntax::walk(module->tree->root(), [&](const Node& node) {
                if (node.is("import_statement") || node.is("import_from_statement")) return false;
                if (!node.is("call")) return true;
                const semantic::Symbol symbol = plan_.project().resolve(*module, node.field("function"));
                if (symbol.kind != semantic::Symbol::Kind::External) return true;
                if (symbol.name == "flask_cors.CORS") cors(*module, node);
                else if (symbol.name == "flasgger.Swagger") documentation(*module, node);
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

    void cors(const Module& module, const Node& call) {
        const Node app = argumentOf(call, "app", 0);
        const Node statement = call.parent().is("assignment") ? call.parent().parent() : call.parent();
        const int router = app.isNull() ? -1 : plan_.reading.graph.resolve(module, app);
        if (router < 0 || !plan_.reading.graph.routers()[static_cast<size_t>(router)].isApp || !statement.is("expression_statement"))
            return plan_.refuse(module, call, "flask-cors", std::string(call.text().substr(0, 60)));
        static const std::set<std::string_view> kKnown = {"resources", "origins", "supports_credentials"};
        static const std::set<std::string_view> kInner = {"origins", "supports_credentials"};
        std::string text = std::string(app.text()) + "." + plan_.context.target().addMiddlewareMethod + "(" + plan_.helper(module, "CrossOrigin");
        for (const Node& argument : call.field("arguments").namedChildren()) {
            if (argument == app) continue;
            const bool known = argument.is("keyword_argument") && kKnown.count(argument.field("name").text());
            if (!known || !isConstant(argument.field("value")))
                return plan_.refuse(module, argument, "flask-cors", std::string(argument.text()));
            for (const Node& resource : argument.field("value").namedChildren())
                for (const Node& option : resource.is("pair") ? resource.field("value").namedChildren() : std::vector<Node>{})
                    if (!option.is("pair") || option.field("key").namedChildCount() != 3 || !kInner.count(option.field("key").namedChild(1).text()))
                        return plan_.refuse(module, option, "flask-cors", std::string(option.text()));
            text += ", " + std::string(argument.text());
        }
        plan_.claim(call.field("function"));
        plan_.claim(app);
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const Node replaced = statement.namedChild(0);
        plan_.later([&rewrite, replaced, text] { rewrite.replace(replaced, text + ")"); });
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

    Plan& plan_;
};

} // namespace

std::string httpErrorCode(const Plan& plan, const Module& module, const Node& node) {
    static const std::map<std::string, std::string> kCodes = {
        {"BadRequest", "400"}, {"Unauthorized", "401"}, {"Forbidden", "403"}, {"NotFound", "404"}, {"MethodNotAllowed", "405"},
        {"NotAcceptable", "406"}, {"Conflict", "409"}, {"Gone", "410"}, {"UnsupportedMediaType", "415"}, {"UnprocessableEntity", "422"},
        {"TooManyRequests", "429"}, {"InternalServerError", "500"}, {"NotImplemented", "501"}, {"ServiceUnavailable", "503"},
        {"HTTPException", "HTTPException"}};
    const semantic::Symbol symbol = plan.project().resolve(module, node);
    if (symbol.kind != semantic::Symbol::Kind::External || !startsWith(symbol.name, "werkzeug.exceptions.")) return "";
    auto found = kCodes.find(symbol.name.substr(20));
    return found == kCodes.end() ? "" : found->second;
}

void planExtensions(Plan& plan) { ExtensionPlanner(plan).run(); }

} // namespace covet::rules::flask
