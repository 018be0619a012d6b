#include "migration/tool_folder.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "project/atomic_file.h"
#include "support/strings.h"

namespace covet::cli {
namespace {

namespace fs = std::filesystem;

std::vector<unsigned> runNumbers(const std::string& folder) {
    std::vector<unsigned> numbers;
    std::error_code problem;
    for (fs::directory_iterator it(folder, problem), end; !problem && it != end; it.increment(problem)) {
        std::string name = it->path().filename().string();
        if (name.size() >= 4 && name.find_first_not_of("0123456789") == std::string::npos)
            numbers.push_back(static_cast<unsigned>(std::strtoul(name.c_str(), nullptr, 10)));
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

RunFolder folderOf(const std::string& runs, unsigned number) {
    return {number, fmt::format("{}/{:04}", runs, number)};
}

RunSummary summaryOf(const RunFolder& folder, const std::vector<Record>& records) {
    RunSummary summary;
    summary.folder = folder;
    for (const Record& record : records) {
        if (record.phase == Phase::Begin) {
            summary.id = record.data.value("run", "");
            summary.kind = record.data.value("kind", "");
            summary.started = record.time;
        }
        if (record.phase == Phase::End)
            summary.state = record.data.value("status", "") == "complete" ? RunState::Complete : RunState::Undone;
        else if (record.phase == Phase::UndoIntent)
            summary.state = RunState::Interrupted;
        if (record.step != "run") summary.lastStep = record.step;
    }
    return summary;
}

} // namespace

std::string RunFolder::preimagePath(size_t change) const { return fmt::format("{}/before/{:04}", path, change); }

Result<RunFolder> ToolFolder::newRun() {
    struct stat info = {};
    if (lstat(path().c_str(), &info) == 0 && !S_ISDIR(info.st_mode))
        return Error{"target-exists", "this name is needed for the tool's own folder", path(), 0,
                     "rename or remove it, then run the same command again"};
    std::string runs = path() + "/runs";
    Status made = makeFolders(runs, 0700);
    if (!made) return made.error();
    Status written = writePrivateFile(path() + "/.gitignore", "*\n");
    if (!written) return written.error();
    std::vector<unsigned> numbers = runNumbers(runs);
    RunFolder run = folderOf(runs, numbers.empty() ? 1 : numbers.back() + 1);
    made = makeFolders(run.path + "/before", 0700);
    if (!made) return made.error();
    for (const std::string& folder : {run.path, runs, path(), root_}) {
        Status synced = syncFolder(folder);
        if (!synced) return synced.error();
    }
    return run;
}

Result<std::vector<RunSummary>> ToolFolder::runs() const {
    std::vector<RunSummary> summaries;
    std::string folder = path() + "/runs";
    for (unsigned number : runNumbers(folder)) {
        RunFolder run = folderOf(folder, number);
        std::error_code problem;
        if (!fs::exists(run.journalPath(), problem)) continue;
        Result<std::vector<Record>> records = Journal::read(run.journalPath());
        if (!records) return records.error();
        summaries.push_back(summaryOf(run, *records));
    }
    return summaries;
}

Result<std::optional<RunSummary>> ToolFolder::lastRun() const {
    Result<std::vector<RunSummary>> all = runs();
    if (!all) return all.error();
    for (size_t i = all->size(); i-- > 0;)
        if ((*all)[i].state != RunState::Undone) return std::optional<RunSummary>((*all)[i]);
    return std::optional<RunSummary>();
}

Status ToolFolder::removeRun(const RunFolder& run) {
    // The rename takes the journal away at once: a half-removed run must not look like a run.
    std::string trash = fmt::format("{}/runs/.removed-{:04}", path(), run.number);
    if (rename(run.path.c_str(), trash.c_str()) != 0) return systemError(errno, "remove the run's folder", run.path);
    sweep();
    return Ok{};
}

void ToolFolder::sweep() {
    std::error_code problem;
    // A file or a link of this name is the user's.
    if (fs::symlink_status(path(), problem).type() != fs::file_type::directory) return;
    std::string runs = path() + "/runs";
    std::vector<fs::path> leftovers;
    for (fs::directory_iterator it(runs, problem), end; !problem && it != end; it.increment(problem)) {
        std::string name = it->path().filename().string();
        bool isRemoved = startsWith(name, ".removed-");
        bool neverBegan = !isRemoved && !fs::exists(it->path() / "journal.jsonl", problem);
        if (isRemoved || neverBegan) leftovers.push_back(it->path());
    }
    for (const fs::path& leftover : leftovers) fs::remove_all(leftover, problem);
    if (fs::exists(runs, problem) && !fs::remove(runs, problem)) return; // other runs are there
    for (fs::directory_iterator it(path(), problem), end; !problem && it != end; it.increment(problem)) {
        std::string name = it->path().filename().string();
        if (name != ".gitignore" && name != ".gitignore.tmp") return;
    }
    if (problem) return;
    fs::remove(path() + "/.gitignore", problem);
    fs::remove(path() + "/.gitignore.tmp", problem);
    fs::remove(path(), problem);
}

} // namespace covet::cli
