#include "engine/unit_pass.h"

#include <algorithm>

#include "engine/dead_stores.h"
#include "engine/store_findings.h"
#include "facts/member_fields.h"
#include "facts/store_lifetime.h"
#include "rules/import_effects.h"
#include "rules/rule.h"
#include "rules/store/store_engine.h"
#include "rules/wrapped_signature.h"
#include "support/strings.h"

namespace covet::engine {

void dropTables(schema::Schema& schema, const std::set<std::string>& stores) {
    auto dropped = [&](schema::Table& table) {
        // The table of single values belongs to several stores.
        if (table.stateNames.empty()) return stores.count(table.store) > 0;
        for (const std::string& store : stores) table.stateNames.erase(store);
        return table.stateNames.empty();
    };
    schema.tables.erase(std::remove_if(schema.tables.begin(), schema.tables.end(), dropped),
                        schema.tables.end());
    for (schema::Table& table : schema.tables) {
        auto dangling = [&](const schema::ForeignKey& key) { return !schema.table(key.table); };
        table.foreignKeys.erase(
            std::remove_if(table.foreignKeys.begin(), table.foreignKeys.end(), dangling),
            table.foreignKeys.end());
    }
}

UnitPass::UnitPass(const Unit& unit, const UnitInput& input, const Blocked& blocked, const Kept& kept,
                   std::unique_ptr<rules::MigrationContext> begun)
    : unit_(unit)
    , input_(input)
    , blocked_(blocked)
    , kept_(kept)
    , project_(input.loaded.project.part(unit.modules))
    , isBegun_(begun != nullptr)
    , ownContext_(begun ? std::move(begun) : std::make_unique<rules::MigrationContext>(project_, input.target))
    , context_(*ownContext_) {}

void UnitPass::run() {
    if (!isBegun_) {
        context_.placeGeneratedModules(unit_.main, input_.loaded.paths);
        rules::runRules(context_, rules::Phase::Frontend, input_.held.rules);
    }
    rules::markFixedSignatures(context_);
    context_.staysOnFramework = onlyDataMoves();
    selectStores();
    migrateStores();
    if (!newlyKept_.empty()) return;
    rules::runRules(context_, rules::Phase::Check);
    const std::vector<const Module*> opened = context_.openedModules();
    for (const Module* module : opened) context_.signatures(*module).apply();
    for (const Module* module : opened)
        if (unit_.modules.count(module) && !isBlocked(*module)) apply(*module);
    stopAtBrokenModules();
    if (!failures_.empty()) return;
    std::set<const Module*> lighter;
    for (const facts::FoundStore* store : deadStores(stores_, result_, input_.loaded.project)) {
        removeDefinition(context_, *store);
        lighter.insert(store->module);
    }
    for (const Module* module : lighter) apply(*module);
}

void UnitPass::migrateStores() {
    std::vector<rules::KeptStore> kept;
    result_.uses = rules::migrateStores(context_, {stores_, result_.schema}, kept);
    std::map<std::string, size_t> listed;
    for (const facts::StoreUse& use : result_.uses) ++listed[use.store];
    for (const facts::FoundStore& store : stores_)
        // A reference that nobody answers for would go on using the memory beside the table.
        if (store.fact.leftAlone.empty() && listed[store.fact.id] < store.references.size())
            kept.push_back({store.fact.id, "kept-in-memory", ""});
    for (const rules::KeptStore& store : kept) {
        if (kept_.count(store.id) || newlyKept_.count(store.id)) continue;
        KeptUses& known = newlyKept_[store.id];
        known.why = {store.reason, store.hint};
        for (const facts::StoreUse& use : result_.uses)
            if (use.store == store.id) known.uses.push_back(use);
    }
}

UnitResult UnitPass::finish() {
    for (const auto& [id, kept] : kept_) {
        result_.inMemory.emplace(id, kept.why);
        if (!facts::isNoDataReason(kept.why.reason)) result_.uses.insert(result_.uses.end(), kept.uses.begin(), kept.uses.end());
    }
    std::set<std::string> without;
    for (const facts::FoundStore& store : stores_)
        if (isBlocked(*store.module))
            result_.inMemory[store.fact.id] = {blocked_.at(input_.components.of(*store.module)), ""};
    for (const auto& [id, why] : result_.inMemory) without.insert(id);
    dropTables(result_.schema, without);

    const bool rewritten = !result_.texts.empty();
    if (rewritten) result_.generated = std::move(context_.generatedFiles);
    if (rewritten && !result_.schema.tables.empty())
        result_.modelsPath = context_.generatedPath(context_.modelsModule);
    result_.rowChecks = context_.rowChecks;
    result_.staysOnFramework = context_.staysOnFramework;
    result_.target = &input_.target;
    if (unit_.main) result_.importBase = context_.importBase(*unit_.main);
    const std::string above = replaceAll(result_.importBase, "/", ".") + ".";
    for (const schema::Table& table : result_.schema.tables) {
        if (table.elementClass.empty()) continue;
        const size_t colon = table.elementClass.rfind(':');
        const std::string module = table.elementClass.substr(0, colon);
        const auto imported = [&](const std::string& name) { return !result_.importBase.empty() && startsWith(name, above) ? name.substr(above.size()) : name; };
        if (imported(module) != module) result_.classModules[table.elementClass] = imported(module);
        if (const Module* home = input_.loaded.project.module(module); home && colon != std::string::npos)
            for (const auto& [field, member] : facts::memberFields(input_.loaded.project, *home, table.elementClass.substr(colon + 1)))
                result_.members[table.elementClass][field] = imported(member.enumeration);
    }
    for (const facts::App& app : context_.migratedApps)
        if (const Module* module = moduleAt(app.where.file); module && !isBlocked(*module))
            result_.migratedApps.push_back(app);

    for (const facts::App& app : context_.apps) {
        const bool moves = std::any_of(context_.migratedApps.begin(), context_.migratedApps.end(), [&](const facts::App& moved) {
            return moved.where.file == app.where.file && moved.where.line == app.where.line;
        });
        if (!moves && moduleAt(app.where.file)) result_.refusedApps.push_back(app);
    }

    for (rules::Finding& finding : context_.findings) {
        const Module* module = moduleAt(finding.file);
        if (!module) continue;
        if (isBlocked(*module) && finding.outcome == rules::Outcome::Fixed) {
            finding.outcome = rules::Outcome::Skipped;
            finding.safety = rules::Safety::Manual;
            finding.safetyReason = blocked_.at(input_.components.of(*module));
        }
        result_.findings.push_back(std::move(finding));
    }
    completeStoreUses(stores_, result_);
    addStoreFindings(stores_, result_);
    return std::move(result_);
}

const Module* UnitPass::moduleAt(const std::string& path) const {
    const Module* module = input_.loaded.project.moduleByPath(path);
    return module && unit_.modules.count(module) ? module : nullptr;
}

bool UnitPass::isReplaced(const facts::FoundStore& store) const {
    const std::string owner = store.classId.empty() ? store.module->name + ":" + store.className : store.classId;
    return context_.replacedContainers.count(owner + (store.className.empty() ? "" : ".") + store.variable) > 0;
}

/// Nothing of the unit moves to the target's framework, and no earlier run has moved a part of its data.
bool UnitPass::onlyDataMoves() const {
    if (context_.keptApplications.empty() || !context_.migratedApps.empty() || !context_.madeHandlers.empty()) return false;
    for (const auto& module : project_.modules())
        for (const auto& [name, binding] : module->imports)
            if (binding.name == "StoresMiddleware") return false;
    return std::none_of(context_.handlers.begin(), context_.handlers.end(),
                        [](const rules::Handler& handler) { return handler.rewritten; });
}

void UnitPass::selectStores() {
    std::set<std::string> without;
    for (const facts::FoundStore& store : input_.stores) {
        const bool here = unit_.modules.count(store.module) > 0 && !isReplaced(store);
        const bool kept = kept_.count(store.fact.id) > 0;
        if (!here || kept || isBlocked(*store.module)) without.insert(store.fact.id);
        if (!here) continue;
        stores_.push_back(store);
        std::string& leftAlone = stores_.back().fact.leftAlone;
        if (kept && leftAlone.empty()) leftAlone = "kept-in-memory";
        if (isBlocked(*store.module) && leftAlone.empty())
            leftAlone = blocked_.at(input_.components.of(*store.module));
    }
    result_.schema = input_.schema;
    dropTables(result_.schema, without);
}

void UnitPass::apply(const Module& module) {
    const rules::ModuleRewrite& rewrite = context_.rewrite(module);
    if (rewrite.empty()) return;
    auto giveUp = [&](const Error& error) {
        failures_.emplace(input_.components.of(module), error.code);
        culprits_.emplace(&module, error);
    };
    Result<SharedText> text = rewrite.apply();
    if (text && rules::keepEffectfulImports(context_, module, *text)) text = rewrite.apply();
    if (!text) return giveUp(text.error());
    if (*text == module.source.text()) return;
    Result<SharedText> bytes = module.source.encode(*text);
    if (!bytes) return giveUp(bytes.error());
    result_.texts[&module] = std::move(*text);
    result_.bytes[&module] = std::move(*bytes);
}

void UnitPass::stopAtBrokenModules() {
    // A module with a syntax error cannot follow the changes of its neighbours. Where the framework stays, those are changes
    // of stores, which stay in memory where such a module may name them.
    for (const Module* broken : input_.loaded.broken) {
        if (!unit_.modules.count(broken) || isBlocked(*broken)) continue;
        for (const auto& [changed, text] : result_.texts) {
            if (changed != broken && (context_.staysOnFramework || !input_.components.adjacent(*changed, *broken))) continue;
            failures_.emplace(input_.components.of(*broken), "syntax-error");
            culprits_.emplace(broken, Error{"syntax-error", "it has a syntax error", broken->path(), 1, ""});
            break;
        }
    }
}

} // namespace covet::engine
