#include "facts/store_references.h"

#include <algorithm>
#include <map>
#include <set>

#include "facts/class_uses.h"
#include "facts/reference_context.h"
#include "semantic/test_modules.h"

namespace covet::facts {
namespace {

/// `members = Member.members` at module level: another name for the container, for good.
struct NameAlias {
    const Module* module = nullptr;
    std::string name;
    FoundStore* store = nullptr;
};

class ReferenceCollector {
public:
    ReferenceCollector(const Project& project, std::vector<FoundStore>& stores) : project_(project) {
        for (FoundStore& store : stores) {
            if (!store.className.empty()) byAttribute_[store.variable].push_back(&store);
            else if (store.namespaceVariable.empty()) byVariable_[{store.module, store.variable}] = &store;
            else byNamespace_[{store.module, store.namespaceVariable}].push_back(&store);
            if (store.className.empty())
                names_.insert(store.namespaceVariable.empty() ? store.variable : store.namespaceVariable);
        }
        collectImportedNames();
    }

    ReferenceCollector(const Project& project, const std::vector<NameAlias>& aliases)
        : project_(project), ofAliases_(true) {
        for (const NameAlias& alias : aliases) {
            byVariable_[{alias.module, alias.name}] = alias.store;
            names_.insert(alias.name);
        }
        collectImportedNames();
    }

    void collect(const Module& module) {
        syntax::walk(module.tree->root(), [&](const Node& node) {
            if (node.is("import_statement") || node.is("import_from_statement") ||
                node.is("global_statement") || node.is("nonlocal_statement"))
                return false;
            if (node.is("keyword_argument")) {
                visitBelow(module, node.field("value"));
                return false;
            }
            return visit(module, node);
        });
    }

private:
    /// Names under which imports bind stores, through any number of modules.
    void collectImportedNames() {
        for (bool grown = !names_.empty(); grown;) {
            grown = false;
            for (const auto& module : project_.modules())
                for (const auto& [local, binding] : module->imports)
                    if (names_.count(binding.name) && names_.insert(local).second) grown = true;
        }
    }

    void visitBelow(const Module& module, const Node& root) {
        syntax::walk(root, [&](const Node& node) { return visit(module, node); });
    }

    bool visit(const Module& module, const Node& node) {
        if (node.is("attribute")) {
            if (FoundStore* store = attributeStore(module, node)) {
                add(*store, module, node);
                return false;
            }
            // Most names of a project are no store's; resolving them all would take most of the time.
            if (names_.count(node.field("attribute").text())) {
                semantic::Symbol symbol = project_.resolve(module, node);
                if (symbol.kind == semantic::Symbol::Kind::Variable && lookUp(symbol, module, node)) return false;
            }
            visitBelow(module, node.field("object"));
            return false;
        }
        if (!node.is("identifier")) return true;
        if (!names_.count(node.text())) return false;
        semantic::Symbol symbol = project_.resolve(module, node);
        if (symbol.kind == semantic::Symbol::Kind::Variable) lookUp(symbol, module, node);
        return false;
    }

    bool lookUp(const semantic::Symbol& symbol, const Module& module, const Node& node) {
        auto plain = byVariable_.find({symbol.module, symbol.name});
        if (ofAliases_ && plain != byVariable_.end() && isBinding(module, node)) return true;
        if (plain != byVariable_.end()) {
            add(*plain->second, module, node);
            return true;
        }
        auto spaced = byNamespace_.find({symbol.module, symbol.name});
        if (spaced == byNamespace_.end()) return false;
        Node parent = node.parent();
        Node key = parent.is("subscript") && parent.field("value") == node ? parent.field("subscript") : Node{};
        bool known = false;
        for (FoundStore* store : spaced->second)
            if (key.is("string") && key.namedChildCount() >= 2 && key.namedChild(1).text() == store->variable) {
                add(*store, module, parent);
                known = true;
            }
        // Any other use of the namespace touches all of its stores.
        if (!known && !isDefinition(spaced->second.front(), node))
            for (FoundStore* store : spaced->second) add(*store, module, node);
        return true;
    }

    static bool isBinding(const Module& module, const Node& node) {
        return node.parent().is("assignment") && node.parent().field("left") == node && !module.enclosingFunction(node);
    }

    static bool isDefinition(const FoundStore* store, const Node& node) {
        return store->definition.tree() == node.tree() && store->definition.contains(node);
    }

    FoundStore* attributeStore(const Module& module, const Node& node) {
        auto found = byAttribute_.find(node.field("attribute").text());
        if (found == byAttribute_.end()) return nullptr;
        std::string owner = ownerClass(project_, module, node.field("object"));
        if (owner.empty()) return nullptr;
        for (FoundStore* store : found->second)
            if (store->module->name + ":" + store->className == owner) return store;
        const Module* defining = project_.module(owner.substr(0, owner.find(':')));
        if (!defining) return nullptr;
        for (FoundStore* store : found->second)
            if (derivesFrom(project_, *defining, owner.substr(owner.find(':') + 1),
                            store->module->name + ":" + store->className))
                return store;
        return nullptr;
    }

    void add(FoundStore& store, const Module& module, const Node& node) {
        if (isDefinition(&store, node) && store.definition.tree() == module.tree.get()) {
            if (!store.className.empty() || !module.enclosingFunction(node)) return;
        }
        std::vector<StoreReference>& references =
            semantic::isTestModule(module) ? store.testReferences : store.references;
        references.push_back({&module, node, module.enclosingFunction(node)});
    }

    const Project& project_;
    const bool ofAliases_ = false;
    std::set<std::string, std::less<>> names_; // that may denote a store of a variable
    std::map<std::pair<const Module*, std::string>, FoundStore*> byVariable_;
    std::map<std::pair<const Module*, std::string>, std::vector<FoundStore*>> byNamespace_;
    std::map<std::string, std::vector<FoundStore*>, std::less<>> byAttribute_;
};

/// The alias that a reference makes; one without a store for anything else.
NameAlias aliasAt(const StoreReference& reference) {
    NameAlias alias;
    const Node assignment = reference.node.parent();
    if (reference.function || !assignment.is("assignment") || !(assignment.field("right") == reference.node) ||
        !assignment.parent().is("expression_statement") || !assignment.parent().parent().is("module"))
        return alias;
    const Node target = assignment.field("left");
    const std::string name(target.text());
    const auto bound = reference.module->assignments.find(name);
    if (!target.is("identifier") || bound == reference.module->assignments.end() || bound->second.size() != 1) return alias;
    bool rebinds = false;
    syntax::walk(reference.module->tree->root(), [&](const Node& node) {
        if (node.is("global_statement"))
            for (const Node& global : node.namedChildren()) rebinds = rebinds || global.text() == name;
        return !rebinds;
    });
    if (rebinds) return alias;
    alias.module = reference.module;
    alias.name = name;
    return alias;
}

/// Takes the references that only give a store another name out of its references.
std::vector<NameAlias> takeAliases(std::vector<FoundStore>& stores) {
    std::vector<NameAlias> aliases;
    for (FoundStore& store : stores) {
        if (store.fact.container == Container::Scalar) continue; // a number is copied
        auto isAlias = [&](const StoreReference& reference) {
            NameAlias alias = aliasAt(reference);
            if (!alias.module) return false;
            alias.store = &store;
            aliases.push_back(std::move(alias));
            return true;
        };
        const size_t before = aliases.size();
        store.references.erase(std::remove_if(store.references.begin(), store.references.end(), isAlias), store.references.end());
        store.isAliased = store.isAliased || aliases.size() > before;
    }
    return aliases;
}

} // namespace

void sortReferences(std::vector<FoundStore>& stores) {
    for (FoundStore& store : stores)
        std::sort(store.references.begin(), store.references.end(), [](const StoreReference& a, const StoreReference& b) {
            return a.module != b.module ? a.module->path() < b.module->path() : a.node.start() < b.node.start();
        });
}

void collectReferences(const Project& project, std::vector<FoundStore>& stores) {
    ReferenceCollector collector(project, stores);
    for (const auto& module : project.modules()) collector.collect(*module);
    bool anyAlias = false;
    for (std::vector<NameAlias> aliases = takeAliases(stores); !aliases.empty(); aliases = takeAliases(stores)) {
        anyAlias = true;
        ReferenceCollector further(project, aliases);
        for (const auto& module : project.modules()) further.collect(*module);
    }
    if (anyAlias) sortReferences(stores);
}

} // namespace covet::facts
