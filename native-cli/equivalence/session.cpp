#include "equivalence/session.h"

#include <algorithm>
#include <ctime>
#include <thread>

#include <fmt/format.h>

#include "equivalence/http_client.h"
#include "terminal/signals.h"

namespace covet::cli {
namespace {

using equivalence::Answer;
using equivalence::Detail;
using equivalence::Phase;
using equivalence::Request;

double now() {
    timespec moment = {};
    clock_gettime(CLOCK_REALTIME, &moment);
    return static_cast<double>(moment.tv_sec) + static_cast<double>(moment.tv_nsec) / 1e9;
}

/// Answers to the same request, in an order that does not depend on who was first.
void sortAnswers(std::vector<Answer>& answers) {
    std::sort(answers.begin(), answers.end(), [](const Answer& a, const Answer& b) {
        if (a.status != b.status) return a.status < b.status;
        if (a.body.size() != b.body.size()) return a.body.size() < b.body.size();
        return a.body < b.body;
    });
}

} // namespace

Session::Session(Sides& sides, StartingData& data, const EquivalenceRequest& request, Terminal& terminal)
    : sides_(sides), data_(data), options_(request), terminal_(terminal),
      plan_(sides.inspection, request.seed, request.maxRequests) {
    began_ = Clock::now();
    end_ = began_ + std::chrono::milliseconds(static_cast<long long>(request.seconds * 1000));
    report_.legacy = sides.legacyInfo;
    report_.migrated = sides.migratedInfo;
    report_.seed = request.seed;
}

Result<equivalence::Report> Session::run() {
    Status started = start("main");
    if (!started) return started.error();
    for (const Phase& each : equivalence::phases()) {
        if (!report_.stopped.empty()) break;
        if (each.isLenient && !isLenient_) {
            checkRestart();
            if (!report_.stopped.empty()) break;
            isLenient_ = true;
            stop();
            // A scratch database was changed by the requests: it is loaded again.
            Status restarted = start("types");
            if (!restarted) return restarted.error();
        }
        phase(each);
    }
    terminal_.endProgress();
    stop();
    if (signals::interrupted()) return Error{"interrupted", "interrupted while comparing", "", 0, "run the command again"};
    settle();
    return std::move(report_);
}

Status Session::start(const std::string& round) {
    terminal_.progress("start", 0, kSides);
    static constexpr const char* kNames[] = {"legacy", "twin", "migrated"};
    for (int side = 0; side < kSides; ++side) {
        const std::string folder = fmt::format("runs/{}-{}", round, kNames[side]);
        Status copied = sides_.workspace.copy(side == Migrated ? "migrated" : "legacy", folder);
        if (!copied) return copied;
        Status started = startSide(side, folder, round);
        if (!started) {
            stop();
            return started;
        }
        terminal_.progress("start", static_cast<size_t>(side) + 1, kSides);
    }
    return Ok{};
}

Status Session::startSide(int side, const std::string& folder, const std::string& name) {
    Launch launch = side == Migrated ? sides_.migrated : sides_.legacy;
    // Orders of sets that only hashes decide differ between the two legacy copies, and are masked.
    launch.variables["PYTHONHASHSEED"] = std::to_string(side + 1);
    if (side == Migrated) {
        Result<std::string> url = data_.fresh(sides_, name);
        if (!url) return url.error();
        launch.variables["DATABASE_URL"] = *url;
        sides_.migrated.variables = launch.variables; // for the restart
    }
    Result<Application> application =
        startApplication(launch, sides_.workspace.path() + "/" + folder, [] { return signals::interrupted(); });
    if (!application) return application.error();
    side_[side].application = std::move(*application);
    side_[side].cookies = {};
    return Ok{};
}

void Session::stop() {
    for (Side& side : side_) side.application.process.reset();
}

bool Session::isOver() {
    if (report_.stopped.empty() && signals::interrupted()) report_.stopped = "interrupted";
    if (report_.stopped.empty() && Clock::now() >= end_) {
        report_.stopped = "timeout";
        report_.stoppedDetail = fmt::format("after {:.0f} s; --timeout gives it more", options_.seconds);
    }
    return !report_.stopped.empty();
}

void Session::phase(const Phase& phase) {
    const std::vector<Request> requests = plan_.requests(phase);
    for (size_t i = 0; i < requests.size(); ++i) {
        if (isOver()) return;
        terminal_.progress(phase.name, i, requests.size());
        if (slow_.count(requests[i].route)) continue;
        if (phase.kind == Phase::Kind::Parallel) {
            std::vector<Request> group = {requests[i]};
            while (i + 1 < requests.size() && requests[i + 1].route == requests[i].route) group.push_back(requests[++i]);
            together(phase, group);
        } else {
            exchange(phase, requests[i]);
        }
        if (!goesOn(phase.name, requests[i])) return;
    }
}

Answer Session::send(int side, Request request) {
    side_[side].cookies.addTo(request);
    HttpTarget target;
    target.port = side_[side].application.port;
    target.seconds = options_.answerSeconds;
    target.stopped = [] { return signals::interrupted(); };
    return sendRequest(target, request);
}

/// Asks all three at the same moment, so that they see the same time.
std::vector<Answer> Session::ask(const Request& request) {
    const Request asked[kSides] = {request, comparison_.forTwin(request), comparison_.forMigrated(request)};
    std::vector<Answer> answers(kSides);
    std::vector<std::thread> threads;
    for (int side = 1; side < kSides; ++side)
        threads.emplace_back([this, side, &asked, &answers] { answers[static_cast<size_t>(side)] = send(side, asked[side]); });
    answers[Legacy] = send(Legacy, asked[Legacy]);
    for (std::thread& thread : threads) thread.join();
    for (int side = 0; side < kSides; ++side) {
        const Answer& answer = answers[static_cast<size_t>(side)];
        side_[side].cookies.take(answer);
        lostConnection_ = lostConnection_ || answer.problem == "closed" || answer.problem == "refused";
    }
    return answers;
}

void Session::count(const Request& request, const Answer& legacy) {
    ++report_.requests;
    equivalence::RouteTally& tally = report_.routes[request.route];
    ++tally.requests;
    ++tally.statuses[legacy.status];
}

void Session::exchange(const Phase& phase, const Request& request) {
    const std::vector<Answer> answers = ask(request);
    if (signals::interrupted()) return;
    count(request, answers[Legacy]);
    if (answers[Legacy].problem == "timeout") slow_.insert(request.route);
    if (phase.isLenient) return compareLeniently(phase, request, answers);
    plan_.learn(request, answers[Legacy]);
    note(phase.name, request, answers[Legacy], answers[Migrated],
         comparison_.differences(request, answers[Legacy], &answers[Twin], answers[Migrated], now()));
}

void Session::compareLeniently(const Phase& phase, const Request& request, const std::vector<Answer>& answers) {
    const int before = answers[Legacy].status, after = answers[Migrated].status;
    if (before != answers[Twin].status || before == after) return;
    if (equivalence::isErrorWithoutAnswer(answers[Legacy], answers[Migrated])) return;
    if (before != 0 && after >= 400 && after < 500) { // also what was an internal error
        ++report_.narrowed;
        return;
    }
    // What the legacy application stored and the migrated one refused may matter to later requests.
    const bool isNewError = after == 0 || (before < 500 && after >= 500);
    if (report_.narrowed && !isNewError) {
        ++report_.followed;
        return;
    }
    note(phase.name, request, answers[Legacy], answers[Migrated],
         {{"status", "status", std::to_string(before), std::to_string(after), "status", true}});
}

void Session::together(const Phase& phase, const std::vector<Request>& requests) {
    std::vector<Answer> answers[kSides];
    for (int side = 0; side < kSides; ++side) answers[side].resize(requests.size());
    std::vector<std::thread> threads;
    for (size_t i = 0; i < requests.size(); ++i)
        for (int side = 0; side < kSides; ++side) {
            const Request asked = side == Twin       ? comparison_.forTwin(requests[i])
                                  : side == Migrated ? comparison_.forMigrated(requests[i])
                                                     : requests[i];
            threads.emplace_back([this, side, i, asked, &answers] { answers[side][i] = send(side, asked); });
        }
    for (std::thread& thread : threads) thread.join();
    if (signals::interrupted()) return;
    for (std::vector<Answer>& side : answers) sortAnswers(side);
    for (size_t i = 0; i < requests.size(); ++i) {
        count(requests[i], answers[Legacy][i]);
        plan_.learn(requests[i], answers[Legacy][i]);
        note(phase.name, requests[i], answers[Legacy][i], answers[Migrated][i],
             comparison_.differences(requests[i], answers[Legacy][i], &answers[Twin][i], answers[Migrated][i], now()));
    }
}

void Session::note(const std::string& phase, const Request& request, const Answer& legacy, const Answer& migrated,
                   std::vector<Detail> details) {
    if (!details.empty()) found_.push_back({phase, request, legacy, migrated, std::move(details)});
}

/// A closed connection is seen before the end of the process that closed it.
void Session::awaitEnds() {
    lostConnection_ = false;
    const Clock::time_point end = Clock::now() + std::chrono::milliseconds(400);
    auto runs = [this](int side) { return side_[side].application.process->isRunning(); };
    while (Clock::now() < end && runs(Legacy) && runs(Migrated)) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    if (runs(Legacy) != runs(Migrated)) std::this_thread::sleep_for(std::chrono::milliseconds(150));
}

/// An application that ended cannot be asked on: the state of all would be another one.
bool Session::goesOn(const std::string& phase, const Request& request) {
    if (lostConnection_) awaitEnds();
    for (int side : {Legacy, Migrated}) {
        GuardedProcess& process = *side_[side].application.process;
        if (process.isRunning()) continue;
        const std::string name = side == Legacy ? "legacy" : "migrated";
        report_.stopped = name + "-ended";
        report_.stoppedDetail = fmt::format("the {} application {} at {} {}", name, process.howItEnded(), request.method, request.path);
        const std::string output = process.output(8);
        if (!output.empty()) report_.stoppedDetail += "; it printed:\n" + output;
        const bool other = side_[side == Legacy ? Migrated : Legacy].application.process->isRunning();
        if (other && (found_.empty() || found_.back().request.path != request.path))
            found_.push_back({phase, request, {}, {}, {{"answer", "process", side == Legacy ? process.howItEnded() : "runs",
                                                        side == Legacy ? "runs" : process.howItEnded(), "process", false}}});
        return false;
    }
    return true;
}

/// What the database holds must be all there is: a restarted application knows the same.
void Session::checkRestart() {
    const Phase reads{Phase::Kind::Reads, "after a restart of the migrated application", 0.04, false};
    const std::vector<Request> requests = plan_.requests(reads);
    std::vector<Answer> before(requests.size()), again(requests.size());
    // Twice: reading may count visits.
    for (std::vector<Answer>* answers : {&before, &again})
        for (size_t i = 0; i < requests.size() && !isOver(); ++i)
            if (!slow_.count(requests[i].route)) (*answers)[i] = send(Migrated, comparison_.forMigrated(requests[i]));
    if (!report_.stopped.empty()) return;
    side_[Migrated].application.process.reset();
    Result<Application> restarted =
        startApplication(sides_.migrated, sides_.workspace.path() + "/runs/main-migrated", [] { return signals::interrupted(); });
    if (!restarted) {
        if (isOver()) return;
        report_.stopped = "migrated-ended";
        report_.stoppedDetail = restarted.error().message;
        note(reads.name, requests.empty() ? Request{} : requests.front(), {}, {},
             {{"answer", "process", "runs", restarted.error().message, "process", false}});
        return;
    }
    side_[Migrated].application = std::move(*restarted);
    for (size_t i = 0; i < requests.size() && !isOver(); ++i) {
        terminal_.progress("restart", i, requests.size());
        if (slow_.count(requests[i].route)) continue;
        const Answer after = send(Migrated, comparison_.forMigrated(requests[i]));
        count(requests[i], after);
        equivalence::Comparison own;
        if (!own.differences(requests[i], before[i], nullptr, again[i], now()).empty()) continue;
        std::vector<Detail> details = own.differences(requests[i], before[i], nullptr, after, now());
        note(reads.name, requests[i], before[i], after, std::move(details));
    }
}

/// Takes out what is excused by what was learned later about the same places.
void Session::settle() {
    for (equivalence::Difference& difference : found_) {
        std::vector<Detail> left;
        for (Detail& detail : difference.details)
            if (!comparison_.isExcused(difference.request, detail)) left.push_back(std::move(detail));
        if (left.empty()) continue;
        difference.details = std::move(left);
        equivalence::addDifference(report_, std::move(difference));
    }
    report_.masked = comparison_.masked();
    report_.widened = comparison_.widened();
    report_.seconds = std::chrono::duration<double>(Clock::now() - began_).count();
}

} // namespace covet::cli
