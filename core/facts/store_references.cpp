#include "facts/store_references.h"

#include <algorithm>
#include <map>
#include <set>

#include "facts/class_uses.h"
#include "facts/object_class.h"
#include "facts/reference_context.h"
#include "facts/store_candidates.h"
#include "semantic/test_modules.h"
#include "support/words.h"

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
            if (store.owner == Owner::Class) byAttribute_[store.variable].push_back(&store);
            else if (store.owner != Owner::None) continue; // object_stores.h finds those
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
            const std::vector<FoundStore*> denoted = attributeStores(module, node);
            for (FoundStore* store : denoted) add(*store, module, node);
            if (!denoted.empty()) return false;
            // Most names of a project are no store's; resolving them all would take most of the time.
            if (names_.count(node.field("attribute").text())) {
                const semantic::Symbol& symbol = project_.resolve(module, node);
                if (symbol.kind == semantic::Symbol::Kind::Variable && lookUp(symbol, module, node)) return false;
            }
            visitBelow(module, node.field("object"));
            return false;
        }
        if (!node.is("identifier")) return true;
        if (!names_.count(node.text()) || isOfClassBody(node)) return false;
        const semantic::Symbol& symbol = project_.resolve(module, node);
        if (symbol.kind == semantic::Symbol::Kind::Variable) lookUp(symbol, module, node);
        return false;
    }

    /// `accounts: list[Account] = field(...)` in a class gives the class a name of its own.
    static bool isOfClassBody(const Node& node) {
        const Node assignment = node.parent(), block = assignment.parent().parent();
        return assignment.is("assignment") && assignment.field("left") == node && block.is("block") && block.parent().is("class_definition");
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

    /// Several where objects of one class have stores of their own: `self._items` in a method of theirs.
    std::vector<FoundStore*> attributeStores(const Module& module, const Node& node) {
        auto found = byAttribute_.find(node.field("attribute").text());
        if (found == byAttribute_.end()) return {};
        const std::string owner = ownerClass(project_, module, node.field("object"));
        if (owner.empty()) return {};
        std::vector<FoundStore*> denoted;
        for (FoundStore* store : found->second)
            if (!store->made.isNull() && isOrDerives(store->madeClass, owner)) denoted.push_back(store);
        if (denoted.size() > 1) {
            const GivenValue object = givenValue(project_, module, node.field("object"));
            for (FoundStore* store : denoted)
                if (object.module && object.value == store->made) return {store};
        }
        if (!denoted.empty()) return denoted;
        // `cls._rows` is that of whichever class of the family is asked.
        const std::string_view object = node.field("object").text();
        if (object == "cls" || object == "self" || object == "type(self)" || object == "self.__class__")
            for (FoundStore* store : found->second)
                if (!store->family.empty() && isOrDerives(store->classId, owner)) denoted.push_back(store);
        if (denoted.size() > 1) return denoted;
        auto isMeant = [&](const FoundStore& store) {
            return store.made.isNull() && (!store.isOfClassAlone || denotesClass(project_, module, node.field("object")));
        };
        for (FoundStore* store : found->second)
            if (store->classId == owner && isMeant(*store)) return {store};
        for (FoundStore* store : found->second)
            if (isOrDerives(owner, store->classId) && isMeant(*store)) return {store};
        return {};
    }

    bool isOrDerives(const std::string& classId, const std::string& baseId) const {
        if (classId == baseId) return true;
        const Module* module = project_.module(classId.substr(0, classId.find(':')));
        return module && derivesFrom(project_, *module, classId.substr(classId.find(':') + 1), baseId);
    }

    void add(FoundStore& store, const Module& module, const Node& node) {
        const bool makes = !store.classStatement.isNull() && store.classStatement.tree() == node.tree() &&
                           store.classStatement.contains(node);
        if (makes || (isDefinition(&store, node) && store.definition.tree() == module.tree.get())) {
            if (makes || !store.className.empty() || !module.enclosingFunction(node)) return;
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

/// `len(repo)`, `for one in list(repo)`: Python calls the method of the class for it, which is read as any other.
bool isOperatorCall(const Project& project, const Module& module, const Node& callee, const Node& object) {
    static constexpr Words kPlain = {"len", "bool", "isinstance", "id", "type", "hash"};
    static constexpr Words kIterating = {"list", "tuple", "set", "iter", "sorted", "sum", "any",
                                         "all",  "max",   "min", "enumerate", "reversed"};
    if (!callee.is("identifier") || project.resolve(module, callee).kind != semantic::Symbol::Kind::Unknown) return false;
    if (kPlain.count(callee.text())) return true;
    const std::string owner = kIterating.count(callee.text()) ? ownerClass(project, module, object) : "";
    const Module* home = owner.empty() ? nullptr : project.module(owner.substr(0, owner.find(':')));
    return home && home->function(owner.substr(owner.find(':') + 1) + ".__iter__");
}

/// Whether an object goes to code that looks at all of it: `return state`, `asdict(state)`, `state.model_dump()`.
bool isLookedThrough(const Project& project, const Module& module, const Node& name) {
    static constexpr Words kWhole = {"__dict__", "model_dump", "model_dump_json", "dict", "json", "copy", "model_copy"};
    const Node parent = name.parent();
    if (parent.is("attribute")) return parent.field("object") == name && kWhole.count(parent.field("attribute").text()) > 0;
    if (parent.is("return_statement")) {
        const Function* within = module.enclosingFunction(name);
        return within && within->decorated.is("decorated_definition"); // a handler
    }
    if (!parent.is("argument_list")) return parent.is("dictionary_splat") || parent.is("pair") || parent.is("list");
    const Node callee = parent.parent().field("function");
    if (isOperatorCall(project, module, callee, name)) return false;
    const semantic::Symbol& symbol = project.resolve(module, callee);
    const bool isOwn = symbol.kind == semantic::Symbol::Kind::Function || symbol.kind == semantic::Symbol::Kind::Class;
    return !isOwn && !callee.is("attribute");
}

/// Notes where objects that have stores of their own are looked at as a whole.
void noteWholeUses(const Project& project, std::vector<FoundStore>& stores) {
    for (FoundStore& store : stores) {
        const Node assignment = store.made.parent();
        const Node target = !store.made.isNull() && assignment.is("assignment") ? assignment.field("left") : Node();
        if (!target.is("identifier")) continue;
        for (const auto& module : project.modules()) {
            if (semantic::isTestModule(*module)) continue;
            for (const Node& name : module->tree->identifiers(target.text())) {
                if (name.parent().is("attribute") && name.parent().field("attribute") == name) continue;
                const semantic::Symbol& symbol = project.resolve(*module, name);
                if (symbol.kind == semantic::Symbol::Kind::Variable && symbol.module == store.module && isLookedThrough(project, *module, name))
                    store.references.push_back({module.get(), name, module->enclosingFunction(name)});
            }
        }
    }
}

/// What a call of module level gives that only hands a store back: `repository.all()` of
/// `def all(self): return self._rows`.
Node handedBack(const Project& project, const Module& module, const Node& call) {
    const Node callee = call.field("function");
    const semantic::Symbol& symbol = project.resolve(module, callee);
    const Function* function = symbol.kind == semantic::Symbol::Kind::Function && symbol.module ? symbol.module->function(symbol.name) : nullptr;
    if (!function && callee.is("attribute")) {
        const std::string owner = ownerClass(project, module, callee.field("object"));
        const Module* home = owner.empty() ? nullptr : project.module(owner.substr(0, owner.find(':')));
        std::string name = owner.substr(owner.find(':') + 1);
        for (int step = 0; home && !function && step < 8; ++step) {
            function = home->function(name + "." + std::string(callee.field("attribute").text()));
            const semantic::Class* known = home->classNamed(name);
            if (function || !known || known->bases.empty()) break;
            const semantic::Symbol base = project.resolveGlobal(*home, known->bases[0].substr(0, known->bases[0].find('[')));
            home = base.kind == semantic::Symbol::Kind::Class ? base.module : nullptr;
            name = base.name;
        }
    }
    if (!function || function->isAsync) return {};
    Node returned;
    for (const Node& statement : function->node.field("body").namedChildren()) {
        if (statement.is("comment") || (statement.is("expression_statement") && statement.namedChild(0).is("string"))) continue;
        if (!statement.is("return_statement") || returned) return {};
        returned = statement.namedChild(0);
    }
    return returned;
}

/// Which of the stores that a method works on the object of a call has; nullptr if that does not show.
FoundStore* storeOfCall(const Project& project, const Module& module, const Node& call, const std::vector<FoundStore*>& stores) {
    if (stores.size() == 1) return stores[0];
    const Node object = call.field("function").field("object");
    const GivenValue given = givenValue(project, module, object);
    const std::string owner = ownerClass(project, module, object);
    const Module* home = owner.empty() ? nullptr : project.module(owner.substr(0, owner.find(':')));
    FoundStore* found = nullptr;
    for (FoundStore* store : stores) {
        const bool keeps = store->made.isNull() ? home && std::any_of(store->keepers.begin(), store->keepers.end(), [&](const FoundStore::Keeper& keeper) {
                               return derivesFrom(project, *home, owner.substr(owner.find(':') + 1), keeper.classId);
                           })
                                                : given.module && given.value == store->made;
        if (keeps && found) return nullptr;
        if (keeps) found = store;
    }
    return found;
}

/// `products = repository.all()` at module level, where that hands the container itself back.
std::vector<NameAlias> takeCallAliases(const Project& project, std::vector<FoundStore>& stores) {
    std::map<const void*, std::vector<FoundStore*>> byReference;
    for (FoundStore& store : stores)
        if (store.fact.container != Container::Scalar)
            for (const StoreReference& reference : store.references) byReference[reference.node.id()].push_back(&store);
    std::vector<NameAlias> aliases;
    for (const auto& module : project.modules()) {
        if (semantic::isTestModule(*module)) continue;
        for (const auto& [name, statements] : module->assignments) {
            const Node call = statements.size() == 1 ? statements[0].namedChild(0).field("right") : Node();
            if (!call.is("call")) continue;
            const auto given = byReference.find(handedBack(project, *module, call).id());
            FoundStore* only = given == byReference.end() ? nullptr : storeOfCall(project, *module, call, given->second);
            if (!only) continue;
            FoundStore& store = *only;
            const bool isKnown = std::any_of(store.aliasCalls.begin(), store.aliasCalls.end(), [&](const auto& known) { return known.second == call; });
            NameAlias alias = isKnown ? NameAlias() : aliasAt({module.get(), call, nullptr});
            if (!alias.module) continue;
            alias.store = &store;
            store.isAliased = true;
            store.aliasCalls.emplace_back(module.get(), call);
            aliases.push_back(std::move(alias));
        }
    }
    return aliases;
}

} // namespace

void collectNameAliases(const Project& project, std::vector<FoundStore>& stores) {
    auto take = [&] {
        std::vector<NameAlias> aliases = takeAliases(stores);
        for (NameAlias& alias : takeCallAliases(project, stores)) aliases.push_back(std::move(alias));
        return aliases;
    };
    bool any = false;
    for (std::vector<NameAlias> aliases = take(); !aliases.empty(); aliases = take()) {
        any = true;
        ReferenceCollector further(project, aliases);
        for (const auto& module : project.modules()) further.collect(*module);
    }
    if (any) sortReferences(stores);
}

void sortReferences(std::vector<FoundStore>& stores) {
    for (FoundStore& store : stores)
        std::sort(store.references.begin(), store.references.end(), [](const StoreReference& a, const StoreReference& b) {
            return a.module != b.module ? a.module->path() < b.module->path() : a.node.start() < b.node.start();
        });
}

void collectReferences(const Project& project, std::vector<FoundStore>& stores) {
    ReferenceCollector collector(project, stores);
    for (const auto& module : project.modules()) collector.collect(*module);
    noteWholeUses(project, stores);
    collectNameAliases(project, stores);
}

} // namespace covet::facts
