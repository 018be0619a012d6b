#pragma once

#include "engine/migration_unit.h"

namespace covet::engine {

/// Components that are left alone, with the reason code.
using Blocked = std::map<size_t, std::string>;

/// Stores that stay in memory, with what the pass that gave up on them said about them and their uses.
struct KeptUses {
    InMemory why;
    std::vector<facts::StoreUse> uses;
};
using Kept = std::map<std::string, KeptUses>;

/// One attempt at the migration of a unit.
class UnitPass {
public:
    /// `begun`: see migrateUnit(); nullptr = the frontends have to be run.
    UnitPass(const Unit& unit, const UnitInput& input, const Blocked& blocked, const Kept& kept,
             std::unique_ptr<rules::MigrationContext> begun);

    /// Runs all rules and renders the modules.
    void run();
    /// Components that cannot be rewritten as a whole, with the reason code and the module at fault.
    const Blocked& failures() const { return failures_; }
    const std::map<const Module*, Error>& culprits() const { return culprits_; }
    /// Stores beyond the known ones that have to stay in memory. What has been claimed for them is
    /// void, so the pass must be repeated.
    const Kept& newlyKept() const { return newlyKept_; }
    /// What came out. Call once, on the last pass.
    UnitResult finish();

private:
    bool isBlocked(const Module& module) const { return blocked_.count(input_.components.of(module)) > 0; }
    const Module* moduleAt(const std::string& path) const;
    bool isReplaced(const facts::FoundStore& store) const;
    bool onlyDataMoves() const;
    void selectStores();
    void migrateStores();
    void apply(const Module& module);
    void stopAtBrokenModules();

    const Unit& unit_;
    const UnitInput& input_;
    const Blocked& blocked_;
    const Kept& kept_;
    const semantic::Project project_; // the modules of the unit alone
    const bool isBegun_;
    const std::unique_ptr<rules::MigrationContext> ownContext_;
    rules::MigrationContext& context_;
    std::vector<facts::FoundStore> stores_; // of this unit
    Kept newlyKept_;
    Blocked failures_;
    std::map<const Module*, Error> culprits_;
    UnitResult result_;
};

/// Takes the tables of some stores out of a schema, with the references to them.
void dropTables(schema::Schema& schema, const std::set<std::string>& stores);

} // namespace covet::engine
