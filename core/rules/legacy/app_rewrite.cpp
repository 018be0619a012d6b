// Before:  routes = {}; def route(path, method="GET"): ...; async def app(scope, receive, send): ...
// After:   app = CovetApp(); @app.get("/x") on each handler
// Safe: only when the registry, every registration, every handler and the dispatcher are understood.
#include "rules/legacy/app_rewriter.h"

#include "support/strings.h"

namespace covet::rules::legacy {

void AppRewriter::run() {
    if (!place() || !checkRoutes() || !planRemovals() || !planHandlers() || !planEndpoints()) return;
    planSites();
    apply();
}

bool AppRewriter::fail(const std::string& reason, const std::string& detail) {
    if (app_.unclear.empty()) {
        app_.unclear = reason;
        app_.detail = detail;
    }
    return false;
}

/// Decides in which module the application object lives and what it is called.
bool AppRewriter::place() {
    plan_.shape = &app_.shape;
    plan_.helperModule = "covet_answers";
    while (project_.moduleByPath(context_.generatedPath(plan_.helperModule))) plan_.helperModule += "_";
    plan_.appModule = app_.registry && !isClass() ? app_.registry->module : app_.module;
    plan_.registryId = app_.registry ? app_.registry->id : "";
    plan_.appName = app_.name;
    if (isClass() && app_.instance.isNull()) return fail("class-instance", app_.registry->className);
    if (app_.callable->isNested) return fail("nested-application", app_.callable->qualified);
    if (plan_.appModule != app_.module) {
        for (const std::string& candidate : {app_.name, std::string("app"), std::string("covet_app")}) {
            plan_.appName = candidate;
            const Module& home = *plan_.appModule;
            if (!home.function(candidate) && !home.assignments.count(candidate) && !home.imports.count(candidate)) break;
        }
    }
    if (app_.registry && !isClass()) {
        if (app_.registry->definitions.empty()) return fail("registry-definition", app_.registry->variable);
        for (const Node& statement : app_.registry->definitions)
            if (!statement.parent().is("module") || !statement.namedChild(0).field("left").is("identifier"))
                return fail("registry-definition", std::string(statement.text()));
    }
    return true;
}

/// The target tries routes in order; a table of the legacy kind may look exact paths up first.
bool AppRewriter::checkRoutes() {
    if (!app_.registry) return true;
    std::set<std::pair<std::string, std::string>> seen;
    const std::vector<Registration>& all = app_.registry->registrations;
    for (const Registration& one : all) {
        if (!seen.emplace(one.method, shapeOfPath(one.path)).second) return fail("duplicate-route", one.method + " " + one.path);
        if (one.converted) return fail("path-converter", one.pattern);
    }
    for (size_t i = 0; i < all.size(); ++i)
        for (size_t k = i + 1; k < all.size(); ++k)
            if (all[i].method == all[k].method && all[i].module == all[k].module && shadows(all[i].path, all[k].path))
                return fail("route-order", all[k].method + " " + all[k].path + " behind " + all[i].path);
    return true;
}

/// A path without the names of its parameters.
std::string AppRewriter::shapeOfPath(const std::string& path) {
    std::string out;
    for (const std::string& part : split(path, '/')) out += "/" + (startsWith(part, "{") ? std::string("{}") : part);
    return out;
}

/// Whether a pattern takes all requests of a later, more exact one.
bool AppRewriter::shadows(const std::string& pattern, const std::string& exact) {
    if (pattern.find('{') == std::string::npos) return false;
    const std::vector<std::string> a = split(pattern, '/'), b = split(exact, '/');
    if (a.size() != b.size()) return false;
    for (size_t i = 0; i < a.size(); ++i)
        if (a[i] != b[i] && !startsWith(a[i], "{")) return false;
    return true;
}

bool AppRewriter::planEndpoints() {
    std::string detail;
    if (!endpointLines(context_, app_, plan_, endpoints_, lines_, detail)) return fail("answer-not-understood", detail);
    return true;
}

void rewriteApp(MigrationContext& context, LegacyApp& app) { AppRewriter(context, app).run(); }

} // namespace covet::rules::legacy
