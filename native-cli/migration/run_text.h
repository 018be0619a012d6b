#pragma once

#include <string>

#include "backup/backup_store.h"
#include "migration/prepared_run.h"
#include "migration/tool_folder.h"
#include "terminal/terminal.h"
#include "verify/verifier.h"

namespace covet::cli {

/// What a run has done.
struct RunOutcome {
    RunFolder folder;
    BackupInfo backup; // number 0 = none
    load::Report load;
    verify::Report verification;
    bool hasDatabase = false;
};

/// Before the question: what was found, the diff, the tables with their rows.
void showPrepared(Terminal& terminal, const PreparedRun& prepared, const std::string& url);
/// Afterwards: verification, where report, backup and undo command are.
void showOutcome(Terminal& terminal, const PreparedRun& prepared, const RunOutcome& outcome);

/// The report after a run: `apps` are the migrated entry points, and `run` says what was done.
std::string runReportJson(const PreparedRun& prepared, const RunOutcome* outcome, const std::string& url);

/// Text for people and logs: the secrets of the URL do not appear in it.
std::string withoutUrlSecrets(std::string text, const std::string& url);

} // namespace covet::cli
