#include "facts/store_aliases.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "facts/class_uses.h"
#include "facts/passed_values.h"
#include "facts/reference_context.h"
#include "facts/store_references.h"
#include "semantic/module_index.h"
#include "semantic/test_modules.h"

namespace covet::facts {
namespace {

/// Calls through which a store is followed.
constexpr int kHandedOn = 3;
constexpr int kBases = 8;

struct Alias {
    const Module* module = nullptr; // of the class
    std::string className;
    std::string attribute;
    FoundStore* store = nullptr;
    Node target;                     // the attribute where it is bound
    std::vector<Node> constructions; // calls of the class that were given the store; none: it names the store itself
    const Function* unlessGiven = nullptr; // the `__init__` that takes the store where no call gives it another one:
    std::string parameter;                 // `def __init__(self, db=users)`, `self.db = db or users`
    std::vector<Node> others;        // what else the `__init__` does with the parameter
    std::string objectClass;         // "module:Class" that gives it to its base: `super().__init__(users)`; "" for others

    std::string classId() const { return module->name + ":" + className; }
};

/// `db = users` in the body of a class.
Alias aliasOfClassBody(const Module& module, const Node& value) {
    Alias alias;
    const Node assignment = value.parent(), target = assignment.field("left"), owner = assignment.parent().parent().parent();
    if (!assignment.is("assignment") || !(assignment.field("right") == value) || !target.is("identifier") || !owner.is("class_definition") ||
        !module.classNamed(owner.field("name").text()))
        return alias;
    alias.module = &module;
    alias.className = std::string(owner.field("name").text());
    alias.attribute = std::string(target.text());
    alias.target = target;
    return alias;
}

/// `self.db = value` in `__init__`; an alias without a store for anything else.
Alias aliasOfAssignment(const Module& module, const Node& value) {
    Alias alias;
    const Function* function = module.enclosingFunction(value);
    if (!function) return aliasOfClassBody(module, value);
    const bool isOneOfSeveral = value.parent().is("expression_list");
    const Node given = isOneOfSeveral ? value.parent() : value;
    const Node assignment = given.parent();
    if (!function || function->name != "__init__" || function->className.empty() || !assignment.is("assignment") ||
        !(assignment.field("right") == given))
        return alias;
    Node target = assignment.field("left");
    if (isOneOfSeveral) { // `self.db, self.log = db, []`
        const std::vector<Node> targets = target.namedChildren(), values = given.namedChildren();
        const size_t place = std::find(values.begin(), values.end(), value) - values.begin();
        if (!target.is("pattern_list") || targets.size() != values.size()) return alias;
        target = targets[place];
    }
    if (!target.is("attribute") || target.field("object").text() != "self") return alias;
    alias.module = &module;
    alias.className = function->className;
    alias.attribute = std::string(target.field("attribute").text());
    alias.target = target;
    return alias;
}

/// The attribute that an `__init__` gives its parameter; none if it is bound anew, or kept in several places.
Alias aliasOfParameter(const Module& module, const Function& init, const std::string& name) {
    Alias kept;
    std::vector<Node> others;
    bool once = !name.empty();
    syntax::walk(init.node.field("body"), [&](const Node& node) {
        if (!node.is("identifier") || node.text() != name) return once;
        const Node parent = node.parent();
        if (parent.is("attribute") && parent.field("attribute") == node) return once;
        if (parent.is("keyword_argument") && parent.field("name") == node) return once;
        const bool isTarget = (parent.is("assignment") || parent.is("augmented_assignment") || parent.is("for_statement")) && parent.field("left") == node;
        Alias alias = aliasOfAssignment(module, node);
        once = once && !isTarget && !parent.is("delete_statement") && !parent.is("pattern_list") && !parent.is("global_statement") &&
               module.enclosingFunction(node) == &init && !(alias.module && kept.module);
        if (alias.module) kept = std::move(alias);
        else others.push_back(node);
        return once;
    });
    if (!once || !kept.module) return {};
    kept.others = std::move(others);
    return kept;
}

/// The parameter that stands before a store: `db or users`, `db if db is not None else users`, `users if db is None else db`.
std::string parameterBefore(const Node& choice, const Node& value) {
    const std::vector<Node> parts = choice.namedChildren();
    if (choice.is("boolean_operator"))
        return choice.field("operator").text() == "or" && parts.size() == 2 && parts[1] == value && parts[0].is("identifier") ? std::string(parts[0].text()) : "";
    if (!choice.is("conditional_expression") || parts.size() != 3) return "";
    const std::string condition(parts[1].text());
    const Node given = parts[2] == value ? parts[0] : parts[2];
    const std::string name(given.text());
    if (!given.is("identifier")) return "";
    if (parts[2] == value) return condition == name || condition == name + " is not None" ? name : "";
    return parts[0] == value && (condition == "not " + name || condition == name + " is None") ? name : "";
}

/// `self.db = db or users`, `def __init__(self, db=users): self.db = db`.
Alias aliasUnlessGiven(const Module& module, const Node& value) {
    const Node parent = value.parent();
    if (const Function* init = module.enclosingFunction(value)) {
        const std::string name = parameterBefore(parent, value);
        Alias alias = name.empty() ? Alias() : aliasOfAssignment(module, parent);
        for (const Node& parameter : init->node.field("parameters").namedChildren())
            if (alias.module && semantic::parameterName(parameter) == name && parameter.field("value").text() == "None") {
                alias.unlessGiven = init;
                alias.parameter = name;
                return alias;
            }
    }
    if ((!parent.is("default_parameter") && !parent.is("typed_default_parameter")) || !(parent.field("value") == value)) return {};
    const Node definition = parent.parent().parent();
    for (const Function& init : module.functions) {
        if (!(init.node == definition) || init.name != "__init__" || init.className.empty()) continue;
        Alias alias = aliasOfParameter(module, init, semantic::parameterName(parent));
        alias.unlessGiven = &init;
        alias.parameter = semantic::parameterName(parent);
        return alias;
    }
    return {};
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

/// `super().__init__(users)` in a class whose base keeps it.
Alias aliasOfBase(const Project& project, const Module& module, const Node& argument, const Node& call) {
    const Node callee = call.field("function");
    const Function* within = module.enclosingFunction(call);
    if (!callee.is("attribute") || callee.field("attribute").text() != "__init__" || !within || within->className.empty() ||
        within->name != "__init__" || callee.field("object").field("function").text() != "super")
        return {};
    const Module* home = &module;
    std::string name = within->className;
    for (int step = 0; step < kBases; ++step) {
        const semantic::Class* owner = home->classNamed(name);
        if (!owner || owner->bases.empty()) return {};
        const semantic::Symbol base = project.resolveGlobal(*home, owner->bases[0].substr(0, owner->bases[0].find('[')));
        if (base.kind != semantic::Symbol::Kind::Class || !base.module) return {};
        home = base.module;
        name = base.name;
        const Function* init = home->function(name + ".__init__");
        if (!init) continue;
        Alias alias = aliasOfParameter(*home, *init, parameterFor(*init, argument, true));
        alias.objectClass = module.name + ":" + within->className;
        return alias;
    }
    return {};
}

/// Where a store that module-level or other code hands on ends up: `Parcels(parcels)`, `self.db = init(parcels)`.
Alias aliasAt(const Project& project, const Module& module, Node value) {
    Alias unlessGiven = aliasUnlessGiven(module, value);
    if (unlessGiven.module) return unlessGiven;
    for (int steps = 0; steps < kHandedOn; ++steps) {
        const Alias direct = aliasOfAssignment(module, value);
        if (direct.module) return direct;
        Node argument = value;
        if (argument.parent().is("keyword_argument")) argument = argument.parent();
        const Node call = argument.parent().parent();
        if (!argument.parent().is("argument_list") || !call.is("call")) return {};
        const semantic::Symbol& callee = project.resolve(module, call.field("function"));
        if (callee.kind == semantic::Symbol::Kind::Function) {
            const Function* function = callee.module->function(callee.name);
            const std::string parameter = function ? parameterFor(*function, argument, false) : "";
            if (parameter.empty() || !function->decorated.is("function_definition") || !givesBack(*function, parameter)) return {};
            value = call;
            continue;
        }
        if (callee.kind != semantic::Symbol::Kind::Class) return aliasOfBase(project, module, argument, call);
        const Function* init = callee.module->function(callee.name + ".__init__");
        Alias alias = init ? aliasOfParameter(*callee.module, *init, parameterFor(*init, argument, true)) : Alias();
        alias.constructions = {call};
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
        if (!binding) return !binds;
        const Node whole = node.is("delete_statement") ? node.namedChild(0) : node.field("left");
        const Function* within = module.enclosingFunction(node);
        for (const Node& target : whole.is("pattern_list") ? whole.namedChildren() : std::vector<Node>{whole}) {
            if (target == alias.target) continue;
            const bool named = target.text() == alias.attribute ? !within || within->node.ancestor({"class_definition"}) != owner.node
                                                                 : target.text() == "self." + alias.attribute ||
                                                                       target.text() == "cls." + alias.attribute;
            binds = binds || (named && (!within || within->name == "__init__" || within->decorated != within->node ||
                                        isCalledOutsideTests(project, *within)));
        }
        return !binds;
    });
    return binds;
}

bool isOrDerives(const Project& project, const std::string& classId, const std::string& baseId) {
    const Module* module = project.module(classId.substr(0, classId.find(':')));
    return module && derivesFrom(project, *module, classId.substr(classId.find(':') + 1), baseId);
}

/// Whether a call of a class gives its `__init__` a value for a parameter, or may do so.
bool givesParameter(const Function& init, const std::string& parameter, const Node& call) {
    for (const Node& argument : call.field("arguments").namedChildren()) {
        if (argument.is("comment")) continue;
        const std::string given = parameterFor(init, argument, true);
        if (given.empty() || given == parameter || argument.is("list_splat") || argument.is("dictionary_splat")) return true;
    }
    return !call.field("arguments").is("argument_list");
}

/// Whether each object of the class has one of the stores under the attribute, and keeps it. All aliases are made
/// by one assignment.
bool areBoundOnce(const Project& project, const std::vector<Alias*>& aliases) {
    const Alias& first = *aliases[0];
    const semantic::Class* owner = first.module->classNamed(first.className);
    if (!owner || bindsElsewhere(project, *first.module, *owner, first)) return false;
    const ClassUses uses = usesOfFamily(project, *first.module, first.className);
    for (const auto& [module, subclass] : uses.subclasses)
        if (bindsElsewhere(project, *module, *subclass, first)) return false;
    const bool namesIt = std::all_of(aliases.begin(), aliases.end(), [](const Alias* alias) {
        return alias->constructions.empty() && alias->objectClass.empty();
    });
    if (std::any_of(aliases.begin(), aliases.end(), [](const Alias* alias) { return alias->unlessGiven != nullptr; }))
        return aliases.size() == 1 && uses.injected.empty() && !uses.asValue && uses.subclasses.empty() &&
               std::none_of(uses.made.begin(), uses.made.end(),
                            [&](const auto& made) { return givesParameter(*first.unlessGiven, first.parameter, made.second); });
    if (namesIt) return aliases.size() == 1;
    auto isGivenByClass = [&](const std::string& classId) {
        return std::any_of(aliases.begin(), aliases.end(), [&](const Alias* alias) {
            return !alias->objectClass.empty() && isOrDerives(project, classId, alias->objectClass);
        });
    };
    auto isGiven = [&](const Node& call) {
        return std::any_of(aliases.begin(), aliases.end(), [&](const Alias* alias) {
            return std::find(alias->constructions.begin(), alias->constructions.end(), call) != alias->constructions.end();
        });
    };
    return !uses.asValue &&
           std::all_of(uses.injected.begin(), uses.injected.end(),
                       [&](const auto& used) { return isGivenByClass(ownerClass(project, *used.first, used.second)); }) &&
           std::all_of(uses.made.begin(), uses.made.end(), [&](const auto& made) {
               return isGiven(made.second) || isGivenByClass(ownerClass(project, *made.first, made.second));
           });
}

/// Whether the attribute of an object of a class may be this alias.
bool mayDenote(const Project& project, const Alias& alias, const std::string& owner) {
    if (alias.objectClass.empty()) return isOrDerives(project, owner, alias.classId());
    return isOrDerives(project, owner, alias.objectClass) ||
           (isOrDerives(project, alias.objectClass, owner) && isOrDerives(project, owner, alias.classId()));
}

void addReferences(const Project& project, const Module& module, const std::vector<Alias>& aliases) {
    syntax::walk(module.tree->root(), [&](const Node& node) {
        if (!node.is("attribute")) return true;
        const std::string_view name = node.field("attribute").text();
        const bool named = std::any_of(aliases.begin(), aliases.end(),
                                       [&](const Alias& alias) { return alias.attribute == name; });
        const std::string owner = named ? ownerClass(project, module, node.field("object")) : "";
        if (owner.empty()) return true;
        const Node parent = node.parent();
        bool denotes = false;
        for (const Alias& alias : aliases) {
            if (alias.attribute != name || !mayDenote(project, alias, owner)) continue;
            if (node == alias.target || (parent.is("assignment") && parent.field("left") == node)) return true;
            std::vector<StoreReference>& references =
                semantic::isTestModule(module) ? alias.store->testReferences : alias.store->references;
            references.push_back({&module, node, module.enclosingFunction(node)});
            denotes = true;
        }
        return !denotes;
    });
}

} // namespace

void collectAliases(const Project& project, std::vector<FoundStore>& stores) {
    std::vector<std::pair<Alias, std::vector<Node>>> found; // and where the store is handed on
    for (FoundStore& store : stores) {
        if (store.owner != Owner::None || !store.namespaceVariable.empty() || store.fact.container == Container::Scalar)
            continue;
        // Several calls may give the store to one class.
        std::map<std::tuple<std::string, std::string, std::string>, size_t> known;
        for (const StoreReference& reference : store.references) {
            const bool ofModule = !reference.function && reference.node.parent().is("assignment");
            if (ofModule && reference.node.parent().parent().parent().is("module")) continue;
            Alias alias = aliasAt(project, *reference.module, reference.node);
            if (!alias.module) continue;
            alias.store = &store;
            const auto [at, isNew] = known.emplace(std::tuple(alias.classId(), alias.attribute, alias.objectClass), found.size());
            if (isNew) found.push_back({alias, {reference.node}});
            else {
                auto& [first, nodes] = found[at->second];
                first.constructions.insert(first.constructions.end(), alias.constructions.begin(), alias.constructions.end());
                nodes.push_back(reference.node);
            }
        }
    }
    std::map<std::pair<std::string, size_t>, std::vector<Alias*>> byAssignment;
    for (auto& [alias, nodes] : found) byAssignment[{alias.module->path(), alias.target.start()}].push_back(&alias);
    std::vector<Alias> aliases;
    std::set<const void*> handedOn;
    for (auto& [place, group] : byAssignment) {
        if (!areBoundOnce(project, group)) {
            for (const Alias* alias : group) alias->store->isAliased = true; // its use goes on elsewhere
            continue;
        }
        for (Alias* alias : group) {
            alias->store->isAliased = true;
            alias->store->keepers.push_back({alias->objectClass.empty() ? alias->classId() : alias->objectClass, alias->attribute});
            if (group.size() > 1) alias->store->family = alias->classId() + "." + alias->attribute;
            aliases.push_back(*alias);
            for (const auto& [other, nodes] : found)
                if (&other == alias)
                    for (const Node& node : nodes) handedOn.insert(node.id());
        }
    }
    if (aliases.empty()) return;
    for (FoundStore& store : stores)
        store.references.erase(std::remove_if(store.references.begin(), store.references.end(),
                                              [&](const StoreReference& reference) { return handedOn.count(reference.node.id()) > 0; }),
                               store.references.end());
    for (const Alias& alias : aliases)
        for (const Node& other : alias.others) alias.store->references.push_back({alias.module, other, alias.module->enclosingFunction(other)});
    for (const auto& module : project.modules()) addReferences(project, *module, aliases);
    sortReferences(stores);
}

} // namespace covet::facts
