#pragma once

#include <string>
#include <vector>

#include "commands/command.h"
#include "equivalence/application.h"
#include "equivalence/inspection.h"
#include "equivalence/report.h"
#include "equivalence/workspace.h"

namespace covet::cli {

/// What the command line says about the comparison.
struct EquivalenceRequest {
    std::string legacyFolder; // "" = the copies of the last run, else the project itself
    std::string python;
    std::string legacyCommand, migratedCommand;
    std::string app; // of several
    std::string url; // empty scratch database for the migrated application; "" = temporary SQLite
    std::string target = "covetpy";
    int phase = 2; // of Options
    uint64_t seed = 1;
    size_t maxRequests = 2000;
    double seconds = 300, answerSeconds = 10, startSeconds = 60;
};

/// Both forms of the application in the workspace ("legacy", "migrated"), and what is known of them.
struct Sides {
    Workspace workspace;
    std::string project; // folder of the migrated form
    Analysis analysis;   // of the legacy form
    equivalence::Inspection inspection;
    equivalence::SideInfo legacyInfo, migratedInfo;
    Launch legacy, migrated;
};

/// Finds the two forms and copies them; nothing is started. The migrated one is the project itself,
/// or, when it was not migrated yet, what the migration would make of it.
Result<Sides> prepareSides(Context& context, const EquivalenceRequest& request);

} // namespace covet::cli
