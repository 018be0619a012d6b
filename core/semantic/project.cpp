#include "semantic/project.h"

#include <algorithm>
#include <tuple>

#include "semantic/library_names.h"
#include "semantic/module_index.h"
#include "support/strings.h"

namespace covet::semantic {
namespace {

constexpr int kMaxImportHops = 20;

/// Dotted module name of a path; `isPackage` for __init__.py.
std::string moduleName(std::string_view path, bool& isPackage) {
    std::string name(path.substr(0, path.size() - (endsWith(path, ".py") ? 3 : 0)));
    isPackage = name == "__init__" || endsWith(name, "/__init__");
    if (isPackage) name = name == "__init__" ? "" : name.substr(0, name.size() - 9);
    return replaceAll(name, "/", ".");
}

/// The import that a name of a function comes from where several statements import something under it; the
/// binding has no statement if it comes from somewhere else.
ImportBinding importBefore(const Module& module, const Function& function, const std::string& name, const Node& use) {
    ImportBinding last;
    if (function.node.text().find("import") == std::string_view::npos) return last;
    bool onlyImported = true;
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (node.is("function_definition") || node.is("class_definition") || node.is("lambda")) return false;
        if (node.is("import_statement") || node.is("import_from_statement")) {
            forEachImported(module, node, [&](const std::string& local, ImportBinding binding) {
                if (local == name && node.start() < use.start()) last = std::move(binding);
            });
            return false;
        }
        std::set<std::string> bound;
        if (node.is("assignment") || node.is("augmented_assignment") || node.is("for_statement")) collectTargetNames(node.field("left"), bound);
        if (node.is("named_expression")) collectTargetNames(node.field("name"), bound);
        if (node.is("as_pattern_target")) collectTargetNames(node.namedChild(0), bound);
        onlyImported = onlyImported && !bound.count(name);
        return onlyImported;
    });
    for (const Node& parameter : function.node.field("parameters").namedChildren()) onlyImported = onlyImported && parameterName(parameter) != name;
    return onlyImported ? last : ImportBinding{};
}

bool mentions(const Module& module, const std::string& name) { return !module.tree->identifiers(name).empty(); }

/// Names that `from module import *` gives to others.
std::set<std::string> exportedNames(const Module& module) {
    std::set<std::string> names;
    auto all = module.assignments.find("__all__");
    if (all != module.assignments.end()) {
        for (const Node& item : all->second[0].namedChild(0).field("right").namedChildren())
            if (item.is("string") && item.namedChildCount() > 1) names.emplace(item.namedChild(1).text());
        return names;
    }
    for (const auto& [name, statements] : module.assignments) names.insert(name);
    for (const auto& [name, binding] : module.imports) names.insert(name);
    for (const Class& one : module.classes) names.insert(one.name);
    for (const Function& one : module.functions)
        if (one.qualified == one.name) names.insert(one.name);
    for (auto at = names.begin(); at != names.end();) at = startsWith(*at, "_") ? names.erase(at) : std::next(at);
    return names;
}

} // namespace

bool KnownSymbols::Before::operator()(const Symbol& one, const Symbol& other) const {
    return std::tie(one.name, one.kind, one.module) < std::tie(other.name, other.kind, other.module);
}

const Function* Module::function(std::string_view qualified) const {
    const auto found = functionNamed.find(qualified);
    return found == functionNamed.end() ? nullptr : &functions[found->second];
}

const Class* Module::classNamed(std::string_view className) const {
    const auto found = classAt.find(className);
    return found == classAt.end() ? nullptr : &classes[found->second];
}

const Function* Module::enclosingFunction(const Node& node) const {
    if (node.isNull() || node.tree() != tree.get()) return nullptr;
    const uint32_t around = functionAround[node.place()];
    return around == 0 ? nullptr : &functions[around - 1];
}

Project Project::build(
    std::vector<std::pair<text::SourceText, std::shared_ptr<const syntax::Tree>>> files) {
    Project project;
    std::vector<std::shared_ptr<Module>> made;
    for (auto& [source, tree] : files) {
        auto module = std::make_shared<Module>();
        module->source = std::move(source);
        module->tree = tree;
        module->name = moduleName(module->path(), module->isPackage);
        indexModule(*module);
        made.push_back(module);
        project.modules_.push_back(std::move(module));
    }
    std::sort(project.modules_.begin(), project.modules_.end(),
              [](const auto& a, const auto& b) { return a->path() < b->path(); });
    for (const auto& module : project.modules_) {
        auto [known, isNew] = project.byName_.emplace(module->name, module.get());
        if (!isNew && module->isPackage) known->second = module.get(); // Python takes app/__init__.py before app.py
        for (size_t dot = module->name.find('.'); dot != std::string::npos;
             dot = module->name.find('.', dot + 1)) {
            auto [tail, isFirst] = project.byTail_.emplace(module->name.substr(dot + 1), module.get());
            if (!isFirst) tail->second = nullptr;
        }
    }
    project.bindStarImports(made);
    return project;
}

void Project::bindStarImports(const std::vector<std::shared_ptr<Module>>& modules) {
    std::map<const Module*, Module*> changeable;
    bool grown = false;
    for (const auto& module : modules) {
        changeable[module.get()] = module.get();
        grown = grown || !module->starImports.empty();
    }
    while (grown) {
        grown = false;
        for (const auto& importer : modules)
            for (const ImportBinding& star : importer->starImports) {
                const Module* source = module(star.module);
                if (!source || source == importer.get()) continue;
                for (const std::string& name : exportedNames(*source)) {
                    if (importer->assignments.count(name) || importer->classNamed(name) || importer->function(name)) continue;
                    grown = importer->imports.emplace(name, ImportBinding{star.module, name, star.statement}).second || grown;
                }
            }
    }
    for (const auto& importer : modules)
        for (const ImportBinding& star : importer->starImports) {
            const Module* source = module(star.module);
            if (!source || !changeable.count(source)) continue;
            for (const auto& [name, binding] : source->imports)
                if (resolveGlobal(*source, name).kind != Symbol::Kind::Variable && mentions(*importer, name))
                    changeable[source]->importsOfOthers.insert(name);
        }
}

Project Project::part(const std::set<const Module*>& modules) const {
    Project project;
    project.byName_ = byName_;
    project.byTail_ = byTail_;
    for (const auto& module : modules_)
        if (modules.count(module.get())) project.modules_.push_back(module);
    return project;
}

const Module* Project::module(std::string_view dotted) const {
    auto found = byName_.find(dotted);
    if (found != byName_.end()) return found->second;
    // A project is often run from inside a sub-folder ("src/", "app/"): an absolute import then
    // names the tail of the path. Only an unambiguous tail counts, and none that a library has the name of.
    if (namesLibrary(dotted.substr(0, dotted.find('.')))) return nullptr;
    auto tail = byTail_.find(dotted);
    return tail == byTail_.end() ? nullptr : tail->second;
}

const Module* Project::moduleByPath(std::string_view path) const {
    for (const auto& candidate : modules_)
        if (candidate->path() == path) return candidate.get();
    for (const auto& [name, candidate] : byName_)
        if (candidate->path() == path) return candidate;
    return nullptr;
}

/// What an import inside of a function binds.
Symbol Project::resolveBinding(const ImportBinding& binding) const {
    const Module* target = module(binding.module);
    if (binding.name.empty())
        return target ? Symbol{Symbol::Kind::Module, target, target->name}
                      : Symbol{Symbol::Kind::External, nullptr, binding.module};
    const bool known = target && (target->assignments.count(binding.name) || target->classNamed(binding.name) ||
                                  target->function(binding.name) || target->imports.count(binding.name));
    if (known) return resolveGlobal(*target, binding.name);
    if (const Module* sub = module(binding.module + "." + binding.name)) return {Symbol::Kind::Module, sub, sub->name};
    return target ? Symbol{} : Symbol{Symbol::Kind::External, nullptr, binding.module + "." + binding.name};
}

Symbol Project::resolveGlobal(const Module& module, std::string_view name) const {
    const Module* current = &module;
    std::string wanted(name);
    for (int hop = 0; hop < kMaxImportHops; ++hop) {
        if (current->function(wanted)) return {Symbol::Kind::Function, current, wanted};
        if (current->classNamed(wanted)) return {Symbol::Kind::Class, current, wanted};
        auto imported = current->imports.find(wanted);
        if (imported == current->imports.end()) {
            if (current->assignments.count(wanted))
                return {Symbol::Kind::Variable, current, wanted};
            return {};
        }
        const ImportBinding& binding = imported->second;
        if (binding.name.empty()) {
            if (const Module* target = this->module(binding.module))
                return {Symbol::Kind::Module, target, target->name};
            return {Symbol::Kind::External, nullptr, binding.module};
        }
        const Module* target = this->module(binding.module);
        if (!target) {
            if (const Module* sub = this->module(binding.module + "." + binding.name))
                return {Symbol::Kind::Module, sub, sub->name};
            return {Symbol::Kind::External, nullptr, binding.module + "." + binding.name};
        }
        // `from app import models` in app/__init__.py imports what lies beside it.
        const bool isItself = target == current && binding.name == wanted;
        if (!target->assignments.count(binding.name) && !target->classNamed(binding.name) &&
            !target->function(binding.name) && (isItself || !target->imports.count(binding.name))) {
            if (const Module* sub = this->module(binding.module + "." + binding.name))
                return {Symbol::Kind::Module, sub, sub->name};
            return {};
        }
        current = target;
        wanted = binding.name;
    }
    return {};
}

const Symbol& Project::resolve(const Module& module, const Node& expression) const {
    static const Symbol kNone;
    if (!expression.is("identifier") && !expression.is("attribute")) return kNone;
    if (expression.tree() != module.tree.get()) return find(module, expression);
    if (const Symbol* known = module.symbols.at(expression.place())) return *known;
    const Symbol& found = find(module, expression);
    module.symbols.put(expression.place(), module.tree->root().size(), found);
    return found;
}

const Symbol& Project::find(const Module& module, const Node& expression) const {
    KnownSymbols& known = module.symbols;
    if (expression.is("identifier")) {
        const std::string name(expression.text());
        for (const Function* scope = module.enclosingFunction(expression); scope;
             scope = module.enclosingFunction(scope->node)) {
            if (scope->globals.count(name)) break;
            if (!scope->locals.count(name)) continue;
            auto imported = scope->imports.find(name);
            if (imported != scope->imports.end()) {
                Symbol symbol = resolveBinding(imported->second);
                if (symbol.kind != Symbol::Kind::Unknown) return known.keep(std::move(symbol));
            } else if (const ImportBinding binding = importBefore(module, *scope, name, expression); binding.statement) {
                Symbol symbol = resolveBinding(binding);
                if (symbol.kind != Symbol::Kind::Unknown) return known.keep(std::move(symbol));
            }
            return known.keep({Symbol::Kind::Local, &module, name});
        }
        if (boundByComprehension(expression)) return known.keep({Symbol::Kind::Local, &module, name});
        const auto global = known.globals.find(name);
        if (global != known.globals.end()) return *global->second;
        const Symbol& found = known.keep(resolveGlobal(module, name));
        if (expression.tree() == module.tree.get()) known.globals.emplace(expression.text(), &found);
        return found;
    }
    const Symbol& owner = resolve(module, expression.field("object"));
    const std::string attribute(expression.field("attribute").text());
    if (owner.kind == Symbol::Kind::Module && owner.module) return known.keep(resolveGlobal(*owner.module, attribute));
    if (owner.kind == Symbol::Kind::External) return known.keep({Symbol::Kind::External, nullptr, owner.name + "." + attribute});
    if (owner.kind == Symbol::Kind::Class) return known.keep({Symbol::Kind::Variable, owner.module, owner.name + "." + attribute});
    return known.keep({});
}

} // namespace covet::semantic
