#include "rules/store/main_block.h"

#include <algorithm>

#include "facts/reference_context.h"
#include "facts/single_object.h"
#include "semantic/imported_modules.h"
#include "rules/store/seeding.h"
#include "support/words.h"

namespace covet::rules {
namespace {

using facts::FoundStore;
using semantic::Function;
using semantic::Module;

bool isMainBlock(const Node& statement) {
    return statement.is("if_statement") && statement.field("condition").text().find("__main__") != std::string_view::npos;
}

class MainBlockReader {
public:
    MainBlockReader(MigrationContext& context, const CallGraph& graph, const StoreAccess& access,
                    const std::vector<const FoundStore*>& stores)
        : graph_(graph), access_(access), stores_(stores), seeds_(context.project(), graph, stores) {}

    /// Adds the fills of a block; nothing if one of its statements does more with stores.
    void read(const Module& module, const Node& block, std::vector<MainBlockFill>& fills) const {
        std::vector<MainBlockFill> found;
        for (const Node& statement : block.field("consequence").namedChildren()) {
            if (graph_.isApart(statement)) continue;
            const std::vector<const FoundStore*> touched = touchedBy(module, statement);
            if (touched.empty()) continue;
            const Node call = statement.is("expression_statement") ? statement.namedChild(0) : Node();
            const bool onlyFills = call.is("call") && call.field("function").text() != "asyncio.run" &&
                                   seeds_.statementOnlyFills(module, statement) &&
                                   std::all_of(touched.begin(), touched.end(), startsEmpty) &&
                                   std::any_of(touched.begin(), touched.end(), isContainer);
            if (!onlyFills) return;
            found.push_back({&module, call, touched});
        }
        fills.insert(fills.end(), found.begin(), found.end());
    }

private:
    static bool isContainer(const FoundStore* store) { return store->fact.container != facts::Container::Scalar; }

    static bool startsEmpty(const FoundStore* store) {
        return !isContainer(store) || (store->fact.data && store->fact.data->size() == 0 && store->buildStatements.empty());
    }

    std::vector<const FoundStore*> touchedBy(const Module& module, const Node& statement) const {
        std::set<const FoundStore*> touched;
        for (const FoundStore* store : stores_)
            for (const facts::StoreReference& reference : store->references)
                if (reference.module == &module && statement.contains(reference.node)) touched.insert(store);
        for (const Function* named : graph_.namedIn(module, statement))
            for (const FoundStore* store : access_.storesOf(*named)) touched.insert(store);
        return {touched.begin(), touched.end()};
    }

    const CallGraph& graph_;
    const StoreAccess& access_;
    const std::vector<const FoundStore*>& stores_;
    const SeedCheck seeds_;
};

} // namespace

std::vector<MainBlockFill> mainBlockFills(MigrationContext& context, const CallGraph& graph, const StoreAccess& access,
                                          const std::vector<const FoundStore*>& stores) {
    std::vector<MainBlockFill> fills;
    if (context.staysOnFramework) return fills;
    const MainBlockReader reader(context, graph, access, stores);
    for (const auto& module : context.project().modules()) {
        if (isTestModule(*module)) continue;
        for (const Node& statement : module->tree->root().namedChildren())
            if (isMainBlock(statement) && !isTrialBlock(context.project(), *module, statement) && !context.rewrite(*module).isRemoved(statement)) reader.read(*module, statement, fills);
    }
    return fills;
}

bool isTrialBlock(const semantic::Project& project, const Module& module, const Node& statement) {
    static constexpr Words kServes = {"run", "serve", "serve_forever", "run_server", "run_forever", "start", "create_app", "make_app"};
    if (!isMainBlock(statement) || facts::makesApplication(module)) return false;
    bool serves = false;
    syntax::walk(statement, [&](const Node& node) {
        const Node callee = node.is("call") ? node.field("function") : Node();
        serves = serves || (callee && kServes.count(callee.is("attribute") ? callee.field("attribute").text() : callee.text()) > 0);
        return !serves;
    });
    if (serves) return false;
    const auto reaches = [&](const Module& from) {
        std::set<const Module*> seen = {&from};
        std::vector<const Module*> open = {&from};
        while (!open.empty()) {
            const Module* next = open.back();
            open.pop_back();
            for (const Module* imported : semantic::importedModules(project, *next))
                if (seen.insert(imported).second) open.push_back(imported);
        }
        return seen.count(&module) > 0;
    };
    return std::any_of(project.modules().begin(), project.modules().end(), [&](const auto& other) {
        return other.get() != &module && !isTestModule(*other) && facts::makesApplication(*other) && reaches(*other);
    });
}

bool isInTrialBlock(const semantic::Project& project, const Module& module, const Node& node) {
    Node statement = node;
    while (statement.parent() && !statement.parent().is("module")) statement = statement.parent();
    return isTrialBlock(project, module, statement);
}

void reportTrialBlocks(MigrationContext& context, const CallGraph& graph, const StoreAccess& access,
                       const std::vector<const FoundStore*>& stores) {
    for (const auto& module : context.project().modules())
        for (const Node& statement : module->tree->root().namedChildren()) {
            if (!isTrialBlock(context.project(), *module, statement)) continue;
            std::set<std::string> used;
            for (const FoundStore* store : stores)
                for (const facts::StoreReference& reference : store->references)
                    if (reference.module == module.get() && statement.contains(reference.node)) used.insert(store->fact.name);
            for (const Function* named : graph.namedIn(*module, statement))
                for (const FoundStore* store : access.storesOf(*named)) used.insert(store->fact.name);
            for (const std::string& name : used)
                context.report(*module, statement, "COV209", name).hint =
                    "this block is no part of the application: remove it, or make a test of it that asks the application";
        }
}

bool fills(const std::vector<MainBlockFill>& all, const FoundStore& store) {
    return std::any_of(all.begin(), all.end(), [&](const MainBlockFill& fill) {
        return std::find(fill.stores.begin(), fill.stores.end(), &store) != fill.stores.end();
    });
}

bool rewriteMainBlocks(MigrationContext& context, const std::vector<MainBlockFill>& fills, const Proxies& proxies) {
    bool any = false;
    for (const MainBlockFill& fill : fills) {
        if (!proxies.count(fill.stores[0])) continue;
        any = true;
        std::string names;
        for (const FoundStore* store : fill.stores) names += ", " + reachProxy(context, *fill.module, *store, proxies.at(store));
        ModuleRewrite& rewrite = context.rewrite(*fill.module);
        rewrite.requireImport(context.importPath(*fill.module, context.bridgeModule), "fill_when_empty");
        const Node callee = fill.call.field("function");
        const bool plain = callee.is("identifier") && fill.call.field("arguments").namedChildCount() == 0 &&
                           rewrite.replace(fill.call, [callee, names](const ModuleRewrite& inner) {
                               return "fill_when_empty(" + inner.render(callee) + names + ")";
                           });
        if (!plain) rewrite.wrap(fill.call, "fill_when_empty(lambda: ", names + ")");
    }
    return any;
}

bool isInFill(const std::vector<MainBlockFill>& fills, const Node& node) {
    return std::any_of(fills.begin(), fills.end(), [&](const MainBlockFill& fill) {
        return fill.call.tree() == node.tree() && fill.call.contains(node);
    });
}

} // namespace covet::rules
