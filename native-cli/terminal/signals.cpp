#include "terminal/signals.h"

#include <atomic>
#include <csignal>
#include <mutex>
#include <pthread.h>
#include <thread>
#include <unistd.h>

namespace covet::cli {
namespace {

std::atomic<int> pendingSignal{0};
std::mutex effectMutex;
int effectDepth = 0;
std::function<void()> cancelHook;

void tell(const char* text, size_t size) {
    ssize_t ignored = write(STDERR_FILENO, text, size);
    (void)ignored;
}

sigset_t watchedSignals() {
    sigset_t set;
    sigemptyset(&set);
    for (int signal : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction current = {};
        // A shell that starts us with `nohup` or in the background has decided for us.
        sigaction(signal, nullptr, &current);
        if (current.sa_handler != SIG_IGN) sigaddset(&set, signal);
    }
    return set;
}

void watch(sigset_t set) {
    for (;;) {
        int signal = 0;
        if (sigwait(&set, &signal) != 0) continue;
        std::lock_guard<std::mutex> guard(effectMutex);
        if (effectDepth == 0) {
            static constexpr char kText[] = "\ninterrupted: nothing was changed\n";
            tell(kText, sizeof kText - 1);
            _exit(128 + signal);
        }
        static constexpr char kText[] = "\ninterrupted: putting everything back, one moment ...\n";
        if (pendingSignal.exchange(signal) == 0) tell(kText, sizeof kText - 1);
        if (cancelHook) cancelHook();
    }
}

} // namespace

namespace signals {

void install() {
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    sigset_t set = watchedSignals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::thread(watch, set).detach();
}

int pending() { return pendingSignal.load(); }

} // namespace signals

CancelHook::CancelHook(std::function<void()> cancel) {
    std::lock_guard<std::mutex> guard(effectMutex);
    cancelHook = std::move(cancel);
    // A signal that came just before has found nothing to cancel.
    if (pendingSignal.load() && cancelHook) cancelHook();
}

CancelHook::~CancelHook() {
    std::lock_guard<std::mutex> guard(effectMutex);
    cancelHook = nullptr;
}

EffectScope::EffectScope() {
    std::lock_guard<std::mutex> guard(effectMutex);
    ++effectDepth;
}

EffectScope::~EffectScope() {
    std::lock_guard<std::mutex> guard(effectMutex);
    --effectDepth;
}

} // namespace covet::cli
