#include "facts/store_aliases.h"

#include <algorithm>

#include "facts/class_uses.h"
#include "facts/reference_context.h"
#include "facts/store_references.h"
#include "semantic/test_modules.h"

namespace covet::facts {
namespace {

struct Alias {
    const Module* module = nullptr; // of the class
    std::string className;
    std::string attribute;
    FoundStore* store = nullptr;

    std::string classId() const { return module->name + ":" + className; }
};

/// `self.db = parcels` in `__init__`; an alias without a store for anything else.
Alias aliasAt(const StoreReference& reference) {
    Alias alias;
    const Node assignment = reference.node.parent();
    const Function* function = reference.function;
    if (!function || function->name != "__init__" || function->className.empty() || !assignment.is("assignment") ||
        !(assignment.field("right") == reference.node))
        return alias;
    const Node target = assignment.field("left");
    if (!target.is("attribute") || target.field("object").text() != "self") return alias;
    alias.module = reference.module;
    alias.className = function->className;
    alias.attribute = std::string(target.field("attribute").text());
    return alias;
}

/// Whether anything but the one assignment binds the attribute in a class.
bool bindsElsewhere(const semantic::Class& owner, const std::string& attribute, const Node& known) {
    bool binds = false;
    syntax::walk(owner.node, [&](const Node& node) {
        const bool binding = node.is("assignment") || node.is("augmented_assignment") || node.is("delete_statement") ||
                             node.is("for_statement");
        const Node target = node.is("delete_statement") ? node.namedChild(0) : node.field("left");
        const std::string_view text = binding ? target.text() : std::string_view();
        binds = binds || ((text == attribute || text == "self." + attribute || text == "cls." + attribute) && !(node == known));
        return !binds;
    });
    return binds;
}

bool isBoundOnce(const Project& project, const Alias& alias, const Node& assignment) {
    const semantic::Class* owner = alias.module->classNamed(alias.className);
    if (!owner || bindsElsewhere(*owner, alias.attribute, assignment)) return false;
    const ClassUses uses = usesOfFamily(project, *alias.module, alias.className);
    return std::none_of(uses.subclasses.begin(), uses.subclasses.end(), [&](const auto& subclass) {
        return bindsElsewhere(*subclass.second, alias.attribute, assignment);
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
        auto isAlias = [&](const StoreReference& reference) {
            Alias alias = aliasAt(reference);
            if (!alias.module || !isBoundOnce(project, alias, reference.node.parent())) return false;
            alias.store = &store;
            aliases.push_back(std::move(alias));
            return true;
        };
        std::vector<StoreReference>& references = store.references;
        const size_t before = aliases.size();
        references.erase(std::remove_if(references.begin(), references.end(), isAlias), references.end());
        store.isAliased = store.isAliased || aliases.size() > before;
    }
    if (aliases.empty()) return;
    for (const auto& module : project.modules()) addReferences(project, *module, aliases);
    sortReferences(stores);
}

} // namespace covet::facts
