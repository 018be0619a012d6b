#include "rules/store/store_engine.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "facts/reference_context.h"
#include "rules/store/background_tasks.h"
#include "rules/store/bridge_module.h"
#include "rules/store/definitions.h"
#include "rules/store/exact_lowering.h"
#include "rules/store/streamed_answers.h"
#include "rules/store/kept_framework.h"
#include "rules/store/lifespan.h"
#include "rules/store/middleware.h"
#include "rules/store/obstacles.h"
#include "rules/store/seeding.h"
#include "rules/store/shared_records.h"
#include "support/words.h"

namespace covet::rules {
namespace {

using facts::FoundStore;
using facts::StoreReference;
using facts::StoreUse;
using semantic::Function;
using semantic::Module;

StoreUse useOf(const FoundStore& store, const StoreReference& reference, facts::Outcome outcome,
               const std::string& reason) {
    StoreUse use;
    use.store = store.fact.id;
    use.where = {reference.module->path(), reference.module->source.lineOf(reference.node.start())};
    use.function = reference.function ? reference.function->qualified : "";
    use.op = facts::useKindName(facts::contextOf(reference.node).kind);
    use.outcome = outcome;
    use.reason = reason;
    return use;
}

class StoreEngine {
public:
    StoreEngine(MigrationContext& context, const StorePlan& plan)
        : context_(context), plan_(plan), shared_(sharedRecords(context.project(), plan)) {
        for (const FoundStore& store : plan.stores)
            if (store.fact.leftAlone.empty()) stores_.push_back(&store);
    }

    void run() {
        decideWhatMoves();
        removeSeeding(context_, seeding_, seedFunctions_);
        // Without what has been removed.
        const CallGraph graph(context_, statementsOf(lifespans_));
        const StoreAccess access(graph, moving_);
        Proxies proxies;
        if (context_.staysOnFramework) bridgeAround(graph, access, proxies);
        else moveWithHandlers(graph, access, proxies);
        makePiecesFirst(context_, graph, access, moving_);
        replaceDefinitions(context_, moving_, access, proxies, started_, seeding_);
        cleanGlobals(context_, moving_);
        reportTests();
        reportTrialBlocks(context_, graph, access, moving_);
        reportKept();
        reportRemoved();
    }

    std::vector<StoreUse> uses() {
        std::stable_sort(uses_.begin(), uses_.end(), [](const StoreUse& a, const StoreUse& b) {
            return std::tie(a.where.file, a.where.line, a.store) < std::tie(b.where.file, b.where.line, b.store);
        });
        return std::move(uses_);
    }

    std::vector<KeptStore> kept() const {
        std::vector<KeptStore> kept;
        for (const FoundStore* store : stores_) {
            auto found = obstacles_.find(store);
            if (found == obstacles_.end()) continue;
            const Obstacle& obstacle = found->second;
            const std::string place = obstacle.module->path() + ":" +
                                      std::to_string(obstacle.module->source.lineOf(obstacle.where.start()));
            kept.push_back({store->fact.id, reasonOf(*store),
                            obstacle.hint.empty() ? "see " + place : obstacle.hint + " (" + place + ")"});
        }
        return kept;
    }

private:
    void moveWithHandlers(const CallGraph& graph, const StoreAccess& access, Proxies& proxies) {
        const std::vector<MadeHandlerUse> made = madeHandlerUses(context_, graph, access, moving_);
        BridgeFeatures features;
        for (const FunctionGroup& group : groupFunctions(context_, graph, moving_)) {
            std::string reason = "bridge-only";
            std::vector<StoreUse> uses = usesOf(group, facts::Outcome::Exact, "");
            const bool runsForLambda = isUsedBy(made, group);
            const bool starts = std::any_of(group.stores.begin(), group.stores.end(),
                                            [&](const FoundStore* store) { return started_.count(store) > 0 || fills(fills_, *store); });
            if (runsForLambda) reason = "lambda-handler";
            else if (starts) reason = "filled-at-start";
            const bool shares = shareRecords(shared_, group.stores);
            if (shares) reason = "shared-records";
            if (plan_.bridgeOnly || runsForLambda || starts || shares || !lowerExactly(context_, plan_, group, uses, reason)) {
                uses = usesOf(group, facts::Outcome::Bridged, reason);
                addProxies(proxies, group.stores);
                for (const Handler* handler : group.handlers) {
                    if (!handler->rewritten) continue;
                    features.dependencies = features.dependencies || handler->isDependency;
                    features.middleware = features.middleware || isMiddleware(*handler->module, *handler->function);
                }
                bridgeGroup(context_, graph, access, group, proxies);
            }
            uses_.insert(uses_.end(), uses.begin(), uses.end());
        }
        for (const MadeHandlerUse& use : made) {
            addProxies(proxies, use.stores);
            bridgeMadeHandler(context_, graph, access, use, proxies);
            for (size_t i = 0; i < use.references.size(); ++i)
                uses_.push_back(useOf(*use.owners[i], *use.references[i], facts::Outcome::Bridged, "lambda-handler"));
        }
        bridgeBackgroundTasks(context_, graph, access, proxies);
        features.filling = std::any_of(proxies.begin(), proxies.end(),
                                       [](const auto& proxy) { return proxy.first->fact.madeAtStart; });
        features.starting = isAnyStarted(proxies);
        features.objects = isAnyOfObject(proxies);
        features.sharing = linkSharing(shared_, proxies);
        features.mainBlock = rewriteMainBlocks(context_, fills_, proxies);
        features.late = context_.namesStoresLate;
        if (!proxies.empty())
            context_.generatedFiles[context_.generatedPath(context_.bridgeModule)] =
                bridgeModuleText(context_, features);
    }

    /// The application stays on its framework: its stores are opened around its requests.
    void bridgeAround(const CallGraph& graph, const StoreAccess& access, Proxies& proxies) {
        for (const FunctionGroup& group : groupFunctions(context_, graph, moving_)) {
            const std::vector<StoreUse> uses = usesOf(group, facts::Outcome::Bridged, "stays-on-framework");
            uses_.insert(uses_.end(), uses.begin(), uses.end());
            addProxies(proxies, group.stores);
            bridgeGroup(context_, graph, access, group, proxies);
        }
        if (proxies.empty()) return;
        const KeptFramework kept(context_, graph, access);
        BridgeFeatures features;
        features.filling = std::any_of(proxies.begin(), proxies.end(),
                                       [](const auto& proxy) { return proxy.first->fact.madeAtStart; });
        features.starting = isAnyStarted(proxies);
        features.objects = isAnyOfObject(proxies);
        features.sharing = linkSharing(shared_, proxies);
        features.locks = kept.hasLocks();
        context_.generatedFiles[context_.generatedPath(context_.bridgeModule)] = wsgiBridgeModuleText(context_, features);
        context_.generatedFiles[context_.generatedPath(context_.databaseModule)] = wsgiDatabaseModuleText(context_);
        openAroundRequests(context_, graph, kept);
    }

    /// The table whose row tells that the first content of a store has been made.
    const schema::Table* stateTable(const FoundStore& store) const {
        for (const schema::Table& table : plan_.schema.tables)
            if (table.stateNames.count(store.fact.id)) return &table;
        return nullptr;
    }

    bool isAnyStarted(const Proxies& proxies) const {
        return std::any_of(proxies.begin(), proxies.end(), [&](const auto& proxy) { return started_.count(proxy.first) > 0; });
    }

    static bool isAnyOfObject(const Proxies& proxies) {
        return std::any_of(proxies.begin(), proxies.end(), [](const auto& proxy) { return !proxy.first->made.isNull(); });
    }

    void addProxies(Proxies& proxies, const std::vector<const FoundStore*>& stores) const {
        for (const FoundStore* store : stores) {
            const schema::Table& table = *plan_.schema.tableOfStore(store->fact.id);
            const schema::Table* state = store->fact.madeAtStart ? stateTable(*store) : nullptr;
            proxies.emplace(store, started_.count(store) ? startedProxyOf(*store, table, state)
                                   : state               ? filledProxyOf(*store, table, *state)
                                                         : proxyOf(*store, table));
        }
    }

    /// Whether a lambda runs functions of the group, or shares a counter with it: it has no session
    /// to hand on.
    static bool isUsedBy(const std::vector<MadeHandlerUse>& made, const FunctionGroup& group) {
        return std::any_of(made.begin(), made.end(), [&](const MadeHandlerUse& use) {
            return std::any_of(use.functions.begin(), use.functions.end(),
                               [&](const Function* function) { return group.functions.count(function) > 0; }) ||
                   std::any_of(use.owners.begin(), use.owners.end(), [&](const FoundStore* store) {
                       return store->fact.container == facts::Container::Scalar &&
                              std::find(group.stores.begin(), group.stores.end(), store) != group.stores.end();
                   });
        });
    }

    void decideWhatMoves() {
        lifespans_ = lifespanParts(context_, stores_);
        const CallGraph graph(context_, statementsOf(lifespans_));
        const StoreAccess access(graph, stores_);
        for (const Handler& handler : context_.handlers)
            if (handler.function && graph.contains(*handler.function)) forHandlers_.merge(graph.reachableFrom(*handler.function));
        const StartCode start(context_, graph, access, stores_);
        fills_ = mainBlockFills(context_, graph, access, stores_);
        obstacles_ = findObstacles(context_, graph, access, plan_, stores_, start, fills_);
        untoldRecords(shared_, obstacles_);
        for (const FoundStore* store : stores_)
            if (start.fills(*store)) started_.insert(store);
        std::vector<ImportTimeUse> seeds;
        for (const ImportTimeUse& use : importTimeUses(context_, graph, access, stores_))
            if (use.kind == ImportTimeUse::Kind::Seeding) seeds.push_back(use);
        for (bool changed = true; changed;) {
            changed = false;
            for (const MainBlockFill& fill : fills_)
                changed = keepTogether(fill.stores, *fill.module, fill.call) || changed;
            for (const LifespanPart& part : lifespans_)
                changed = keepTogether(part.stores, *part.module, part.statement) || changed;
            for (const ImportTimeUse& seed : seeds)
                changed = keepTogether(access.storesOf(*seed.function), *seed.module, seed.statement) || changed;
            changed = keepObjectsTogether() || changed;
            for (const SharedRecords& one : shared_) changed = keepTogether({one.owner, one.holder}, *one.module, one.where) || changed;
            for (const FoundStore* store : stores_)
                for (const StoreReference& reference : store->references)
                    if (const FoundStore* made = madeOf(stores_, *store, reference))
                        changed = keepTogether({store, made}, *made->module, made->definition) || changed;
            for (const FoundStore* store : stores_)
                for (const Node& statement : store->buildStatements)
                    changed = keepTogether(builtBy(*store->module, statement), *store->module, statement) || changed;
        }
        for (const FoundStore* store : stores_) {
            bool used = std::any_of(store->references.begin(), store->references.end(), [&](const auto& reference) {
                return reference.function ? graph.contains(*reference.function)
                                          : context_.madeHandlerAround(*reference.module, reference.node) != nullptr;
            });
            if (!used) obstacles_.emplace(store, Obstacle{"unused", "nothing uses it", store->module, store->definition});
            if (!obstacles_.count(store)) moving_.push_back(store);
        }
        for (const LifespanPart& part : lifespans_) {
            if (obstacles_.count(part.stores[0])) continue;
            seeding_.emplace_back(part.module, part.statement);
            for (const Function* named : graph.namedIn(*part.module, part.statement))
                if (graph.callersOf(*named).empty() && !named->isNested && named->className.empty() && !context_.handlerOf(*named))
                    seedFunctions_.insert({&graph.moduleOf(*named), named});
        }
        for (const ImportTimeUse& seed : seeds) {
            std::vector<const FoundStore*> filled = access.storesOf(*seed.function);
            if (filled.empty() || obstacles_.count(filled[0]) || started_.count(filled[0])) continue;
            seeding_.emplace_back(seed.module, seed.statement);
            if (graph.callersOf(*seed.function).empty() && !seed.function->isNested && seed.function->className.empty())
                seedFunctions_.insert({&graph.moduleOf(*seed.function), seed.function});
        }
    }

    /// What nothing changes and no request reaches is made again whenever the program starts.
    std::string reasonOf(const FoundStore& store) const {
        static constexpr Words kOfTheProgram = {"used-at-import", "used-at-start", "no-handler",
                                                "module-level-use", "mixed-building", "opaque-data",
                                                "opaque-values"};
        const std::string& reason = obstacles_.at(&store).reason;
        const bool serves = std::any_of(context_.handlers.begin(), context_.handlers.end(),
                                        [](const Handler& handler) { return handler.rewritten; });
        const bool allServe = serves && std::all_of(context_.handlers.begin(), context_.handlers.end(),
                                                    [](const Handler& handler) { return handler.rewritten; });
        if (reason == "no-handler" && allServe) return "never-reached";
        if (store.fact.changed || !serves || !kOfTheProgram.count(reason)) return reason;
        const bool forRequests = std::any_of(store.references.begin(), store.references.end(), [&](const auto& reference) {
            return reference.function && forHandlers_.count(reference.function) > 0;
        });
        return forRequests ? reason : "never-changed";
    }

    /// Stores that one statement fills stay or move together. True if that keeps another one.
    bool keepTogether(const std::vector<const FoundStore*>& together, const Module& module, const Node& statement) {
        bool anyKept = std::any_of(together.begin(), together.end(),
                                   [&](const FoundStore* store) { return obstacles_.count(store) > 0; });
        bool changed = false;
        if (anyKept)
            for (const FoundStore* store : together)
                changed = obstacles_
                              .emplace(store, Obstacle{"filled-with-another", "a store that stays is filled here too",
                                                       &module, statement})
                              .second ||
                          changed;
        return changed;
    }

    /// The code that objects of one class share works on tables for all of them or for none.
    bool keepObjectsTogether() {
        std::map<std::string, Obstacle> kept;
        for (const FoundStore& store : plan_.stores) {
            if (store.family.empty()) continue;
            const auto found = obstacles_.find(&store);
            if (found != obstacles_.end()) kept.emplace(facts::sharedBy(store), found->second);
            else if (!store.fact.leftAlone.empty())
                kept.emplace(facts::sharedBy(store), Obstacle{"kept-with-another", "another object of its class keeps it in memory",
                                                              store.module, store.definition});
        }
        bool changed = false;
        for (const FoundStore* store : stores_) {
            const auto why = store->family.empty() ? kept.end() : kept.find(facts::sharedBy(*store));
            if (why != kept.end()) changed = obstacles_.emplace(store, why->second).second || changed;
        }
        return changed;
    }

    std::vector<const FoundStore*> builtBy(const Module& module, const Node& statement) const {
        std::vector<const FoundStore*> built;
        for (const FoundStore* store : stores_)
            if (store->module == &module &&
                std::find(store->buildStatements.begin(), store->buildStatements.end(), statement) !=
                    store->buildStatements.end())
                built.push_back(store);
        return built;
    }

    std::vector<StoreUse> usesOf(const FunctionGroup& group, facts::Outcome outcome, const std::string& reason) const {
        std::vector<StoreUse> uses;
        for (const StoreReference* reference : group.references)
            for (const FoundStore* store : group.stores)
                if (reference >= store->references.data() &&
                    reference < store->references.data() + store->references.size())
                    uses.push_back(useOf(*store, *reference, outcome, reason));
        return uses;
    }

    void reportTests() {
        for (const FoundStore* store : moving_) {
            for (const StoreReference& reference : store->testReferences) {
                Finding& finding = context_.report(*reference.module, reference.node, "COV209", store->fact.name);
                finding.hint = "the data is in a table now: prepare and inspect it through the application or a session";
            }
        }
    }

    /// Uses in code that a frontend replaced (a dispatcher, a registry) or that only seeded.
    void reportRemoved() {
        std::multiset<std::tuple<std::string, std::string, uint32_t>> listed;
        for (const StoreUse& use : uses_) listed.insert({use.store, use.where.file, use.where.line});
        for (const FoundStore* store : moving_)
            for (const StoreReference& reference : store->references) {
                StoreUse use = useOf(*store, reference, facts::Outcome::Exact, "");
                if (isInTrialBlock(context_.project(), *reference.module, reference.node)) {
                    use.outcome = facts::Outcome::Manual;
                    use.reason = "outside-application";
                }
                auto known = listed.find({use.store, use.where.file, use.where.line});
                if (known == listed.end()) uses_.push_back(std::move(use));
                else listed.erase(known);
            }
    }

    void reportKept() {
        for (const auto& store : stores_) {
            auto kept = obstacles_.find(store);
            if (kept == obstacles_.end()) continue;
            if (store->isVariable) continue; // what starts and runs the program, not data
            for (const StoreReference& reference : store->references)
                uses_.push_back(useOf(*store, reference, facts::Outcome::Manual, reasonOf(*store)));
        }
    }

    MigrationContext& context_;
    const StorePlan& plan_;
    std::vector<const FoundStore*> stores_, moving_;
    const std::vector<SharedRecords> shared_;
    std::vector<LifespanPart> lifespans_;
    std::vector<MainBlockFill> fills_;
    std::set<const FoundStore*> started_; // whose first content the program goes on filling in memory
    Obstacles obstacles_;
    std::set<const Function*> forHandlers_;
    std::vector<std::pair<const Module*, Node>> seeding_;
    SeedFunctions seedFunctions_;
    std::vector<StoreUse> uses_;
};

} // namespace

std::vector<StoreUse> migrateStores(MigrationContext& context, const StorePlan& plan,
                                    std::vector<KeptStore>& keptInMemory) {
    StoreEngine engine(context, plan);
    engine.run();
    keptInMemory = engine.kept();
    return engine.uses();
}

} // namespace covet::rules
