#include "engine/components.h"

#include <algorithm>

#include "semantic/imported_modules.h"

namespace covet::engine {
Components::Components(const semantic::Project& project) {
    std::map<const Module*, const Module*> parent;
    for (const auto& module : project.modules()) parent[module.get()] = module.get();
    auto rootOf = [&](const Module* module) {
        while (parent[module] != module) module = parent[module] = parent[parent[module]];
        return module;
    };
    for (const auto& module : project.modules()) {
        imports_[module.get()] = semantic::importedModules(project, *module);
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
