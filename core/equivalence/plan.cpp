#include "equivalence/plan.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "support/strings.h"

namespace covet::equivalence {
namespace {

constexpr size_t kPathsPerRoute = 6;
constexpr size_t kValuesPerQuery = 4;

const std::vector<std::string>& verbs() {
    static const std::vector<std::string> kVerbs = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"};
    return kVerbs;
}

} // namespace

bool isWriting(const std::string& method) { return method == "POST" || method == "PUT" || method == "PATCH"; }

const std::vector<Phase>& phases() {
    using Kind = Phase::Kind;
    static const std::vector<Phase> kPhases = {
        {Kind::SignIns, "signing in", 0.02},
        {Kind::Reads, "reads", 0.06},
        {Kind::Reads, "reads with learned ids", 0.06},
        {Kind::Queries, "queries", 0.09},
        {Kind::Writes, "writes", 0.17},
        {Kind::SignIns, "signing in after writes", 0.02},
        {Kind::GuardedWrites, "writes when signed in", 0.1},
        {Kind::Reads, "reads after writes", 0.06},
        {Kind::Queries, "queries after writes", 0.06},
        {Kind::Parallel, "writes at once", 0.03},
        {Kind::OddReads, "odd ids", 0.08},
        {Kind::WrongMethods, "wrong methods", 0.05},
        {Kind::BadBodies, "bad bodies", 0.05},
        {Kind::Reads, "reads after bad bodies", 0.04},
        {Kind::Deletes, "deletes", 0.06},
        {Kind::Reads, "reads after deletes", 0.04},
        {Kind::SignIns, "signing in after deletes", 0.02},
        {Kind::Creations, "writes after deletes", 0.04},
        {Kind::Actions, "actions", 0.04},
        {Kind::Emptying, "deletes of everything", 0.06},
        {Kind::Creations, "writes into what is empty", 0.03},
        {Kind::Reads, "reads at the end", 0.04},
        {Kind::WrongTypes, "badly typed bodies", 0.08, true},
    };
    return kPhases;
}

RequestPlan::RequestPlan(const Inspection& inspection, uint64_t seed, size_t maxRequests)
    : inspection_(inspection), known_(inspection), bodies_(inspection, known_), maxRequests_(maxRequests),
      state_(seed) {}

std::vector<Request> RequestPlan::requests(const Phase& phase) {
    std::vector<Request> made;
    switch (phase.kind) {
    case Phase::Kind::Reads: reads(made); break;
    case Phase::Kind::Queries: queries(made); break;
    case Phase::Kind::SignIns: signIns(made); break;
    case Phase::Kind::Writes: writes(made, false); break;
    case Phase::Kind::GuardedWrites: writes(made, true); break;
    case Phase::Kind::Parallel:
        if (!inspection_.savesFiles) parallel(made);
        break;
    case Phase::Kind::OddReads: oddReads(made); break;
    case Phase::Kind::WrongMethods: wrongMethods(made); break;
    case Phase::Kind::BadBodies: badBodies(made); break;
    case Phase::Kind::Deletes: deletes(made); break;
    case Phase::Kind::Actions: actions(made); break;
    case Phase::Kind::Creations: creations(made); break;
    case Phase::Kind::Emptying: emptying(made); break;
    case Phase::Kind::WrongTypes: wrongTypes(made); break;
    }
    const double share = phase.share * static_cast<double>(maxRequests_);
    return thinned(std::move(made), std::max<size_t>(1, static_cast<size_t>(share)));
}

/// SplitMix64: the same on every machine.
uint64_t RequestPlan::random() {
    uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/// Drops requests at random, but keeps the order and the first ones of each route.
std::vector<Request> RequestPlan::thinned(std::vector<Request> all, size_t limit) {
    if (all.size() <= limit) return all;
    std::map<std::string, size_t> seen;
    std::vector<std::pair<uint64_t, size_t>> ranked;
    for (size_t i = 0; i < all.size(); ++i) {
        const uint64_t rank = std::min<uint64_t>(seen[all[i].route]++, 2);
        ranked.emplace_back((rank << 62) | (random() >> 2), i);
    }
    std::sort(ranked.begin(), ranked.end());
    ranked.resize(limit);
    std::vector<size_t> kept;
    for (const auto& [rank, index] : ranked) kept.push_back(index);
    std::sort(kept.begin(), kept.end());
    std::vector<Request> result;
    for (size_t index : kept) result.push_back(std::move(all[index]));
    return result;
}

/// The path with the best guess for each parameter, or with the next ones.
std::string RequestPlan::filled(const RouteHints& route, size_t choice) const {
    std::string path = route.path;
    for (const std::string& name : route.parameters()) {
        const std::vector<std::string> values = known_.forParameter(route.path, name);
        const size_t at = path.find("{" + name);
        path.replace(at, path.find('}', at) - at + 1, values[std::min(choice, values.size() - 1)]);
    }
    return path;
}

std::vector<std::string> RequestPlan::knownPaths(const RouteHints& route, size_t limit) const {
    std::vector<std::string> paths = {filled(route)};
    const std::vector<std::string> names = route.parameters();
    for (size_t varied = 0; varied < names.size(); ++varied) {
        for (const std::string& value : known_.forParameter(route.path, names[varied])) {
            std::string path = route.path;
            for (size_t i = 0; i < names.size(); ++i) {
                const size_t at = path.find("{" + names[i]);
                const std::string text = i == varied ? value : known_.forParameter(route.path, names[i]).front();
                path.replace(at, path.find('}', at) - at + 1, text);
            }
            if (std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(path);
            if (paths.size() >= limit) return paths;
        }
    }
    return paths;
}

RequestPlan::Paths RequestPlan::odd(const RouteHints& route) const {
    static const std::vector<std::pair<std::string, std::string>> kOdd = {
        {"999999", "missing id"},          {"0", "id 0"},
        {"-1", "negative id"},             {"99999999999999999999", kPast64Bits},
        {"abc", "malformed id"},           {"1.0", "fraction as id"},
        {"01", "id with a leading zero"},  {"1_0", "id with an underscore"},
        {"%20", "blank id"},               {"%201", "id with a space before"},
        {"%D9%A3", "Arabic digit as id"},  {"None", "the word None as id"},
        {"a%27b", "quote in the id"},      {"true", "the word true as id"},
        {"%F0%9F%98%80", "emoji as id"},   {"00000000-0000-4000-8000-000000000000", "unknown UUID"}};
    Paths paths;
    const std::vector<std::string> names = route.parameters();
    for (const std::string& varied : names)
        for (const auto& [value, about] : kOdd) {
            std::string path = route.path;
            for (const std::string& name : names) {
                const size_t at = path.find("{" + name);
                const std::string text = name == varied ? value : known_.forParameter(route.path, name).front();
                path.replace(at, path.find('}', at) - at + 1, text);
            }
            paths.emplace_back(path, about);
        }
    return paths;
}

Request RequestPlan::make(const RouteHints& route, const std::string& path, std::string about) const {
    Request request;
    request.route = route.name();
    request.method = route.method;
    request.path = path;
    request.about = std::move(about);
    for (const FieldHint& header : route.headers.parts) {
        const std::string name = toLower(header.name);
        if (name == "content-type" || name == "content-length" || name == "host") continue;
        std::string value;
        if (name == "authorization") {
            value = credentials("Bearer");
        } else if (!header.constants.empty()) {
            value = plainText(header.constants.front());
        } else {
            const std::string field = replaceAll(startsWith(name, "x-") ? name.substr(2) : name, "-", "_");
            if (!known_.of(field).empty()) value = plainText(known_.of(field).back());
        }
        // A header cannot carry these.
        if (!value.empty() && value.find_first_of("\r\n") == std::string::npos)
            request.headers.emplace_back(header.name, value);
    }
    const bool has = std::any_of(request.headers.begin(), request.headers.end(), [](const auto& header) { return toLower(header.first) == "authorization"; });
    const auto guarded = guarded_.find(request.route);
    if (const std::string value = has || guarded == guarded_.end() ? "" : credentials(guarded->second); !value.empty())
        request.headers.emplace_back("Authorization", value);
    return request;
}

Request RequestPlan::withBody(const RouteHints& route, const std::string& path, const SampleBody& body,
                              std::string about) const {
    Request request = make(route, path, std::move(about));
    if (body.isForm) {
        std::string text;
        for (const Value::Entry& entry : body.value.entries())
            text += (text.empty() ? "" : "&") + percentEncoded(entry.first.text()) + "=" + percentEncoded(plainText(entry.second));
        request.body = text;
        request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    } else {
        request.body = toJson(body.value);
        request.headers.emplace_back("Content-Type", "application/json");
    }
    return request;
}

void RequestPlan::reads(std::vector<Request>& out) const {
    for (const RouteHints& route : inspection_.routes) {
        if (route.method != "GET" && route.method != "HEAD") continue;
        for (const std::string& path : knownPaths(route, kPathsPerRoute)) out.push_back(make(route, path, "read"));
        if (route.headers.parts.empty()) continue;
        Request bare = make(route, filled(route), "without its headers");
        bare.headers.clear();
        out.push_back(std::move(bare));
    }
}

void RequestPlan::queries(std::vector<Request>& out) const {
    for (const RouteHints& route : inspection_.routes) {
        if (route.method != "GET") continue;
        const std::string path = filled(route);
        std::string all;
        for (const FieldHint& field : route.query.parts) {
            std::vector<std::string> values;
            auto take = [&](const std::string& value) {
                const std::string text = percentEncoded(value);
                if (std::find(values.begin(), values.end(), text) == values.end()) values.push_back(text);
            };
            for (const Value& constant : field.constants) take(plainText(constant));
            const std::vector<Value>& known = known_.of(field.name);
            for (size_t i = 0; i < known.size() && i < kValuesPerQuery; ++i) take(plainText(known[i]));
            const bool isNumber = field.type == "int" || field.type == "float" || field.type == "number";
            for (const char* number : {"1", "2", "0", "-1"})
                if (isNumber || known.empty()) take(number);
            take("zzz");
            take("");
            for (const std::string& value : values)
                out.push_back(make(route, path + "?" + percentEncoded(field.name) + "=" + value, "query " + field.name));
            all += (all.empty() ? "?" : "&") + percentEncoded(field.name) + "=" + values.front();
        }
        if (route.query.parts.size() > 1) out.push_back(make(route, path + all, "all queries"));
        out.push_back(make(route, path + "?unknown=1&unknown=2", "unknown query"));
    }
}

void RequestPlan::oddReads(std::vector<Request>& out) const {
    for (const RouteHints& route : inspection_.routes)
        if (route.method == "GET")
            for (const auto& [path, about] : odd(route)) out.push_back(make(route, path, about));
}

void RequestPlan::wrongMethods(std::vector<Request>& out) const {
    std::map<std::string, std::set<std::string>> have;
    for (const RouteHints& route : inspection_.routes) have[route.path].insert(route.method);
    std::set<std::string> done;
    for (const RouteHints& route : inspection_.routes) {
        if (!done.insert(route.path).second || route.isAction()) continue;
        for (const std::string& verb : verbs()) {
            if (have[route.path].count(verb)) continue;
            RouteHints other = route;
            other.method = verb;
            other.headers = {};
            if (isWriting(verb))
                out.push_back(withBody(other, filled(route), {Value::dict({}), "", false}, "method without a route"));
            else
                out.push_back(make(other, filled(route), "method without a route"));
        }
    }
    for (const char* path : {"/no/such/path", "/%F0%9F%98%80"}) {
        RouteHints nowhere;
        nowhere.method = "GET";
        nowhere.path = "(no route)";
        out.push_back(make(nowhere, path, "unknown path"));
    }
}

} // namespace covet::equivalence
