#pragma once

#include <optional>

#include "journal/journal.h"
#include "migration/prepared_run.h"
#include "migration/run_text.h"
#include "migration/tool_folder.h"
#include "terminal/terminal.h"

namespace covet::cli {

/// Waits for another run on the database, says so once, and stops waiting when a signal comes.
load::Patience patienceOf(Terminal& terminal);

/// The part of a run that writes: backup, plan, database, code, report, each under the journal.
class Effects {
public:
    /// `root` is the open folder of the project.
    Effects(Terminal& terminal, PreparedRun& prepared, const RunRequest& request, int root)
        : terminal_(terminal), prepared_(prepared), request_(request), root_(root), tools_(prepared.plan.project) {}

    /// Does everything; on an Error the caller takes it back.
    Status perform(RunOutcome& outcome);
    /// After a failure. An Error says what could not be put back.
    Status takeBack(const RunOutcome& outcome);

private:
    Status begin(RunOutcome& outcome);
    Status backUp(RunOutcome& outcome);
    Status freeze(const RunOutcome& outcome);
    Status loadDatabase(RunOutcome& outcome);
    Status writeCode();
    Status report(const RunOutcome& outcome);

    Terminal& terminal_;
    PreparedRun& prepared_;
    const RunRequest& request_;
    int root_;
    ToolFolder tools_;
    std::optional<Journal> journal_;
};

} // namespace covet::cli
