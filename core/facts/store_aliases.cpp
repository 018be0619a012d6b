#include "facts/store_aliases.h"

#include <algorithm>
#include <map>
#include <set>

#include "facts/class_uses.h"
#include "facts/passed_values.h"
#include "facts/reference_context.h"
#include "facts/store_references.h"
#include "semantic/test_modules.h"

namespace covet::facts {
namespace {

/// Calls through which a store is followed.
constexpr int kHandedOn = 3;

struct Alias {
    const Module* module = nullptr; // of the class
    std::string className;
    std::string attribute;
    FoundStore* store = nullptr;
    Node assignment;          // that binds the attribute
    size_t constructions = 0; // calls of the class that were given the store; 0: it names the store itself

    std::string classId() const { return module->name + ":" + className; }
};

/// `self.db = value` in `__init__`; an alias without a store for anything else.
Alias aliasOfAssignment(const Module& module, const Node& value) {
    Alias alias;
    const Function* function = module.enclosingFunction(value);
    const Node assignment = value.parent();
    if (!function || function->name != "__init__" || function->className.empty() || !assignment.is("assignment") ||
        !(assignment.field("right") == value))
        return alias;
    const Node target = assignment.field("left");
    if (!target.is("attribute") || target.field("object").text() != "self") return alias;
    alias.module = &module;
    alias.className = function->className;
    alias.attribute = std::string(target.field("attribute").text());
    alias.assignment = assignment;
    return alias;
}

/// The one place of a function that names something; null if there are more.
Node onlyUseOf(const Function& function, const std::string& name) {
    Node only;
    size_t uses = 0;
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (!node.is("identifier") || node.text() != name) return true;
        const Node parent = node.parent();
        if (parent.is("attribute") && parent.field("attribute") == node) return true;
        if (parent.is("keyword_argument") && parent.field("name") == node) return true;
        ++uses;
        only = node;
        return true;
    });
    return uses == 1 ? only : Node();
}

/// `def init(db): return db`, also with a name of its own in between.
bool givesBack(const Function& function, const std::string& parameter) {
    const std::vector<Node> statements = function.node.field("body").namedChildren();
    std::string name = parameter;
    for (const Node& statement : statements) {
        if (statement.is("comment") || (statement.is("expression_statement") && statement.namedChild(0).is("string"))) continue;
        if (statement.is("return_statement")) return statement.namedChild(0).text() == name;
        const Node assignment = statement.namedChild(0);
        if (!statement.is("expression_statement") || !assignment.is("assignment") || assignment.field("right").text() != name ||
            !assignment.field("left").is("identifier"))
            return false;
        name = std::string(assignment.field("left").text());
    }
    return false;
}

/// Where a store that module-level or other code hands on ends up: `Parcels(parcels)`, `self.db = init(parcels)`.
Alias aliasAt(const Project& project, const Module& module, Node value) {
    for (int steps = 0; steps < kHandedOn; ++steps) {
        const Alias direct = aliasOfAssignment(module, value);
        if (direct.module) return direct;
        Node argument = value;
        if (argument.parent().is("keyword_argument")) argument = argument.parent();
        const Node call = argument.parent().parent();
        if (!argument.parent().is("argument_list") || !call.is("call")) return {};
        const semantic::Symbol callee = project.resolve(module, call.field("function"));
        if (callee.kind == semantic::Symbol::Kind::Function) {
            const Function* function = callee.module->function(callee.name);
            const std::string parameter = function ? parameterFor(*function, argument, false) : "";
            if (parameter.empty() || !function->decorated.is("function_definition") || !givesBack(*function, parameter)) return {};
            value = call;
            continue;
        }
        if (callee.kind != semantic::Symbol::Kind::Class) return {};
        const Function* init = callee.module->function(callee.name + ".__init__");
        const std::string parameter = init ? parameterFor(*init, argument, true) : "";
        const Node use = parameter.empty() ? Node() : onlyUseOf(*init, parameter);
        Alias alias = use ? aliasOfAssignment(*callee.module, use) : Alias();
        alias.constructions = 1;
        return alias;
    }
    return {};
}

bool isCalledOutsideTests(const Project& project, const Function& method) {
    for (const auto& module : project.modules()) {
        if (semantic::isTestModule(*module)) continue;
        for (const Node& name : module->tree->identifiers(method.name))
            if (!(name == method.node.field("name"))) return true;
    }
    return false;
}

/// Whether anything but the one assignment binds the attribute in a class. Methods that nothing but tests
/// names do not count: `def reset(self): self.db = []`.
bool bindsElsewhere(const Project& project, const Module& module, const semantic::Class& owner, const Alias& alias) {
    bool binds = false;
    syntax::walk(owner.node, [&](const Node& node) {
        const bool binding = node.is("assignment") || node.is("augmented_assignment") || node.is("delete_statement") ||
                             node.is("for_statement");
        if (!binding || node == alias.assignment) return !binds;
        const Node target = node.is("delete_statement") ? node.namedChild(0) : node.field("left");
        const Function* within = module.enclosingFunction(node);
        const bool named = target.text() == alias.attribute ? !within || within->node.ancestor({"class_definition"}) != owner.node
                                                             : target.text() == "self." + alias.attribute ||
                                                                   target.text() == "cls." + alias.attribute;
        binds = binds || (named && (!within || within->name == "__init__" || within->decorated != within->node ||
                                    isCalledOutsideTests(project, *within)));
        return !binds;
    });
    return binds;
}

bool isBoundOnce(const Project& project, const Alias& alias) {
    const semantic::Class* owner = alias.module->classNamed(alias.className);
    if (!owner || bindsElsewhere(project, *alias.module, *owner, alias)) return false;
    const ClassUses uses = usesOfFamily(project, *alias.module, alias.className);
    if (alias.constructions > 0 &&
        (uses.made.size() != alias.constructions || uses.asValue || !uses.injected.empty() || !uses.subclasses.empty()))
        return false;
    return std::none_of(uses.subclasses.begin(), uses.subclasses.end(), [&](const auto& subclass) {
        return bindsElsewhere(project, *subclass.first, *subclass.second, alias);
    });
}

void addReferences(const Project& project, const Module& module, const std::vector<Alias>& aliases) {
    syntax::walk(module.tree->root(), [&](const Node& node) {
        if (!node.is("attribute")) return true;
        const std::string_view name = node.field("attribute").text();
        const bool named = std::any_of(aliases.begin(), aliases.end(),
                                       [&](const Alias& alias) { return alias.attribute == name; });
        const std::string owner = named ? ownerClass(project, module, node.field("object")) : "";
        const Module* defining = owner.empty() ? nullptr : project.module(owner.substr(0, owner.find(':')));
        if (!defining) return true;
        for (const Alias& alias : aliases) {
            if (alias.attribute != name ||
                !derivesFrom(project, *defining, owner.substr(owner.find(':') + 1), alias.classId()))
                continue;
            const Node parent = node.parent();
            if (parent.is("assignment") && parent.field("left") == node) return true;
            std::vector<StoreReference>& references =
                semantic::isTestModule(module) ? alias.store->testReferences : alias.store->references;
            references.push_back({&module, node, module.enclosingFunction(node)});
            return false;
        }
        return true;
    });
}

} // namespace

void collectAliases(const Project& project, std::vector<FoundStore>& stores) {
    std::vector<Alias> aliases;
    for (FoundStore& store : stores) {
        if (!store.className.empty() || !store.namespaceVariable.empty() || store.fact.container == Container::Scalar)
            continue;
        // Several calls may give the store to one class.
        std::map<std::pair<std::string, std::string>, std::pair<Alias, std::vector<Node>>> found;
        for (const StoreReference& reference : store.references) {
            if (!reference.function && reference.node.parent().is("assignment")) continue;
            const Alias alias = aliasAt(project, *reference.module, reference.node);
            if (!alias.module) continue;
            auto& [known, nodes] = found[{alias.classId(), alias.attribute}];
            const size_t constructions = known.constructions + alias.constructions;
            known = alias;
            known.constructions = constructions;
            nodes.push_back(reference.node);
        }
        std::set<const void*> handedOn;
        for (auto& [key, entry] : found) {
            auto& [alias, nodes] = entry;
            if (!isBoundOnce(project, alias)) continue;
            alias.store = &store;
            aliases.push_back(alias);
            for (const Node& node : nodes) handedOn.insert(node.id());
        }
        std::vector<StoreReference>& references = store.references;
        references.erase(std::remove_if(references.begin(), references.end(),
                                        [&](const StoreReference& reference) { return handedOn.count(reference.node.id()) > 0; }),
                         references.end());
        store.isAliased = store.isAliased || !handedOn.empty();
    }
    if (aliases.empty()) return;
    for (const auto& module : project.modules()) addReferences(project, *module, aliases);
    sortReferences(stores);
}

} // namespace covet::facts
