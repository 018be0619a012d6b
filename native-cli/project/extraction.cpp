#include "project/extraction.h"

#include <chrono>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "catalog/resource.h"
#include "equivalence/application.h"
#include "equivalence/guarded_process.h"
#include "equivalence/workspace.h"
#include "support/strings.h"
#include "terminal/signals.h"

namespace covet::cli {
namespace {

using nlohmann::json;

constexpr uint64_t kMostBytes = uint64_t{4} << 30;
constexpr auto kPoll = std::chrono::milliseconds(20);

bool isOpen(const facts::Store& store) {
    if (!store.leftAlone.empty()) return false;
    return store.data ? store.data->hasOpaque() : !store.opaqueReason.empty();
}

/// An answer for each store: the same error for all.
json failed(const json& stores, const std::string& error) {
    json answers = json::object();
    for (const json& store : stores) answers[store["id"].get<std::string>()] = {{"error", error}};
    return answers;
}

std::string lastLine(const std::string& output) {
    const std::string_view text = trim(output);
    const size_t at = text.rfind('\n');
    return std::string(at == std::string_view::npos ? text : text.substr(at + 1));
}

/// Waits until the process ends; what is wrong when it does not, or is to stop.
std::string waitFor(GuardedProcess& process, unsigned seconds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    while (process.isRunning()) {
        if (signals::interrupted()) return "it was interrupted";
        if (std::chrono::steady_clock::now() >= end) return fmt::format("it did not end within {} s", seconds);
        std::this_thread::sleep_for(kPoll);
    }
    return "";
}

} // namespace

Result<std::string> extractWithPython(const ProjectFiles& files, const Analysis& analysis, const Extraction& extraction,
                                      Terminal& terminal) {
    json stores = json::array();
    for (const facts::Store& store : analysis.stores)
        if (isOpen(store))
            stores.push_back({{"id", store.id}, {"name", store.name}, {"file", store.where.file},
                              {"place", store.place}, {"key", store.placeKey}});
    if (stores.empty()) return std::string();
    Result<Workspace> workspace = Workspace::create();
    if (!workspace) return workspace.error();
    const std::string& folder = workspace->path();
    if (Status copied = workspace->copyProject(files.root, "project"); !copied) return copied.error();
    const json request = {{"folder", folder + "/project"}, {"result", folder + "/result.json"}, {"seconds", extraction.seconds},
                          {"bytes", kMostBytes}, {"stores", stores}};
    if (Status written = workspace->write("request.json", request.dump()); !written) return written.error();
    if (Status written = workspace->write("extract.py", catalog::resource("extraction/extract.py")); !written) return written.error();

    ProcessRequest process;
    process.command = pythonFor(extraction.python, files.root);
    for (const char* file : {"/extract.py", "/request.json"}) process.command.push_back(folder + file);
    process.folder = folder + "/project";
    process.variables = {{"PYTHONDONTWRITEBYTECODE", "1"}, {"PYTHONUNBUFFERED", "1"}, {"PYTHONHASHSEED", "0"}};
    terminal.progress("extract", 0, 0);
    Result<std::unique_ptr<GuardedProcess>> started = GuardedProcess::start(process);
    if (!started) return started.error();
    const std::string problem = waitFor(**started, extraction.seconds);
    (*started)->stop();
    terminal.endProgress();
    if (signals::interrupted()) return Error{"interrupted", "the analysis was stopped", "", 0, ""};
    const Result<std::string> text = readWhole(folder + "/result.json");
    const json result = text ? json::parse(*text, nullptr, false) : json();
    if (problem.empty() && result.is_object()) {
        if (result["network"] != "cut off")
            terminal.warning("the modules ran without a network of their own; their connections were refused in Python only",
                             "run it as root, or where user namespaces are allowed, to cut the network off");
        return result["stores"].dump();
    }
    const std::string printed = lastLine((*started)->output());
    const std::string why = !problem.empty() ? problem : "the process " + (*started)->howItEnded();
    return failed(stores, why + (printed.empty() ? "" : "; it printed: " + printed)).dump();
}

} // namespace covet::cli
