#include "commands/run_options.h"

#include <cstdlib>

#include "catalog/target_profile.h"
#include "support/strings.h"

namespace covet::cli {

void declareDatabaseOptions(OptionSet& options, RunOptions& values) {
    options.text("--url", values.request.url, "URL",
                 "sqlite:///shop.db, postgresql://user@host/db, mysql://user@host/db, or env:NAME (a variable)");
    options.choice("--on-conflict", values.onConflict, {"fail", "skip", "update"},
                   "When a table has other rows: stop (default), keep rows whose key is there, or overwrite them");
}

std::string urlFrom(const std::string& given) {
    constexpr std::string_view kEnvironment = "env:";
    if (!startsWith(given, kEnvironment)) return given;
    const char* value = std::getenv(given.substr(kEnvironment.size()).c_str());
    return value ? value : given;
}

void declareTargetOption(OptionSet& options, std::string& target) {
    target.clear(); // the configuration may say it
    std::vector<std::string> names;
    for (const catalog::TargetProfile& known : catalog::targetProfiles()) names.push_back(known.name);
    options.text("--target", target, "NAME", "Framework to move to: " + join(names, " or ") + " (default: " + Options().target + ")");
}

void declarePhaseOption(OptionSet& options, std::string& phase) {
    options.choice("--phase", phase, {"1", "2", "3", "4"},
                   "How far to go: 1 routing, 2 and the database (default), 3 and validation, 4 and security");
}

int phaseOf(const std::string& word) { return word.empty() ? 0 : word[0] - '0'; }

void declareCodeOptions(OptionSet& options, RunOptions& values) {
    declareTargetOption(options, values.request.options.target);
    declarePhaseOption(options, values.phase);
    options.flag("--vendor-runtime", values.request.options.vendorRuntime,
                 "Also copy the reference runtime of the target into the project");
}

void declareBackupOptions(OptionSet& options, RunOptions& values) {
    options.flag("--no-backup", values.noBackup, "Do not copy the project first (undoing works all the same)");
    options.text("--backup-dir", values.request.backupFolder, "FOLDER",
                 "Where backups go (default: below ~/.local/state/covetpy-migrate)");
}

Result<RunRequest> requestOf(const RunOptions& values) {
    RunRequest request = values.request;
    Result<Extraction> extraction = extractionOf(values.extraction);
    if (!extraction) return extraction.error();
    request.extraction = std::move(*extraction);
    addSelection(values.selection, request.options);
    request.options.phase = phaseOf(values.phase);
    request.url = urlFrom(request.url);
    request.backup = !values.noBackup;
    request.onConflict = values.onConflict == "skip"     ? load::OnConflict::Skip
                         : values.onConflict == "update" ? load::OnConflict::Update
                                                         : load::OnConflict::Fail;
    return request;
}

} // namespace covet::cli
