#pragma once

#include "commands/command.h"
#include "commands/selection_options.h"
#include "migration/run_migration.h"

namespace covet::cli {

/// The words of the commands that write, as they stand on the command line.
struct RunOptions {
    RunRequest request;
    SelectionOptions selection;
    ExtractionOptions extraction;
    std::string phase;
    std::string onConflict = "fail";
    bool noBackup = false;
};

/// The URL itself: `env:NAME` stands for the variable that holds it, so that no password needs to be
/// on a command line. What cannot be resolved stays as it is, and is no URL.
std::string urlFrom(const std::string& given);

void declareDatabaseOptions(OptionSet& options, RunOptions& values);
/// `--target` alone.
void declareTargetOption(OptionSet& options, std::string& target);
/// `--phase` alone.
void declarePhaseOption(OptionSet& options, std::string& phase);
/// Options::phase of the word; 0, for the configuration to say it, when the option was not given.
int phaseOf(const std::string& word);
void declareCodeOptions(OptionSet& options, RunOptions& values);
void declareBackupOptions(OptionSet& options, RunOptions& values);

/// The request the words make. Errors of extractionOf.
Result<RunRequest> requestOf(const RunOptions& values);

} // namespace covet::cli
