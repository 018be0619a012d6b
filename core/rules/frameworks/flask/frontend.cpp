// Applications on Flask: all of an application is rewritten for the target, or nothing of it.
#include <algorithm>

#include "rules/frameworks/flask/flask_app.h"
#include "rules/frameworks/frameworks.h"
#include "rules/store/call_graph.h"
#include "semantic/module_index.h"
#include "support/strings.h"

namespace covet::rules {
namespace flask {
namespace {

constexpr size_t kMaxReported = 20;

/// Modules that imports connect.
class Connected {
public:
    explicit Connected(const semantic::Project& project) {
        for (const auto& module : project.modules()) {
            if (isTestModule(*module)) continue;
            for (const auto& entry : module->imports) connect(project, *module, entry.second);
            for (const Function& function : module->functions) {
                if (function.isNested || function.node.text().find("import") == std::string_view::npos) continue;
                // A name may stand for several imports, one after the other.
                syntax::walk(function.node, [&](const Node& node) {
                    if (!node.is("import_statement") && !node.is("import_from_statement")) return true;
                    semantic::forEachImported(*module, node, [&](const std::string&, semantic::ImportBinding binding) { connect(project, *module, binding); });
                    return false;
                });
            }
        }
    }
    const Module* root(const Module* module) {
        const Module*& up = parent_[module];
        if (!up) up = module;
        if (up == module) return module;
        const Module* top = root(up);
        parent_[module] = top;
        return top;
    }

private:
    void connect(const semantic::Project& project, const Module& module, const semantic::ImportBinding& binding) {
        const Module* whole = project.module(binding.module);
        const Module* part = binding.name.empty() ? nullptr : project.module(binding.module + "." + binding.name);
        for (const Module* other : {whole, part})
            if (other && !isTestModule(*other)) parent_[root(other)] = root(&module);
    }

    std::map<const Module*, const Module*> parent_;
};

class Frontend {
public:
    explicit Frontend(MigrationContext& context) : context_(context), reading_(context), connected_(context.project()) {}

    void run() {
        readFlask(context_, reading_);
        const std::vector<Router>& routers = reading_.graph.routers();
        std::map<std::string, std::set<size_t>> groups; // by path of the connecting module, for a stable order
        for (size_t i = 0; i < routers.size(); ++i) groups[connected_.root(routers[i].module)->path()].insert(i);
        for (const auto& group : groups) migrate(group.second);
        for (const Site& site : reading_.sites) record(site);
    }

private:
    void migrate(const std::set<size_t>& routers) {
        const Module* top = connected_.root(reading_.graph.routers()[*routers.begin()].module);
        ModulesByPath modules;
        for (const auto& module : context_.project().modules())
            if (!isTestModule(*module) && connected_.root(module.get()) == top) modules.insert(module.get());
        const bool served = std::any_of(routers.begin(), routers.end(), [&](size_t i) { return reading_.graph.routers()[i].isApp; });
        Plan plan(context_, reading_, modules, routers);
        for (const Module* module : modules)
            if (module->tree->root().hasError()) plan.refuse(*module, module->tree->root(), "syntax-error", module->path());
        if (context_.target().response.name.empty() && context_.target().framework != "fastapi")
            plan.refuse(*reading_.graph.routers()[*routers.begin()].module, reading_.graph.routers()[*routers.begin()].creation,
                        "target-not-covered", context_.target().title);
        if (!served) plan.refuse(*reading_.graph.routers()[*routers.begin()].module, reading_.graph.routers()[*routers.begin()].creation, "no-application", "");
        for (const Module* module : modules)
            for (const auto& [local, binding] : module->imports)
                plan.usesSession = plan.usesSession || (binding.module == "flask" && (binding.name == "session" || binding.name == "flash"));
        for (const Module* module : modules)
            for (const char* sign : {"url_for", "Url(", "render_template", ".endpoint", ".url_rule", ".blueprint", "flask_login"})
                plan.namesEndpoints = plan.namesEndpoints || module->tree->text().find(sign) != std::string_view::npos;
        if (plan.refusals.empty()) {
            planCounterparts(plan);
            planTokens(plan);
            planHooks(plan);
            planPageNames(plan);
            planErrors(plan);
            planConverters(plan);
            planRoutes(plan);
            planRuleAliases(plan);
            planViews(plan);
            planResources(plan);
            planRestx(plan);
            planSmorest(plan);
            planDecorators(plan);
            planProvider(plan);
            planSettings(plan);
            planServing(plan);
            planRouters(plan);
            planAppContexts(plan);
            planCommands(plan);
            planApplicationObjects(plan);
            planExtensions(plan);
            planRequests(plan);
            planAnswers(plan);
            planLeftovers(plan);
        }
        const bool rewritten = plan.refusals.empty();
        std::string reason = rewritten ? "" : plan.refusals[0].reason;
        if (rewritten) plan.apply();
        else if (served) report(plan);
        for (size_t index : routers) {
            reasons_[index] = reason;
            if (reading_.graph.routers()[index].isApp) application(reading_.graph.routers()[index], plan);
        }
        for (const auto* functions : {&plan.errorHandlers, &plan.hooks, &plan.callbacks})
            for (const auto& handler : *functions)
                context_.handlers.push_back({handler.second, handler.first, "flask", rewritten, reason});
        // The helper calls hooks and callbacks itself, with what Flask gives them and nothing else.
        for (Handler& handler : context_.handlers)
            handler.fixedSignature = handler.fixedSignature || plan.hooks.count(handler.function) > 0 || plan.callbacks.count(handler.function) > 0;
    }

    /// Every place that keeps the application as it is, once.
    void report(const Plan& plan) {
        std::set<std::pair<const void*, std::string>> said;
        for (const Refusal& refusal : plan.refusals) {
            if (said.size() >= kMaxReported || !said.insert({refusal.node.id(), refusal.reason}).second) continue;
            Finding& finding = context_.report(*refusal.module, refusal.node, "COV006", refusal.subject);
            finding.safetyReason = refusal.reason;
            finding.hint = refusal.hint;
        }
    }

    void application(const Router& router, const Plan& plan) {
        facts::App app;
        app.where = {router.module->path(), router.creation.line()};
        app.module = router.module->name;
        app.attribute = router.function ? router.function->qualified : router.name;
        app.framework = "flask";
        app.isFactory = router.function != nullptr;
        context_.apps.push_back(app);
        if (plan.refusals.empty()) {
            app.framework = context_.target().framework;
            context_.migratedApps.push_back(std::move(app));
            return;
        }
        const Refusal& first = plan.refusals[0];
        // Quart has Flask's names and no WSGI around its requests.
        if (!startsWith(router.kind, "quart."))
            context_.keptApplications.push_back({router.module, router.creation, app, first.reason, {plan.modules.begin(), plan.modules.end()}});
        std::set<std::pair<const Module*, uint32_t>> places;
        for (const Refusal& refusal : plan.refusals) places.insert({refusal.module, refusal.node.line()});
        Finding& finding = context_.report(*router.module, router.creation, "COV105",
                                           "flask, " + std::to_string(places.size()) + (places.size() == 1 ? " place" : " places"));
        finding.safetyReason = first.reason;
        finding.hint = "see " + first.module->path() + ":" + std::to_string(first.module->source.lineOf(first.node.start())) +
                       (first.hint.empty() ? "" : ": " + first.hint);
    }

    void record(const Site& site) {
        const std::string& reason = reasons_[site.router];
        std::vector<std::string> paths;
        for (const auto& place : reading_.placesOf(site.router)) paths.push_back(joinRules(place.second, site.rule));
        if (paths.empty()) paths.push_back(joinRules(reading_.graph.routers()[site.router].prefix, site.rule));
        for (const std::string& path : paths)
            for (const std::string& method : site.methods) {
                if (!site.known) continue;
                facts::Route route;
                route.where = {site.module->path(), site.node.line()};
                route.method = method;
                route.path = readRule(path).path;
                if (route.path.empty()) route.path = "/";
                route.handler = site.handler;
                route.framework = "flask";
                route.isAsync = site.function && site.function->isAsync;
                context_.routes.push_back(std::move(route));
            }
        if (!site.function) return;
        if (!context_.handlerOf(*site.function))
            context_.handlers.push_back({definingModule(context_.project(), *site.function), site.function, "flask", reason.empty(), reason});
        if (site.isView && !site.isResource)
            for (Handler& handler : context_.handlers)
                if (handler.function == site.function) decorated(site, handler);
        if (!site.node.is("decorator")) return;
        for (Handler& handler : context_.handlers)
            if (handler.function == site.function) handler.routeDecorators.push_back(site.node);
    }

    /// What stands around all handlers of a class may use stores, too.
    void decorated(const Site& site, Handler& handler) {
        for (const auto& [module, element] : viewDecorators(context_.project(), classBehind(context_.project(), *site.module, site.viewClass))) {
            const Module* home = nullptr;
            if (const Function* function = functionBehind(context_.project(), *module, element, home)) handler.runBefore.push_back(function);
        }
    }

    MigrationContext& context_;
    Reading reading_;
    Connected connected_;
    std::map<size_t, std::string> reasons_; // of routers that are not rewritten
};

} // namespace
} // namespace flask

void findFlaskRoutes(MigrationContext& context) { flask::Frontend(context).run(); }

} // namespace covet::rules
