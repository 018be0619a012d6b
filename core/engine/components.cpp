#include "engine/components.h"

#include <algorithm>

#include "semantic/module_index.h"

namespace covet::engine {
namespace {

/// Modules of the project that an import statement runs.
std::vector<const Module*> importedModules(const semantic::Project& project, const Module& module) {
    std::vector<const Module*> found;
    auto add = [&](const Module* target) {
        if (target && target != &module && std::find(found.begin(), found.end(), target) == found.end())
            found.push_back(target);
    };
    auto addNamed = [&](const std::string& name, const std::string& member) {
        const Module* target = name.empty() ? nullptr : project.module(name);
        add(target);
        if (!member.empty()) add(project.module(name.empty() ? member : name + "." + member));
    };
    for (const auto& [local, binding] : module.imports) {
        addNamed(binding.module, binding.name);
        // `import a.b` binds only `a`; the statement names the rest.
        if (binding.name.empty())
            for (const syntax::Node& name : binding.statement.fields("name"))
                if (name.is("dotted_name")) addNamed(std::string(name.text()), "");
        // `from module import *` binds nothing that is listed.
    }
    syntax::walk(module.tree->root(), [&](const syntax::Node& node) {
        // A name of a function may stand for several imports, one after the other.
        if (node.is("import_statement") || node.is("import_from_statement"))
            semantic::forEachImported(module, node, [&](const std::string&, semantic::ImportBinding binding) { addNamed(binding.module, binding.name); });
        if (!node.is("import_from_statement")) return true;
        syntax::Node from = node.field("module_name");
        if (from.is("dotted_name")) {
            addNamed(std::string(from.text()), "");
            for (const syntax::Node& name : node.fields("name"))
                addNamed(std::string(from.text()), std::string(name.text()));
        }
        return false;
    });
    return found;
}

} // namespace

Components::Components(const semantic::Project& project) {
    std::map<const Module*, const Module*> parent;
    for (const auto& module : project.modules()) parent[module.get()] = module.get();
    auto rootOf = [&](const Module* module) {
        while (parent[module] != module) module = parent[module] = parent[parent[module]];
        return module;
    };
    for (const auto& module : project.modules()) {
        imports_[module.get()] = importedModules(project, *module);
        for (const Module* target : imports_[module.get()]) parent[rootOf(module.get())] = rootOf(target);
    }
    std::map<const Module*, size_t> numbers;
    for (const auto& module : project.modules())
        component_[module.get()] = numbers.emplace(rootOf(module.get()), numbers.size()).first->second;
    count_ = numbers.size();
}

size_t Components::of(const Module& module) const {
    auto found = component_.find(&module);
    return found == component_.end() ? count_ : found->second;
}

bool Components::adjacent(const Module& a, const Module& b) const {
    auto imports = [&](const Module& from, const Module& to) {
        auto found = imports_.find(&from);
        return found != imports_.end() &&
               std::find(found->second.begin(), found->second.end(), &to) != found->second.end();
    };
    return imports(a, b) || imports(b, a);
}

} // namespace covet::engine
