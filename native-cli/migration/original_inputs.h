#pragma once

#include "migration/plan.h"
#include "migration/tool_folder.h"
#include "project/project_files.h"
#include "support/result.h"

namespace covet::cli {

/// The files of a project as a run read them: from the run's copies where it changed them, else from
/// the project, else from the run's backup. Error `edited-since` when a file cannot be had as it was.
Result<ProjectFiles> originalInputs(const std::string& root, const RunFolder& run, const Plan& plan);

/// The plan of a run. Error when the run was interrupted before it had one.
Result<Plan> planOf(const RunFolder& run);

} // namespace covet::cli
