// Before:  from flask_login import LoginManager, login_required        @login_required
// After:   from covet_flask_login import LoginManager, login_required  @login_required
// Safe: the generated module has the extension's names and gives its answers. Functions that are registered with an
// object of it may wait: it is the generated module that calls them. Names that it lacks keep the application as it is.
#include "catalog/resource.h"
#include "rules/frameworks/flask/flask_app.h"
#include "support/strings.h"

namespace covet::rules::flask {
namespace {

using Names = std::set<std::string_view>;

/// An extension whose names a generated module has.
struct Counterpart {
    std::string package, suffix; // of the helper's name
    Names names, decorators;     // all that can be imported; those of them that stand on handlers
    Names callbacks, parts;      // of its objects: what registers functions, and the rest that may be named
    bool keepsSession = false;
    Names guards{};   // parts of its objects that stand on handlers
    Names foreign{};  // texts that ask for what the module does not do
    bool runsHooks = false;
};

const std::vector<Counterpart>& counterparts() {
    static const std::vector<Counterpart> kKnown = {
        {"flask_jwt_extended", "_jwt",
         {"JWTManager", "create_access_token", "create_refresh_token", "current_user", "decode_token", "fresh_jwt_required", "get_current_user",
          "get_jti", "get_jwt", "get_jwt_claims", "get_jwt_header", "get_jwt_identity", "get_raw_jwt", "jwt_optional", "jwt_refresh_token_required",
          "jwt_required", "verify_fresh_jwt_in_request", "verify_jwt_in_request", "verify_jwt_in_request_optional", "verify_jwt_refresh_token_in_request"},
         {"jwt_required", "jwt_optional", "fresh_jwt_required", "jwt_refresh_token_required"}, {}, {}},
        {"flask_httpauth", "_httpauth", {"HTTPBasicAuth", "HTTPTokenAuth", "MultiAuth"}, {},
         {"verify_password", "verify_token", "get_password", "hash_password", "get_user_roles", "error_handler"},
         {"login_required", "current_user", "username"}, false, {"login_required"}},
        {"flask_caching", "_caching", {"Cache"}, {}, {},
         {"init_app", "cached", "memoize", "delete_memoized", "get", "set", "add", "has", "delete", "clear", "get_many", "set_many", "delete_many"},
         false, {"cached"},
         {"redis", "RedisCache", "RedisSentinelCache", "memcached", "MemcachedCache", "saslmemcached", "filesystem", "FileSystemCache", "uwsgi", "UWSGICache",
          "CACHE_KEY_PREFIX", "CACHE_THRESHOLD", "make_cache_key", "response_filter", "hash_method", "cache_none", "source_check", "args_to_ignore"}},
        {"flask_limiter.util", "_limiter", {"get_remote_address", "get_ipaddr"}, {}, {}, {}},
        {"flask_limiter", "_limiter", {"Limiter", "RateLimitExceeded"}, {}, {"request_filter"}, {"init_app", "limit", "shared_limit", "exempt"},
         false, {"limit", "shared_limit", "exempt"},
         {"headers_enabled", "RATELIMIT_HEADERS_ENABLED", "default_limits_per_method", "default_limits_exempt_when", "default_limits_deduct_when",
          "deduct_when", "on_breach", "in_memory_fallback", "swallow_errors", "cost", "meta_limits", "sliding-window-counter"}, true},
        {"flask_marshmallow", "_marshmallow", {"Marshmallow"}, {}, {}, {}, false, {},
         {"ModelSchema", "TableSchema", "HyperlinkRelated", "Hyperlinks", "AbsoluteURLFor", "AbsoluteUrlFor"}},
        {"flask_smorest", "_smorest", {"Api", "Blueprint", "Page", "abort"}, {}, {},
         {"route", "arguments", "response", "alt_response", "paginate", "doc", "register_blueprint", "init_app", "before_request", "after_request",
          "teardown_request", "name", "description"},
         false, {"arguments", "response", "alt_response", "paginate", "doc"},
         {"as_kwargs", "json_or_form", "current_api", "ARGUMENTS_PARSER", "PAGINATION_ARGUMENTS_PARSER", "PAGINATION_HEADER_NAME",
          "DEFAULT_PAGINATION_PARAMETERS"}},
        {"flask_sqlalchemy", "_sqlalchemy", {"SQLAlchemy"}, {}, {}, {}},
        {"flask_migrate", "_migrate", {"Migrate"}, {}, {}, {}},
        {"flask_bcrypt", "_bcrypt", {"Bcrypt", "check_password_hash", "generate_password_hash"}, {}, {}, {}},
        {"flask_login", "_login",
         {"AnonymousUserMixin", "LoginManager", "UserMixin", "confirm_login", "current_user", "fresh_login_required", "login_fresh", "login_required",
          "login_user", "logout_user"},
         {"login_required", "fresh_login_required"},
         {"user_loader", "request_loader", "unauthorized_handler", "needs_refresh_handler"},
         {"init_app", "login_view", "login_message", "login_message_category", "refresh_view", "needs_refresh_message", "needs_refresh_message_category",
          "session_protection", "anonymous_user"}, true}};
    return kKnown;
}

/// The extension that a name belongs to, and the name without its module.
std::pair<const Counterpart*, std::string> nameOf(const Plan& plan, const Module& module, const Node& node) {
    if (!node.is("identifier") && !node.is("attribute")) return {nullptr, ""};
    const semantic::Symbol& symbol = plan.project().resolve(module, node);
    if (symbol.kind != semantic::Symbol::Kind::External) return {nullptr, ""};
    for (const Counterpart& one : counterparts())
        if (startsWith(symbol.name, one.package + ".")) return {&one, symbol.name.substr(one.package.size() + 1)};
    return {nullptr, ""};
}

/// The call that made the object behind an expression: `auth`, `login_manager` or the call itself.
Node madeBy(const Plan& plan, const Module& module, const Node& expression, const Module*& home) {
    home = &module;
    if (expression.is("call")) return expression;
    if (!expression.is("identifier") && !expression.is("attribute")) return {};
    const semantic::Symbol& symbol = plan.project().resolve(module, expression);
    Node made;
    if (symbol.kind == semantic::Symbol::Kind::Variable && symbol.module) {
        home = symbol.module;
        const auto assigned = home->assignments.find(symbol.name);
        if (assigned != home->assignments.end()) made = assigned->second.front().namedChild(0).field("right");
    } else if (symbol.kind == semantic::Symbol::Kind::Local) {
        for (const Function* scope = module.enclosingFunction(expression); scope && made.isNull();
             scope = scope->isNested ? module.enclosingFunction(scope->decorated) : nullptr)
            syntax::walk(scope->node, [&](const Node& node) {
                if (node.is("assignment") && node.field("left").text() == expression.text()) made = node.field("right");
                return made.isNull();
            });
    }
    return made.is("call") ? made : Node{};
}

/// The extension of which an expression holds an object.
const Counterpart* objectOf(const Plan& plan, const Module& module, const Node& expression) {
    const Module* home = nullptr;
    const Node made = madeBy(plan, module, expression, home);
    if (made.isNull()) return nullptr;
    const auto [found, name] = nameOf(plan, *home, made.field("function"));
    return found && !name.empty() && name[0] >= 'A' && name[0] <= 'Z' ? found : nullptr;
}

class CounterpartPlanner {
public:
    explicit CounterpartPlanner(Plan& plan) : plan_(plan) {}

    void run() {
        for (const Module* module : plan_.modules)
            for (const auto& [local, binding] : module->imports)
                for (const Counterpart& one : counterparts())
                    if (binding.module == one.package) {
                        plan_.counterparts.insert(one.package);
                        plan_.usesSession = plan_.usesSession || one.keepsSession;
                    }
        if (plan_.counterparts.empty()) return;
        plan_.sharesRequest = true;
        for (const Counterpart& one : counterparts()) {
            if (!plan_.counterparts.count(one.package)) continue;
            plan_.delaysHooks = plan_.delaysHooks || one.runsHooks;
            if (!one.foreign.empty()) foreign(one);
        }
        if (plan_.counterparts.count("flask_sqlalchemy")) severalDatabases();
        for (const Module* module : plan_.modules)
            syntax::walk(module->tree->root(), [&](const Node& node) {
                if (node.is("import_statement") || node.is("import_from_statement")) return false;
                if (node.is("identifier")) name(*module, node);
                if (node.is("attribute")) part(*module, node);
                if (node.is("decorator")) decorator(*module, node);
                if (node.is("call")) ofGroup(*module, node);
                return true;
            });
    }

private:
    /// `limiter.limit("60/hour")(books)`, `limiter.exempt(books)`: for all handlers of a blueprint.
    void ofGroup(const Module& module, const Node& call) {
        const Node callee = call.field("function"), made = callee.is("call") ? callee.field("function") : callee;
        const Counterpart* found = made.is("attribute") ? objectOf(plan_, module, made.field("object")) : nullptr;
        if (!found || found->package != "flask_limiter" || callee.is("call") != (made.field("attribute").text() != "exempt")) return;
        const std::vector<Node> arguments = call.field("arguments").namedChildren();
        const int router = arguments.size() == 1 ? plan_.reading.graph.resolve(module, arguments[0]) : -1;
        if (router >= 0 && plan_.reading.graph.routers()[static_cast<size_t>(router)].kind == "flask.Blueprint") plan_.claim(arguments[0]);
    }

    /// Models of several databases, which the counterpart of Flask-SQLAlchemy does not keep apart.
    void severalDatabases() {
        for (const Module* module : plan_.modules)
            syntax::walk(module->tree->root(), [&](const Node& node) {
                const bool names = (node.is("identifier") && (node.text() == "__bind_key__" || node.text() == "SQLALCHEMY_BINDS")) ||
                                   (node.is("string_content") && node.text() == "SQLALCHEMY_BINDS") ||
                                   (node.is("keyword_argument") && node.field("name").text() == "bind_key");
                if (names) plan_.refuse(*module, node, "extension-part", "several databases of Flask-SQLAlchemy");
                return true;
            });
    }

    /// Options and servers that the counterpart of an extension does not have.
    void foreign(const Counterpart& one) {
        for (const Module* module : plan_.modules)
            syntax::walk(module->tree->root(), [&](const Node& node) {
                const std::string_view text = node.text();
                const Node outer = node.parent();
                const bool isSet = node.is("identifier") && ((outer.is("assignment") && outer.field("left") == node) || (outer.is("attribute") && outer.field("attribute") == node));
                const bool isName = (node.is("keyword_argument") && one.foreign.count(node.field("name").text())) || (isSet && one.foreign.count(text));
                const bool isText = node.is("string_content") && (one.foreign.count(text) || text.find("redis://") == 0 || text.find("memcached://") == 0 || text.find("mongodb://") == 0);
                if (isName || isText) plan_.refuse(*module, node, "extension-part", one.package + ": " + std::string(text.substr(0, 60)));
                return true;
            });
    }

    void name(const Module& module, const Node& node) {
        const Node parent = node.parent();
        if ((parent.is("attribute") && parent.field("attribute") == node) || (parent.is("keyword_argument") && parent.field("name") == node)) return;
        const auto [found, known] = nameOf(plan_, module, node);
        if (!found || !found->names.count(known)) return;
        plan_.claim(node);
        for (Node outer = parent; outer.is("attribute"); outer = outer.parent()) plan_.claim(outer);
        if (!parent.is("call") || !(parent.field("function") == node)) return;
        plan_.claim(argumentOf(parent, "app", 0));
        for (const Node& argument : parent.field("arguments").namedChildren())
            if (argument.is("keyword_argument") && argument.field("name").text() == "app") plan_.claim(argument.field("value"));
    }

    /// `auth.current_user`, `login_manager.init_app`
    void part(const Module& module, const Node& node) {
        const Counterpart* found = objectOf(plan_, module, node.field("object"));
        if (!found || found->parts.empty()) return initialised(found, node);
        const std::string_view name = node.field("attribute").text();
        if (!found->parts.count(name) && !(found->callbacks.count(name) && isDecorator(node)))
            plan_.refuse(module, node, "extension-part", std::string(node.text()));
        initialised(found, node);
    }

    /// `jwt.init_app(app)`
    void initialised(const Counterpart* found, const Node& node) {
        const std::string_view name = node.field("attribute").text();
        const Node call = node.parent();
        const bool takesApp = name == "init_app" || name == "_set_error_handler_callbacks";
        if (found && takesApp && call.is("call") && call.field("function") == node) plan_.claim(argumentOf(call, "app", 0));
    }

    static bool isDecorator(const Node& node) { return node.parent().is("decorator"); }

    void decorator(const Module& module, const Node& node) {
        const Node inner = node.namedChild(0);
        if (isCounterpartDecorator(plan_, module, node)) {
            // It hands on all that it gets, and waits for what it stands on.
            const Node callee = inner.is("call") ? inner.field("function") : inner;
            ModuleRewrite& rewrite = plan_.rewrite(module);
            return plan_.later([&rewrite, callee] { rewrite.replace(callee, std::string(callee.text())); });
        }
        if (!inner.is("attribute")) return;
        const Counterpart* found = objectOf(plan_, module, inner.field("object"));
        if (!found || !found->callbacks.count(inner.field("attribute").text())) return;
        const Function* function = decoratedFunction(module, node);
        if (!function || !function->className.empty()) return plan_.refuse(module, node, "extension-callback", std::string(node.text()));
        if (!plan_.callbacks.emplace(function, &module).second) return;
        if (const Node use = useOf(module, *function))
            return plan_.refuse(module, use, "handler-called", function->name, "move what both need into a function of its own");
        SignatureEdits& signatures = plan_.context.signatures(module);
        ModuleRewrite& rewrite = plan_.rewrite(module);
        plan_.later([&rewrite, &signatures, inner, function] {
            rewrite.replace(inner, std::string(inner.text())); // what opens stores stands below it
            signatures.makeAsync(*function);
        });
    }

    /// Where else something calls or hands on a function that will have to be waited for.
    Node useOf(const Module& home, const Function& function) const {
        Node found;
        for (const auto& module : plan_.project().modules())
            syntax::walk(module->tree->root(), [&](const Node& node) {
                if (!found.isNull() || node.is("import_statement") || node.is("import_from_statement")) return false;
                const Node outer = node.parent();
                const bool isPart = outer.is("attribute") && outer.field("attribute") == node; // `@auth.verify_password` is another one
                if (!node.is("identifier") || node.text() != function.name || outer.is("function_definition") || isPart) return true;
                const semantic::Symbol& symbol = plan_.project().resolve(*module, node);
                const bool same = symbol.kind == semantic::Symbol::Kind::Function && symbol.module == &home && home.function(symbol.name) == &function;
                if (same) found = node;
                return true;
            });
        return found;
    }

    Plan& plan_;
};

} // namespace

std::string counterpartName(const Plan& plan, const Module& module, const Node& node, std::string_view package) {
    const auto [found, name] = nameOf(plan, module, node);
    return found && found->package == package ? name : "";
}

bool isCounterpartDecorator(const Plan& plan, const Module& module, const Node& decorator) {
    const Node inner = decorator.is("decorator") ? decorator.namedChild(0) : decorator, callee = inner.is("call") ? inner.field("function") : inner;
    const auto [found, name] = nameOf(plan, module, callee);
    if (found) return found->decorators.count(name) > 0;
    if (!callee.is("attribute")) return false;
    const Counterpart* owner = objectOf(plan, module, callee.field("object"));
    return owner && owner->guards.count(callee.field("attribute").text()) > 0;
}

bool planCounterpartImport(Plan& plan, const Module& module, const Node& statement) {
    const Node from = statement.field("module_name");
    for (const Counterpart& one : counterparts()) {
        if (from.text() != one.package) continue;
        for (const Node& item : statement.namedChildren()) {
            if (item == from || item.is("comment")) continue;
            const std::string_view imported = item.is("aliased_import") ? item.field("name").text() : item.text();
            if (one.names.count(imported)) continue;
            plan.refuse(module, item, "flask-extension", one.package + "." + std::string(imported));
            return true;
        }
        ModuleRewrite& rewrite = plan.rewrite(module);
        const std::string path = plan.context.importPath(module, helperModule(plan.context) + one.suffix);
        plan.later([&rewrite, from, path] { rewrite.replace(from, path); });
        return true;
    }
    return false;
}

void writeCounterparts(Plan& plan) {
    for (const Counterpart& one : counterparts()) {
        if (!plan.counterparts.count(one.package)) continue;
        std::string& text = plan.context.generatedFiles[plan.context.generatedPath(helperModule(plan.context) + one.suffix)];
        text = replaceAll(std::string(catalog::resource("templates/flask/" + one.suffix.substr(1) + ".py")), "from covet_flask import ",
                          "from " + plan.context.generatedImportPath(helperModule(plan.context)) + " import ");
    }
}

void planCounterparts(Plan& plan) { CounterpartPlanner(plan).run(); }

} // namespace covet::rules::flask
