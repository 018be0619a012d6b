#pragma once

#include <string>
#include <vector>

#include "load/locks.h"
#include "migration/tool_folder.h"
#include "support/result.h"
#include "terminal/terminal.h"

namespace covet::cli {

struct UndoOptions {
    /// Overwrite files that were edited after the run; a copy of each is kept.
    bool force = false;
    /// Only say whether it could be done.
    bool dryRun = false;
    /// Database URL with its password; "" = the plan's, without.
    std::string databaseUrl;
    load::Patience patience; // with other runs on the database
};

struct UndoResult {
    std::vector<std::string> restored, removed, kept; // paths in the project; `kept`: copies of edits
    std::vector<std::string> droppedTables, emptiedTables;
    bool databaseFileRemoved = false;
    std::string databaseLeft; // why the database was left as it is, with --force
};

/// Takes back everything that a run did, whichever step it reached: files first, so that the code no
/// longer points at the database, then the database. Asks the world, not the journal, what is there;
/// calling it again after an interruption finishes the work. The run's folder is removed at the end.
///
/// Error `edited-since` lists the files that are neither as before nor as the run left them; nothing
/// is changed then.
Result<UndoResult> undoRun(const std::string& root, const RunFolder& run, const UndoOptions& options);

} // namespace covet::cli
