#include "equivalence/comparison.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "equivalence/text_pieces.h"
#include "support/strings.h"
#include "syntax/evaluator/json_reader.h"

namespace covet::equivalence {
namespace {

constexpr size_t kShown = 160;

/// Set by the server or the transport, not by the application.
const std::set<std::string>& transportHeaders() {
    static const std::set<std::string> kNames = {"date",       "server",     "content-length", "transfer-encoding",
                                                 "connection", "keep-alive", "x-powered-by"};
    return kNames;
}

/// Headers whose value is a set of words.
bool isWordList(const std::string& name) {
    return name == "allow" || name == "vary" || startsWith(name, "access-control-");
}

std::string sortedWords(const std::string& text) {
    std::vector<std::string> words;
    for (const std::string& part : split(text, ',')) words.push_back(toLower(trim(part)));
    std::sort(words.begin(), words.end());
    return join(words, ", ");
}

bool isText(const std::string& body) {
    size_t position = 0;
    while (position < body.size()) {
        const size_t start = position;
        if (body[start] == '\0') return false;
        if (nextCodePoint(body, position) == 0xFFFD && body.compare(start, position - start, "\xEF\xBF\xBD") != 0)
            return false;
    }
    return true;
}

std::string statusText(const Answer& answer) {
    return answer.status ? std::to_string(answer.status) : "no answer (" + answer.problem + ")";
}

std::string statusWithBody(const Answer& answer) {
    return statusText(answer) + (answer.body.empty() ? "" : " " + excerpt(answer.body, kShown));
}

/// Both texts around the first byte that differs.
Detail bodyDetail(const std::string& before, const std::string& after, bool alike) {
    const size_t length = std::min(before.size(), after.size());
    size_t at = 0;
    while (at < length && before[at] == after[at]) ++at;
    const size_t from = at > 40 ? at - 40 : 0;
    const std::string where = fmt::format("byte {}", at);
    return {"body", where, excerpt(before.substr(from), kShown), excerpt(after.substr(from), kShown), "body", alike};
}

} // namespace

bool isJson(const Answer& answer) { return toLower(answer.header("content-type")).find("json") != std::string::npos; }

bool isErrorWithoutAnswer(const Answer& legacy, const Answer& migrated) {
    return legacy.status == 0 && legacy.problem == "closed" && migrated.status == 500;
}

std::vector<Detail> Comparison::differences(const Request& request, const Answer& legacy, const Answer* twin,
                                            const Answer& migrated, double now) {
    now_ = now;
    route_ = request.route;
    std::vector<Detail> found;
    if (twin && twin->status != legacy.status) {
        mask({"status", "status"}, "status");
        return found;
    }
    if (isErrorWithoutAnswer(legacy, migrated)) return found;
    if (legacy.status != migrated.status) {
        found.push_back({"status", "status", statusWithBody(legacy), statusWithBody(migrated), "status", true});
        return found;
    }
    if (legacy.status == 0) return found;
    headers(legacy, twin, migrated, found);
    // A body that does not end says nothing beyond its headers.
    if (!legacy.problem.empty() && legacy.problem == migrated.problem) return found;
    if (legacy.problem != migrated.problem)
        found.push_back({"answer", "end", legacy.problem.empty() ? "complete" : legacy.problem,
                         migrated.problem.empty() ? "complete" : migrated.problem, "end", false});
    else
        bodies(legacy, twin, migrated, found);
    return found;
}

bool Comparison::isExcused(const Request& request, const Detail& detail) const {
    return detail.alike && masked_.count({request.route, detail.pattern}) > 0;
}

void Comparison::headers(const Answer& legacy, const Answer* twin, const Answer& migrated,
                         std::vector<Detail>& found) {
    std::set<std::string> names;
    for (const Answer* answer : {&legacy, &migrated})
        for (const auto& [name, value] : answer->headers)
            if (!transportHeaders().count(name)) names.insert(name);
    for (const std::string& name : names) {
        std::string before = legacy.header(name), after = migrated.header(name);
        std::optional<std::string> other;
        if (twin) other = twin->header(name);
        if (isWordList(name)) {
            before = sortedWords(before);
            after = sortedWords(after);
            if (other) other = sortedWords(*other);
        }
        const Verdict verdict = texts(before, other ? &*other : nullptr, after, {name, "header " + name});
        if (!verdict.same) found.push_back({"header", name, before, after, "header " + name, verdict.alike});
    }
}

void Comparison::bodies(const Answer& legacy, const Answer* twin, const Answer& migrated,
                        std::vector<Detail>& found) {
    const Place whole{"$", "$"};
    if (legacy.body == migrated.body && (!twin || twin->body == legacy.body)) return;
    if (isJson(legacy) && !legacy.truncated && !migrated.truncated) {
        const std::optional<Value> before = syntax::eval::readJson(legacy.body);
        const std::optional<Value> after = syntax::eval::readJson(migrated.body);
        std::optional<Value> other;
        if (twin) other = syntax::eval::readJson(twin->body);
        if (before && after) return values(*before, other ? &*other : nullptr, *after, whole, found);
        if (before.has_value() != after.has_value()) {
            found.push_back({"body", "$", excerpt(legacy.body, kShown), excerpt(migrated.body, kShown), "$", false});
            return;
        }
    }
    Verdict verdict;
    if (isText(legacy.body) && isText(migrated.body)) {
        verdict = texts(legacy.body, twin ? &twin->body : nullptr, migrated.body, {"body", "body"});
    } else {
        verdict.same = legacy.body == migrated.body;
        verdict.alike = !legacy.body.empty() && !migrated.body.empty();
        if (twin && twin->body != legacy.body) {
            mask({"body", "body"}, "random");
            verdict.same = verdict.alike;
        }
    }
    if (!verdict.same) found.push_back(bodyDetail(legacy.body, migrated.body, verdict.alike));
}

bool Comparison::isNow(double moment) const {
    // Local times are off by their zone.
    constexpr double kZones = 15 * 3600;
    return moment > now_ - kZones && moment < now_ + kZones;
}

void Comparison::mask(const Place& place, const char* kind) { masked_.emplace(std::pair(route_, place.pattern), kind); }

Comparison::Place Comparison::Place::item(size_t index) const {
    return {fmt::format("{}[{}]", where, index), pattern + "[]"};
}

Comparison::Place Comparison::Place::member(const std::string& key) const {
    bool isRandom = false;
    for (const TextPiece& piece : piecesOf(key)) isRandom = isRandom || isRandomToken(piece.text);
    return {where + "." + key, pattern + "." + (isRandom ? "*" : key)};
}

} // namespace covet::equivalence
