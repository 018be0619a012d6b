#pragma once

#include <string>

#include "commands/command.h"
#include "covet/core.h"
#include "load/loader.h"
#include "migration/plan.h"
#include "project/extraction.h"

namespace covet::cli {

/// What a command asks of a run.
struct RunRequest {
    std::string kind = "run"; // the command
    Options options;
    Extraction extraction;
    std::string url; // "" = no database
    bool normalize = false; // tables of their own for nested values; for data without code
    ChangeSelection changes{true, true};
    load::OnConflict onConflict = load::OnConflict::Fail;
    bool consented = false; // --yes, --write
    bool dryRun = false;
    bool backup = true;
    std::string backupFolder; // "" = defaultBackupFolder
};

/// lock -> recover -> analyse -> preflight -> show -> ask -> backup -> plan -> load -> verify ->
/// publish -> code -> dependencies -> report.
///
/// Nothing is written before the consent. Any failure, and any signal, after it undoes everything
/// that was done; the project and the database are then as they were.
Result<ExitCode> runMigration(Context& context, const RunRequest& request);

} // namespace covet::cli
