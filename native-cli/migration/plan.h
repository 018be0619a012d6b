#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "covet/core.h"
#include "project/analysis.h"
#include "project/file_io.h"
#include "support/result.h"

namespace covet::cli {

/// A file as the run will leave it.
struct PlannedChange {
    std::string path;
    ChangeKind kind = ChangeKind::Modify;
    bool isDependencyFile = false;
    FileState before;         // exists == false for Create
    std::string beforeDigest; // SHA-256, "" for Create
    std::string afterDigest;  // SHA-256, "" for Delete
    uint32_t afterMode = 0644;
    SharedText bytes; // after; not part of the plan's text
    SharedText preimage; // before; not part of the plan's text

    /// Name of the file that is renamed into place.
    std::string temporaryName(size_t index) const;
};

struct PlannedTable {
    std::string name;
    uint64_t rows = 0;
};

/// What a run is going to do, frozen before its first effect.
struct Plan {
    std::string runId;   // unique everywhere; names the run in the database's history
    std::string kind;    // the command: "run", "code", "database", "dependencies"
    std::string project; // absolute
    std::string target;
    int phase = 2;
    std::string databaseUrl; // resolved, without secrets; "" when the run has no database
    bool vendorRuntime = false;
    Selection selection; // what of the findings was wanted
    std::string schema;  // what was decided about tables and columns, as JSON
    bool normalize = false; // nested values have tables of their own
    std::string extracted; // what running the application's modules gave, as JSON
    std::map<std::string, std::string> inputs; // path -> SHA-256 of every file that was read
    std::vector<PlannedChange> changes;        // in the order of writing
    std::vector<PlannedTable> tables;
    std::vector<std::string> newFolders; // that the changes make, outermost first
    unsigned backupNumber = 0;           // 0 = none
    std::string backupFolder;
};

/// Which of an analysis' changes a run makes.
struct ChangeSelection {
    bool code = false;
    bool dependencies = false;
};

/// Freezes the changes: digests, modes and times of what is there now. Errors `edited-since` (a file
/// is not what was analysed) and `target-exists` (a file to be created is there already).
Result<Plan> freezePlan(const ProjectAnalysis& project, const ChangeSelection& selection, int root);

std::string planText(const Plan& plan);
Result<Plan> parsePlan(const std::string& text, const std::string& path);

} // namespace covet::cli
