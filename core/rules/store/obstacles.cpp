#include "rules/store/obstacles.h"

#include <algorithm>

#include "facts/held_objects.h"
#include "facts/reference_context.h"
#include "rules/store/broken_modules.h"
#include "rules/store/kept_framework.h"
#include "rules/store/made_handlers.h"
#include "rules/store/proxy.h"
#include "rules/store/request_holders.h"
#include "rules/store/unclear_objects.h"

namespace covet::rules {
namespace {

using facts::FoundStore;
using facts::StoreReference;
using facts::UseKind;
using semantic::Module;
using semantic::Symbol;

bool isGone(MigrationContext& context, const Module& module, const Node& node) {
    const ModuleRewrite& rewrite = context.rewrite(module);
    for (Node at = node; at; at = at.parent())
        if (rewrite.isRemoved(at)) return true;
    return false;
}

/// Whether one object has what its class makes, and code only asks that object for it: what it sets itself is the same.
bool isOfOneObject(const semantic::Project& project, const FoundStore& store) {
    const auto objects = facts::heldObjects(project, *store.module, store.classId.substr(store.classId.find(':') + 1));
    return objects && objects->size() == 1 && store.family.empty() &&
           std::none_of(store.references.begin(), store.references.end(), [&](const StoreReference& reference) {
               const Node object = reference.node.field("object");
               return object.text() == "cls" || project.resolve(*reference.module, object).kind == Symbol::Kind::Class;
           });
}

/// Why a single reference cannot be rewritten; "" if it can.
std::string referenceReason(const MigrationContext& context, const FoundStore& store,
                            const StoreReference& reference, const StartCode& start) {
    const Node& node = reference.node;
    if (!reference.function && !context.madeHandlerAround(*reference.module, node))
        return start.fills(store) ? "" : "module-level-use";
    if (reference.function && reference.function->node.field("parameters").contains(node)) return "default-argument";
    if (!store.namespaceVariable.empty() && !node.is("subscript")) return "dynamic-store-name";
    if ((store.owner == facts::Owner::Object || !store.made.isNull()) && node.is("identifier")) return "object-handed-on";
    if (node.parent().is("delete_statement")) return "name-deleted";
    const facts::ReferenceContext use = facts::contextOf(node);
    const bool onClass = store.isOfClass() && store.definition.parent().parent().is("class_definition");
    if (onClass && node.is("attribute") && node.field("object").text() == "self" &&
        (use.kind == UseKind::Rebind || use.kind == UseKind::Augment) && !isOfOneObject(context.project(), store))
        return "instance-attribute";
    return "";
}

/// `global db; db = users`: code that runs later finds the store under a name that keeps what this request has loaded.
bool isKeptUnderGlobal(const std::vector<const FoundStore*>& stores, const StoreReference& reference) {
    Node value = reference.node;
    while (value.parent().isOneOf({"parenthesized_expression", "boolean_operator", "conditional_expression"})) value = value.parent();
    const Node assignment = value.parent(), target = assignment.field("left");
    if (!reference.function || !assignment.is("assignment") || !(assignment.field("right") == value) || !target.is("identifier") ||
        !reference.function->globals.count(std::string(target.text())))
        return false;
    return std::none_of(stores.begin(), stores.end(), [&](const FoundStore* store) {
        return store->module == reference.module && store->owner == facts::Owner::None && store->variable == target.text();
    });
}

/// Whether a module is a program that is started, and no other code imports it: only running it tells what it is called.
bool isOnlyRun(const semantic::Project& project, const Module& program) {
    bool isProgram = false;
    for (const Node& statement : program.tree->root().namedChildren())
        isProgram = isProgram || (statement.is("if_statement") && statement.field("condition").text().find("__name__") != std::string_view::npos);
    if (!isProgram) return false;
    const auto names = [&](const semantic::ImportBinding& binding) {
        return binding.module == program.name || binding.module + "." + binding.name == program.name;
    };
    for (const auto& module : project.modules()) {
        if (isTestModule(*module)) continue;
        for (const auto& [name, binding] : module->imports)
            if (names(binding)) return false;
        for (const semantic::Function& function : module->functions)
            for (const auto& [name, binding] : function.imports)
                if (names(binding)) return false;
    }
    return true;
}

bool holdsOnlyScalars(const Value& content) {
    ElementReader elements(content);
    while (elements.next()) {
        const Value::Kind kind = elements.content().kind();
        if (elements.content().isRecord() || elements.content().hasOpaque() || kind == Value::Kind::List || kind == Value::Kind::Dict ||
            kind == Value::Kind::Set || kind == Value::Kind::Object || kind == Value::Kind::Tuple)
            return false;
    }
    return true;
}

/// `{m["id"]: m for m in movies}`: all that is taken are the records themselves.
bool collectsRecords(const Node& value) {
    if (!value.is("dictionary_comprehension") && !value.is("list_comprehension")) return false;
    const Node body = value.field("body"), taken = body.is("pair") ? body.field("value") : body;
    const std::vector<Node> parts = value.namedChildren();
    return taken.is("identifier") && std::any_of(parts.begin(), parts.end(), [&](const Node& part) {
        return part.is("for_in_clause") && part.field("left").text() == taken.text();
    });
}

/// Names of stores that appear where no reference is seen: `globals()`, `getattr(store, name)`.
void hiddenAccess(MigrationContext& context, const std::vector<const FoundStore*>& stores, Obstacles& found) {
    const semantic::Project& project = context.project();
    auto stop = [&](const Module* owner, const std::string& reason, const Module& module, const Node& where) {
        for (const FoundStore* store : stores)
            if (store->module == owner && store->className.empty())
                found.emplace(store, Obstacle{reason, "name the store where it is used", &module, where});
    };
    for (const auto& module : project.modules()) {
        if (isTestModule(*module)) continue;
        syntax::walk(module->tree->root(), [&](const Node& node) {
            if (node.is("import_statement") || node.is("import_from_statement")) return true;
            if (node.is("call") && (node.field("function").text() == "globals" ||
                                    node.field("function").text() == "exec" ||
                                    node.field("function").text() == "eval"))
                stop(module.get(), "hidden-access", *module, node);
            if (node.is("argument_list"))
                for (const Node& argument : node.namedChildren()) {
                    if (!argument.is("identifier")) continue;
                    const Symbol& symbol = project.resolve(*module, argument);
                    if (symbol.kind == Symbol::Kind::Module) stop(symbol.module, "hidden-access", *module, node);
                }
            return true;
        });
    }
}

} // namespace

const FoundStore* madeOf(const std::vector<const FoundStore*>& stores, const FoundStore& store, const StoreReference& reference) {
    if (reference.function || !store.fact.data || store.fact.data->hasOpaque()) return nullptr;
    for (const FoundStore* other : stores)
        if (other != &store && other->module == reference.module && other->definition.contains(reference.node) && other->buildStatements.empty() &&
            other->fact.container != facts::Container::Scalar && other->fact.data &&
            (holdsOnlyScalars(*other->fact.data) || collectsRecords(other->initialValue)))
            return other;
    return nullptr;
}

bool importedInFunction(const Module& module, const Node& node) {
    Node root = node;
    while (root.is("attribute") || root.is("subscript")) root = root.is("attribute") ? root.field("object") : root.field("value");
    const std::string name(root.text());
    for (const semantic::Function* scope = module.enclosingFunction(node); scope; scope = module.enclosingFunction(scope->node))
        if (scope->locals.count(name)) return scope->imports.count(name) > 0;
    return false;
}

Obstacles findObstacles(MigrationContext& context, const CallGraph& graph, const StoreAccess& access,
                        const StorePlan& plan, const std::vector<const FoundStore*>& stores, const StartCode& start,
                        const std::vector<MainBlockFill>& fills) {
    Obstacles found;
    for (const FoundStore* store : stores) {
        Obstacle obstacle;
        if (definitionObstacle(context, graph, plan, *store, stores, start, obstacle)) found.emplace(store, obstacle);
        for (const StoreReference& reference : store->references) {
            if (isGone(context, *reference.module, reference.node) || graph.isApart(reference.node) ||
                isInFill(fills, reference.node) || madeOf(stores, *store, reference) || isInTrialBlock(context.project(), *reference.module, reference.node))
                continue;
            if (reference.function && !graph.contains(*reference.function)) continue;
            std::string reason = reference.module->tree->root().hasError() ? "syntax-error"
                                                                           : referenceReason(context, *store, reference, start);
            if (reason.empty() && isKeptUnderGlobal(stores, reference)) reason = "kept-under-global";
            if (!reason.empty())
                found.emplace(store, Obstacle{reason, "", reference.module, facts::statementOf(reference.node)});
        }
    }
    functionObstacles(context, graph, access, stores, start, fills, found);
    requestHolderObstacles(context, graph, access, stores, found);
    unclearObjectObstacles(context.project(), stores, found);
    std::set<const FoundStore*> served;
    for (const Handler& handler : context.handlers) {
        if (!handler.rewritten || !handler.function || !graph.contains(*handler.function)) continue;
        for (const FoundStore* store : access.storesOf(*handler.function)) served.insert(store);
    }
    for (const MadeHandlerUse& use : madeHandlerUses(context, graph, access, stores)) served.insert(use.stores.begin(), use.stores.end());
    for (const Handler& handler : context.handlers) {
        if (!handler.rewritten || !handler.function || !graph.contains(*handler.function)) continue;
        for (const FoundStore* store : access.storesOf(*handler.function))
            if (importWouldCycle(context.project(), *handler.module, *store) && isOnlyRun(context.project(), *store->module))
                found.emplace(store, Obstacle{"import-cycle", "keep it in a module that is imported, not in the program that is started",
                                              handler.module, handler.function->node});
    }
    // What no request asks for moves with what the same code works on.
    std::set<std::string> families;
    for (const FoundStore* store : served)
        if (!store->family.empty()) families.insert(store->family);
    for (const FoundStore* store : stores)
        if (families.count(store->family)) served.insert(store);
    const KeptFramework kept(context, graph, access);
    // Without a request that gets a session there is no way to the tables.
    for (const FoundStore* store : stores)
        if (!served.count(store) && !(context.staysOnFramework && kept.serves(*store->module)))
            found.emplace(store, Obstacle{"no-handler", "no migrated handler reaches it", store->module,
                                          store->definition});
    hiddenAccess(context, stores, found);
    brokenModuleObstacles(context, stores, found);
    return found;
}

} // namespace covet::rules
