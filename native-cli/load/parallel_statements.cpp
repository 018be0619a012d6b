#include "load/parallel_statements.h"

#include <csignal>

#include <atomic>
#include <mutex>
#include <thread>

#include "load/locks.h"

namespace covet::load {
namespace {

constexpr size_t kFewStatements = 12; // not worth another session

} // namespace

Status runInParallel(database::Connection& first, const std::vector<std::string>& statements, const std::string& setting) {
    std::vector<std::unique_ptr<database::Connection>> others;
    while (others.size() < kHelperSessions && (others.size() + 1) * kFewStatements < statements.size()) {
        auto session = helperSession(first.url(), others.size() + 1);
        if (!session) break; // too many connections, or one for each user
        if (!setting.empty() && !(*session)->execute(setting)) break;
        others.push_back(std::move(*session));
    }
    if (!setting.empty())
        if (Status done = first.execute(setting); !done) return done;
    std::atomic<size_t> next = 0;
    std::mutex mutex;
    Status outcome = Ok{};
    const auto work = [&](database::Connection& session) {
        for (size_t at = next++; at < statements.size(); at = next++) {
            Status done = session.execute(statements[at]);
            if (done) continue;
            const std::lock_guard<std::mutex> lock(mutex);
            if (outcome) outcome = std::move(done);
            next = statements.size();
            return;
        }
    };
    // Signals are the main thread's: they have to interrupt what it waits for.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    std::vector<std::thread> threads;
    for (const auto& session : others)
        threads.emplace_back([&work, &session] { work(*session); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    work(first);
    for (std::thread& thread : threads)
        thread.join();
    for (const auto& session : others)
        unlockDatabase(*session);
    return outcome;
}

} // namespace covet::load
