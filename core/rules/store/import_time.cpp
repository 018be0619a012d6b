#include "rules/store/import_time.h"

#include <algorithm>

#include "facts/startup_functions.h"
#include "rules/store/kept_framework.h"
#include "rules/store/main_block.h"
#include "rules/store/seeding.h"
#include "rules/store/server_tables.h"

namespace covet::rules {
namespace {

using facts::FoundStore;
using semantic::Function;
using semantic::Module;

bool isMainBlock(const Node& statement) {
    return statement.is("if_statement") &&
           statement.field("condition").text().find("__name__") != std::string_view::npos;
}

bool isDefinitionOrImport(const Node& statement) {
    return statement.isOneOf({"function_definition", "class_definition", "decorated_definition", "import_statement",
                              "import_from_statement", "future_import_statement"});
}

/// Whether other code uses names that a statement binds.
bool bindsForOthers(const Module& module, const Node& statement) {
    bool binds = false;
    syntax::walk(statement, [&](const Node& node) {
        const Node target = node.is("for_statement") || node.is("assignment") ? node.field("left") : node.is("named_expression") ? node.field("name") : Node();
        syntax::walk(target, [&](const Node& name) {
            if (!name.is("identifier")) return !binds;
            for (const Node& other : module.tree->identifiers(name.text())) {
                const Function* within = module.enclosingFunction(other);
                binds = binds || (!statement.contains(other) && (!within || !within->locals.count(std::string(name.text()))));
            }
            return !binds;
        });
        return !binds;
    });
    return binds;
}

/// `seed()`, also in a loop: `for name in ("pen", "ink"): products.add(name)`.
bool isCallStatement(const Module& module, const Node& statement) {
    if (statement.is("for_statement")) return !statement.field("alternative") && !bindsForOthers(module, statement);
    return statement.is("expression_statement") && statement.namedChildCount() == 1 &&
           statement.namedChild(0).is("call");
}

bool builds(const std::vector<const FoundStore*>& stores, const Module& module, const Node& statement) {
    for (const FoundStore* store : stores)
        if (store->module == &module)
            for (const Node& built : store->buildStatements)
                if (built == statement) return true;
    return false;
}

/// `products = repository.all()`, which only gives a store another name.
bool onlyNames(const std::vector<const FoundStore*>& stores, const Node& statement) {
    return std::any_of(stores.begin(), stores.end(), [&](const FoundStore* store) {
        return std::any_of(store->aliasCalls.begin(), store->aliasCalls.end(), [&](const auto& alias) {
            return statement.is("expression_statement") && statement.namedChild(0).field("right") == alias.second;
        });
    });
}

/// Whether a call of the function reaches a store; handlers that it defines run later.
bool touchesWhenRun(const CallGraph& graph, const StoreAccess& access, const Function& function,
                    std::set<const Function*>& seen, tables::Fillers& fillers) {
    if (!access.touches(function) || !seen.insert(&function).second) return false;
    for (const FoundStore* store : access.directly(function))
        for (const facts::StoreReference& reference : store->references)
            if (reference.function == &function) return true;
    const std::set<const Function*> ran = graph.ranBy(function);
    return std::any_of(ran.begin(), ran.end(), [&](const Function* other) {
        return !fillers.onlyRegisters(graph, graph.moduleOf(function), function.node, *other) && touchesWhenRun(graph, access, *other, seen, fillers);
    });
}

/// Factories only register what touches stores.
std::set<const Function*> touchingWhenRun(const CallGraph& graph, const StoreAccess& access, const Module& module,
                                          const Node& statement, tables::Fillers& fillers) {
    // A table that only names functions runs none of them: `ROUTES = [("GET", "/items", list_items)]`.
    const Node table = statement.is("expression_statement") ? statement.namedChild(0).field("right") : Node();
    const bool onlyNames = table.is("list") || table.is("tuple") || table.is("dictionary") || table.is("set");
    std::set<const Function*> named, touching;
    if (!onlyNames) named = graph.namedIn(module, statement);
    else
        syntax::walk(table, [&](const Node& node) {
            if (!node.is("call") && !node.is("lambda") && !node.is("list_comprehension") && !node.is("dictionary_comprehension")) return true;
            named.merge(graph.namedIn(module, node));
            return false;
        });
    for (const Function* function : named) {
        std::set<const Function*> seen;
        if (!fillers.onlyRegisters(graph, module, statement, *function) && touchesWhenRun(graph, access, *function, seen, fillers)) touching.insert(function);
    }
    return touching;
}

/// Objects that a statement only makes are not called by it: `application = Strip(Application())`.
bool onlyMakesObjects(const semantic::Project& project, const Module& module, const Node& statement) {
    bool only = true;
    syntax::walk(statement, [&](const Node& node) {
        if (node.is("call")) only = only && project.resolve(module, node.field("function")).kind == semantic::Symbol::Kind::Class;
        return only;
    });
    return only;
}

/// Functions that decorators of a definition run when its module is imported, and that use a store themselves.
std::set<const Function*> usingWhenApplied(const semantic::Project& project, const StoreAccess& access, const Module& module, const Node& definition) {
    std::set<const Function*> found;
    for (const Node& decorator : definition.namedChildren()) {
        if (!decorator.is("decorator")) continue;
        const Node given = decorator.namedChild(0);
        const semantic::Symbol symbol = project.resolve(module, given.is("call") ? given.field("function") : given);
        const Function* applied = symbol.kind == semantic::Symbol::Kind::Function && symbol.module ? symbol.module->function(symbol.name) : nullptr;
        if (!applied) continue;
        for (const Function& function : symbol.module->functions) {
            const bool returned = given.is("call") && function.isNested && symbol.module->enclosingFunction(function.node) == applied;
            if (&function != applied && !returned) continue;
            for (const FoundStore* store : access.directly(function))
                for (const facts::StoreReference& reference : store->references)
                    if (reference.module == symbol.module && symbol.module->enclosingFunction(reference.node) == &function) found.insert(&function);
        }
    }
    return found;
}

} // namespace

std::vector<ImportTimeUse> importTimeUses(MigrationContext& context, const CallGraph& graph,
                                          const StoreAccess& access,
                                          const std::vector<const FoundStore*>& stores) {
    std::vector<ImportTimeUse> uses;
    const SeedCheck seeds(context.project(), graph, stores);
    const KeptFramework kept(context, graph, access);
    tables::Fillers fillers(context.project());
    for (const auto& module : context.project().modules()) {
        if (isTestModule(*module)) continue;
        const ModuleRewrite& rewrite = context.rewrite(*module);
        for (const Node& statement : module->tree->root().namedChildren()) {
            if (statement.is("decorated_definition") && !context.staysOnFramework)
                for (const Function* function : usingWhenApplied(context.project(), access, *module, statement))
                    if (graph.contains(*function) && access.touches(*function))
                        uses.push_back({module.get(), statement, function, ImportTimeUse::Kind::Other});
            if (isDefinitionOrImport(statement) || rewrite.isRemoved(statement) ||
                rewrite.isClaimed(statement) || isTrialBlock(context.project(), *module, statement) || builds(stores, *module, statement) || onlyNames(stores, statement))
                continue;
            for (const Function* function : context.staysOnFramework ? kept.touchingAtOnce(*module, statement)
                                                                     : touchingWhenRun(graph, access, *module, statement, fillers)) {
                const Handler* handler = context.handlerOf(*function);
                if (!access.touches(*function) || (handler && handler->rewritten)) continue;
                if (function->name == "__call__" && onlyMakesObjects(context.project(), *module, statement)) continue;
                ImportTimeUse use{module.get(), statement, function, ImportTimeUse::Kind::Other};
                if (isMainBlock(statement)) use.kind = ImportTimeUse::Kind::MainBlock;
                else if (isCallStatement(*module, statement) && seeds.statementOnlyFills(*module, statement))
                    use.kind = ImportTimeUse::Kind::Seeding;
                uses.push_back(use);
            }
        }
    }
    // Started once, and not by a request: what they fill is there before the first one.
    for (const auto& [module, function] : facts::startupFunctions(context.project()))
        if (graph.contains(*function) && access.touches(*function) && graph.callersOf(*function).empty() &&
            seeds.functionOnlyFills(*function, true))
            uses.push_back({module, function->decorated, function, ImportTimeUse::Kind::Seeding});
    return uses;
}

} // namespace covet::rules
