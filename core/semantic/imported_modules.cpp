#include "semantic/imported_modules.h"

#include <algorithm>

#include "semantic/module_index.h"

namespace covet::semantic {

std::vector<const Module*> importedModules(const Project& project, const Module& module) {
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
            for (const Node& name : binding.statement.fields("name"))
                if (name.is("dotted_name")) addNamed(std::string(name.text()), "");
        // `from module import *` binds nothing that is listed.
    }
    syntax::walk(module.tree->root(), [&](const Node& node) {
        // A name of a function may stand for several imports, one after the other.
        if (node.is("import_statement") || node.is("import_from_statement"))
            forEachImported(module, node, [&](const std::string&, ImportBinding binding) { addNamed(binding.module, binding.name); });
        if (!node.is("import_from_statement")) return true;
        Node from = node.field("module_name");
        if (from.is("dotted_name")) {
            addNamed(std::string(from.text()), "");
            for (const Node& name : node.fields("name"))
                addNamed(std::string(from.text()), std::string(name.text()));
        }
        return false;
    });
    return found;
}

} // namespace covet::semantic
