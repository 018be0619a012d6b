// Before:  from flask_jwt_extended import JWTManager, jwt_required        @jwt_required()
// After:   from covet_flask_jwt import JWTManager, jwt_required           @jwt_required()
// Safe: the generated module has the names of Flask-JWT-Extended and makes and checks the same tokens, with the same
// library below it. Tokens in cookies and keys of other kinds keep the application as it is.
#include "catalog/resource.h"
#include "rules/frameworks/flask/flask_app.h"
#include "support/strings.h"

namespace covet::rules::flask {
namespace {

const std::set<std::string_view> kNames = {
    "JWTManager", "create_access_token", "create_refresh_token", "current_user", "decode_token", "fresh_jwt_required", "get_current_user",
    "get_jti", "get_jwt", "get_jwt_claims", "get_jwt_header", "get_jwt_identity", "get_raw_jwt", "jwt_optional", "jwt_refresh_token_required",
    "jwt_required", "verify_fresh_jwt_in_request", "verify_jwt_in_request", "verify_jwt_in_request_optional", "verify_jwt_refresh_token_in_request"};

class TokenPlanner {
public:
    explicit TokenPlanner(Plan& plan) : plan_(plan) {}

    void run() {
        for (const Module* module : plan_.modules) {
            for (const auto& [local, binding] : module->imports) plan_.servesTokens = plan_.servesTokens || binding.module == "flask_jwt_extended";
        }
        if (!plan_.servesTokens) return;
        plan_.sharesRequest = true;
        for (const Module* home : plan_.modules) {
            const Module& module = *home;
            settings(module);
            syntax::walk(module.tree->root(), [&](const Node& node) {
                if (node.is("import_statement") || node.is("import_from_statement")) return false;
                if (node.is("identifier")) name(module, node);
                if (node.is("call")) initialisation(module, node);
                return true;
            });
        }
    }

private:
    void name(const Module& module, const Node& node) {
        const std::string part = tokenName(plan_, module, node);
        if (!kNames.count(part)) return;
        plan_.claim(node);
        const Node call = node.parent();
        if (!call.is("call") || !(call.field("function") == node)) return;
        if (part == "JWTManager") plan_.claim(argumentOf(call, "app", 0));
        const Node places = argumentOf(call, "locations");
        if (places && places.text().find("headers") == std::string_view::npos)
            plan_.refuse(module, places, "token-option", std::string(places.text()));
    }

    /// `jwt.init_app(app)`
    void initialisation(const Module& module, const Node& call) {
        const Node callee = call.field("function");
        if (!callee.is("attribute")) return;
        const std::string_view name = callee.field("attribute").text();
        if (name != "init_app" && name != "_set_error_handler_callbacks") return;
        const semantic::Symbol symbol = plan_.project().resolve(module, callee.field("object"));
        Node value;
        const Module* home = symbol.module ? symbol.module : &module;
        if (symbol.kind == semantic::Symbol::Kind::Variable) {
            const auto assigned = home->assignments.find(symbol.name);
            if (assigned != home->assignments.end()) value = assigned->second.front().namedChild(0).field("right");
        } else if (symbol.kind == semantic::Symbol::Kind::Local) {
            const Function* scope = module.enclosingFunction(call);
            if (scope)
                syntax::walk(scope->node, [&](const Node& node) {
                    if (node.is("assignment") && node.field("left").text() == callee.field("object").text()) value = node.field("right");
                    return !value;
                });
        } else if (symbol.kind == semantic::Symbol::Kind::External) {
            value = callee.field("object").is("call") ? callee.field("object") : Node{};
        }
        if (value.isNull() && callee.field("object").is("call")) value = callee.field("object");
        if (value.is("call") && tokenName(plan_, *home, value.field("function")) == "JWTManager") plan_.claim(argumentOf(call, "app", 0));
    }

    /// What the counterpart does not look at.
    void settings(const Module& module) {
        for (const char* name : {"JWT_TOKEN_LOCATION", "JWT_COOKIE", "JWT_PUBLIC_KEY", "JWT_PRIVATE_KEY", "JWT_DECODE_A", "JWT_DECODE_I", "JWT_ENCODE_A",
                                 "JWT_ENCODE_I", "JWT_CSRF", "JWT_ACCESS_COOKIE", "JWT_REFRESH_COOKIE"}) {
            const size_t at = module.tree->text().find(name);
            if (at == std::string_view::npos) continue;
            const size_t end = module.tree->text().find('\n', at);
            const std::string line(module.tree->text().substr(at, end - at));
            const bool headersAlone = startsWith(name, "JWT_TOKEN") && line.find("headers") != std::string::npos && line.find("cookies") == std::string::npos &&
                                      line.find("query") == std::string::npos && line.find("json") == std::string::npos;
            if (!headersAlone) plan_.refuse(module, module.tree->root(), "token-option", name);
        }
    }

    Plan& plan_;
};

} // namespace

std::string tokenName(const Plan& plan, const Module& module, const Node& node) {
    if (!node.is("identifier") && !node.is("attribute")) return "";
    const semantic::Symbol symbol = plan.project().resolve(module, node);
    const bool known = symbol.kind == semantic::Symbol::Kind::External && startsWith(symbol.name, "flask_jwt_extended.");
    return known ? symbol.name.substr(19) : "";
}

bool isTokenDecorator(const Plan& plan, const Module& module, const Node& decorator) {
    static const std::set<std::string_view> kKnown = {"jwt_required", "jwt_optional", "fresh_jwt_required", "jwt_refresh_token_required"};
    const Node inner = decorator.namedChild(0);
    return kKnown.count(tokenName(plan, module, inner.is("call") ? inner.field("function") : inner)) > 0;
}

bool planTokenImport(Plan& plan, const Module& module, const Node& statement) {
    const Node from = statement.field("module_name");
    if (from.text() != "flask_jwt_extended") return false;
    for (const Node& item : statement.namedChildren()) {
        if (item == from || item.is("comment")) continue;
        const std::string_view imported = item.is("aliased_import") ? item.field("name").text() : item.text();
        if (kNames.count(imported)) continue;
        plan.refuse(module, item, "flask-extension", "flask_jwt_extended." + std::string(imported));
        return true;
    }
    ModuleRewrite& rewrite = plan.rewrite(module);
    const std::string path = plan.context.importPath(module, helperModule(plan.context) + "_jwt");
    plan.later([&rewrite, from, path] { rewrite.replace(from, path); });
    return true;
}

std::string tokenText(const MigrationContext& context) {
    return replaceAll(std::string(catalog::resource("templates/flask/jwt.py")), "from covet_flask import ",
                      "from " + context.generatedImportPath(helperModule(context)) + " import ");
}

void planTokens(Plan& plan) { TokenPlanner(plan).run(); }

} // namespace covet::rules::flask
