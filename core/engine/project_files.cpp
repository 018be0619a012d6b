#include "engine/project_files.h"

#include "emit/config.h"
#include "emit/manifest.h"
#include "engine/output_files.h"
#include "rules/diagnostics.h"
#include "support/paths.h"

namespace covet::engine {
namespace {

/// As another unit leaves it, else as it is; "" if there is none.
std::string bytesOf(const LoadedProject& loaded, const Analysis& analysis, const std::string& path) {
    for (const FileChange& change : analysis.changes)
        if (change.path == path) return change.after;
    auto found = loaded.files.find(path);
    return found == loaded.files.end() ? "" : found->second->bytes;
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
    Result<std::string> text = emit::configText(bytesOf(loaded, analysis, path), target, options.databaseUrl);
    if (!text) {
        report(analysis, "COV402", path, path, text.error().code, text.error().hint);
        return;
    }
    addFile(loaded, path, *text, analysis);
    if (emit::withoutPassword(options.databaseUrl).passwordLeftOut)
        report(analysis, "COV403", path, target.configFile, "secret",
               "set " + target.urlVariable + " in the environment of the application");
}

/// Where the functions of a new text are, and whether they are coroutines; the first of a name.
std::map<std::string, std::pair<uint32_t, bool>> functionsIn(const std::string& text) {
    std::map<std::string, std::pair<uint32_t, bool>> found;
    auto tree = syntax::Tree::parseAgain(text);
    if (!tree) return found;
    syntax::walk((*tree)->root(), [&](const syntax::Node& node) {
        if (node.is("function_definition"))
            found.emplace(std::string(node.field("name").text()),
                          std::pair(node.line(), node.child(0).is("async")));
        return true;
    });
    return found;
}

void addManifest(const UnitResult& unit, const LoadedProject& loaded,
                 const catalog::TargetProfile& target, Analysis& analysis) {
    std::vector<facts::Route> routes;
    std::map<const Module*, std::map<std::string, std::pair<uint32_t, bool>>> functions;
    for (const facts::Route& route : analysis.routes) {
        const Module* module = loaded.project.moduleByPath(route.where.file);
        auto text = module ? unit.texts.find(module) : unit.texts.end();
        if (text == unit.texts.end()) continue;
        routes.push_back(route);
        auto known = functions.find(module);
        if (known == functions.end()) known = functions.emplace(module, functionsIn(text->second)).first;
        auto function = known->second.find(route.handler.substr(route.handler.rfind('.') + 1));
        if (function == known->second.end()) continue;
        routes.back().where.line = function->second.first;
        routes.back().isAsync = function->second.second;
    }
    if (routes.empty()) return;
    const std::string path = inFolder(unit.importBase, target.routesManifest);
    if (!loaded.unknownPaths.count(path))
        addFile(loaded, path, emit::manifestText(bytesOf(loaded, analysis, path), routes), analysis);
}

} // namespace

void addProjectFiles(const UnitResult& unit, const LoadedProject& loaded, const Options& options, Analysis& analysis) {
    if (unit.texts.empty()) return;
    const catalog::TargetProfile& target = *unit.target;
    addConfig(unit, loaded, options, target, analysis);
    if (unit.staysOnFramework) return;
    addManifest(unit, loaded, target, analysis);
    if (options.vendorRuntime && !target.runtimeFolder.empty()) addRuntime(loaded, target, unit.importBase, analysis);
}

} // namespace covet::engine
