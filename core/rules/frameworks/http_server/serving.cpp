#include <algorithm>

#include "catalog/resource.h"
#include "rules/frameworks/http_server/server_app.h"
#include "support/strings.h"

namespace covet::rules::http_server {
namespace {

std::string importOf(const catalog::TargetName& name, const std::string& as) {
    return "from " + name.module + " import " + name.name + (name.name == as ? "" : " as " + as) + "\n";
}

struct Part {
    Serving serving;
    const char* resource;
    std::string_view sign; // what only this part has
};
constexpr Part kParts[] = {{Serving::Handlers, "templates/http_server/handlers.py", "def serve_handler("},
                           {Serving::Wsgi, "templates/http_server/wsgi.py", "def serve_wsgi("},
                           {Serving::Asgi, "templates/http_server/asgi.py", "def serve_asgi("}};

} // namespace

void record(MigrationContext& context, const Served& served, const std::string& reason, const std::string& framework) {
    const std::string own = served.isAsgi ? context.target().legacyFramework : served.isWsgi ? "wsgi" : "http.server";
    const auto add = [&](const Entry& entry, const std::string& method, const std::string& path) {
        for (const facts::Route& known : context.routes)
            if (known.method == method && known.path == path) return;
        facts::Route route;
        route.where = {entry.module->path(), entry.function->node.line()};
        route.method = method;
        route.path = path;
        route.handler = entry.function->qualified;
        route.framework = framework.empty() ? own : framework;
        route.isAsync = entry.function->isAsync;
        context.routes.push_back(std::move(route));
    };
    std::set<std::string> all;
    for (const Entry& entry : served.entries)
        for (const std::string& path : pathsOf(context.project(), entry)) all.insert(path);
    for (const Entry& entry : served.entries) {
        Handler handler;
        handler.module = entry.module;
        handler.function = entry.function;
        handler.framework = own;
        handler.rewritten = reason.empty();
        handler.reason = reason;
        handler.fixedSignature = true;
        if (!context.handlerOf(*entry.function)) context.handlers.push_back(handler);
        std::set<std::string> methods = entry.methods;
        if (methods.empty()) methods = methodsOf(context.project(), entry);
        std::vector<std::string> paths = pathsOf(context.project(), entry);
        // A method that does not look at the path is asked for those of the others.
        if (paths.empty()) paths.assign(all.begin(), all.end());
        if (paths.empty()) paths.emplace_back("/");
        for (const std::string& path : paths)
            for (const std::string& method : methods) add(entry, method, path);
    }
    if (served.entries.empty()) return;
    const auto takes = [](const Entry& entry, const std::string& method) { return entry.methods.empty() || entry.methods.count(method) > 0; };
    for (const auto& [method, path] : tableRoutes(context.project()))
        for (const Entry& entry : served.entries) {
            if (!takes(entry, method)) continue;
            add(entry, method, path);
            break;
        }
}

Served servedBy(const semantic::Project& project, const Module& module, const Node& call) {
    Served served;
    const std::vector<Node> arguments = call.field("arguments").namedChildren();
    if (arguments.size() != 2) return served;
    const semantic::Symbol symbol = project.resolve(module, arguments[1]);
    if (!symbol.module) return served;
    const std::string_view name = call.field("function").text();
    if (symbol.kind == semantic::Symbol::Kind::Class) {
        const semantic::Class* type = symbol.module->classNamed(symbol.name);
        return type ? servedClass(project, *symbol.module, *type) : served;
    }
    const Module* home = symbol.module;
    const Function* function = symbol.kind == semantic::Symbol::Kind::Function ? home->function(symbol.name) : nullptr;
    const auto made = home->assignments.find(symbol.name);
    if (symbol.kind == semantic::Symbol::Kind::Variable && made != home->assignments.end()) {
        const Node value = made->second.front().namedChild(0).field("right");
        const semantic::Symbol type = value.is("call") ? project.resolve(*home, value.field("function")) : semantic::Symbol{};
        if (type.kind == semantic::Symbol::Kind::Class && type.module) {
            home = type.module;
            served.type = home->classNamed(type.name);
            function = home->function(type.name + ".__call__");
        }
    }
    if (!function) return served;
    served.isAsgi = name == "serve_asgi";
    served.isWsgi = !served.isAsgi;
    served.module = home;
    served.name = symbol.name;
    served.entries.push_back({home, function, {}});
    return served;
}

bool isServed(const semantic::Project& project, const Function& callable) {
    for (const auto& module : project.modules()) {
        const auto calls = module->calls.find("serve_asgi");
        if (calls == module->calls.end()) continue;
        for (const Node& call : calls->second)
            for (const Entry& entry : servedBy(project, *module, call).entries)
                if (entry.function == &callable) return true;
    }
    return false;
}

std::string freeApplicationName(const Module& module) {
    for (std::string name : {"app", "application", "web_app", "covet_app"}) {
        bool taken = module.assignments.count(name) || module.imports.count(name) || module.function(name) || module.classNamed(name);
        for (const Function& function : module.functions) taken = taken || function.locals.count(name);
        if (!taken) return name;
    }
    return "covet_application_";
}

std::string servingModule(const MigrationContext& context) {
    std::string name = "covet_http";
    while (context.project().moduleByPath(context.generatedPath(name))) name += "_";
    return name;
}

void generateServing(MigrationContext& context, Serving wanted) {
    std::string& file = context.generatedFiles[context.generatedPath(servingModule(context))];
    std::string text(catalog::resource("templates/http_server/serving.py"));
    for (const Part& part : kParts)
        if (part.serving == wanted || file.find(part.sign) != std::string::npos) text += "\n\n" + std::string(catalog::resource(part.resource));
    // Written for the default target.
    const catalog::TargetProfile& target = context.target();
    text = replaceAll(std::move(text), "from covetpy.types import Request\n", importOf(target.request, "Request"));
    text = replaceAll(std::move(text), "from covetpy.types import Response as PlainResponse\n", importOf(target.plainResponse, "PlainResponse"));
    file = replaceAll(std::move(text), "app.add_route(", "app." + target.addRouteMethod + "(");
}

} // namespace covet::rules::http_server
