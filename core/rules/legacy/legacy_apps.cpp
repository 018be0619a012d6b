#include <algorithm>

#include "rules/frameworks/http_server/server_app.h"
#include "rules/legacy/app_rewrite.h"
#include "rules/legacy/asgi_callables.h"
#include "rules/legacy/dispatch_executor.h"
#include "rules/legacy/legacy_frontend.h"
#include "rules/store/entry_points.h"
#include "semantic/test_modules.h"
#include "support/strings.h"

namespace covet::rules {
namespace legacy {
namespace {

class Frontend {
public:
    explicit Frontend(MigrationContext& context)
        : context_(context)
        , project_(context.project()) {}

    void run() {
        if (isMigrated()) return;
        registries_ = findRegistries(project_);
        for (const auto& module : project_.modules())
            for (const Function& function : module->functions)
                if (isAsgiCallable(function) && !isMiddleware(function)) {
                    if (http_server::isServed(project_, function)) return;
                    dispatcher(*module, function);
                }
        for (const Registry& registry : registries_)
            if (!served_.count(registry.id)) unserved(registry);
    }

private:
    bool isMigrated() const {
        // The application of such a target may be of the source, too.
        if (context_.target().bringsSessions()) return false;
        for (const auto& module : project_.modules())
            for (const auto& [name, binding] : module->imports)
                if (binding.module == context_.target().application.module && binding.name == context_.target().application.name)
                    return true;
        return false;
    }

    void dispatcher(const Module& module, const Function& function) {
        LegacyApp app;
        app.module = &module;
        app.callable = &function;
        app.name = function.name;
        DispatchExecutor executor(project_, registries_);
        std::vector<DispatchPath> paths = executor.run(module, function);
        app.helpers = executor.inlined();
        for (const Registry& registry : registries_)
            if (executor.registriesRead().count(registry.id)) {
                if (app.registry) app.unclear = "several-registries";
                app.registry = &registry;
            }
        if (app.registry) served_.insert(app.registry->id);
        if (app.registry && !app.registry->className.empty() && app.registry->className != function.className) separateRouter(app);
        // A callable that does nothing with paths is no application (a health probe of a test, a stub).
        app.shape = shapeOf(paths);
        if (!app.registry && app.shape.inlineRoutes.empty() && !comparesPaths(function) && (semantic::isTestModule(module) || !asksForPath(function))) return;
        if (context_.target().response.name.empty()) app.unclear = "target-not-supported";
        if (executor.overflow()) app.unclear = "dispatcher-too-large";
        if (app.unclear.empty() && app.registry && !app.registry->unclear.empty()) {
            app.unclear = app.registry->unclear;
            app.detail = app.registry->unclearNode ? std::string(app.registry->unclearNode.text().substr(0, 80)) : "";
        }
        if (app.unclear.empty()) {
            app.unclear = app.shape.unclear;
            app.detail = app.shape.detail;
        }
        if (app.unclear.empty() && handlesLifespan(function)) {
            app.unclear = "lifespan-code";
        }
        if (!function.className.empty()) findInstance(app);
        const size_t routesBefore = context_.routes.size();
        if (app.unclear.empty()) rewriteApp(context_, app);
        if (!app.unclear.empty()) context_.routes.resize(routesBefore);
        record(app);
    }

    static bool comparesPaths(const Function& function) {
        bool found = false;
        syntax::walk(function.node.field("body"), [&](const Node& node) {
            found = found || (node.is("string") && startsWith(std::string(node.text().substr(1)), "/"));
            return !found;
        });
        return found;
    }

    /// What hands the path, or the whole scope, to something else is an application as well.
    static bool asksForPath(const Function& function) {
        std::vector<std::string> names;
        for (const Node& parameter : function.node.field("parameters").namedChildren()) names.push_back(parameterName(parameter));
        bool found = false;
        syntax::walk(function.node.field("body"), [&](const Node& node) {
            found = found || (node.is("string_content") && (node.text() == "path" || node.text() == "raw_path"));
            found = found || (node.is("argument_list") && node.namedChildCount() > 0 && node.namedChild(0).text() == names[names.size() - 3]);
            return !found;
        });
        return found;
    }

    /// Start-up code inside the callable would be lost.
    static bool handlesLifespan(const Function& function) {
        bool found = false;
        syntax::walk(function.node.field("body"), [&](const Node& node) {
            if (!node.is("if_statement") && !node.is("elif_clause")) return true;
            if (node.field("condition").text().find("lifespan") == std::string_view::npos) return true;
            syntax::walk(node.field("consequence"), [&](const Node& inner) {
                if (!inner.is("call")) return true;
                const std::string callee(inner.field("function").text());
                const bool protocol = callee == "receive" || callee == "send" || endsWith(callee, ".get") || callee == "print" ||
                                      startsWith(callee, "logging.") || startsWith(callee, "logger.") || startsWith(callee, "log.");
                found = found || !protocol;
                return true;
            });
            return true;
        });
        return found;
    }

    /// `app = Router()` at the top of a module.
    struct Instance {
        const Module* module;
        std::string name;
        Node statement;
    };

    std::vector<Instance> instancesOf(const Module& home, const std::string& className) const {
        std::vector<Instance> found;
        for (const auto& module : project_.modules())
            for (const auto& [name, statements] : module->assignments)
                for (const Node& statement : statements) {
                    const Node made = statement.namedChild(0).field("right");
                    if (!statement.namedChild(0).is("assignment") || !made.is("call")) continue;
                    const semantic::Symbol& symbol = project_.resolve(*module, made.field("function"));
                    if (symbol.kind == semantic::Symbol::Kind::Class && symbol.module == &home && symbol.name == className)
                        found.push_back({module.get(), name, statement});
                }
        return found;
    }

    /// The registry is an attribute of an object beside the callable: its definition is that of the object.
    void separateRouter(LegacyApp& app) {
        const Registry& original = *app.registry;
        auto made = std::make_shared<Registry>(original);
        app.routerClass = original.module->classNamed(original.className);
        made->definitions.clear();
        for (const Instance& one : instancesOf(*original.module, original.className)) {
            made->definitions.push_back(one.statement);
            made->module = one.module;
            made->variable = one.name;
            if (one.statement.namedChild(0).field("right").field("arguments").namedChildCount() > 0) app.unclear = "class-arguments";
        }
        if (made->definitions.size() != 1 && app.unclear.empty()) app.unclear = made->definitions.empty() ? "class-instance" : "several-instances";
        made->className.clear();
        app.separate = made;
        app.registry = made.get();
    }

    void findInstance(LegacyApp& app) {
        int count = 0;
        for (const Instance& one : instancesOf(*app.module, app.callable->className)) {
            if (one.module != app.module && app.unclear.empty()) app.unclear = "class-in-other-module";
            app.instance = one.statement;
            app.name = one.name;
            if (++count > 1 && app.unclear.empty()) app.unclear = "several-instances";
        }
    }

    void record(const LegacyApp& app) {
        const catalog::TargetProfile& target = context_.target();
        facts::App fact;
        fact.where = {app.module->path(), app.callable->node.line()};
        fact.module = app.module->name;
        fact.attribute = app.name;
        fact.framework = target.legacyFramework;
        fact.isFactory = app.callable->isNested;
        context_.apps.push_back(fact);
        if (app.registry) recordRoutes(*app.registry, app.unclear.empty() ? "" : "own-server", !app.unclear.empty(), target.legacyFramework);
        if (app.unclear.empty()) return;
        const Module* home = app.module;
        for (const auto& module : project_.modules())
            if (app.instance && module->tree->root().tree() == app.instance.tree()) home = module.get();
        http_server::serveOpenCallable(context_, {app.module, app.callable, app.name, home, app.instance, app.unclear, app.detail});
    }

    void recordRoutes(const Registry& registry, const std::string& reason, bool refused, const std::string& framework) {
        std::set<const Function*> known;
        for (const Registration& one : registry.registrations) {
            facts::Route route;
            route.where = {one.module->path(), one.node.line()};
            route.path = one.path;
            route.handler = one.function ? one.function->qualified : "<lambda>";
            route.framework = framework;
            route.isAsync = one.function && one.function->isAsync;
            for (const std::string& method : one.method.empty() ? anyMethod() : std::vector<std::string>{one.method}) {
                route.method = method;
                context_.routes.push_back(route);
            }
            if (!refused)
                context_.report(*one.module, one.node, "COV102", (one.method.empty() ? "" : one.method + " ") + one.path);
            if (one.function && known.insert(one.function).second)
                context_.handlers.push_back({one.handlerModule, one.function, framework, !refused, reason});
        }
    }

    /// "http.server" or "wsgi" where a handler class or a WSGI callable names the registry, or the object that holds it; else "".
    std::string ownServerOf(const Registry& registry) const {
        std::vector<std::pair<const Module*, std::string>> holders;
        if (registry.className.empty()) holders.emplace_back(registry.module, registry.variable);
        else
            for (const Instance& one : instancesOf(*registry.module, registry.className)) holders.emplace_back(one.module, one.name);
        for (const auto& module : project_.modules()) {
            auto names = [&](const Node& code) {
                for (const auto& holder : holders)
                    for (const Node& name : module->tree->identifiers(holder.second)) {
                        const semantic::Symbol& symbol = project_.resolve(*module, name);
                        if (code.contains(name) && symbol.kind == semantic::Symbol::Kind::Variable && symbol.module == holder.first &&
                            symbol.name == holder.second)
                            return true;
                    }
                return false;
            };
            for (const semantic::Class& type : module->classes)
                if (http_server::isHandlerClass(project_, *module, type) && names(type.node)) return "http.server";
            for (const Function& function : module->functions) {
                const bool holdsIt = module.get() == registry.module && !function.className.empty() && function.className == registry.className;
                if (isWsgiCallable(function) && (holdsIt || names(function.node))) return "wsgi";
            }
        }
        return "";
    }

    /// Whether objects of the class are ASGI callables themselves, and were looked at as such.
    static bool callableOf(const Module& module, const std::string& className) {
        const Function* call = module.function(className + ".__call__");
        return call && isAsgiCallable(*call) && !isMiddleware(*call);
    }

    /// A registry that no ASGI callable reads: an own server, or code that is not understood.
    void unserved(const Registry& registry) {
        // Registries of converters, commands and the like look the same, but for the paths.
        const auto& all = registry.registrations;
        const bool servesPaths = std::any_of(all.begin(), all.end(), [](const Registration& one) { return startsWith(one.path, "/"); });
        if (!registry.module || !servesPaths) return;
        // The application is the handler class or the callable, which goes on looking into its table.
        if (!registry.className.empty() && callableOf(*registry.module, registry.className)) return recordRoutes(registry, "own-server", true, context_.target().legacyFramework);
        if (const std::string server = ownServerOf(registry); !server.empty()) return recordRoutes(registry, "own-server", true, server);
        const catalog::TargetProfile& target = context_.target();
        facts::App fact;
        fact.module = registry.module->name;
        fact.attribute = registry.className.empty() ? registry.variable : registry.className;
        fact.framework = target.legacyFramework;
        Node node = registry.definitions.empty() ? Node{} : registry.definitions[0];
        const Module* module = registry.module;
        if (!registry.className.empty()) {
            if (const semantic::Class* type = registry.module->classNamed(registry.className)) node = type->node.field("name");
            // Its instance is what the routes hang on.
            for (const Instance& one : instancesOf(*registry.module, registry.className)) {
                fact.module = one.module->name;
                fact.attribute = one.name;
            }
        }
        if (node.isNull() && !registry.registrations.empty()) {
            node = registry.registrations[0].node;
            module = registry.registrations[0].module;
        }
        if (node.isNull()) node = module->tree->root();
        fact.where = {module->path(), node.line()};
        context_.apps.push_back(fact);
        recordRoutes(registry, "own-server", true, target.legacyFramework);
        Finding& finding = context_.report(*module, node, "COV105", fact.attribute);
        finding.safetyReason = "no-asgi-callable";
        finding.hint = "register the handlers on the target's application object and remove the own server";
    }

    MigrationContext& context_;
    const Project& project_;
    std::vector<Registry> registries_;
    std::set<std::string> served_;
};

} // namespace
} // namespace legacy

void migrateLegacyApps(MigrationContext& context) { legacy::Frontend(context).run(); }

} // namespace covet::rules
