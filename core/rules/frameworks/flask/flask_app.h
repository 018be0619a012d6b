#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "rules/frameworks/flask/url_rule.h"
#include "rules/frameworks/router_graph.h"
#include "rules/migration_context.h"

namespace covet::rules::flask {

using semantic::Function;
using semantic::Module;

/// A route as the code registers it.
struct Site {
    size_t router = 0;
    const Module* module = nullptr;
    Node node;                        // decorator, or the registering call
    std::string rule;                 // as written
    std::vector<std::string> methods; // upper case
    const Function* function = nullptr;
    std::string handler;
    bool known = true;                // the rule is constant
    bool isView = false;              // a method of a view class
    bool isBound = false;             // a method of an object that exists already: `view_func=self.list`
    bool isResource = false;          // that Flask-RESTful serves
    Node viewClass;                   // expression that names the class
    std::map<std::string, std::string> defaults; // of parts that the rule lacks: Python texts
};

/// `app.add_url_rule("/", endpoint="index")`: another name of a route that is there already.
struct RuleAlias {
    size_t router = 0;
    const Module* module = nullptr;
    Node call;
    std::string rule;
};

/// `parent.register_blueprint(child, url_prefix=...)` and its kin.
struct Mounting {
    size_t parent = 0, child = 0;
    std::string prefix;
    bool replaces = false;
    const Module* module = nullptr;
    Node call;
};

/// Routers, routes and mountings of all Flask applications of a project.
struct Reading {
    explicit Reading(MigrationContext& context) : graph(context, "flask") {}
    RouterGraph graph;
    std::vector<Site> sites;
    std::vector<Mounting> mountings;
    std::vector<RuleAlias> aliases;

    /// Prefixes under which a router is mounted on an application; with the application's index.
    std::vector<std::pair<size_t, std::string>> placesOf(size_t router, int depth = 0) const;
};
/// As Flask joins a blueprint's prefix and a rule.
std::string joinRules(const std::string& prefix, const std::string& rule);
void readFlask(MigrationContext& context, Reading& reading);
/// Statements that give a name its value, in the function around it or in its module.
std::vector<Node> assignmentsOf(const Module& module, const Node& name);
/// The class of the project that an expression names, also one inside of the function around it; no module if it is none.
semantic::Symbol classBehind(const semantic::Project& project, const Module& module, const Node& expression);

/// Something that keeps an application from being rewritten.
struct Refusal {
    const Module* module = nullptr;
    Node node;
    std::string reason;  // code
    std::string subject; // what it is: "render_template in index"
    std::string hint;
};

struct ByPath {
    bool operator()(const Module* one, const Module* other) const { return one->path() < other->path(); }
};
/// In an order that does not depend on where they are in memory: the first refusal is the one that is told.
using ModulesByPath = std::set<const Module*, ByPath>;

/// The rewriting of one application, or of several that share modules: collected first, and done only
/// when nothing stands in its way.
class Plan {
public:
    Plan(MigrationContext& context, const Reading& reading, ModulesByPath modules, std::set<size_t> routers);

    MigrationContext& context;
    const Reading& reading;
    const ModulesByPath modules;
    const std::set<size_t> routers;
    std::vector<Refusal> refusals;
    std::map<const Function*, const Module*> handlers;      // that answer requests
    std::map<const Function*, const Module*> errorHandlers; // handler(request, error)
    std::map<const Function*, std::set<std::string>> requestUsers; // handlers and the name of their request
    std::map<const Function*, const Module*> hooks;         // run before or after each request
    std::map<const Function*, const Module*> callbacks;     // that counterparts of extensions call
    std::map<const Function*, std::pair<const Module*, std::set<std::string>>> wrappers; // of handlers; what they call
    std::set<const Function*> resources;      // handlers that are methods of resources
    std::set<const Function*> resourceWrappers; // wrappers of such handlers alone
    std::map<const void*, Node> movedBehind;  // registering calls of resources -> statement behind which they belong
    bool readsErrors = false;   // some code looks at exceptions that may be HTTP errors
    bool looseSlashes = false;  // no route cares about a slash at its end
    bool usesFolder = false;    // templates and files are looked for beside the application's module
    bool sharesRequest = false; // code that is no handler reads the request
    bool usesSession = false;   // something is kept in a cookie
    bool namesEndpoints = false; // some code asks for the names of handlers, or for paths by them
    bool delaysHooks = false;   // handlers name functions that run on their answer
    bool servesRestx = false;   // resources of Flask-RESTX are among its routes
    bool readsFiles = false;    // clients send files
    std::set<std::string> converters; // names of the project's own ones
    std::set<std::string> counterparts; // extensions that generated modules stand for

    const semantic::Project& project() const { return context.project(); }
    ModuleRewrite& rewrite(const Module& module) { return context.rewrite(module); }
    void refuse(const Module& module, const Node& node, std::string reason, std::string subject, std::string hint = "");
    void later(std::function<void()> action) { actions_.push_back(std::move(action)); }
    /// Marks a node as dealt with.
    void claim(const Node& node) { claimed_.insert(node.id()); }
    bool isClaimed(const Node& node) const { return claimed_.count(node.id()) > 0; }
    /// What stands behind the `@` of a decorator of this name on an application or a blueprint; null if it is something else.
    Node routerDecorator(const Module& module, const Node& decorator, std::string_view name) const;
    bool isApplication(const Module& module, const Node& expression) const;
    /// Local name for something of the generated helper module or of the target, imported when applied.
    std::string helper(const Module& module, const std::string& name);
    std::string target(const Module& module, const catalog::TargetName& name);
    /// Whether a word is in the text of some module of the project: what none of them mentions need not be looked for.
    bool mentions(std::string_view word) const;
    /// Name after "flask." that an expression refers to; "" if none.
    std::string flaskName(const Module& module, const Node& node) const;
    /// The same for Flask-RESTful.
    std::string restfulName(const Module& module, const Node& node) const;
    void apply();

private:
    std::string freeName(const Module& module, const std::string& wanted) const;
    std::vector<std::function<void()>> actions_;
    std::set<const void*> claimed_;
    std::map<const Module*, std::map<std::pair<std::string, std::string>, std::string>> imports_; // (module or "", name) -> local
};

// Each looks at its own part and adds to the plan.
void planHooks(Plan& plan);    // hooks.cpp: before_request, after_request
void planPageNames(Plan& plan); // page_names.cpp: filters, globals and context of templates
void planDecorators(Plan& plan); // decorators.cpp: the project's own decorators of handlers
void planCalls(Plan& plan);    // handler_calls.cpp: handlers that call each other
void planExtensions(Plan& plan); // extensions.cpp: Flask-CORS, errors of Werkzeug
void planViews(Plan& plan);    // class_views.cpp
void planResources(Plan& plan); // resources.cpp: Flask-RESTful
void planRestx(Plan& plan);    // restx.cpp: Flask-RESTX
void planSmorest(Plan& plan);  // smorest.cpp: Flask-Smorest
void planCounterparts(Plan& plan); // counterparts.cpp: extensions that generated modules stand for
void planTokens(Plan& plan);   // tokens.cpp: what Flask-JWT-Extended can do beyond that
void planConverters(Plan& plan); // converters.cpp: how parts of paths look
void planRoutes(Plan& plan);   // routes.cpp: decorators, parameters, order
void planRuleAliases(Plan& plan); // rule_aliases.cpp: further names of routes
void planProvider(Plan& plan); // json_provider.cpp
void planSettings(Plan& plan); // settings.cpp: app.config and its kin
void planServing(Plan& plan); // serving.cpp: run
void planRouters(Plan& plan);  // routers.cpp: application objects, blueprints
void planApplicationObjects(Plan& plan); // application_objects.cpp: app.extensions, attributes that the project gives it
void planCommands(Plan& plan); // commands.cpp: app.cli
void planAppContexts(Plan& plan); // app_contexts.cpp: code outside of requests that needs an application
void planErrors(Plan& plan);   // error_handlers.cpp
void planAnswers(Plan& plan);  // answers.cpp: returns, jsonify, abort
void planRequests(Plan& plan); // requests.cpp: request.*
void planLeftovers(Plan& plan); // leftovers.cpp: imports, everything that nobody claimed

/// A function inside of a decorator that stands for what is decorated, and its calls of that.
struct Wrapper {
    const Function* function = nullptr;
    std::vector<Node> calls;
};
/// How a wrapper calls what it wraps: `def wrapper(user, *args, **kwargs): return view(user, *args, **kwargs)`.
struct Passing {
    bool isKnown = false;        // it has the name of what it wraps, and passes on all that it gets
    bool byNameOnly = false;     // it takes nothing by position, so that it cannot stand on a method
    bool keepsOrder = true;      // what it takes by position comes first in what it gives
    bool lacksWraps = false;     // nothing copies the name and the parameters of what it wraps
    size_t takes = 0, gives = 0; // values by position
    std::set<std::string> names; // values by name that it adds
};
/// The project's function that a decorator names; null for others. `home` is its module.
const Function* functionBehind(const semantic::Project& project, const Module& module, const Node& decorator, const Module*& home);
std::vector<Wrapper> wrappersOf(const Module& home, const Function& decorator);
Passing passingOf(const Wrapper& wrapper);
/// Parameters of a handler that its decorators fill, so that the request has nothing for them.
std::set<std::string> givenParameters(const semantic::Project& project, const Module& module, const Function& handler);

/// Whether a function names all parts of its rules: none is left for its `**kwargs`.
bool takesAllParts(const Function& function, const std::vector<UrlRule>& rules);
/// `defaults={"page": 1}`: whether each route gives every parameter a value, so that the helper can fill those that its
/// path lacks. Where all of them are None, the handler itself does it.
bool areFilledByRoutes(const std::vector<const Site*>& sites, const Function& function);

/// File name of the generated helper, without ".py", and its text.
std::string helperModule(const MigrationContext& context);
std::string helperText(const MigrationContext& context, const std::set<std::string>& parts);

/// The generated counterpart of Flask-RESTX, which lies beside the helper.
std::string restxText(const MigrationContext& context);
/// Whether a router is an Api or a namespace of Flask-RESTX.
bool isRestx(const Router& router);
/// Whether a router is an Api or a blueprint of Flask-Smorest.
bool isSmorest(const Router& router);
/// "arguments" of `@blp.arguments(schema)` on a blueprint of Flask-Smorest; "" of other decorators.
std::string smorestDecorator(const semantic::Project& project, const Module& module, const Node& decorator);
/// Whether a decorator of a resource's method is one that the counterpart has.
bool isRestxDecorator(const Plan& plan, const Module& module, const Node& decorator);
/// Lets an import of Flask-RESTX name the counterpart; false for imports of something else.
bool planRestxImport(Plan& plan, const Module& module, const Node& statement);

/// Name after "package." that an expression refers to, of an extension with a generated counterpart; "" if none.
std::string counterpartName(const Plan& plan, const Module& module, const Node& node, std::string_view package);
/// Whether a decorator of a handler is one that a counterpart has: it waits for what it stands on.
bool isCounterpartDecorator(const Plan& plan, const Module& module, const Node& decorator);
/// Lets an import of such an extension name its counterpart; false for imports of something else.
bool planCounterpartImport(Plan& plan, const Module& module, const Node& statement);
void writeCounterparts(Plan& plan);

/// Whether a module belongs to Flask, its extensions or Werkzeug.
bool isFlaskModule(const std::string& name);
/// Whether a use of `request.endpoint`, `.blueprint`, `.view_args` or `.url_rule` is one that the helper's request answers.
bool isRoutePart(const Plan& plan, const Module& module, const Node& access);
/// The endpoint that a site gives its handler, if that is another name than the function's: a Python text; "" if it is not.
std::string endpointOf(const Site& site);
/// A class of the project and the project's classes that it is made of.
std::vector<semantic::Symbol> familyOf(const semantic::Project& project, const semantic::Symbol& type);
/// Elements of the list `decorators` that a class of views has, with their module.
std::vector<std::pair<const Module*, Node>> viewDecorators(const semantic::Project& project, const semantic::Symbol& type);
/// Whether a node is an element of such a list.
bool isViewDecorator(const Node& node);
/// Whether `await` may stand at a node inside of a function.
bool mayAwait(const Module& module, const Node& node, const Function& function);
/// Whether parts of paths with a converter can be told from others; `any(a, b)` and the project's own ones included.
bool isKnownConverter(const Plan& plan, const std::string& converter);
/// Annotation of a parameter that is filled from a part of the path with this converter.
std::string partType(Plan& plan, const Module& module, const std::string& converter);
/// Python text that gives an application's `root_path` or `instance_path` in a module; "" if it is not known there.
std::string folderText(Plan& plan, const Module& module, const Router& app, std::string_view part);
/// Names that the project gives to requests: `request.user = ...`.
std::set<std::string, std::less<>> ownRequestAttributes(const Plan& plan);
/// Whether a name means nothing to a request of Flask.
bool isOwnRequestAttribute(std::string_view name);
/// `getattr(g, "user", None)`, `hasattr(...)`, `setattr(...)`
bool isAskedByName(const Node& object);
/// The same of a request, with such a name.
bool reachesOwnRequestAttribute(const Node& request);
/// Status of an error class of Werkzeug ("404" of NotFound), "HTTPException" for their base; "" if it is none.
std::string httpErrorCode(const Plan& plan, const Module& module, const Node& node);
/// `["GET", "PUT"]`
std::string methodList(const std::vector<std::string>& methods);

} // namespace covet::rules::flask
