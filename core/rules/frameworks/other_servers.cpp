// Servers whose routes are not read yet: that they are there is said, so that nothing passes unnoticed.

#include "rules/frameworks/frameworks.h"
#include "rules/frameworks/router_graph.h"

namespace covet::rules {
namespace {

/// `asyncio.start_server(client, ...)`, `sock.listen()`: HTTP that the program reads from connections itself.
void findSocketServers(MigrationContext& context) {
    for (const auto& module : context.project().modules()) {
        if (isTestModule(*module)) continue;
        Node where;
        for (const char* name : {"start_server", "listen"}) {
            const auto calls = module->calls.find(name);
            if (calls == module->calls.end()) continue;
            for (const Node& call : calls->second) {
                const bool isStart = name[0] == 's';
                if (isStart ? call.field("function").text() != "asyncio.start_server" : !call.field("function").is("attribute") || !module->imports.count("socket")) continue;
                if (!where || call.start() < where.start()) where = call;
            }
        }
        // What no answer of HTTP is made in serves something else.
        bool speaksHttp = false;
        if (where)
            syntax::walk(module->tree->root(), [&](const Node& node) {
                speaksHttp = speaksHttp || (node.is("string_content") && node.text().substr(0, 5) == "HTTP/");
                return !speaksHttp;
            });
        if (!speaksHttp) continue;
        facts::App app;
        app.where = {module->path(), where.line()};
        app.module = module->name;
        app.framework = "socket";
        context.apps.push_back(std::move(app));
        for (const semantic::Function& function : module->functions) {
            bool reads = false;
            syntax::walk(function.node.field("body"), [&](const Node& node) {
                reads = reads || (node.is("call") && (node.field("function").text() == "asyncio.start_server" ||
                                                      (node.field("function").is("attribute") && node.field("function").field("attribute").text() == "accept")));
                return !reads;
            });
            if (reads && !context.handlerOf(function)) context.handlers.push_back({module.get(), &function, "socket", false, "socket-server"});
        }
        Finding& finding = context.report(*module, where, "COV105", "socket");
        finding.safetyReason = "socket-server";
        finding.hint = "the program reads HTTP from its connections itself: let a class of http.server, a WSGI function or an ASGI callable answer the requests first";
    }
}

} // namespace

void findOtherServers(MigrationContext& context) {
    static const std::map<std::string_view, std::string_view> kApplications = {
        {"aiohttp.web.Application", "aiohttp"}, {"bottle.Bottle", "bottle"},   {"falcon.App", "falcon"},
        {"falcon.asgi.App", "falcon"},          {"litestar.Litestar", "litestar"}, {"sanic.Sanic", "sanic"},
        {"starlette.applications.Starlette", "starlette"}, {"tornado.web.Application", "tornado"},
        {"connexion.FlaskApp", "connexion"},    {"connexion.App", "connexion"}, {"django.core.wsgi.get_wsgi_application", "django"},
        {"ninja.NinjaAPI", "django"},           {"web.application", "web.py"},  {"pyramid.config.Configurator", "pyramid"},
        {"robyn.Robyn", "robyn"},               {"blacksheep.Application", "blacksheep"}, {"microdot.Microdot", "microdot"},
        {"responder.API", "responder"},         {"klein.Klein", "klein"},       {"hug.API", "hug"}};
    // What serves an application that has no name in the program.
    static const std::map<std::string_view, std::string_view> kServers = {
        {"bottle.run", "bottle"}, {"bottle.default_app", "bottle"}, {"cherrypy.quickstart", "cherrypy"}, {"cherrypy.tree.mount", "cherrypy"}};
    auto record = [&](const semantic::Module& module, const Node& where, std::string attribute,
                      std::string_view framework, bool isFactory) {
        facts::App app;
        app.where = {module.path(), where.line()};
        app.module = module.name;
        app.attribute = std::move(attribute);
        app.framework = std::string(framework);
        app.isFactory = isFactory;
        context.apps.push_back(std::move(app));
        Finding& finding = context.report(module, where, "COV105", std::string(framework));
        finding.safetyReason = "framework-not-covered";
        finding.hint = "stores and the schema are analysed; the code stays as it is";
    };
    for (const auto& module : context.project().modules()) {
        if (isTestModule(*module)) continue;
        Node served; // the first place; a module has one such application
        std::string_view server;
        bool named = false;
        for (const auto& [name, calls] : module->calls)
            for (const Node& call : calls) {
                const semantic::Symbol& symbol = context.project().resolve(*module, call.field("function"));
                auto found = symbol.kind == semantic::Symbol::Kind::External ? kApplications.find(symbol.name)
                                                                             : kApplications.end();
                const auto runs = symbol.kind == semantic::Symbol::Kind::External ? kServers.find(symbol.name) : kServers.end();
                if (runs != kServers.end() && (!served || call.start() < served.start())) {
                    served = call;
                    server = runs->second;
                }
                if (found == kApplications.end() || !call.parent().is("assignment")) continue;
                record(*module, call, std::string(call.parent().field("left").text()), found->second,
                       module->enclosingFunction(call) != nullptr);
                named = true;
            }
        if (served && !named) record(*module, served, std::string(server), server, false);
    }
    if (context.apps.empty()) findSocketServers(context);
}

} // namespace covet::rules
