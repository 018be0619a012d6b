#include "equivalence/guarded_process.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "equivalence/process_guard.h"
#include "support/strings.h"

extern char** environ;

namespace covet::cli {
namespace {

constexpr size_t kKept = 64 * 1024;

struct Pipe {
    Descriptor read, write;
};

Result<Pipe> makePipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return systemError(errno, "make a pipe", "");
    return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

std::vector<std::string> environmentWith(const std::map<std::string, std::string>& variables) {
    std::vector<std::string> result;
    for (char** entry = environ; *entry; ++entry) {
        const std::string text = *entry;
        if (!variables.count(text.substr(0, text.find('=')))) result.push_back(text);
    }
    for (const auto& [name, value] : variables)
        if (!value.empty()) result.push_back(name + "=" + value);
    return result;
}

std::vector<char*> pointersTo(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

} // namespace

Result<std::unique_ptr<GuardedProcess>> GuardedProcess::start(const ProcessRequest& request) {
    Result<Pipe> lifeline = makePipe(), output = makePipe(), failure = makePipe();
    for (const Result<Pipe>* made : {&lifeline, &output, &failure})
        if (!*made) return made->error();
    std::vector<std::string> command = request.command, variables = environmentWith(request.variables);
    const std::vector<char*> arguments = pointersTo(command), environment = pointersTo(variables);
    const pid_t guard = fork();
    if (guard < 0) return systemError(errno, "start a process", "");
    if (guard == 0) {
        // Our ends of the pipes: the guard must see them close when we end.
        close(lifeline->write.get());
        close(output->read.get());
        close(failure->read.get());
        guardChild(arguments.data(), environment.data(), request.folder.c_str(), lifeline->read.get(),
                   output->write.get(), failure->write.get());
    }
    std::unique_ptr<GuardedProcess> process(new GuardedProcess);
    process->guard_ = guard;
    process->lifeline_ = std::move(lifeline->write);
    process->printed_ = std::move(output->read);
    output->write = Descriptor();
    failure->write = Descriptor();
    process->collector_ = std::thread([raw = process.get()] { raw->collect(); });
    int problem = 0;
    ssize_t size = 0;
    do size = read(failure->read.get(), &problem, sizeof problem);
    while (size < 0 && errno == EINTR);
    if (size == static_cast<ssize_t>(sizeof problem)) {
        process->stop();
        return Error{"cannot-start", fmt::format("cannot start {}: {}", request.command.front(), std::strerror(problem)),
                     "", 0, "name the program with its path, or see that it is in PATH"};
    }
    return process;
}

GuardedProcess::~GuardedProcess() { stop(); }

void GuardedProcess::collect() {
    char buffer[8192];
    for (;;) {
        const ssize_t size = read(printed_.get(), buffer, sizeof buffer);
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return;
        std::lock_guard<std::mutex> guard(mutex_);
        kept_.append(buffer, static_cast<size_t>(size));
        if (kept_.size() > 2 * kKept) kept_.erase(0, kept_.size() - kKept);
    }
}

bool GuardedProcess::reap(int options) {
    if (ended_) return true;
    pid_t done = 0;
    do done = waitpid(guard_, &status_, options);
    while (done < 0 && errno == EINTR);
    ended_ = done != 0;
    return ended_;
}

bool GuardedProcess::isRunning() { return !reap(WNOHANG); }

std::string GuardedProcess::howItEnded() const {
    if (!ended_) return "runs";
    const int code = WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
    return code > 128 && code < 160 ? fmt::format("was killed by signal {}", code - 128)
                                    : fmt::format("ended with code {}", code);
}

std::string GuardedProcess::output(size_t lines) {
    std::lock_guard<std::mutex> guard(mutex_);
    const std::string_view text = trim(kept_);
    size_t at = text.size();
    for (size_t i = 0; i < lines && at != std::string_view::npos && at > 0; ++i) at = text.rfind('\n', at - 1);
    return std::string(at == std::string_view::npos || at == 0 ? text : text.substr(at + 1));
}

void GuardedProcess::stop() {
    if (!reap(WNOHANG)) {
        ssize_t ignored = write(lifeline_.get(), "T", 1);
        (void)ignored;
        reap(0);
    }
    lifeline_ = Descriptor();
    if (collector_.joinable()) collector_.join();
    printed_ = Descriptor();
}

} // namespace covet::cli
