#pragma once

#include <memory>
#include <string>

#include "journal/project_lock.h"
#include "load/loader.h"
#include "migration/left_stores.h"
#include "migration/plan.h"
#include "migration/run_migration.h"
#include "project/analysis.h"

namespace covet::cli {

/// A run that could start: everything is known, nothing was written.
struct PreparedRun {
    ProjectAnalysis project;
    Plan plan;
    std::unique_ptr<load::Migration> database; // null without a database
    std::vector<LeftStore> left; // of the project's analysis

    bool hasWork() const { return !plan.changes.empty() || (database && !database->report().nothingToDo); }
};

/// Analyses, freezes the plan, checks that all of it can be written and opens the database.
/// `lock` is the project's folder.
Result<PreparedRun> prepareRun(const std::string& projectPath, const RunRequest& request, const ProjectLock& lock,
                               Terminal& terminal);

} // namespace covet::cli
