#include "migration/code_step.h"

#include "project/atomic_file.h"

namespace covet::cli {

Status savePreimages(const Plan& plan, const RunFolder& run) {
    for (size_t i = 0; i < plan.changes.size(); ++i) {
        if (plan.changes[i].kind == ChangeKind::Create) continue;
        Status written = writePrivateFile(run.preimagePath(i), plan.changes[i].preimage);
        if (!written) return written;
    }
    return Ok{};
}

Status writeChanges(const Plan& plan, int root, Journal& journal, const std::function<bool()>& keepGoing) {
    for (size_t i = 0; i < plan.changes.size(); ++i) {
        const PlannedChange& change = plan.changes[i];
        if (!keepGoing()) return Error{"interrupted", "the migration was stopped", "", 0, ""};
        Status status = journal.append("code", Phase::Intent, {{"change", i}, {"path", change.path}});
        if (!status) return status;
        if (change.kind == ChangeKind::Delete) {
            status = removeFile(root, change.path, change.beforeDigest);
        } else {
            Result<std::vector<std::string>> made = makeFoldersFor(root, change.path);
            if (!made) return made.error();
            FileWrite write;
            write.path = change.path;
            write.bytes = change.bytes;
            write.mode = change.afterMode;
            write.expected = change.beforeDigest;
            write.temporary = change.temporaryName(i);
            status = writeAtomically(root, write);
        }
        if (status) status = journal.append("code", Phase::Done, {{"change", i}});
        // Somebody else's bytes are there: an undo must not take them for ours.
        if (!status && status.error().code == "edited-since")
            (void)journal.append("code", Phase::Undone, {{"change", i}});
        if (!status) return status;
    }
    return Ok{};
}

} // namespace covet::cli
