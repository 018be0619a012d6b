#pragma once

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "equivalence/comparison.h"
#include "equivalence/cookie_jar.h"
#include "equivalence/plan.h"
#include "equivalence/report.h"
#include "equivalence/sides.h"
#include "equivalence/starting_data.h"
#include "terminal/terminal.h"

namespace covet::cli {

/// Starts the legacy application twice and the migrated one, sends all three the script, and collects
/// what differs.
class Session {
public:
    Session(Sides& sides, StartingData& data, const EquivalenceRequest& request, Terminal& terminal);

    /// Goes through all phases. An Error when an application does not start; whatever happens later
    /// is part of the report.
    Result<equivalence::Report> run();

private:
    using Clock = std::chrono::steady_clock;
    struct Side {
        Application application;
        CookieJar cookies;
    };
    enum { Legacy, Twin, Migrated, kSides };

    Status start(const std::string& round);
    Status startSide(int side, const std::string& folder, const std::string& name);
    void stop();
    void phase(const equivalence::Phase& phase);
    void exchange(const equivalence::Phase& phase, const equivalence::Request& request);
    void together(const equivalence::Phase& phase, const std::vector<equivalence::Request>& requests);
    void compareLeniently(const equivalence::Phase& phase, const equivalence::Request& request,
                          const std::vector<equivalence::Answer>& answers);
    void checkRestart();
    std::vector<equivalence::Answer> ask(const equivalence::Request& request);
    equivalence::Answer send(int side, equivalence::Request request);
    void note(const std::string& phase, const equivalence::Request& request, const equivalence::Answer& legacy,
              const equivalence::Answer& migrated, std::vector<equivalence::Detail> details);
    void count(const equivalence::Request& request, const equivalence::Answer& legacy);
    bool goesOn(const std::string& phase, const equivalence::Request& request);
    void awaitEnds();
    bool isOver();
    void settle();

    Sides& sides_;
    StartingData& data_;
    const EquivalenceRequest& options_;
    Terminal& terminal_;
    equivalence::RequestPlan plan_;
    equivalence::Comparison comparison_;
    equivalence::Report report_;
    std::vector<equivalence::Difference> found_; // before settle()
    Side side_[kSides];
    std::set<std::string> slow_; // routes that did not answer in time
    Clock::time_point began_, end_;
    bool isLenient_ = false;
    bool lostConnection_ = false; // in the last exchange
};

} // namespace covet::cli
