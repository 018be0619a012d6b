#include "migration/plan.h"

#include <algorithm>
#include <set>
#include <sys/stat.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "project/atomic_file.h"
#include "project/sha256.h"

namespace covet::cli {
namespace {

using Json = nlohmann::ordered_json;

const char* kindName(ChangeKind kind) {
    switch (kind) {
    case ChangeKind::Create: return "create";
    case ChangeKind::Modify: return "modify";
    case ChangeKind::Delete: return "delete";
    }
    return "";
}

ChangeKind kindOf(const std::string& name) {
    return name == "create" ? ChangeKind::Create : name == "delete" ? ChangeKind::Delete : ChangeKind::Modify;
}

/// Mode of a new file: what the user's umask gives, or private.
uint32_t newFileMode(bool isSecret) {
    mode_t mask = umask(0);
    umask(mask);
    return isSecret ? 0600 : 0666 & ~static_cast<uint32_t>(mask);
}

Result<PlannedChange> freezeChange(const FileChange& change, int root) {
    PlannedChange planned;
    planned.path = change.path;
    planned.kind = change.kind;
    planned.isDependencyFile = isDependencyFile(change.path);
    Result<FileState> state = stateBelow(root, change.path);
    if (!state) return state.error();
    planned.before = *state;
    if (change.kind == ChangeKind::Create) {
        if (state->exists)
            return Error{"target-exists", "a file of this name is in the way of one that would be created",
                         change.path, 0, "rename or remove it, then run the same command again"};
        planned.afterMode = newFileMode(change.isSecret);
    } else {
        planned.beforeDigest = sha256Hex(change.before);
        if (!state->exists || state->sha256 != planned.beforeDigest)
            return Error{"edited-since", "the file was edited while it was being analysed", change.path, 0,
                         "nothing was changed; run the same command again"};
        planned.afterMode = change.isSecret ? state->mode & 0700 : state->mode;
        planned.preimage = change.before;
    }
    if (change.kind != ChangeKind::Delete) {
        planned.bytes = change.after;
        planned.afterDigest = sha256Hex(change.after);
    }
    return planned;
}

Json selectionJson(const Selection& selection) {
    return {{"select", selection.select},
            {"ignore", selection.ignore},
            {"file_ignores", selection.fileIgnores},
            {"accept", selection.accept},
            {"reject", selection.reject},
            {"unsafe", selection.unsafe}};
}

Selection selectionOf(const Json& json) {
    Selection selection;
    selection.select = json.value("select", selection.select);
    selection.ignore = json.value("ignore", selection.ignore);
    selection.fileIgnores = json.value("file_ignores", selection.fileIgnores);
    selection.accept = json.value("accept", selection.accept);
    selection.reject = json.value("reject", selection.reject);
    selection.unsafe = json.value("unsafe", false);
    return selection;
}

} // namespace

std::string PlannedChange::temporaryName(size_t index) const {
    return fmt::format(".covetpy-migrate-{}.tmp", index);
}

Result<Plan> freezePlan(const ProjectAnalysis& project, const ChangeSelection& selection, int root) {
    Plan plan;
    plan.project = project.files.root;
    plan.inputs = project.files.digests;
    for (const auto& [path, digest] : plan.inputs) {
        Result<FileState> state = stateBelow(root, path);
        if (!state) return state.error();
        if (state->sha256 != digest)
            return Error{"edited-since", "the file was edited while it was being analysed", path, 0,
                         "nothing was changed; run the same command again"};
    }
    std::set<std::string> folders;
    for (const FileChange& change : project.analysis.changes) {
        bool wanted = isDependencyFile(change.path) ? selection.dependencies : selection.code;
        if (!wanted) continue;
        Result<PlannedChange> planned = freezeChange(change, root);
        if (!planned) return planned.error();
        for (const std::string& folder : missingFoldersFor(root, change.path)) folders.insert(folder);
        plan.changes.push_back(std::move(*planned));
    }
    plan.newFolders.assign(folders.begin(), folders.end());
    // New modules first: code must not import what is not there yet. Dependencies are a step of
    // their own, after the code.
    auto rank = [](const PlannedChange& change) {
        return change.isDependencyFile ? 2 : change.kind == ChangeKind::Create ? 0 : 1;
    };
    std::stable_sort(plan.changes.begin(), plan.changes.end(),
                     [&](const PlannedChange& a, const PlannedChange& b) { return rank(a) < rank(b); });
    return plan;
}

std::string planText(const Plan& plan) {
    Json document = {{"plan", "covetpy-migrate/plan/1"},
                     {"tool", version()},
                     {"run", plan.runId},
                     {"kind", plan.kind},
                     {"project", plan.project},
                     {"target", plan.target},
                     {"phase", plan.phase},
                     {"vendor_runtime", plan.vendorRuntime},
                     {"selection", selectionJson(plan.selection)},
                     {"schema", plan.schema},
                     {"normalize", plan.normalize},
                     {"extracted", plan.extracted},
                     {"database", plan.databaseUrl},
                     {"backup", {{"number", plan.backupNumber}, {"folder", plan.backupFolder}}},
                     {"new_folders", plan.newFolders},
                     {"tables", Json::array()},
                     {"changes", Json::array()},
                     {"inputs", Json::object()}};
    for (const PlannedTable& table : plan.tables)
        document["tables"].push_back({{"name", table.name}, {"rows", table.rows}});
    for (const PlannedChange& change : plan.changes) {
        Json entry = {{"path", change.path}, {"kind", kindName(change.kind)}, {"dependencies", change.isDependencyFile}};
        if (change.kind != ChangeKind::Create)
            entry["before"] = {{"sha256", change.beforeDigest},
                               {"mode", change.before.mode},
                               {"modified", {change.before.modifiedSeconds, change.before.modifiedNanoseconds}}};
        if (change.kind != ChangeKind::Delete)
            entry["after"] = {{"sha256", change.afterDigest}, {"mode", change.afterMode}};
        document["changes"].push_back(std::move(entry));
    }
    for (const auto& [path, digest] : plan.inputs) document["inputs"][path] = digest;
    return document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Plan> parsePlan(const std::string& text, const std::string& path) {
    Json document = Json::parse(text, nullptr, false);
    if (!document.is_object() || document.value("plan", "") != "covetpy-migrate/plan/1")
        return Error{"journal-damaged", "the plan of this run is damaged or of a newer version", path, 0,
                     "restore the project from the newest backup (covetpy-migrate backup --list)"};
    Plan plan;
    plan.runId = document.value("run", "");
    plan.kind = document.value("kind", "");
    plan.project = document.value("project", "");
    plan.target = document.value("target", "");
    plan.phase = document.value("phase", plan.phase);
    plan.vendorRuntime = document.value("vendor_runtime", false);
    if (document.contains("selection")) plan.selection = selectionOf(document["selection"]);
    plan.schema = document.value("schema", "");
    plan.normalize = document.value("normalize", false);
    plan.extracted = document.value("extracted", "");
    plan.databaseUrl = document.value("database", "");
    plan.backupNumber = document["backup"].value("number", 0u);
    plan.backupFolder = document["backup"].value("folder", "");
    plan.newFolders = document["new_folders"].get<std::vector<std::string>>();
    for (const Json& table : document["tables"])
        plan.tables.push_back({table.value("name", ""), table.value("rows", uint64_t{0})});
    for (const Json& entry : document["changes"]) {
        PlannedChange change;
        change.path = entry.value("path", "");
        change.kind = kindOf(entry.value("kind", ""));
        change.isDependencyFile = entry.value("dependencies", false);
        if (entry.contains("before")) {
            const Json& before = entry["before"];
            change.beforeDigest = before.value("sha256", "");
            change.before.exists = true;
            change.before.mode = before.value("mode", 0644u);
            change.before.modifiedSeconds = before["modified"][0].get<int64_t>();
            change.before.modifiedNanoseconds = before["modified"][1].get<int64_t>();
        }
        if (entry.contains("after")) {
            change.afterDigest = entry["after"].value("sha256", "");
            change.afterMode = entry["after"].value("mode", 0644u);
        }
        plan.changes.push_back(std::move(change));
    }
    for (const auto& [file, digest] : document["inputs"].items()) plan.inputs[file] = digest.get<std::string>();
    return plan;
}

} // namespace covet::cli
