#include "rules/store/definitions.h"

#include <algorithm>
#include <memory>

#include "support/strings.h"

namespace covet::rules {
namespace {

using facts::FoundStore;
using semantic::Module;

/// `with open(...) as f: data = json.load(f)` goes as a whole.
Node wholeStatement(const FoundStore& store) {
    Node with = store.definition.parent().parent();
    return store.className.empty() && with.is("with_statement") ? with : store.definition;
}

/// The statement of the module itself that holds a node.
Node moduleStatement(Node node) {
    while (node && !node.parent().is("module")) node = node.parent();
    return node;
}

class Definitions {
    using Names = std::set<std::string>;

public:
    Definitions(MigrationContext& context, const StoreAccess& access, const Proxies& proxies,
                const std::set<const FoundStore*>& started)
        : context_(context), access_(access), proxies_(proxies), started_(started) {}

    void replace(const FoundStore& store) {
        ModuleRewrite& rewrite = context_.rewrite(*store.module);
        if (!started_.count(&store))
            for (const Node& statement : store.buildStatements)
                if (!(statement == store.definition)) drop(*store.module, statement);
        auto proxy = proxies_.find(&store);
        if (proxy == proxies_.end()) {
            remove(rewrite, store);
            return;
        }
        const std::string bridge = context_.importPath(*store.module, context_.bridgeModule);
        rewrite.requireImport(bridge, proxy->second.maker);
        const std::string models = context_.importPath(*store.module, context_.modelsModule);
        rewrite.requireImport(models, proxy->second.model);
        for (const std::string& maker : proxy->second.furtherMakers) rewrite.requireImport(bridge, maker);
        for (const std::string& model : proxy->second.furtherModels) rewrite.requireImport(models, model);
        for (const auto& [module, call] : store.aliasCalls)
            context_.rewrite(*module).replace(call, reachProxy(context_, *module, store, proxy->second));
        if (!store.made.isNull()) {
            giveToObject(rewrite, store, proxy->second);
            return;
        }
        if (store.className.empty()) {
            if (Node handler = handlerAbove(store)) defineBefore(store, handler, proxy->second);
            else define(rewrite, store, proxy->second.definition);
            return;
        }
        linesBefore(*store.module, firstUse(store)).push_back(proxy->second.name + " = " + proxy->second.definition);
        define(rewrite, store, proxy->second.name);
    }

    void finish() {
        for (auto& [place, entry] : before_) {
            const bool isDefinition = !entry.first.is("expression_statement");
            if (isDefinition) entry.second.insert(entry.second.end(), {"", ""});
            context_.rewrite(*place.first).insertBefore(entry.first, entry.second);
        }
        for (const auto& [place, given] : given_)
            context_.rewrite(*place.first).wrap(given.first, "on_tables(", ", " + join(given.second, ", ") + ")");
        for (const auto& [module, names] : dropped_)
            for (const std::string& name : names) context_.rewrite(*module).dropImportIfUnused(name);
    }

    /// Removes a statement; imports that only it needed go too.
    void drop(const Module& module, const Node& statement) {
        ModuleRewrite& rewrite = context_.rewrite(module);
        if (rewrite.isRemoved(statement)) return;
        rewrite.remove(statement);
        noteImports(module, statement);
    }

private:
    std::vector<std::string>& linesBefore(const Module& module, const Node& statement) {
        auto& entry = before_[{&module, statement.start()}];
        entry.first = statement;
        return entry.second;
    }

    /// The statement of its module in front of which the proxy of an attribute store is made.
    Node firstUse(const FoundStore& store) const {
        if (store.isOfClass()) {
            const Node owner = store.definition.ancestor({"class_definition"});
            return owner.parent().is("decorated_definition") ? owner.parent() : owner;
        }
        Node first = moduleStatement(store.definition);
        if (const Node handler = handlerAbove(store); handler && handler.start() < first.start()) first = handler;
        return first;
    }

    /// `users = Repository()`: it makes its own containers, and gets the stores in their place.
    void giveToObject(ModuleRewrite& rewrite, const FoundStore& store, const Proxy& proxy) {
        linesBefore(*store.module, firstUse(store)).push_back(proxy.name + " = " + proxy.definition);
        rewrite.requireImport(context_.importPath(*store.module, context_.bridgeModule), "on_tables");
        auto& [made, stores] = given_[{store.module, store.made.start()}];
        made = store.made;
        stores.push_back(attributeOf(store) + "=" + proxy.name);
    }

    /// Python writes the class in front of names that are private to it.
    static std::string attributeOf(const FoundStore& store) {
        if (!startsWith(store.variable, "__")) return store.variable;
        const std::string owner = store.classId.substr(store.classId.find(':') + 1);
        return "_" + owner.substr(owner.find_first_not_of('_')) + store.variable;
    }

    /// Handlers find a store when they are called, but the decorator that opens it finds it at import.
    Node handlerAbove(const FoundStore& store) const {
        Node first;
        if (!store.namespaceVariable.empty() || !store.definition.parent().is("module")) return first;
        for (const Handler& handler : context_.handlers) {
            if (handler.module != store.module || !handler.rewritten) continue;
            const std::vector<const FoundStore*> opened = access_.storesOf(*handler.function);
            if (std::find(opened.begin(), opened.end(), &store) == opened.end()) continue;
            Node statement = moduleStatement(handler.function->node);
            if (statement && statement.start() < store.definition.start() &&
                (first.isNull() || statement.start() < first.start()))
                first = statement;
        }
        return first;
    }

    void defineBefore(const FoundStore& store, const Node& statement, const Proxy& proxy) {
        remove(context_.rewrite(*store.module), store);
        linesBefore(*store.module, statement).push_back(store.variable + " = " + proxy.definition);
    }

    void noteImports(const Module& module, const Node& code) {
        syntax::walk(code, [&](const Node& node) {
            if (node.is("identifier") && module.imports.count(std::string(node.text())))
                dropped_[&module].insert(std::string(node.text()));
            return true;
        });
    }

    const std::shared_ptr<Names>& goneOf(const Node& statement) {
        std::shared_ptr<Names>& gone = pairs_[statement.id()];
        if (!gone) gone = std::make_shared<Names>();
        return gone;
    }

    /// A statement that defines this store alone goes; of `a, b = [], 0` one pair goes.
    void remove(ModuleRewrite& rewrite, const FoundStore& store) {
        if (!store.namespaceVariable.empty()) return; // the other entries may stay
        Node assignment = store.definition.namedChild(0);
        Node targets = assignment.field("left");
        if (!targets.is("pattern_list") && !targets.is("tuple_pattern")) {
            drop(*store.module, wholeStatement(store));
            return;
        }
        const std::shared_ptr<Names>& gone = goneOf(store.definition);
        gone->insert(store.variable);
        noteImports(*store.module, store.initialValue);
        if (gone->size() == targets.namedChildren().size()) {
            rewrite.remove(store.definition);
            return;
        }
        if (gone->size() > 1) return;
        rewrite.replace(assignment, [assignment, gone](const ModuleRewrite& inner) {
            std::vector<std::string> names, values;
            std::vector<Node> left = assignment.field("left").namedChildren();
            std::vector<Node> right = assignment.field("right").namedChildren();
            for (size_t i = 0; i < left.size() && i < right.size(); ++i) {
                if (gone->count(std::string(left[i].text()))) continue;
                names.push_back(inner.render(left[i]));
                values.push_back(inner.render(right[i]));
            }
            return join(names, ", ") + " = " + join(values, ", ");
        });
    }

    void define(ModuleRewrite& rewrite, const FoundStore& store, const std::string& definition) {
        if (!store.fact.madeAtStart && !started_.count(&store)) noteImports(*store.module, store.initialValue);
        Node assignment = store.definition.namedChild(0);
        Node type = assignment.field("type");
        if (store.namespaceVariable.empty() && !type.isNull()) {
            noteImports(*store.module, type);
            rewrite.replace(assignment, std::string(assignment.field("left").text()) + " = " + definition);
        } else if (wholeStatement(store) == store.definition) {
            rewrite.replace(store.initialValue, definition);
        } else {
            noteImports(*store.module, wholeStatement(store));
            rewrite.replace(wholeStatement(store), store.variable + " = " + definition);
        }
    }

    MigrationContext& context_;
    const StoreAccess& access_;
    const Proxies& proxies_;
    const std::set<const FoundStore*>& started_;
    /// Renderers outlive this object and see names that are added later.
    std::map<const void*, std::shared_ptr<Names>> pairs_;
    std::map<std::pair<const Module*, size_t>, std::pair<Node, std::vector<std::string>>> before_;
    std::map<const Module*, std::set<std::string>> dropped_;
    /// Calls that make objects, and the stores that these get.
    std::map<std::pair<const Module*, size_t>, std::pair<Node, std::vector<std::string>>> given_;
};

/// Other modules' `from store import users_db`, where the name is gone.
void dropImports(MigrationContext& context, const FoundStore& store) {
    if (!store.className.empty() || !store.namespaceVariable.empty()) return;
    for (const auto& module : context.project().modules()) {
        if (module.get() == store.module || isTestModule(*module)) continue;
        for (const auto& [name, binding] : module->imports) {
            semantic::Symbol symbol = context.project().resolveGlobal(*module, name);
            if (symbol.kind == semantic::Symbol::Kind::Variable && symbol.module == store.module &&
                symbol.name == store.variable)
                context.rewrite(*module).dropImportIfUnused(name);
            else if (symbol.kind == semantic::Symbol::Kind::Module && symbol.module == store.module)
                context.rewrite(*module).dropImportIfUnused(name);
        }
    }
}

} // namespace

void replaceDefinitions(MigrationContext& context, const std::vector<const FoundStore*>& stores,
                        const StoreAccess& access, const Proxies& proxies,
                        const std::set<const FoundStore*>& started,
                        const std::vector<std::pair<const Module*, Node>>& seeding) {
    Definitions definitions(context, access, proxies, started);
    for (const FoundStore* store : stores) {
        definitions.replace(*store);
        if (!proxies.count(store)) dropImports(context, *store);
    }
    for (const auto& [module, statement] : seeding) definitions.drop(*module, statement);
    definitions.finish();
}

} // namespace covet::rules
