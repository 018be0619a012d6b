#pragma once

#include "engine/migration_unit.h"

namespace covet::engine {

/// Components that are left alone, with the reason code.
using Blocked = std::map<size_t, std::string>;

/// One attempt at the migration of a unit.
class UnitPass {
public:
    UnitPass(const Unit& unit, const UnitInput& input, const Blocked& blocked);

    /// Runs all rules and renders the modules.
    void run();
    /// Components that cannot be rewritten as a whole, with the reason code and the module at fault.
    const Blocked& failures() const { return failures_; }
    const std::map<const Module*, Error>& culprits() const { return culprits_; }
    /// What came out. Call once, on the last pass.
    UnitResult finish();

private:
    bool isBlocked(const Module& module) const { return blocked_.count(input_.components.of(module)) > 0; }
    const Module* moduleAt(const std::string& path) const;
    void selectStores();
    void apply(const Module& module);
    void stopAtBrokenModules();

    const Unit& unit_;
    const UnitInput& input_;
    const Blocked& blocked_;
    rules::MigrationContext context_;
    std::vector<facts::FoundStore> stores_; // of this unit
    std::vector<std::string> keptInMemory_;
    Blocked failures_;
    std::map<const Module*, Error> culprits_;
    UnitResult result_;
};

/// Takes the tables of some stores out of a schema, with the references to them.
void dropTables(schema::Schema& schema, const std::set<std::string>& stores);

} // namespace covet::engine
