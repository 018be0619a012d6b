#pragma once

#include <map>
#include <string>
#include <vector>

#include "equivalence/comparison.h"
#include "equivalence/exchange.h"

namespace covet::equivalence {

/// A request that the two applications answered differently.
struct Difference {
    std::string phase;
    Request request;
    Answer legacy, migrated;
    std::vector<Detail> details; // never empty
};

/// How often a route was asked.
struct RouteTally {
    size_t requests = 0, differences = 0;
    std::map<int, size_t> statuses; // of the legacy application
};

/// One of the two applications, for people.
struct SideInfo {
    std::string origin;  // "./shop", "the copies of run 1", "the planned migration"
    std::string command; // that started it
};

/// The outcome of a comparison.
struct Report {
    SideInfo legacy, migrated;
    uint64_t seed = 0;
    double seconds = 0;
    size_t requests = 0;
    size_t differenceCount = 0;
    std::vector<Difference> differences;       // the first ones of each route
    std::map<std::string, RouteTally> routes;  // "GET /items"
    std::map<std::pair<std::string, std::string>, std::string> masked; // as Comparison::masked
    size_t widened = 0;  // integers that came back as floats of the same value
    size_t narrowed = 0; // badly typed bodies that are refused now
    size_t followed = 0; // later badly typed bodies that meet other data because of that
    /// "" when the script was gone through; "timeout", "legacy-ended", "migrated-ended", "interrupted".
    std::string stopped;
    std::string stoppedDetail;
    std::vector<std::string> notes;

    /// Where nothing was compared nothing was shown.
    bool isEqual() const { return differenceCount == 0 && requests > 0; }
};

/// Keeps a difference unless its route has many already; counts it in any case.
void addDifference(Report& report, Difference difference);

/// The report `covetpy-migrate/equivalence/1` (resources/schemas/equivalence-1.schema.json).
std::string equivalenceJson(const Report& report);
/// The same for people; `shown` differences in full.
std::string equivalenceText(const Report& report, size_t shown);
/// The script alone: one line per request, grouped by phase.
std::string scriptText(const std::vector<std::pair<std::string, std::vector<Request>>>& script);
std::string scriptJson(const std::vector<std::pair<std::string, std::vector<Request>>>& script);

} // namespace covet::equivalence
