#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <sys/types.h>
#include <thread>
#include <vector>

#include "project/file_io.h"
#include "support/result.h"

namespace covet::cli {

/// What to start. The environment is that of this process with `variables` on top; an empty value
/// removes a variable.
struct ProcessRequest {
    std::vector<std::string> command; // program (looked up in PATH) and arguments
    std::string folder;               // working directory
    std::map<std::string, std::string> variables;
};

/// A child process that cannot outlive this one, with everything that it starts.
///
/// Between the two stands a guard: a process that waits on a pipe whose other end only we hold. When
/// we end, however we end, the guard kills the child's process group and whatever was left of its
/// descendants. Standard input is empty; the end of what it prints is kept.
class GuardedProcess {
public:
    static Result<std::unique_ptr<GuardedProcess>> start(const ProcessRequest& request);
    ~GuardedProcess();
    GuardedProcess(const GuardedProcess&) = delete;
    GuardedProcess& operator=(const GuardedProcess&) = delete;

    /// Whether it runs. Afterwards `howItEnded` says what happened to it.
    bool isRunning();
    /// "ended with code 1", "was killed by signal 11".
    std::string howItEnded() const;
    /// The last lines that it printed to its standard output and error.
    std::string output(size_t lines = 15);
    /// Asks it to end, kills it after a grace period. Returns when it is gone.
    void stop();

private:
    GuardedProcess() = default;
    void collect();
    bool reap(int options);

    pid_t guard_ = -1;
    bool ended_ = false;
    int status_ = 0;
    Descriptor lifeline_; // closing it kills the child
    std::thread collector_;
    std::mutex mutex_;
    std::string kept_;
    Descriptor printed_;
};

} // namespace covet::cli
