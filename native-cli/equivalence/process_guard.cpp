#include "equivalence/process_guard.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <initializer_list>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace covet::cli {
namespace {

constexpr int kPollMilliseconds = 50;
constexpr int kGraceMilliseconds = 3000;

void resetSignals() {
    for (int signal = 1; signal < 32; ++signal)
        if (signal != SIGKILL && signal != SIGSTOP) std::signal(signal, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// Kills all children of this process, also those that were handed to it when their parents ended
/// (it is a subreaper), until there are none.
void killDescendants() {
    for (int round = 0; round < 200; ++round) {
        while (waitpid(-1, nullptr, WNOHANG) > 0) {
        }
        int list = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
        if (list < 0) return;
        char text[4096];
        const ssize_t size = read(list, text, sizeof text);
        close(list);
        if (size <= 0) return;
        pid_t pid = 0;
        for (ssize_t i = 0; i < size; ++i) {
            if (text[i] >= '0' && text[i] <= '9') {
                pid = pid * 10 + (text[i] - '0');
            } else if (pid > 0) {
                kill(pid, SIGKILL);
                pid = 0;
            }
        }
        if (pid > 0) kill(pid, SIGKILL);
        usleep(5000);
    }
}

/// Leaves three files open, as 3 to 5, closed on exec. Another guard's lifeline must not stay open
/// here, nor a pipe that our caller's reader waits on.
void keepOnly(int& lifeline, int& output, int& failure) {
    int next = 3;
    for (int* file : {&lifeline, &output, &failure}) *file = fcntl(*file, F_DUPFD_CLOEXEC, 64);
    for (int* file : {&lifeline, &output, &failure}) {
        dup3(*file, next, O_CLOEXEC);
        *file = next++;
    }
    const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int standard = 0; standard < 3 && nothing >= 0; ++standard) dup2(nothing, standard);
    if (syscall(SYS_close_range, 6u, ~0u, 0u) != 0)
        for (int file = 6; file < 4096; ++file) close(file);
}

[[noreturn]] void runChild(char* const* command, char* const* environment, const char* folder, int output,
                           int failure, pid_t guard) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != guard) _exit(127);
    resetSignals();
    const bool ready = dup2(output, 1) >= 0 && dup2(output, 2) >= 0 && chdir(folder) == 0;
    if (ready) execvpe(command[0], command, environment);
    const int problem = errno;
    ssize_t ignored = write(failure, &problem, sizeof problem);
    (void)ignored;
    _exit(127);
}

} // namespace

void guardChild(char* const* command, char* const* environment, const char* folder, int lifeline, int output,
                int failure) {
    // A group of its own: Ctrl-C in the terminal is for the program, which then ends the child.
    setpgid(0, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    keepOnly(lifeline, output, failure);
    const pid_t self = getpid();
    const pid_t child = fork();
    if (child == 0) runChild(command, environment, folder, output, failure, self);
    if (child < 0) {
        const int problem = errno;
        ssize_t ignored = write(failure, &problem, sizeof problem);
        (void)ignored;
        _exit(127);
    }
    setpgid(child, child);
    close(failure);
    close(output);
    int status = 0, left = -1;
    for (;;) {
        const pid_t done = waitpid(child, &status, WNOHANG);
        if (done == child) break;
        pollfd wait = {lifeline, POLLIN, 0};
        const int ready = poll(&wait, 1, kPollMilliseconds);
        char byte;
        const bool isOver = ready > 0 && read(lifeline, &byte, 1) <= 0;
        if (ready > 0 && !isOver && left < 0) {
            kill(-child, SIGTERM);
            left = kGraceMilliseconds;
        } else if (left > 0) {
            left -= kPollMilliseconds;
        }
        if (isOver || (left >= 0 && left <= kPollMilliseconds)) {
            kill(-child, SIGKILL);
            waitpid(child, &status, 0);
            break;
        }
    }
    kill(-child, SIGKILL);
    killDescendants();
    if (WIFSIGNALED(status)) {
        // The caller sees the signal in the code.
        _exit(128 + WTERMSIG(status));
    }
    _exit(WEXITSTATUS(status));
}

} // namespace covet::cli
