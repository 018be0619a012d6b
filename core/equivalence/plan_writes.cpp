#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "equivalence/plan.h"
#include "support/strings.h"

namespace covet::equivalence {
namespace {

constexpr size_t kOddWrites = 8;
constexpr size_t kEmptied = 30;
constexpr size_t kAtOnce = 8;

Value without(const Value& object, const std::string& name) {
    std::vector<Value::Entry> rest;
    for (const Value::Entry& entry : object.entries())
        if (entry.first.text() != name) rest.push_back(entry);
    return Value::dict(std::move(rest));
}

Value with(Value object, const std::string& name, Value value) {
    object.set(Value::string(name), std::move(value));
    return object;
}

/// Values of every type, for a place that expects one of them.
std::vector<std::pair<const char*, Value>> otherTypes() {
    return {{"text", Value::string("text")},
            {"an integer", Value::integer(7)},
            {"a fraction", Value::floating(2.5)},
            {"a flag", Value::boolean(true)},
            {"null", Value::null()},
            {"a list", Value::list({Value::integer(1)})},
            {"an object", Value::dict({{Value::string("nested"), Value::string("yes")}})},
            {"an empty text", Value::string("")},
            {"a long text", Value::string(std::string(2000, 'x'))},
            {"text beyond ASCII", Value::string("\xC3\xA9\xF0\x9F\x98\x80")},
            {"a negative number", Value::integer(-5)},
            {"a number past 64 bits", Value::integerText("10000000000000000000000000")}};
}

} // namespace

/// Valid bodies, each twice; each key left out; another key; missing and malformed ids.
void RequestPlan::writes(std::vector<Request>& out, bool onlyGuarded) {
    for (const RouteHints& route : inspection_.routes) {
        if (!isWriting(route.method) || route.isAction() || (onlyGuarded && !guarded_.count(route.name()))) continue;
        const std::string path = filled(route);
        const std::vector<SampleBody> bodies = bodies_.validBodies(route, ++number_);
        for (const SampleBody& body : bodies) {
            out.push_back(withBody(route, path, body, body.about));
            out.push_back(withBody(route, path, body, body.about + ", again"));
            if (route.isRead && !route.takesBody) break;
        }
        const SampleBody first = route.isRead && !route.takesBody ? SampleBody{Value::dict({}), "", false} : bodies.front();
        for (const Value::Entry& entry : first.value.entries()) {
            const std::string& name = entry.first.text();
            out.push_back(withBody(route, path, {without(first.value, name), "", first.isForm}, "without " + name));
            if (first.value.entries().size() > 2)
                out.push_back(withBody(route, path,
                                       {Value::dict({entry}), "", first.isForm}, "only " + name));
        }
        if (first.value.kind() == Value::Kind::Dict)
            out.push_back(withBody(route, path, {with(first.value, "unknown_key", Value::string("x")), "", first.isForm},
                                   "with an unknown key"));
        if (!route.headers.parts.empty()) {
            Request bare = withBody(route, path, first, "without its headers");
            const auto& own = route.headers.parts;
            bare.headers.erase(std::remove_if(bare.headers.begin(), bare.headers.end(),
                                              [&](const auto& header) {
                                                  return std::any_of(own.begin(), own.end(), [&](const FieldHint& hint) {
                                                      return hint.name == header.first;
                                                  });
                                              }),
                               bare.headers.end());
            out.push_back(std::move(bare));
        }
        for (const std::string& other : knownPaths(route, 3))
            if (other != path) out.push_back(withBody(route, other, first, "another record"));
        const Paths odds = odd(route);
        for (size_t i = 0; i < odds.size() && i < kOddWrites; ++i)
            if (odds[i].second != kPast64Bits) out.push_back(withBody(route, odds[i].first, first, odds[i].second));
    }
}

void RequestPlan::parallel(std::vector<Request>& out) {
    for (const RouteHints& route : inspection_.routes) {
        if (route.method != "POST" || route.isAction()) continue;
        const SampleBody body = bodies_.validBodies(route, ++number_).front();
        for (size_t i = 0; i < kAtOnce; ++i)
            out.push_back(withBody(route, filled(route), body, fmt::format("{} at once", kAtOnce)));
    }
}

void RequestPlan::badBodies(std::vector<Request>& out) const {
    for (const RouteHints& route : inspection_.routes) {
        if (!isWriting(route.method) || route.isAction()) continue;
        const std::vector<std::pair<std::string, const char*>> kBad = {
            {"{", "broken JSON"}, {"{}", "empty object"}, {"\xFF", "no UTF-8"}};
        for (const auto& [text, about] : kBad) {
            Request request = make(route, filled(route), about);
            request.body = text;
            request.headers.emplace_back("Content-Type", "application/json");
            out.push_back(std::move(request));
        }
    }
}

void RequestPlan::deletes(std::vector<Request>& out) const {
    for (const RouteHints& route : inspection_.routes) {
        if (route.method != "DELETE") continue;
        for (const auto& [path, about] : odd(route)) out.push_back(make(route, path, about));
        // Not the first record: other routes are asked about that one.
        const std::string path = filled(route, 1);
        out.push_back(make(route, path, "delete"));
        out.push_back(make(route, path, "delete, again"));
        if (route.parameters().empty()) continue;
        const std::vector<std::string> all = knownPaths(route, kEmptied);
        out.push_back(make(route, all.back(), "delete the last"));
    }
}

void RequestPlan::actions(std::vector<Request>& out) const {
    for (const RouteHints& route : inspection_.routes) {
        if (!route.isAction()) continue;
        out.push_back(make(route, filled(route), "no body"));
        for (const char* text : {"{}", "{"}) {
            Request request = make(route, filled(route), text[1] ? "empty object" : "broken JSON");
            request.body = text;
            request.headers.emplace_back("Content-Type", "application/json");
            out.push_back(std::move(request));
        }
    }
    if (!out.empty()) reads(out);
}

void RequestPlan::creations(std::vector<Request>& out) {
    for (const RouteHints& route : inspection_.routes) {
        if (!isWriting(route.method) || route.isAction()) continue;
        const std::vector<SampleBody> bodies = bodies_.validBodies(route, ++number_);
        out.push_back(withBody(route, filled(route), bodies.front(), bodies.front().about));
        if (bodies.size() > 1) out.push_back(withBody(route, filled(route), bodies[1], bodies[1].about));
    }
    reads(out);
}

void RequestPlan::emptying(std::vector<Request>& out) const {
    for (const RouteHints& route : inspection_.routes) {
        if (route.method != "DELETE") continue;
        std::set<std::string> done;
        for (const std::string& path : knownPaths(route, kEmptied)) {
            done.insert(path);
            out.push_back(make(route, path, "delete all"));
        }
        // Ids that counters have given since.
        if (route.parameters().size() == 1)
            for (unsigned id = 1; id <= kEmptied; ++id) {
                std::string path = route.path;
                path.replace(path.find('{'), path.find('}') - path.find('{') + 1, std::to_string(id));
                if (done.insert(path).second) out.push_back(make(route, path, "delete all"));
            }
    }
    reads(out);
}

void RequestPlan::wrongTypes(std::vector<Request>& out) {
    for (const RouteHints& route : inspection_.routes) {
        if (!isWriting(route.method) || route.isAction()) continue;
        const std::string path = filled(route);
        out.push_back(make(route, path, "no body"));
        for (const char* text : {"", "null", "[]", "5", "\"text\"", "[{\"a\": 1}]"}) {
            Request request = make(route, path, std::string("body ") + text);
            request.body = text;
            request.headers.emplace_back("Content-Type", "application/json");
            out.push_back(std::move(request));
        }
        const SampleBody first = bodies_.validBodies(route, ++number_).front();
        // No database has a column for them: what would create such a record may be refused.
        for (const auto& [odd, about] : this->odd(route))
            if (about == kPast64Bits) out.push_back(withBody(route, odd, first, about));
        if ((route.isRead && !route.takesBody) || first.isForm || first.value.kind() != Value::Kind::Dict) continue;
        for (const Value::Entry& entry : first.value.entries())
            for (const auto& [about, value] : otherTypes()) {
                // A body of its own: what one side accepts and the other refuses must not make the
                // next one a duplicate.
                const SampleBody body = bodies_.validBodies(route, ++number_).front();
                out.push_back(withBody(route, path, {with(body.value, entry.first.text(), value), "", false},
                                       entry.first.text() + " is " + about));
            }
    }
}

} // namespace covet::equivalence
