#include "rules/store/start_code.h"

#include <algorithm>

#include "facts/reference_context.h"
#include "rules/store/kept_framework.h"
#include "rules/store/seeding.h"

namespace covet::rules {
namespace {

using facts::FoundStore;
using facts::StoreReference;
using facts::UseKind;
using semantic::Function;
using semantic::Module;

/// What code at the start may do with a store: nothing of the container may outlive it.
/// `keepsNoElement`: the result of the code is thrown away, so that it may look at elements, too.
bool leavesNothing(const FoundStore& store, const StoreReference& reference, bool keepsNoElement) {
    if (store.fact.container == facts::Container::Scalar) return true;
    const facts::ReferenceContext use = facts::contextOf(reference.node);
    switch (use.kind) {
    case UseKind::Read:
    case UseKind::Method:
    case UseKind::Slice:
        return false;
    case UseKind::GetItem:
    case UseKind::Get:
    case UseKind::Iterate:
    case UseKind::Values:
    case UseKind::Items:
    case UseKind::Pop:
    case UseKind::SetDefault:
        return keepsNoElement;
    default:
        return true;
    }
}

/// A statement whose value goes nowhere: `seed()`, `if not users: seed()`.
bool dropsItsValue(const Node& statement) {
    if (statement.is("expression_statement"))
        return statement.namedChild(0).is("call") || statement.namedChild(0).is("await");
    return statement.is("if_statement") || statement.is("for_statement");
}

/// Its value is the application.
bool makesApplication(const MigrationContext& context, const CallGraph& graph,
                      const Function& function) {
    return std::any_of(context.apps.begin(), context.apps.end(), [&](const facts::App& app) {
        return app.isFactory && app.attribute == function.qualified && graph.contains(function) &&
               app.module == graph.moduleOf(function).name;
    });
}

bool isInMainBlock(const Node& node) {
    const Node block = node.ancestor({"if_statement"});
    return block && block.parent().is("module") &&
           block.field("condition").text().find("__name__") != std::string_view::npos;
}

bool isLiteral(const Node& value) {
    bool literal = true;
    syntax::walk(value, [&](const Node& node) {
        literal = literal && !node.is("identifier") && !node.is("call");
        return literal;
    });
    return literal;
}

/// Whether a building statement hands the container on or binds its name again.
bool keepsContainer(const FoundStore& store, const Node& statement) {
    bool keeps = false;
    syntax::walk(statement, [&](const Node& node) {
        if (!node.is("identifier") || node.text() != store.variable) return !keeps;
        const Node parent = node.parent();
        if (parent.is("attribute") && parent.field("attribute") == node) return true;
        if (parent.is("keyword_argument") && parent.field("name") == node) return true;
        const UseKind kind = facts::contextOf(node).kind;
        keeps = keeps || kind == UseKind::Read || kind == UseKind::Rebind ||
                kind == UseKind::Augment || kind == UseKind::Method;
        return !keeps;
    });
    return keeps;
}

/// See firstContentOf(); large data is not copied to look at it.
std::string_view firstContent(const FoundStore& store) {
    if (store.isCounterObject) { // `count(100)`, which counts by one
        const std::string& start = store.counterArguments;
        const bool isNumber = std::all_of(start.begin(), start.end(), [](char c) { return c >= '0' && c <= '9'; });
        return start.empty() ? "0" : isNumber ? std::string_view(start) : "";
    }
    const Node parent = store.definition.parent();
    const bool isPlace = parent.is("module") || (!store.className.empty() && parent.is("block"));
    const Node assignment = store.definition.namedChild(0);
    if (!isPlace || !(assignment.field("right") == store.initialValue)) return "";
    return store.initialValue.text();
}

bool canStart(const FoundStore& store, bool elsewhere) {
    if (!store.namespaceVariable.empty() || store.isVariable || firstContent(store).empty())
        return false;
    // The rows have to be what the code at the start leaves behind, or be made of it.
    if (!store.fact.data || (store.fact.data->hasOpaque() && !store.fact.madeAtStart)) return false;
    if (elsewhere && !store.isCounterObject && !isLiteral(store.initialValue)) return false;
    return std::none_of(store.buildStatements.begin(), store.buildStatements.end(),
                        [&](const Node& statement) { return keepsContainer(store, statement); });
}

} // namespace

bool isMadeByDefinition(const FoundStore& store) {
    const Node& value = store.initialValue;
    if ((!value.is("list") && !value.is("dictionary")) || !store.className.empty() ||
        !store.buildStatements.empty() || !store.fact.data)
        return false;
    size_t elements = 0;
    for (const Node& element : value.namedChildren())
        elements += element.is("comment") ? 0 : 1;
    return elements == store.fact.data->size();
}

std::string firstContentOf(const FoundStore& store) { return std::string(firstContent(store)); }

StartCode::StartCode(MigrationContext& context, const CallGraph& graph, const StoreAccess& access,
                     const std::vector<const FoundStore*>& stores)
    : stores_(stores), staysOnFramework_(context.staysOnFramework) {
    addImportTime(context, graph, access);
    addBuilding(context, graph, access);
    addModuleLevel(context, graph);
    decide();
}

const std::set<const FoundStore*>* StartCode::touchedBy(const Function& function) const {
    const auto found = touched_.find(&function);
    return found == touched_.end() ? nullptr : &found->second;
}

bool StartCode::areAll(const std::set<const FoundStore*>& among, const Part& part) const {
    return std::all_of(part.stores.begin(), part.stores.end(),
                       [&](const FoundStore* store) { return among.count(store) > 0; });
}

void StartCode::addImportTime(MigrationContext& context, const CallGraph& graph,
                              const StoreAccess& access) {
    const KeptFramework kept(context, graph, access);
    for (const ImportTimeUse& use : importTimeUses(context, graph, access, stores_)) {
        if (use.kind == ImportTimeUse::Kind::Seeding) {
            Part part;
            for (const FoundStore* store : access.storesOf(*use.function))
                part.stores.insert(store);
            parts_.push_back(std::move(part));
            continue;
        }
        const std::set<const Function*> run = kept.runAtOnce(*use.module, use.statement);
        const bool dropped =
            dropsItsValue(use.statement) || makesApplication(context, graph, *use.function);
        // What is only named may run at any time, and whether a main block runs depends on how the
        // program is started.
        const bool atStart = use.kind == ImportTimeUse::Kind::Other && run.count(use.function) > 0;
        std::map<const FoundStore*, bool> harmless;
        if (!atStart)
            for (const FoundStore* store : access.storesOf(*use.function))
                harmless[store] = false;
        for (const Function* function : run)
            for (const FoundStore* store : access.directly(*function))
                for (const StoreReference& reference : store->references) {
                    if (reference.function != function) continue;
                    bool& leaves = harmless.emplace(store, true).first->second;
                    leaves = leaves && leavesNothing(*store, reference, dropped);
                }
        for (const auto& [store, leaves] : harmless) {
            parts_.push_back({{store}, leaves, true});
            if (atStart) touched_[use.function].insert(store);
        }
    }
}

void StartCode::addBuilding(MigrationContext& context, const CallGraph& graph,
                            const StoreAccess& access) {
    const SeedCheck seeds(context.project(), graph, stores_);
    for (const FoundStore* store : stores_)
        for (const Node& statement : store->buildStatements) {
            Part part;
            part.stores.insert(store);
            for (const Function* function : graph.namedIn(*store->module, statement))
                for (const FoundStore* touched : access.storesOf(*function))
                    part.stores.insert(touched);
            part.needsMemory = !context.rewrite(*store->module).isRemoved(statement) &&
                               !seeds.statementOnlyFills(*store->module, statement);
            parts_.push_back(std::move(part));
        }
}

void StartCode::addModuleLevel(const MigrationContext& context, const CallGraph& graph) {
    for (const FoundStore* store : stores_)
        for (const StoreReference& reference : store->references) {
            if (reference.function || context.madeHandlerAround(*reference.module, reference.node) ||
                graph.isApart(reference.node))
                continue;
            Part part;
            part.stores.insert(store);
            part.needsMemory = true;
            const UseKind kind = facts::contextOf(reference.node).kind;
            part.isHarmless = store->fact.container != facts::Container::Scalar &&
                              !isTestModule(*reference.module) && !isInMainBlock(reference.node) &&
                              kind != UseKind::Rebind && kind != UseKind::Augment &&
                              leavesNothing(*store, reference, false);
            parts_.push_back(std::move(part));
        }
}

void StartCode::decide() {
    std::set<const FoundStore*> able;
    for (const FoundStore* store : stores_)
        if (canStart(*store, !store->className.empty())) able.insert(store);
    for (bool changed = true; changed;) {
        changed = false;
        for (const Part& part : parts_)
            if (!part.isHarmless || !areAll(able, part))
                for (const FoundStore* store : part.stores)
                    changed = able.erase(store) > 0 || changed;
    }
    for (const FoundStore* store : able)
        if (store->fact.madeAtStart && (staysOnFramework_ || !isMadeByDefinition(*store)))
            started_.insert(store);
    for (bool changed = true; changed;) {
        changed = false;
        for (const Part& part : parts_) {
            const bool wanted = part.needsMemory ||
                                std::any_of(part.stores.begin(), part.stores.end(),
                                            [&](const FoundStore* store) { return fills(*store); });
            for (const FoundStore* store : part.stores)
                if (wanted && able.count(store)) changed = started_.insert(store).second || changed;
        }
    }
}

} // namespace covet::rules
