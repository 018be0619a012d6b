#include "facts/store_references.h"

#include <map>
#include <set>

#include "facts/class_uses.h"
#include "facts/reference_context.h"
#include "semantic/test_modules.h"

namespace covet::facts {
namespace {

class ReferenceCollector {
public:
    ReferenceCollector(const Project& project, std::vector<FoundStore>& stores)
        : project_(project), stores_(stores) {
        for (FoundStore& store : stores_) {
            if (!store.className.empty()) byAttribute_[store.variable].push_back(&store);
            else if (store.namespaceVariable.empty()) byVariable_[{store.module, store.variable}] = &store;
            else byNamespace_[{store.module, store.namespaceVariable}].push_back(&store);
            if (store.className.empty())
                names_.insert(store.namespaceVariable.empty() ? store.variable : store.namespaceVariable);
        }
        collectAliases();
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
    void collectAliases() {
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
    std::vector<FoundStore>& stores_;
    std::set<std::string, std::less<>> names_; // that may denote a store of a variable
    std::map<std::pair<const Module*, std::string>, FoundStore*> byVariable_;
    std::map<std::pair<const Module*, std::string>, std::vector<FoundStore*>> byNamespace_;
    std::map<std::string, std::vector<FoundStore*>, std::less<>> byAttribute_;
};

} // namespace

void collectReferences(const Project& project, std::vector<FoundStore>& stores) {
    ReferenceCollector collector(project, stores);
    for (const auto& module : project.modules()) collector.collect(*module);
}

} // namespace covet::facts
