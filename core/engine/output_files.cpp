#include "engine/output_files.h"

#include <algorithm>

#include "catalog/resource.h"
#include "emit/models.h"
#include "support/strings.h"

namespace covet::engine {
namespace {

Status mustParse(const std::string& path, const std::string& text) {
    if (!endsWith(path, ".py")) return Ok{};
    auto tree = syntax::Tree::parseAgain(text);
    if (!tree) return Error{"generated-file-invalid", tree.error().message, path, 0, ""};
    if (auto error = (*tree)->firstError())
        return Error{"generated-file-invalid", "the generated file would not parse", path, error->line(),
                     "please report this; nothing was changed"};
    return Ok{};
}

} // namespace

void addFile(const LoadedProject& loaded, const std::string& path, SharedText bytes, Analysis& analysis) {
    // Several units may complete one file: a configuration, a manifest.
    for (FileChange& known : analysis.changes)
        if (known.path == path) {
            known.after = std::move(bytes);
            return;
        }
    FileChange change;
    change.path = path;
    auto existing = loaded.files.find(path);
    change.kind = existing == loaded.files.end() ? ChangeKind::Create : ChangeKind::Modify;
    if (existing != loaded.files.end()) change.before = existing->second->bytes;
    if (change.kind == ChangeKind::Modify && change.before == bytes) return;
    change.after = std::move(bytes);
    analysis.changes.push_back(std::move(change));
}

void sortChanges(Analysis& analysis) {
    std::sort(analysis.changes.begin(), analysis.changes.end(),
              [](const FileChange& a, const FileChange& b) { return a.path < b.path; });
}

Status addCodeChanges(const UnitResult& unit, const LoadedProject& loaded, Analysis& analysis) {
    for (const auto& [module, bytes] : unit.bytes) addFile(loaded, module->path(), bytes, analysis);
    std::map<std::string, std::string> generated = unit.generated;
    emit::ModelsOptions models;
    models.classModules = unit.classModules;
    models.members = unit.members;
    models.rowChecks = unit.rowChecks;
    if (!unit.modelsPath.empty()) generated[unit.modelsPath] = emit::modelsText(unit.schema, models);
    for (auto& [path, text] : generated) {
        Status parses = mustParse(path, text);
        if (!parses) return parses;
        addFile(loaded, path, std::move(text), analysis);
    }
    return Ok{};
}

void addRuntime(const LoadedProject& loaded, const catalog::TargetProfile& target,
                const std::string& folder, Analysis& analysis) {
    const std::string prefix = target.runtimeFolder + "/";
    const std::string package = (folder.empty() ? "" : folder + "/") + target.package + "/";
    // Of a runtime that was copied before, only its modules are among the paths.
    const bool isThere = loaded.paths.count(package + "__init__.py") > 0;
    for (const catalog::ResourceEntry& entry : catalog::resourcesUnder(prefix)) {
        const std::string path = package + std::string(entry.name.substr(prefix.size()));
        if (isThere && !endsWith(path, ".py")) continue;
        if (!loaded.paths.count(path)) addFile(loaded, path, std::string(entry.bytes), analysis);
    }
}

} // namespace covet::engine
