#include <algorithm>
#include <optional>

#include "catalog/resource.h"
#include "rules/migration_context.h"
#include "support/paths.h"
#include "support/strings.h"

namespace covet::rules {
namespace {

bool isFree(const std::string& folder, const std::string& name, const std::set<std::string>& paths) {
    if (paths.count(inFolder(folder, name) + ".py")) return false;
    const std::string package = inFolder(folder, name) + "/";
    auto next = paths.lower_bound(package);
    return next == paths.end() || !startsWith(*next, package);
}

std::string firstFree(const std::vector<std::string>& candidates, const std::string& folder,
                      const std::set<std::string>& paths) {
    for (const std::string& candidate : candidates)
        if (isFree(folder, candidate, paths)) return candidate;
    std::string last = candidates.empty() ? "generated" : candidates.back();
    while (!isFree(folder, last, paths)) last += "_";
    return last;
}

/// Import in the text of a statement, not resolved: does it start with a dot?
bool isRelative(const semantic::ImportBinding& binding) {
    return binding.statement.field("module_name").is("relative_import");
}

/// The folder that an absolute import of `binding` was looked up in: "" for the project's root,
/// "shop" when `import store` found shop/store.py. Nothing when it is not a module of the project.
std::optional<std::string> searchedFolder(const semantic::Project& project,
                                          const semantic::ImportBinding& binding) {
    const semantic::Module* target = project.module(binding.module);
    if (!target || binding.module.empty()) return std::nullopt;
    if (target->name == binding.module) return "";
    const std::string tail = "." + binding.module;
    if (!endsWith(target->name, tail)) return std::nullopt;
    return replaceAll(target->name.substr(0, target->name.size() - tail.size()), ".", "/");
}

/// The folder above the topmost package around `folder`.
std::string folderAbovePackages(const semantic::Project& project, std::string folder) {
    while (!folder.empty() && project.moduleByPath(inFolder(folder, "__init__.py")))
        folder = folderOf(folder);
    return folder;
}

/// Whether `folder` is inside `base`, so that a module in it has a dotted name from there.
bool isBelow(const std::string& folder, const std::string& base) {
    return base.empty() || folder == base || startsWith(folder, base + "/");
}

/// How many imports of the modules looked in which folder.
using Votes = std::map<std::string, int>;

std::optional<std::string> winner(const Votes& votes, const std::string& folder) {
    std::optional<std::string> best;
    int most = 0;
    for (const auto& [base, count] : votes)
        if (count > most && isBelow(folder, base)) {
            best = base;
            most = count;
        }
    return best;
}

std::string relativePath(const std::string& fromFolder, const std::string& toFolder,
                         const std::string& name) {
    std::vector<std::string> from = fromFolder.empty() ? std::vector<std::string>{} : split(fromFolder, '/');
    std::vector<std::string> to = toFolder.empty() ? std::vector<std::string>{} : split(toFolder, '/');
    size_t common = 0;
    while (common < from.size() && common < to.size() && from[common] == to[common]) ++common;
    std::string out(1 + from.size() - common, '.');
    for (size_t i = common; i < to.size(); ++i) out += to[i] + ".";
    return out + name;
}

/// Whether imports know the package of `from` by a name with folders enough to go up so many of them:
/// `from utils.store import items` makes `utils` the topmost one, wherever it is.
bool isNamedDeepEnough(const semantic::Project& project, const semantic::Module& from, size_t up) {
    const std::string folder = folderOf(from.path());
    for (const auto& module : project.modules())
        for (const auto& [name, binding] : module->imports) {
            const std::optional<std::string> base = isRelative(binding) ? std::nullopt : searchedFolder(project, binding);
            if (!base || folder == *base || !isBelow(folder, *base)) continue;
            const std::string inside = base->empty() ? folder : folder.substr(base->size() + 1);
            const std::vector<std::string> parts = split(inside, '/');
            if (isBelow(folderOf(project.module(binding.module)->path()), inFolder(*base, parts[0])) && up >= parts.size()) return false;
        }
    return true;
}

/// Whether a relative import of `from` may go up so many folders and still be inside of a package.
bool reaches(const semantic::Project& project, const semantic::Module& from, size_t up) {
    for (const auto& [name, binding] : from.imports)
        if (isRelative(binding) &&
            binding.statement.field("module_name").text().find_first_not_of('.') > up) // also npos
            return true;
    std::string folder = folderOf(from.path());
    for (size_t step = 0; step < up; ++step) folder = folderOf(folder);
    return project.moduleByPath(inFolder(folder, "__init__.py")) != nullptr;
}

} // namespace

void MigrationContext::placeGeneratedModules(const semantic::Module* beside,
                                             const std::set<std::string>& paths) {
    generatedFolder = beside ? folderOf(beside->path()) : "";
    modelsModule = firstFree(target_.modelsModules, generatedFolder, paths);
    bridgeModule = firstFree(target_.bridgeModules, generatedFolder, paths);
    queriesModule = firstFree(target_.queriesModules, generatedFolder, paths);
    routingModule = firstFree(target_.routingModules, generatedFolder, paths);
    databaseModule = firstFree(target_.databaseModules, generatedFolder, paths);
    schemasModule = firstFree(target_.schemasModules, generatedFolder, paths);
    settingsModule = firstFree(target_.settingsModules, generatedFolder, paths);
    passwordsModule = firstFree(target_.passwordsModules, generatedFolder, paths);
    beside_ = beside;
    paths_ = &paths;
    importBases_.clear();
    importPaths_.clear();
}

bool MigrationContext::hasFolder(const std::string& folder) const {
    if (!paths_) return false;
    const auto first = paths_->lower_bound(folder + "/");
    return first != paths_->end() && startsWith(*first, folder + "/");
}

std::string MigrationContext::generatedPath(const std::string& generatedModule) const {
    return inFolder(generatedFolder, generatedModule) + ".py";
}

const std::string& MigrationContext::importBase(const semantic::Module& from) const {
    const auto known = importBases_.find(&from);
    return known != importBases_.end() ? known->second : importBases_.emplace(&from, findImportBase(from)).first->second;
}

std::string MigrationContext::findImportBase(const semantic::Module& from) const {
    // Votes of the module itself count before those of its folder, and those before the project's.
    Votes own, siblings, all;
    const std::string fromFolder = folderOf(from.path());
    for (const auto& module : project_.modules())
        for (const auto& [name, binding] : module->imports) {
            if (isRelative(binding)) continue;
            std::optional<std::string> base = searchedFolder(project_, binding);
            if (!base) continue;
            ++all[*base];
            if (module.get() == &from) ++own[*base];
            if (folderOf(module->path()) == fromFolder) ++siblings[*base];
        }
    for (const Votes* votes : {&own, &siblings, &all})
        if (std::optional<std::string> base = winner(*votes, generatedFolder)) return *base;
    return folderAbovePackages(project_, generatedFolder);
}

catalog::TargetName MigrationContext::sessionDependency(const semantic::Module& from) {
    catalog::TargetName name = target_.sessionDependency;
    if (!target_.bringsSessions()) return name;
    if (const auto [text, isNew] = generatedFiles.try_emplace(generatedPath(databaseModule)); isNew)
        text->second = replaceAll(catalog::joinedTemplates({"database/database", "database/settings", "database/async_engine", "database/sqlite"}),
                                  "#config", target_.configFile);
    name.module = importPath(from, databaseModule);
    return name;
}

catalog::TargetName MigrationContext::generatedSessionDependency() {
    if (beside_) return sessionDependency(*beside_);
    return {target_.bringsSessions() ? databaseModule : target_.sessionDependency.module,
            target_.sessionDependency.name};
}

std::string MigrationContext::generatedImportPath(const std::string& generatedModule) const {
    return beside_ ? importPath(*beside_, generatedModule) : generatedModule;
}

const std::string& MigrationContext::importPath(const semantic::Module& from, const std::string& generatedModule) const {
    const std::pair<const semantic::Module*, std::string> key(&from, generatedModule);
    const auto known = importPaths_.find(key);
    return known != importPaths_.end() ? known->second : importPaths_.emplace(key, findImportPath(from, generatedModule)).first->second;
}

std::string MigrationContext::findImportPath(const semantic::Module& from, const std::string& generatedModule) const {
    for (const auto& [name, binding] : from.imports) {
        if (!isRelative(binding)) continue;
        const std::string path = relativePath(folderOf(from.path()), generatedFolder, generatedModule);
        const size_t up = path.find_first_not_of('.') - 1;
        if (isNamedDeepEnough(project_, from, up) && reaches(project_, from, up)) return path;
        break;
    }
    const std::string base = importBase(from);
    std::string path = inFolder(generatedFolder, generatedModule);
    if (!base.empty()) path = path.substr(base.size() + 1);
    return replaceAll(path, "/", ".");
}

} // namespace covet::rules
