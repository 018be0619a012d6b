#include "equivalence/entry_point.h"

#include <algorithm>

#include "engine/project_loading.h"
#include "rules/migration_context.h"
#include "rules/store/call_graph.h"
#include "support/strings.h"

namespace covet::equivalence {
namespace {

bool isWsgi(const std::string& framework) {
    return framework == "flask" || framework == "bottle" || framework == "wsgi" || framework == "django";
}

/// Servers that have no object for another server to call.
bool isScript(const std::string& framework) {
    return framework == "http.server" || framework == "socket" || framework == "aiohttp" || framework == "tornado" || framework == "cherrypy";
}

std::string dotted(const std::string& path) {
    std::string name = path.substr(0, path.size() - (endsWith(path, ".py") ? 3 : 0));
    if (endsWith(name, "/__init__")) name.resize(name.size() - 9);
    return replaceAll(name, "/", ".");
}

/// Whether a factory wants something that only the program's own call of it gives.
bool wantsArguments(const semantic::Function& factory) {
    const std::vector<syntax::Node> parameters = factory.node.field("parameters").namedChildren();
    return std::any_of(parameters.begin(), parameters.end(), [](const syntax::Node& parameter) {
        return parameter.is("identifier") || parameter.is("typed_parameter");
    });
}

struct MadeApp {
    const semantic::Module* module = nullptr;
    std::string variable;
};

/// Where the program itself calls the factory: `app = create_app("production")` at the top level of a module.
MadeApp madeBy(const semantic::Project& project, const semantic::Module& home, const semantic::Function& factory) {
    for (const auto& module : project.modules()) {
        auto calls = module->calls.find(factory.name);
        if (rules::isTestModule(*module) || calls == module->calls.end()) continue;
        for (const syntax::Node& call : calls->second) {
            const syntax::Node assignment = call.parent(), target = assignment.field("left");
            if (!assignment.is("assignment") || !target.is("identifier") || !assignment.parent().parent().is("module")) continue;
            const semantic::Symbol& symbol = project.resolve(*module, call.field("function"));
            if (symbol.kind == semantic::Symbol::Kind::Function && symbol.module == &home && symbol.name == factory.qualified)
                return {module.get(), std::string(target.text())};
        }
    }
    return {};
}

} // namespace

EntryPoint entryPointOf(const std::vector<InputFile>& files, const facts::App& app) {
    EntryPoint entry;
    entry.attribute = app.attribute;
    entry.kind = app.isFactory ? "factory" : isWsgi(app.framework) ? "wsgi" : "any";
    std::string base, file = app.where.file;
    const Result<engine::LoadedProject> loaded = engine::loadProject(files, {}, nullptr);
    if (loaded) {
        // The object may be made in a module that the one to import, with all routes, imports.
        const semantic::Module* module = loaded->project.module(app.module);
        if (!module) module = loaded->project.moduleByPath(app.where.file);
        const semantic::Function* factory = module && app.isFactory ? module->function(app.attribute) : nullptr;
        if (factory && wantsArguments(*factory))
            if (const MadeApp made = madeBy(loaded->project, *module, *factory); made.module) {
                module = made.module;
                entry.attribute = made.variable;
                entry.kind = isWsgi(app.framework) ? "wsgi" : "any";
            }
        if (module) {
            const std::set<std::string> paths;
            rules::MigrationContext context(loaded->project);
            context.placeGeneratedModules(module, paths); // imports are meant from a folder above it
            base = context.importBase(*module);
            file = module->path();
        }
    }
    const bool isInside = !base.empty() && startsWith(file, base + "/");
    entry.module = dotted(isInside ? file.substr(base.size() + 1) : file);
    if (isInside) entry.folders.push_back(base);
    entry.folders.emplace_back();
    if (entry.attribute.empty() || isScript(app.framework)) {
        entry.kind = "main";
        entry.module = app.where.file;
    }
    return entry;
}

Result<facts::App> chooseApp(const std::vector<facts::App>& apps, const std::string& wanted,
                             const std::vector<facts::App>& preferred) {
    if (apps.empty())
        return Error{"no-application", "no web application was found", "", 0,
                     "say how it is started: --legacy-command 'uvicorn app:app --port {port}'"};
    std::string names;
    for (const facts::App& app : apps) {
        const std::string name = app.module + ":" + app.attribute;
        if (!wanted.empty() && (wanted == name || wanted == app.module || wanted == app.where.file)) return app;
        names += (names.empty() ? "" : ", ") + name;
    }
    if (!wanted.empty())
        return Error{"unknown-application", "there is no application " + wanted, "", 0, "it is one of: " + names};
    for (const facts::App& other : preferred)
        for (const facts::App& app : apps)
            if (app.module == other.module || app.where.file == other.where.file) return app;
    // An object says where it is; a script has to be run to find out.
    for (const facts::App& app : apps)
        if (!app.attribute.empty()) return app;
    return apps.front();
}

} // namespace covet::equivalence
