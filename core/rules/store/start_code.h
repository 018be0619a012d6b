#pragma once

#include "rules/store/import_time.h"

namespace covet::rules {

class KeptFramework;

/// Code that works on stores when the program starts, in ways that rows alone cannot replace:
///
///     users = []
///     app = create_app()          # calls create_admin(), which looks for one and appends
///
/// Such code goes on working on what memory held at that point; the first request takes the table
/// instead. That is the same as long as the code keeps nothing of the containers: it looks at them
/// and fills them.
class StartCode {
public:
    StartCode(MigrationContext& context, const CallGraph& graph, const StoreAccess& access,
              const std::vector<const facts::FoundStore*>& stores);

    /// Whether the program goes on filling the first content of the store in memory.
    bool fills(const facts::FoundStore& store) const { return started_.count(&store) > 0; }
    /// Stores that a function works on before it returns, when module-level code calls it; nullptr
    /// for others.
    const std::set<const facts::FoundStore*>* touchedBy(const semantic::Function& function) const;

private:
    /// Code that runs once and the stores that it works on.
    struct Part {
        std::set<const facts::FoundStore*> stores;
        bool isHarmless = true;   // it keeps nothing of them
        bool needsMemory = false; // rows cannot replace it
    };

    void addImportTime(MigrationContext& context, const CallGraph& graph,
                       const StoreAccess& access);
    void addBuilding(MigrationContext& context, const CallGraph& graph, const StoreAccess& access);
    void addModuleLevel(const MigrationContext& context, const CallGraph& graph);
    bool areAll(const std::set<const facts::FoundStore*>& among, const Part& part) const;
    void decide();

    const std::vector<const facts::FoundStore*>& stores_;
    const bool staysOnFramework_;
    std::vector<Part> parts_;
    std::set<const facts::FoundStore*> started_;
    std::map<const semantic::Function*, std::set<const facts::FoundStore*>> touched_;
};

/// Whether the elements that a store holds at the start are those of the literal that defines it.
bool isMadeByDefinition(const facts::FoundStore& store);

/// The initial content of a store as its definition spells it; "" where the text cannot be used
/// elsewhere.
std::string firstContentOf(const facts::FoundStore& store);

} // namespace covet::rules
