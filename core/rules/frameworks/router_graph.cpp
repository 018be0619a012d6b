#include "rules/frameworks/router_graph.h"

#include <algorithm>

#include "support/strings.h"
#include "support/words.h"
#include "syntax/literal_evaluator.h"

namespace covet::rules {
namespace {

constexpr int kMaxMountDepth = 8;

/// `posts: list[Post]` in the body of a class: a field, whatever the module calls so.
bool bindsInClass(const Node& expression) {
    const Node assignment = expression.parent();
    return assignment.is("assignment") && assignment.field("left") == expression &&
           expression.ancestor({"function_definition", "class_definition"}).is("class_definition");
}

/// `class PetDto: api = Namespace("pets")`: the router that an attribute of a class is; -1 if it is none.
int ofClass(const std::vector<Router>& routers, const semantic::Symbol& owner, std::string_view attribute) {
    if (owner.kind != semantic::Symbol::Kind::Class || !owner.module) return -1;
    for (size_t i = 0; i < routers.size(); ++i) {
        if (routers[i].module != owner.module || routers[i].function || routers[i].name != attribute) continue;
        const Node home = routers[i].creation.ancestor({"class_definition"});
        if (home && home.field("name").text() == owner.name) return static_cast<int>(i);
    }
    return -1;
}

/// `server.register_blueprint(...)`, `@server.get("/")`: what only applications and routers have.
bool isOfApplications(const Node& access) {
    static constexpr Words kNames = {
        "route", "add_url_rule", "register_blueprint", "errorhandler", "register_error_handler", "before_request", "after_request",
        "teardown_request", "teardown_appcontext", "context_processor", "template_filter", "template_global", "url_map", "view_functions",
        "wsgi_app", "app_context", "test_request_context", "test_client", "jinja_env", "cli", "shell_context_processor", "extensions",
        "include_router", "add_middleware", "add_exception_handler", "exception_handler", "middleware", "add_api_route", "api_route", "on_event",
        "add_event_handler", "dependency_overrides", "add_websocket_route", "add_route", "websocket"};
    static constexpr Words kVerbs = {"get", "post", "put", "patch", "delete", "head", "options"};
    const std::string_view name = access.field("attribute").text();
    const Node call = access.parent();
    return kNames.count(name) || (kVerbs.count(name) && call.is("call") && call.parent().is("decorator"));
}

} // namespace

RouterGraph::RouterGraph(MigrationContext& context, std::string framework)
    : context_(context), framework_(std::move(framework)), host_(context.project()),
      evaluator_(std::make_unique<syntax::LiteralEvaluator>(host_)) {}

size_t RouterGraph::add(Router router) {
    routers_.push_back(std::move(router));
    return routers_.size() - 1;
}

int RouterGraph::byName(const semantic::Module* module, const std::string& name) const {
    for (size_t i = 0; i < routers_.size(); ++i)
        if (routers_[i].module == module && routers_[i].name == name) return static_cast<int>(i);
    return -1;
}

namespace {

/// The application that a call names: a variable, or what its own function has made.
int givenApplication(const RouterGraph& graph, const semantic::Project& project, const semantic::Module& module, const Node& argument) {
    const semantic::Symbol& symbol = project.resolve(module, argument);
    if (symbol.kind == semantic::Symbol::Kind::Variable) return graph.resolve(module, argument);
    if (symbol.kind != semantic::Symbol::Kind::Local) return -1;
    const semantic::Function* function = module.enclosingFunction(argument);
    for (size_t i = 0; i < graph.routers().size(); ++i) {
        const Router& router = graph.routers()[i];
        if (router.module == &module && router.function == function && router.name == symbol.name) return static_cast<int>(i);
    }
    return -1;
}

/// Of several applications, the one that all calls of a function give to its parameter; -1 if there is no such.
int passedTo(const RouterGraph& graph, const semantic::Project& project, const semantic::Module& home, const semantic::Function& function,
             const std::string& parameter) {
    int position = 0, at = -1;
    for (const Node& one : function.node.field("parameters").namedChildren()) {
        const std::string name = semantic::parameterName(one);
        if (name == parameter) at = position;
        if (position > 0 || function.className.empty() || (name != "self" && name != "cls")) ++position;
    }
    int only = -1;
    if (at < 0) return only;
    for (const auto& module : project.modules()) {
        const auto calls = module->calls.find(function.name);
        if (calls == module->calls.end()) continue;
        for (const Node& call : calls->second) {
            if (functionOf(project, *module, call.field("function")) != home.function(function.qualified)) continue;
            const Node argument = argumentOf(call, parameter, at);
            const int given = argument ? givenApplication(graph, project, *module, argument) : -1;
            if (given < 0 || (only >= 0 && only != given)) return -1;
            only = given;
        }
    }
    return only;
}

} // namespace

int RouterGraph::resolve(const semantic::Module& module, const Node& expression) const {
    if (bindsInClass(expression)) return -1;
    if (expression.is("attribute")) {
        const int made = ofClass(routers_, context_.project().resolve(module, expression.field("object")), expression.field("attribute").text());
        if (made >= 0) return made;
    }
    const semantic::Symbol& symbol = context_.project().resolve(module, expression);
    using Kind = semantic::Symbol::Kind;
    if (symbol.kind == Kind::Variable && symbol.module) {
        int found = byName(symbol.module, symbol.name);
        if (found >= 0) return found;
        // `app = create_app()`: the router that the factory makes.
        auto assigned = symbol.module->assignments.find(symbol.name);
        if (assigned == symbol.module->assignments.end()) return -1;
        Node value = assigned->second.front().namedChild(0).field("right");
        // `task_router = router`; a name that stands for itself in a circle ends nowhere.
        if (value.is("identifier") && assigned->second.size() == 1 && value.text() != symbol.name && !symbol.module->assignments.count(std::string(value.text())))
            return resolve(*symbol.module, value);
        if (value.is("identifier") && assigned->second.size() == 1) return byName(symbol.module, std::string(value.text()));
        if (value.is("attribute")) // `api = PetDto.api`
            return ofClass(routers_, context_.project().resolve(*symbol.module, value.field("object")), value.field("attribute").text());
        if (!value.is("call")) return -1;
        const semantic::Symbol& factory = context_.project().resolve(*symbol.module, value.field("function"));
        if (factory.kind != Kind::Function) return -1;
        for (size_t i = 0; i < routers_.size(); ++i)
            if (routers_[i].module == factory.module && routers_[i].function &&
                routers_[i].function->qualified == factory.name)
                return static_cast<int>(i);
        return -1;
    }
    if (symbol.kind == Kind::Local) {
        const semantic::Function* function = module.enclosingFunction(expression);
        for (const semantic::Function* scope = function; scope; scope = module.enclosingFunction(scope->node))
            for (size_t i = 0; i < routers_.size(); ++i)
                if (routers_[i].module == &module && routers_[i].function == scope && routers_[i].name == symbol.name)
                    return static_cast<int>(i);
        // A parameter: `def register(app): @app.route(...)`.
        const int only = onlyApp();
        if (!function) return -1;
        if (only < 0) return passedTo(*this, context_.project(), module, *function, symbol.name);
        return holdsApplication(module, *function, symbol.name) ? only : -1;
    }
    if (expression.is("attribute")) {
        const std::string name(expression.field("attribute").text());
        for (size_t i = 0; i < routers_.size(); ++i)
            if (routers_[i].module == &module && routers_[i].name == name &&
                (routers_[i].isApp || routers_[i].creation.parent().field("left").is("attribute")))
                return static_cast<int>(i); // `self.api`, and not any `user.posts` beside a router called `posts`
    }
    return -1;
}

std::string libraryClass(const semantic::Project& project, const semantic::Symbol& type, int depth) {
    if (type.kind == semantic::Symbol::Kind::External) return type.name;
    const semantic::Class* known = type.kind == semantic::Symbol::Kind::Class && type.module ? type.module->classNamed(type.name) : nullptr;
    if (!known || depth > kMaxMountDepth) return "";
    for (const Node& base : known->node.field("superclasses").namedChildren())
        if (!base.is("keyword_argument"))
            if (const std::string name = libraryClass(project, project.resolve(*type.module, base), depth + 1); !name.empty()) return name;
    return "";
}

/// Whether a local name holds an application: it is called so, a factory made it, or it is asked for what only those have.
bool RouterGraph::holdsApplication(const semantic::Module& module, const semantic::Function& function, const std::string& name) const {
    if (toLower(name).find("app") != std::string::npos) return true;
    const semantic::Function* outermost = &function;
    while (const semantic::Function* scope = module.enclosingFunction(outermost->decorated)) outermost = scope;
    auto [known, isNew] = holders_.try_emplace({outermost->node.id(), name}, false);
    if (!isNew || name == "self" || name == "cls") return known->second;
    bool holds = false;
    syntax::walk(outermost->decorated, [&](const Node& node) {
        const Node parent = node.parent();
        if (holds || !node.is("identifier") || node.text() != name) return !holds;
        if (parent.is("attribute") && parent.field("object") == node) holds = isOfApplications(parent);
        if (parent.is("assignment") && parent.field("left") == node && parent.field("right").is("call")) holds = isMadeByFactory(module, parent.field("right"));
        return !holds;
    });
    for (const semantic::Function* scope = &function; scope && !holds; scope = module.enclosingFunction(scope->decorated))
        holds = isGivenApplication(*scope, name);
    return known->second = holds;
}

/// Whether calls hand an application to the parameter of this name.
bool RouterGraph::isGivenApplication(const semantic::Function& function, const std::string& name) const {
    const std::vector<Node> parameters = function.node.field("parameters").namedChildren();
    const auto found = std::find_if(parameters.begin(), parameters.end(), [&](const Node& one) { return parameterName(one) == name; });
    if (found == parameters.end()) return false;
    const bool makes = function.name == "__init__";
    const int place = static_cast<int>(found - parameters.begin()) - (function.className.empty() ? 0 : 1);
    for (const auto& caller : context_.project().modules()) {
        const auto calls = caller->calls.find(makes ? std::string_view(function.className) : std::string_view(function.name));
        if (calls == caller->calls.end()) continue;
        for (const Node& call : calls->second) {
            const Node given = argumentOf(call, name, place);
            if ((given.is("identifier") || given.is("attribute")) && resolve(*caller, given) >= 0) return true;
        }
    }
    return false;
}

bool RouterGraph::isMadeByFactory(const semantic::Module& module, const Node& call) const {
    const semantic::Symbol& symbol = context_.project().resolve(module, call.field("function"));
    if (call.field("function").text().find("_get_current_object") != std::string_view::npos) return true;
    return symbol.kind == semantic::Symbol::Kind::Function && std::any_of(routers_.begin(), routers_.end(), [&](const Router& router) {
        return router.module == symbol.module && router.function && router.function->qualified == symbol.name;
    });
}

void RouterGraph::mount(size_t parent, size_t child, const std::string& prefix, bool replaces) {
    if (parent != child) mounts_.push_back({parent, child, prefix, replaces});
}

int RouterGraph::onlyApp() const {
    int found = -1;
    for (size_t i = 0; i < routers_.size(); ++i) {
        if (!routers_[i].isApp) continue;
        if (found >= 0) return -1;
        found = static_cast<int>(i);
    }
    return found;
}

std::string RouterGraph::text(const semantic::Module& module, const Node& expression, bool* known) const {
    Value value = expression.isNull() ? Value::opaque("")
                                      : evaluator_->evaluate(host_.sourceOf(module), expression);
    const bool isText = value.kind() == Value::Kind::Str;
    if (known) *known = isText;
    return isText ? value.text() : "";
}

std::vector<std::string> RouterGraph::texts(const semantic::Module& module, const Node& expression) const {
    std::vector<std::string> out;
    if (expression.isNull()) return out;
    const Value value = evaluator_->evaluate(host_.sourceOf(module), expression);
    for (const Value& item : value.items())
        if (item.kind() == Value::Kind::Str) out.push_back(item.text());
    return out;
}

std::vector<std::string> RouterGraph::prefixesOf(size_t router, int depth) const {
    std::vector<std::string> out;
    const std::string& own = routers_[router].prefix;
    if (depth < kMaxMountDepth)
        for (const Mount& mount : mounts_)
            if (mount.child == router)
                for (const std::string& outer : prefixesOf(mount.parent, depth + 1))
                    out.push_back(joinPaths(outer, mount.replaces ? mount.prefix : joinPaths(mount.prefix, own)));
    if (out.empty()) out.push_back(own);
    return out;
}

/// `app = server.api`, where a method made `self.api`.
void RouterGraph::nameOutside(const Router& router, facts::App& app) const {
    for (const auto& module : context_.project().modules()) {
        if (isTestModule(*module)) continue;
        for (const auto& [name, statements] : module->assignments)
            for (const Node& statement : statements) {
                const Node assignment = statement.namedChild(0), value = assignment.field("right");
                if (!assignment.is("assignment") || !value.is("attribute") || value.field("attribute").text() != router.name) continue;
                app.module = module->name;
                app.attribute = name;
                app.isFactory = false;
                return;
            }
    }
}

void RouterGraph::publish(const Publication& as) {
    publish([&](const semantic::Module&) { return as; });
}

void RouterGraph::publish(const std::function<Publication(const semantic::Module&)>& decide) {
    for (const Router& router : routers_) {
        if (!router.isApp) continue;
        const Publication as = decide(*router.module);
        facts::App app;
        app.where = {router.module->path(), router.creation.line()};
        app.module = router.module->name;
        app.attribute = router.function ? router.function->qualified : router.name;
        app.framework = framework_;
        app.isFactory = router.function != nullptr;
        if (router.function && !router.function->className.empty()) nameOutside(router, app);
        context_.apps.push_back(app);
        // One that is mounted on another is a part of it.
        const bool isPart = std::any_of(mounts_.begin(), mounts_.end(), [&](const Mount& mount) { return &routers_[mount.child] == &router; });
        if (as.rewritten && !isPart) {
            app.framework = context_.target().framework;
            context_.migratedApps.push_back(std::move(app));
        }
        if (as.isTarget || as.rewritten) continue;
        Finding& finding = context_.report(*router.module, router.creation, "COV105",
                                           framework_ + (as.detail.empty() ? "" : " (" + as.detail + ")"));
        finding.safetyReason = as.reason;
        finding.hint = "routes, stores and the schema are analysed; the code stays as it is";
    }
    for (const RouteSite& site : routes_) {
        for (const std::string& prefix : prefixesOf(site.router))
            for (const std::string& method : site.methods) {
                facts::Route route;
                route.where = {site.module->path(), site.site.line()};
                route.method = method;
                route.path = joinPaths(prefix, site.path);
                if (route.path.empty()) route.path = "/";
                route.handler = site.handler;
                route.framework = framework_;
                route.isAsync = site.function && site.function->isAsync;
                context_.routes.push_back(std::move(route));
            }
        if (!site.function) continue;
        const Publication as = decide(*site.module);
        if (!context_.handlerOf(*site.function))
            context_.handlers.push_back({definingModule(context_.project(), *site.function), site.function, framework_, as.rewritten || as.isTarget,
                                         as.rewritten || as.isTarget ? "" : as.reason});
        if (!site.site.is("decorator")) continue;
        for (Handler& handler : context_.handlers)
            if (handler.function == site.function) handler.routeDecorators.push_back(site.site);
    }
}

std::string upperCase(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
}

Node argumentOf(const Node& call, std::string_view keyword, int position) {
    int at = 0;
    for (const Node& argument : call.field("arguments").namedChildren()) {
        if (argument.is("keyword_argument")) {
            if (argument.field("name").text() == keyword) return argument.field("value");
        } else if (at++ == position) {
            return argument;
        }
    }
    return {};
}

const semantic::Function* functionOf(const semantic::Project& project, const semantic::Module& module,
                                     const Node& expression) {
    const semantic::Symbol& symbol = project.resolve(module, expression);
    if (symbol.kind == semantic::Symbol::Kind::Function && symbol.module) return symbol.module->function(symbol.name);
    if (symbol.kind != semantic::Symbol::Kind::Local) return nullptr;
    for (const semantic::Function& function : module.functions)
        if (function.isNested && function.name == symbol.name) return &function;
    return nullptr;
}

const semantic::Module* definingModule(const semantic::Project& project, const semantic::Function& function) {
    for (const auto& module : project.modules())
        for (const semantic::Function& known : module->functions)
            if (&known == &function) return module.get();
    return nullptr;
}

const semantic::Function* decoratedFunction(const semantic::Module& module, const Node& decorator) {
    Node definition = decorator.parent().field("definition");
    for (const semantic::Function& function : module.functions)
        if (function.node == definition) return &function;
    return nullptr;
}

std::string joinPaths(const std::string& prefix, const std::string& path) {
    if (prefix.empty()) return path;
    if (path.empty()) return prefix;
    if (endsWith(prefix, "/") && startsWith(path, "/")) return prefix.substr(0, prefix.size() - 1) + path;
    return prefix + path;
}

} // namespace covet::rules
