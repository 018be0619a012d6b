#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "equivalence/exchange.h"
#include "equivalence/inspection.h"
#include "equivalence/known_values.h"
#include "equivalence/sample_bodies.h"

namespace covet::equivalence {

/// A group of requests of the script.
struct Phase {
    enum class Kind {
        SignIns,      // with a name and a password that are known
        Reads,        // every reading route, with values that are known
        Queries,      // query parameters that the code reads
        Writes,       // valid, repeated, partial bodies; missing ids
        GuardedWrites, // the same for the routes that wanted to know who asks
        Parallel,     // one write several times at once
        OddReads,     // missing and malformed ids
        WrongMethods, // and unknown paths
        BadBodies,    // what is no JSON, and none at all
        Deletes,      // missing, malformed and known ids, each twice
        Actions,      // writes without a body: reset, purge
        Creations,    // valid bodies again, after deletes
        Emptying,     // every record that is known
        WrongTypes    // valid bodies with one value of another type
    };
    Kind kind = Kind::Reads;
    std::string name;
    double share = 0; // of all requests, at most
    /// Badly typed values may be refused after a migration: only that no error comes of it is looked
    /// at, on applications that were started anew.
    bool isLenient = false;
};

/// What a request says of an identifier that no column of a database can hold. Writes with one are only in
/// the lenient phase: a record that memory took under it is refused after a migration.
inline constexpr const char* kPast64Bits = "id past 64 bits";

/// Whether requests of a method carry a body.
bool isWriting(const std::string& method);

/// The phases in their order.
const std::vector<Phase>& phases();

/// Derives the request script from what is known of an application. The same inspection, seed and
/// answers give the same script.
class RequestPlan {
public:
    RequestPlan(const Inspection& inspection, uint64_t seed, size_t maxRequests);

    /// The requests of a phase, with what was learned until now. Not more than its share.
    std::vector<Request> requests(const Phase& phase);
    /// What an answer of the legacy application shows.
    void learn(const Request& request, const Answer& answer);

private:
    using Paths = std::vector<std::pair<std::string, std::string>>; // path, what is odd about it

    void reads(std::vector<Request>& out) const;
    void queries(std::vector<Request>& out) const;
    void signIns(std::vector<Request>& out);
    void writes(std::vector<Request>& out, bool onlyGuarded);
    void parallel(std::vector<Request>& out);
    void oddReads(std::vector<Request>& out) const;
    void wrongMethods(std::vector<Request>& out) const;
    void badBodies(std::vector<Request>& out) const;
    void deletes(std::vector<Request>& out) const;
    void actions(std::vector<Request>& out) const;
    void creations(std::vector<Request>& out);
    void emptying(std::vector<Request>& out) const;
    void wrongTypes(std::vector<Request>& out);

    std::string filled(const RouteHints& route, size_t choice = 0) const;
    Paths odd(const RouteHints& route) const;
    std::vector<std::string> knownPaths(const RouteHints& route, size_t limit) const;
    std::string credentials(const std::string& scheme) const;
    std::vector<Value> accounts() const;
    Request make(const RouteHints& route, const std::string& path, std::string about) const;
    Request withBody(const RouteHints& route, const std::string& path, const SampleBody& body, std::string about) const;
    std::vector<Request> thinned(std::vector<Request> all, size_t limit);
    uint64_t random();

    const Inspection& inspection_;
    KnownValues known_;
    BodyMaker bodies_;
    size_t maxRequests_;
    uint64_t state_;
    unsigned number_ = 0;
    std::vector<Value> registered_;              // bodies with a password that were taken
    std::map<std::string, std::string> guarded_; // route that wanted to know who asks -> "Basic" or "Bearer"
};

} // namespace covet::equivalence
