#include "engine/project_files.h"

#include "emit/config.h"
#include "emit/manifest.h"
#include "engine/output_files.h"
#include "rules/diagnostics.h"

namespace covet::engine {
namespace {

std::string inFolder(const std::string& folder, const std::string& name) {
    return folder.empty() ? name : folder + "/" + name;
}

std::string_view bytesOf(const LoadedProject& loaded, const std::string& path) {
    auto found = loaded.files.find(path);
    return found == loaded.files.end() ? std::string_view() : std::string_view(found->second->bytes);
}

void report(Analysis& analysis, const char* rule, const std::string& path, const std::string& subject,
            const std::string& reason, const std::string& hint) {
    rules::Finding finding;
    finding.rule = rule;
    finding.file = path;
    finding.start = finding.end = {1, 1};
    finding.message = rules::messageOf(rule, subject);
    finding.safetyReason = reason;
    finding.hint = hint;
    analysis.findings.push_back(std::move(finding));
}

void addConfig(const UnitResult& unit, const LoadedProject& loaded, const Options& options,
               const catalog::TargetProfile& target, Analysis& analysis) {
    const std::string path = inFolder(unit.importBase, target.configFile);
    if (loaded.unknownPaths.count(path)) {
        report(analysis, "COV402", path, path, "unreadable", "make the file readable, then run again");
        return;
    }
    Result<std::string> text = emit::configText(bytesOf(loaded, path), target, options.databaseUrl);
    if (!text) {
        report(analysis, "COV402", path, path, text.error().code, text.error().hint);
        return;
    }
    addFile(loaded, path, *text, analysis);
    if (emit::withoutPassword(options.databaseUrl).passwordLeftOut)
        report(analysis, "COV403", path, target.configFile, "secret",
               "set " + target.urlVariable + " in the environment of the application");
}

/// Says where the function of a handler is in the new text, and whether it is a coroutine.
void locate(const std::string& text, facts::Route& route) {
    auto tree = syntax::Tree::parse(text);
    if (!tree) return;
    const std::string name = route.handler.substr(route.handler.rfind('.') + 1);
    bool found = false;
    syntax::walk((*tree)->root(), [&](const syntax::Node& node) {
        if (!found && node.is("function_definition") && node.field("name").text() == name) {
            found = true;
            route.where.line = node.line();
            route.isAsync = node.child(0).is("async");
        }
        return !found;
    });
}

void addManifest(const UnitResult& unit, const LoadedProject& loaded,
                 const catalog::TargetProfile& target, Analysis& analysis) {
    std::vector<facts::Route> routes;
    for (const facts::Route& route : analysis.routes) {
        const Module* module = loaded.project.moduleByPath(route.where.file);
        auto text = module ? unit.texts.find(module) : unit.texts.end();
        if (text == unit.texts.end()) continue;
        routes.push_back(route);
        locate(text->second, routes.back());
    }
    if (routes.empty()) return;
    const std::string path = inFolder(unit.importBase, target.routesManifest);
    if (!loaded.unknownPaths.count(path))
        addFile(loaded, path, emit::manifestText(bytesOf(loaded, path), routes), analysis);
}

} // namespace

void addProjectFiles(const UnitResult& unit, const LoadedProject& loaded, const Options& options,
                     const catalog::TargetProfile& target, Analysis& analysis) {
    if (unit.texts.empty()) return;
    addConfig(unit, loaded, options, target, analysis);
    addManifest(unit, loaded, target, analysis);
    if (options.vendorRuntime) addRuntime(loaded, target, unit.importBase, analysis);
}

} // namespace covet::engine
