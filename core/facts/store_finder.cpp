#include "facts/store_finder.h"

#include <algorithm>
#include <map>
#include <set>

#include "facts/injected_uses.h"
#include "facts/object_contents.h"
#include "facts/object_stores.h"
#include "facts/record_shape.h"
#include "facts/reference_context.h"
#include "facts/request_value.h"
#include "facts/store_aliases.h"
#include "facts/store_candidates.h"
#include "facts/store_kind.h"
#include "facts/store_lifetime.h"
#include "facts/store_references.h"
#include "facts/unseen_stores.h"
#include "semantic/test_modules.h"
#include "support/words.h"

namespace covet::facts {
namespace {

/// The top-level statement that contains a node.
Node topLevelStatement(const Node& node) {
    Node statement = node;
    for (Node parent = node.parent(); parent && !parent.is("module"); parent = parent.parent())
        statement = parent;
    return statement;
}

/// Whether the code at a node runs later than the module's import: in a function or a lambda.
bool runsLater(const StoreReference& reference) {
    return reference.function || reference.node.ancestor({"lambda"});
}

/// References at module level build the store before the first request; they are data, not uses.
void separateBuilding(FoundStore& store) {
    std::vector<StoreReference> uses;
    for (StoreReference& reference : store.references) {
        bool defining = reference.module == store.module && !runsLater(reference) &&
                        (store.owner == Owner::None || store.owner == Owner::Object);
        Node statement = defining ? topLevelStatement(reference.node) : Node{};
        bool builds = defining && (statement.is("for_statement") || statement.is("expression_statement") ||
                                   statement.is("delete_statement"));
        if (builds && statement.is("expression_statement") && !isMutation(contextOf(reference.node)) &&
            !(statement.namedChild(0).is("assignment") && statement.namedChild(0).field("left").contains(reference.node)))
            builds = false;
        if (!builds) {
            uses.push_back(reference);
            continue;
        }
        store.buildReferences.push_back(reference.node);
        auto same = [&](const Node& known) { return known == statement; };
        if (std::none_of(store.buildStatements.begin(), store.buildStatements.end(), same))
            store.buildStatements.push_back(statement);
    }
    store.references = std::move(uses);
}

/// `User.count += 1; self.count = User.count`: the counter is the attribute of the class, and objects have their own.
void dropOwnAttributes(const Project& project, FoundStore& store) {
    if (!store.isOfClass() || store.fact.container != Container::Scalar || store.definition.ancestor({"function_definition"})) return;
    const Function* init = store.module->function(store.classId.substr(store.classId.find(':') + 1) + ".__init__");
    if (!init) return;
    const std::vector<Node> statements = init->node.field("body").namedChildren();
    const bool setsOwn = std::any_of(statements.begin(), statements.end(), [&](const Node& statement) {
        return statement.namedChild(0).is("assignment") && statement.namedChild(0).field("left").text() == "self." + store.variable;
    });
    auto ofClass = [&](const StoreReference& reference) {
        const Node object = reference.node.field("object");
        return object.text() == "cls" || object.text() == "self.__class__" || object.text() == "type(self)" ||
               project.resolve(*reference.module, object).kind == semantic::Symbol::Kind::Class;
    };
    const bool countsInClass = std::any_of(store.references.begin(), store.references.end(), [&](const StoreReference& reference) {
        return ofClass(reference) && isMutation(contextOf(reference.node));
    });
    if (!setsOwn || !countsInClass) return;
    for (auto* references : {&store.references, &store.testReferences})
        references->erase(std::remove_if(references->begin(), references->end(), [&](const StoreReference& one) { return !ofClass(one); }),
                          references->end());
}

/// Where no code is shared, the stores of a family have nothing to do with one another.
void leaveFamilies(std::vector<FoundStore>& found) {
    std::map<const void*, size_t> uses;
    for (const FoundStore& store : found)
        for (const StoreReference& reference : store.references) ++uses[reference.node.id()];
    std::set<std::string> shared;
    for (const FoundStore& store : found)
        for (const StoreReference& reference : store.references)
            if (!store.family.empty() && uses[reference.node.id()] > 1) shared.insert(store.family);
    for (FoundStore& store : found)
        if (!shared.count(store.family)) store.family.clear();
}

/// `{"id": i}` and `Item(i)` for each of several: what functions give may be anything.
bool isMadeRecord(const Project& project, const FoundStore& store, const Node& body) {
    if (body.is("pair")) return isMadeRecord(project, store, body.field("value"));
    return body.is("dictionary") ||
           (body.is("call") && project.resolve(*store.module, body.field("function")).kind == semantic::Symbol::Kind::Class);
}

bool holdsRecords(const Project& project, const FoundStore& store, const Node& value) {
    auto isRecord = [](const Node& node) { return node.is("dictionary") || node.is("call"); };
    if (value.is("list_comprehension") || value.is("dictionary_comprehension"))
        return isMadeRecord(project, store, value.field("body"));
    if (value.is("list"))
        return value.namedChildCount() > 0 && isRecord(value.namedChildren().empty() ? Node{} : value.namedChildren()[0]);
    if (value.is("dictionary")) {
        std::vector<Node> pairs = value.namedChildren();
        return !pairs.empty() && std::all_of(pairs.begin(), pairs.end(), [&](const Node& pair) {
            return pair.is("pair") && isRecord(pair.field("value"));
        });
    }
    return false;
}

/// `{"cats": [], "dogs": []}`: what is empty at the start waits to be filled, by whoever gets hold of it.
bool holdsEmptyContainers(const Node& value) {
    const std::vector<Node> pairs = value.is("dictionary") ? value.namedChildren() : std::vector<Node>();
    return std::any_of(pairs.begin(), pairs.end(), [](const Node& pair) {
        const Node content = pair.field("value");
        return (content.is("list") || content.is("dictionary")) && content.namedChildCount() == 0;
    });
}

/// Whether all that functions give to a variable is what JSON can hold: it may start as None and
/// then become a connection or a model.
bool holdsPlainValues(const Project& project, const FoundStore& store) {
    static constexpr Words kPlain = {"str", "int", "float", "bool", "None"};
    return std::all_of(store.references.begin(), store.references.end(), [&](const StoreReference& reference) {
        const ReferenceContext use = contextOf(reference.node);
        if (!isMutation(use)) return true;
        if (use.kind != UseKind::Rebind && use.kind != UseKind::Augment) return false;
        const Node value = use.node.field("right");
        return !value.isNull() && (kPlain.count(typeOfExpression(project, *reference.module, value)) > 0 ||
                                   isRequestValue(project, *reference.module, value));
    });
}

bool startsEmpty(const Node& value) {
    if (value.is("identifier")) return true; // the factory of a field
    if (value.is("call")) return value.field("arguments").namedChildCount() == 0;
    return (value.is("list") || value.is("dictionary")) && value.namedChildCount() == 0;
}

bool isData(const Project& project, const FoundStore& store) {
    bool inFunctions = store.isAliased;
    bool changed = false;
    bool handedOn = store.isAliased; // to code that may fill it: `Depends(lambda: users)`, `super().__init__(users)`
    auto changes = [](const StoreReference& reference) {
        return isMutation(contextOf(reference.node)) || changesInside(reference.node);
    };
    for (const StoreReference& reference : store.references) {
        if (!runsLater(reference)) continue;
        inFunctions = true;
        changed = changed || changes(reference);
        handedOn = handedOn || contextOf(reference.node).kind == UseKind::Read;
    }
    const std::vector<StoreReference> injected = inFunctions && !changed ? injectedUses(project, store) : std::vector<StoreReference>();
    changed = changed || std::any_of(injected.begin(), injected.end(), changes);
    changed = changed || (inFunctions && std::any_of(store.testReferences.begin(), store.testReferences.end(), changes));
    changed = changed || (handedOn && store.fact.container != Container::Scalar && startsEmpty(store.initialValue));
    if (!inFunctions) return false;
    if (store.isVariable) return changed && holdsPlainValues(project, store);
    if (store.fact.container == Container::Scalar) return changed;
    return changed || holdsRecords(project, store, store.initialValue) || holdsEmptyContainers(store.initialValue) || !store.buildStatements.empty() ||
           store.initialValue.is("call");
}

} // namespace

std::string sharedBy(const FoundStore& store) {
    return store.family.empty() ? store.fact.id : store.family;
}

std::vector<FoundStore> findStores(const Project& project) {
    std::vector<FoundStore> found;
    for (const auto& module : project.modules())
        if (!semantic::isTestModule(*module)) addCandidates(project, *module, found);
    splitNamespaces(project, found);
    addContentsOfObjects(project, found);
    addObjectStores(project, found);
    collectReferences(project, found);
    collectObjectReferences(project, found);
    collectAliases(project, found);
    collectNameAliases(project, found);
    leaveFamilies(found);
    std::set<const void*> seen;
    for (const FoundStore& store : found) {
        for (const StoreReference& reference : store.references) seen.insert(reference.node.id());
        if (store.owner == Owner::Function) seen.insert(store.definition.namedChild(0).field("left").id());
    }
    for (FoundStore& store : found) {
        dropOwnAttributes(project, store);
        separateBuilding(store);
    }
    // Code that several objects share treats the contents of all of them alike.
    std::set<std::string> data, registries;
    for (const FoundStore& store : found) {
        if (isData(project, store)) data.insert(sharedBy(store));
        if (isRegistry(project, store)) registries.insert(sharedBy(store));
    }
    found.erase(std::remove_if(found.begin(), found.end(),
                               [&](const FoundStore& store) {
                                   return !data.count(sharedBy(store)) || registries.count(sharedBy(store));
                               }),
                found.end());
    const StoreLifetimes lifetimes(project);
    for (FoundStore& store : found) store.fact.leftAlone = lifetimes.noDataReason(store);
    addUnseenStores(project, seen, found);
    for (FoundStore& store : found)
        if (store.fact.leftAlone == "not-followed" && lifetimes.noDataReason(store) == "not-imported") store.fact.leftAlone = "not-imported";
    return found;
}

} // namespace covet::facts
