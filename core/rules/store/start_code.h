#pragma once

#include "rules/store/import_time.h"

namespace covet::rules {

class KeptFramework;

/// Code that works on stores when the program starts, in ways that rows alone cannot replace:
///
///     users = []
///     app = create_app()          # calls create_admin(), which looks for one and appends
///
/// Such code goes on working on what memory held at that point; the first request takes the table instead.
/// That is the same as long as the code keeps nothing of the containers: it looks at them and fills them.
class StartCode {
public:
    StartCode(MigrationContext& context, const CallGraph& graph, const StoreAccess& access,
              const std::vector<const facts::FoundStore*>& stores);

    /// Whether the program goes on filling the first content of the store in memory.
    bool fills(const facts::FoundStore& store) const { return started_.count(&store) > 0; }
    /// Whether the function runs at the start and works on such stores only.
    bool mayRun(const semantic::Function& function) const { return functions_.count(&function) > 0; }

private:
    /// Code that runs once and the stores that it works on.
    struct Part {
        const semantic::Function* function = nullptr; // that is called, if one is
        std::set<const facts::FoundStore*> stores;
        bool isHarmless = true; // it keeps nothing of them
        bool needsMemory = false; // rows cannot replace it
    };

    void addImportTime(MigrationContext& context, const CallGraph& graph, const StoreAccess& access);
    void addBuilding(MigrationContext& context, const CallGraph& graph, const StoreAccess& access);
    void addModuleLevel(const MigrationContext& context);
    bool areAll(const std::set<const facts::FoundStore*>& among, const Part& part) const;
    void decide();

    const std::vector<const facts::FoundStore*>& stores_;
    std::vector<Part> parts_;
    std::set<const facts::FoundStore*> started_;
    std::set<const semantic::Function*> functions_;
};

/// The initial content of a store as its definition spells it; "" where the text cannot be used elsewhere.
std::string firstContentOf(const facts::FoundStore& store);

} // namespace covet::rules
