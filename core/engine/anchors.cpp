#include "engine/anchors.h"

#include <algorithm>

#include "catalog/resource.h"
#include "support/paths.h"
#include "support/strings.h"

namespace covet::engine {
namespace {

/// How many leading folders two paths share.
size_t sharedFolders(const std::string& one, const std::string& other) {
    const std::vector<std::string> a = split(one, '/'), b = split(other, '/');
    size_t count = 0;
    while (count < a.size() && count < b.size() && a[count] == b[count]) ++count;
    return count;
}

} // namespace

std::map<const semantic::Module*, Modules> modulesAround(const Anchors& anchors, const semantic::Project& project) {
    std::map<const semantic::Module*, Modules> found;
    for (const auto& module : project.modules()) {
        const semantic::Module* best = nullptr;
        size_t most = 0;
        for (const auto& [folder, anchor] : anchors) {
            const size_t shared = sharedFolders(folder, folderOf(module->path())) + 1;
            if (shared > most) best = anchor;
            most = std::max(most, shared);
        }
        if (best) found[best].insert(module.get());
    }
    return found;
}

Anchors applicationAnchors(const Analysis& analysis, const semantic::Project& project) {
    Anchors anchors;
    for (const auto* apps : {&analysis.migratedApps, &analysis.apps})
        for (const facts::App& app : *apps)
            if (const semantic::Module* module = project.moduleByPath(app.where.file))
                anchors.emplace(folderOf(module->path()), module);
    return anchors;
}

std::string earlierText(const LoadedProject& loaded, const rules::MigrationContext& context, const std::vector<std::string>& names,
                        const char* pattern, std::string& name) {
    const std::string_view first = catalog::firstLineOf(pattern);
    for (const std::string& candidate : names) {
        const auto file = loaded.files.find(context.generatedPath(candidate));
        if (file == loaded.files.end() || !startsWith(file->second->bytes, first)) continue;
        name = candidate;
        return file->second->bytes;
    }
    return "";
}

} // namespace covet::engine
