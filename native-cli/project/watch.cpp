#include "project/watch.h"

#include <chrono>
#include <map>
#include <sys/stat.h>
#include <thread>
#include <tuple>

#include "project/project_files.h"
#include "project/rule_files.h"

namespace covet::cli {
namespace {

constexpr std::chrono::milliseconds kInterval{200};

/// Time of change in nanoseconds, size, inode: what differs after every write or replacement.
using Stamp = std::tuple<int64_t, int64_t, uint64_t>;
using Stamps = std::map<std::string, Stamp>;

Stamp stampOf(const std::string& path) {
    struct stat state = {};
    if (stat(path.c_str(), &state) != 0) return {};
    return {static_cast<int64_t>(state.st_mtim.tv_sec) * 1000000000 + state.st_mtim.tv_nsec, state.st_size, state.st_ino};
}

Result<Stamps> stampsOf(const std::string& root, const std::vector<std::string>& others) {
    Result<WalkResult> found = walk(root);
    if (!found) return found.error();
    Stamps stamps;
    for (const FoundFile& file : found->files) stamps[file.path] = stampOf(root + "/" + file.path);
    for (const std::string& other : others) {
        Result<std::vector<std::string>> files = ruleFilesIn(other);
        if (!files) continue; // gone for a moment while an editor replaces it; the analysis says so
        for (const std::string& file : *files) stamps[file] = stampOf(file);
    }
    return stamps;
}

std::vector<std::string> differences(const Stamps& before, const Stamps& after) {
    std::vector<std::string> paths;
    for (const auto& [path, stamp] : after) {
        auto known = before.find(path);
        if (known == before.end() || known->second != stamp) paths.push_back(path);
    }
    for (const auto& [path, stamp] : before)
        if (!after.count(path)) paths.push_back(path);
    return paths;
}

} // namespace

Status watchProject(const std::string& path, const std::vector<std::string>& others,
                    const std::function<bool(const std::vector<std::string>&)>& changed) {
    Result<std::string> root = resolveProject(path);
    if (!root) return root.error();
    Result<Stamps> reported = stampsOf(*root, others);
    if (!reported) return reported.error();
    if (!changed({})) return Ok{};
    Stamps last = *reported;
    for (;;) {
        std::this_thread::sleep_for(kInterval);
        Result<Stamps> now = stampsOf(*root, others);
        if (!now) return now.error();
        const bool settled = *now == last;
        last = *now;
        if (!settled) continue;
        const std::vector<std::string> paths = differences(*reported, last);
        if (paths.empty()) continue;
        reported = std::move(now);
        if (!changed(paths)) return Ok{};
    }
}

} // namespace covet::cli
