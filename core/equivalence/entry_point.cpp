#include "equivalence/entry_point.h"

#include <algorithm>

#include "engine/project_loading.h"
#include "rules/migration_context.h"
#include "support/strings.h"

namespace covet::equivalence {
namespace {

bool isWsgi(const std::string& framework) {
    return framework == "flask" || framework == "bottle" || framework == "wsgi" || framework == "django";
}

/// Servers that have no object for another server to call.
bool isScript(const std::string& framework) {
    return framework == "http.server" || framework == "aiohttp" || framework == "tornado" || framework == "cherrypy";
}

std::string dotted(const std::string& path) {
    std::string name = path.substr(0, path.size() - (endsWith(path, ".py") ? 3 : 0));
    if (endsWith(name, "/__init__")) name.resize(name.size() - 9);
    return replaceAll(name, "/", ".");
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
        if (module) {
            base = rules::MigrationContext(loaded->project).importBase(*module);
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
