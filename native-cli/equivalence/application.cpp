#include "equivalence/application.h"

#include <chrono>
#include <climits>
#include <cstdlib>
#include <thread>
#include <unistd.h>

#include <fmt/format.h>

#include "equivalence/http_client.h"
#include "support/strings.h"

namespace covet::cli {
namespace {

using Clock = std::chrono::steady_clock;

std::string interpreterOf(const Launch& launch) { return join(launch.python, " "); }

/// Name of the module that Python did not find; "" when something else is the matter.
std::string missingModule(const std::string& output) {
    static constexpr std::string_view kMark = "covetpy-migrate: missing module: ";
    const size_t at = output.rfind(kMark);
    if (at == std::string::npos) return "";
    const std::string rest = output.substr(at + kMark.size());
    return std::string(trim(rest.substr(0, rest.find('\n'))));
}

Error notStarted(const Launch& launch, GuardedProcess& process, const std::string& how) {
    process.stop();
    const std::string output = process.output();
    const bool isMigrated = launch.side == "migrated";
    Error error{isMigrated ? "migrated-not-started" : "application-not-started", fmt::format("the {} application {}", launch.side, how), launch.entry.label(), 0,
                ""};
    const std::string module = missingModule(output);
    if (output.find("neither uvicorn nor hypercorn") != std::string::npos) {
        error.code = "python-package-missing";
        error.message = "neither uvicorn nor hypercorn is installed, so nothing can serve the application";
        error.hint = fmt::format("{} -m pip install uvicorn, or name an interpreter that has it: --python CMD", interpreterOf(launch));
        return error;
    }
    if (!module.empty()) {
        error.code = "python-package-missing";
        error.message = fmt::format("the {} application needs the Python module {}, which {} does not have", launch.side,
                                    module, interpreterOf(launch));
        error.hint = fmt::format("install what the application needs ({} -m pip install -r requirements.txt), or name an "
                                 "interpreter that has it: --python CMD",
                                 interpreterOf(launch));
        return error;
    }
    if (!output.empty()) error.message += "; it printed:\n" + output;
    error.hint = fmt::format("it was started with: {}; --{}-command CMD starts it in another way", launch.shown(), launch.side);
    return error;
}

bool isPortTaken(const std::string& output) {
    const std::string text = toLower(output);
    return text.find("address already in use") != std::string::npos || text.find("errno 98") != std::string::npos;
}

ProcessRequest requestFor(const Launch& launch, const std::string& folder, unsigned port) {
    ProcessRequest request;
    request.folder = folder;
    request.variables = launch.variables;
    request.variables["PORT"] = std::to_string(port);
    request.variables["PYTHONDONTWRITEBYTECODE"] = "1";
    request.variables["PYTHONUNBUFFERED"] = "1";
    if (!launch.command.empty()) {
        request.command = {"/bin/sh", "-c", "exec " + replaceAll(launch.command, "{port}", std::to_string(port))};
        return request;
    }
    request.command = launch.python;
    const equivalence::EntryPoint& entry = launch.entry;
    for (const std::string& word : {launch.runner, std::to_string(port), entry.kind, entry.module, entry.attribute})
        request.command.push_back(word);
    for (const std::string& below : entry.folders) request.command.push_back(below.empty() ? folder : folder + "/" + below);
    return request;
}

Result<Application> startOn(const Launch& launch, const std::string& folder, unsigned port,
                            const std::function<bool()>& stopped, bool& isTaken) {
    Result<std::unique_ptr<GuardedProcess>> process = GuardedProcess::start(requestFor(launch, folder, port));
    if (!process) {
        Error error = process.error();
        if (launch.command.empty()) error.hint = "name the interpreter that runs the application: --python CMD";
        return error;
    }
    const Clock::time_point end = Clock::now() + std::chrono::milliseconds(static_cast<long>(launch.seconds * 1000));
    for (;;) {
        if (stopped()) return Error{"interrupted", "interrupted while an application was starting", "", 0, ""};
        if (!(*process)->isRunning()) {
            isTaken = isPortTaken((*process)->output());
            return notStarted(launch, **process, (*process)->howItEnded() + " before it listened");
        }
        if (isListening(port)) return Application{std::move(*process), port};
        if (Clock::now() > end)
            return notStarted(launch, **process, fmt::format("did not listen on its port within {:.0f} s", launch.seconds));
        std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
}

} // namespace

std::string Launch::shown() const {
    if (!command.empty()) return command;
    return fmt::format("{} {} {}", join(python, " "), entry.kind == "main" ? "" : "serving", entry.label());
}

Result<Application> startApplication(const Launch& launch, const std::string& folder,
                                     const std::function<bool()>& stopped) {
    for (int attempt = 0;; ++attempt) {
        const unsigned port = freePort();
        if (port == 0) return Error{"io-error", "no free port on the loopback interface", "", 0, "close some programs"};
        bool isTaken = false;
        Result<Application> started = startOn(launch, folder, port, stopped, isTaken);
        // Somebody else was faster.
        if (started || !isTaken || attempt == 2) return started;
    }
}

std::vector<std::string> wordsOf(const std::string& command) {
    std::vector<std::string> words;
    std::string word;
    bool isWord = false;
    char quote = 0;
    for (size_t i = 0; i < command.size(); ++i) {
        const char c = command[i];
        if (quote) {
            if (c == quote) quote = 0;
            else word += c;
        } else if (c == '\'' || c == '"') {
            quote = c;
            isWord = true;
        } else if (c == '\\' && i + 1 < command.size()) {
            word += command[++i];
            isWord = true;
        } else if (c == ' ' || c == '\t') {
            if (isWord) words.push_back(word);
            word.clear();
            isWord = false;
        } else {
            word += c;
            isWord = true;
        }
    }
    if (isWord) words.push_back(word);
    return words;
}

std::vector<std::string> pythonFor(const std::string& wanted, const std::string& project) {
    std::vector<std::string> words = wordsOf(wanted);
    if (words.empty()) {
        const char* active = std::getenv("VIRTUAL_ENV");
        for (const std::string& folder : {project + "/.venv", project + "/venv", project + "/env", std::string(active ? active : "")}) {
            const std::string program = folder + "/bin/python";
            if (!folder.empty() && access(program.c_str(), X_OK) == 0) return {program};
        }
        return {"python3"};
    }
    // The application runs in another folder.
    if (words[0].find('/') != std::string::npos && words[0][0] != '/') {
        char here[PATH_MAX];
        if (getcwd(here, sizeof here)) words[0] = std::string(here) + "/" + words[0];
    }
    return words;
}

} // namespace covet::cli
