// Before:  @app.errorhandler(404)
//          def not_found(e): return jsonify(error=e.description), 404
// After:   @app.exception_handler(404)
//          async def not_found(request: Request, e): e = flask_error(e); return Response(...)
// Safe: flask_error gives the error the texts that it has in Flask; handlers for 500, for all HTTP errors
// or for all exceptions are asked in Flask's order by the helper.
#include "rules/frameworks/flask/flask_app.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::flask {
namespace {

class ErrorPlanner {
public:
    explicit ErrorPlanner(Plan& plan) : plan_(plan), target_(plan.context.target()) {}

    void run() {
        middlewareCatches_ = !plan_.hooks.empty() || plan_.delaysHooks || plan_.usesSession;
        for (const Module* module : plan_.modules)
            for (const auto& entry : module->imports) middlewareCatches_ = middlewareCatches_ || entry.second.module == "flask_cors";
        for (const Module* module : plan_.modules)
            syntax::walk(module->tree->root(), [&](const Node& node) {
                if (node.is("decorator")) decorator(*module, node);
                else if (node.is("call") && !node.parent().is("decorator")) registration(*module, node);
                return true;
            });
    }

private:
    void decorator(const Module& module, const Node& node) {
        const Node call = node.namedChild(0);
        const Node callee = call.is("call") ? call.field("function") : Node{};
        if (!callee.is("attribute")) return;
        const std::string_view name = callee.field("attribute").text();
        if (name != "errorhandler" && name != "app_errorhandler") return;
        add(module, node, call, callee, decoratedFunction(module, node), name == "app_errorhandler");
    }

    /// `app.register_error_handler(404, not_found)`
    void registration(const Module& module, const Node& call) {
        const Node callee = call.field("function");
        if (!callee.is("attribute") || callee.field("attribute").text() != "register_error_handler") return;
        const Node handler = argumentOf(call, "f", 1);
        add(module, call, call, callee, functionOf(plan_.project(), module, handler), false);
        plan_.claim(handler);
    }

    void add(const Module& module, const Node& node, const Node& call, const Node& callee, const Function* function, bool everywhere) {
        const int router = plan_.reading.graph.resolve(module, callee.field("object"));
        if (router < 0 || !plan_.routers.count(static_cast<size_t>(router))) return;
        if (isRestx(plan_.reading.graph.routers()[static_cast<size_t>(router)])) return; // its own counterpart calls them
        const bool isApp = plan_.reading.graph.routers()[static_cast<size_t>(router)].isApp;
        plan_.claim(callee);
        const Node given = node.is("decorator") ? Node{} : argumentOf(call, "f", 1);
        const std::vector<Node> parameters = function ? function->node.field("parameters").namedChildren() : std::vector<Node>();
        // A lambda, a method of an object, something that is made: it stays as it is, and others ask it.
        const bool asIs = given && (!function || parameters.size() != 1 || !function->className.empty());
        if (!function && !asIs) return plan_.refuse(module, node, "error-handler", std::string(call.text().substr(0, 60)));
        const Module* home = node.is("decorator") ? &module : plan_.project().resolve(module, given).module;
        if (!home) home = &module;
        const Node key = argumentOf(call, "code_or_exception", 0);
        if (!asIs && (parameters.size() != 1 || !function->className.empty()))
            return plan_.refuse(*home, function->node.field("name"), "error-handler-parameters", function->name);
        const std::string app(callee.field("object").text());
        std::string code(key.text());
        const std::string error = httpErrorCode(plan_, module, key);
        if (!error.empty()) {
            plan_.claim(key);
            code = error;
        }
        const bool number = key.is("integer") || (!error.empty() && error != "HTTPException");
        std::string text;
        bool converts = false;
        if (!isApp && (number || code == "Exception" || code == "HTTPException" || isException(module, key))) {
            const std::string kind = code == "HTTPException" ? plan_.target(module, target_.httpException) : code;
            text = everywhere ? app + ".app_error_handler(" + kind + ")" : plan_.helper(module, "error_handler") + "(" + app + ", " + kind + ")";
        } else if (middlewareCatches_ && (number || isException(module, key))) {
            text = plan_.helper(module, "error_handler") + "(" + app + ", " + code + ")";
        } else if (number && code != "500") {
            text = app + "." + target_.exceptionHandlerMethod + "(" + code + ")";
            converts = true;
        } else if (code == "500" || code == "Exception") {
            text = plan_.helper(module, "error_handler") + "(" + app + ", " + code + ")";
        } else if (code == "HTTPException") {
            text = plan_.helper(module, "error_handler") + "(" + app + ", " + plan_.target(module, target_.httpException) + ")";
        } else if (isOwnError(module, key)) {
            text = plan_.helper(module, "error_handler") + "(" + app + ", " + std::string(key.text()) + ")";
        } else if (isException(module, key)) {
            text = app + "." + target_.exceptionHandlerMethod + "(" + std::string(key.text()) + ")";
        } else {
            return plan_.refuse(module, node, "error-handler", std::string(key.text()));
        }
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const std::string before = text + (asIs ? "(" + plan_.helper(module, "answering") + "(" : "("), after = asIs ? "))" : ")";
        plan_.later([&rewrite, call, given, text, before, after] {
            rewrite.replace(call, [given, text, before, after](const ModuleRewrite& r) { return given ? before + r.render(given) + after : text; });
        });
        if (asIs) return;
        if (plan_.errorHandlers.emplace(function, home).second) signature(*home, *function, parameterName(parameters[0]), converts);
    }

    void signature(const Module& module, const Function& function, const std::string& error, bool converts) {
        SignatureEdits& signatures = plan_.context.signatures(module);
        const Function* kept = &function;
        const std::string request = "request: " + plan_.target(module, target_.request);
        plan_.later([&signatures, kept, request] {
            signatures.makeAsync(*kept);
            signatures.prependParameter(*kept, request);
        });
        bool used = false;
        syntax::walk(function.node.field("body"), [&](const Node& node) {
            used = used || (node.is("identifier") && node.text() == error);
            return !used;
        });
        if (!used || !converts) return;
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const std::string line = error + " = " + plan_.helper(module, "flask_error") + "(" + error + ")";
        plan_.later([&rewrite, kept, line] { rewrite.insertAtBodyStart(kept->node, {line}); });
    }

    /// An exception of Python, of a library or of the project that is no HTTP error.
    bool isException(const Module& module, const Node& key) const {
        static constexpr Words kBuiltins = {
            "ValueError", "TypeError", "KeyError", "IndexError", "LookupError", "RuntimeError", "AttributeError",
            "ZeroDivisionError", "ArithmeticError", "AssertionError", "NotImplementedError", "PermissionError", "OSError",
            "OverflowError", "TimeoutError", "ConnectionError", "FileNotFoundError", "UnicodeError", "RecursionError", "StopIteration"};
        if (kBuiltins.count(key.text())) return true;
        semantic::Symbol symbol = plan_.project().resolve(module, key);
        for (int step = 0; step < 5; ++step) {
            if (isOfLibrary(symbol)) return true;
            const semantic::Class* type = symbol.kind == semantic::Symbol::Kind::Class && symbol.module ? symbol.module->classNamed(symbol.name) : nullptr;
            if (!type || type->bases.size() != 1) return false;
            if (type->bases[0] == "Exception" || kBuiltins.count(type->bases[0])) return true;
            symbol = plan_.project().resolveGlobal(*symbol.module, type->bases[0]);
        }
        return false;
    }

    /// A class of the project below one of Werkzeug's.
    bool isOwnError(const Module& module, const Node& key) const {
        const semantic::Symbol& symbol = plan_.project().resolve(module, key);
        const semantic::Class* type = symbol.kind == semantic::Symbol::Kind::Class && symbol.module ? symbol.module->classNamed(symbol.name) : nullptr;
        const Node bases = type ? type->node.field("superclasses") : Node{};
        return bases && bases.namedChildCount() == 1 && !httpErrorCode(plan_, *symbol.module, bases.namedChild(0)).empty();
    }

    /// `marshmallow.ValidationError`, `jwt.ExpiredSignatureError`
    static bool isOfLibrary(const semantic::Symbol& symbol) {
        if (symbol.kind != semantic::Symbol::Kind::External || isFlaskModule(symbol.name)) return false;
        const std::string name = symbol.name.substr(symbol.name.rfind('.') + 1);
        return endsWith(name, "Error") || endsWith(name, "Exception");
    }

    Plan& plan_;
    const catalog::TargetProfile& target_;
    bool middlewareCatches_ = false; // errors reach the handlers through the helper's own list
};

} // namespace

void planErrors(Plan& plan) { ErrorPlanner(plan).run(); }

} // namespace covet::rules::flask
