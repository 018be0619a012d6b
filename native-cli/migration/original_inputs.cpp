#include "migration/original_inputs.h"

#include "backup/backup_store.h"
#include "project/sha256.h"

namespace covet::cli {
namespace {

bool has(const Result<std::string>& bytes, const std::string& digest) { return bytes && sha256Hex(*bytes) == digest; }

} // namespace

Result<Plan> planOf(const RunFolder& run) {
    Result<std::string> text = readWhole(run.planPath());
    if (!text)
        return Error{"interrupted-run", "the run was interrupted before it had a plan", run.path, 0,
                     "covetpy-migrate rollback removes what it left"};
    return parsePlan(*text, run.planPath());
}

Result<ProjectFiles> originalInputs(const std::string& root, const RunFolder& run, const Plan& plan) {
    Result<Descriptor> folder = openFolder(root);
    if (!folder) return folder.error();
    std::map<std::string, size_t> changed;
    for (size_t i = 0; i < plan.changes.size(); ++i) changed[plan.changes[i].path] = i;
    ProjectFiles files;
    files.root = files.shownRoot = root;
    for (const auto& [path, digest] : plan.inputs) {
        auto change = changed.find(path);
        Result<std::string> bytes = change != changed.end() ? readWhole(run.preimagePath(change->second))
                                                            : readBelow(folder->get(), path);
        if (!has(bytes, digest) && plan.backupNumber)
            bytes = BackupStore(plan.backupFolder).read(plan.backupNumber, path);
        if (!has(bytes, digest))
            return Error{"edited-since", "the file is not what the run read, and there is no copy of that", path, 0,
                         "the comparison needs the code as it was before the run"};
        files.digests[path] = digest;
        files.inputs.push_back({path, std::move(*bytes)});
    }
    return files;
}

} // namespace covet::cli
