#pragma once

#include <optional>
#include <string>
#include <vector>

#include "journal/journal.h"
#include "migration/plan.h"
#include "support/result.h"

namespace covet::cli {

enum class RunState { Complete, Interrupted, Undone };

/// One run's folder, `.covetpy-migrate/runs/0001/`.
struct RunFolder {
    unsigned number = 0;
    std::string path;

    std::string journalPath() const { return path + "/journal.jsonl"; }
    std::string planPath() const { return path + "/plan.json"; }
    std::string reportPath() const { return path + "/report.json"; }
    std::string patchPath() const { return path + "/changes.patch"; }
    /// Copy of a file before its change, by the change's place in the plan.
    std::string preimagePath(size_t change) const;
};

/// A run as its journal tells it.
struct RunSummary {
    RunFolder folder;
    std::string id, kind, started, lastStep;
    RunState state = RunState::Interrupted;
};

/// `.covetpy-migrate/` in a project: the journals, plans and reports of its runs.
///
/// It exists only while there is something in it; its .gitignore keeps it out of version control.
class ToolFolder {
public:
    explicit ToolFolder(std::string root) : root_(std::move(root)) {}

    std::string path() const { return root_ + "/.covetpy-migrate"; }
    /// Makes the folder of a new run and its journal's first record.
    Result<RunFolder> newRun();
    /// All runs, oldest first. A damaged journal is an Error.
    Result<std::vector<RunSummary>> runs() const;
    /// The newest run that is complete or interrupted.
    Result<std::optional<RunSummary>> lastRun() const;
    /// Removes a run's folder, then the tool's folder when nothing is left in it.
    Status removeRun(const RunFolder& run);
    /// Finishes removals that were interrupted.
    void sweep();

private:
    std::string root_;
};

} // namespace covet::cli
