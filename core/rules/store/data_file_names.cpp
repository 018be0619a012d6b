#include "rules/store/data_file_names.h"

#include <algorithm>
#include <set>

namespace covet::rules {
namespace {

using facts::DataFile;
using semantic::Module;

/// Whether a node is part of an expression that names the file.
bool isPath(const DataFile& file, const Node& node) {
    return std::any_of(file.paths.begin(), file.paths.end(), [&](const auto& path) {
        return path.second.tree() == node.tree() && path.second.contains(node);
    });
}

/// Whether code asks for a variable for anything but the file.
bool isUsedBeside(const semantic::Project& project, const DataFile& file, const semantic::Symbol& variable, const Node& definition) {
    for (const auto& module : project.modules())
        for (const Node& name : module->tree->identifiers(variable.name)) {
            if (isPath(file, name) || (definition.tree() == name.tree() && definition.contains(name)) ||
                name.ancestor({"import_statement", "import_from_statement"}))
                continue;
            const Node whole = name.parent().is("attribute") && name.parent().field("attribute") == name ? name.parent() : name;
            const semantic::Symbol& symbol = project.resolve(*module, whole);
            if (symbol.kind == variable.kind && symbol.module == variable.module && symbol.name == variable.name) return true;
        }
    return false;
}

} // namespace

void dropFileNames(MigrationContext& context, const DataFile& file) {
    const semantic::Project& project = context.project();
    std::set<const Module*> modules;
    for (const auto& [module, path] : file.paths) {
        modules.insert(module);
        const semantic::Symbol& symbol = project.resolve(*module, path);
        if (symbol.kind != semantic::Symbol::Kind::Variable || !symbol.module) continue;
        const auto assigned = symbol.module->assignments.find(symbol.name);
        if (assigned == symbol.module->assignments.end() || assigned->second.size() != 1) continue;
        const Node definition = assigned->second[0];
        if (!definition.is("expression_statement") || isUsedBeside(project, file, symbol, definition)) continue;
        if (!context.rewrite(*symbol.module).isRemoved(definition)) context.rewrite(*symbol.module).remove(definition);
        modules.insert(symbol.module);
        context.rewrite(*module).dropImportIfUnused(symbol.name);
    }
    for (const Module* module : modules)
        for (const char* name : {"json", "load", "dump", "loads", "dumps", "os", "Path", "pathlib", "aiofiles"})
            if (module->imports.count(name)) context.rewrite(*module).dropImportIfUnused(name);
}

} // namespace covet::rules
