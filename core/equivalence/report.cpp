#include "equivalence/report.h"

#include <algorithm>

#include <fmt/format.h>

#include "catalog/json_access.h"

namespace covet::equivalence {
namespace {

using catalog::Json;

constexpr size_t kKeptPerRoute = 12;
constexpr size_t kKept = 400;
constexpr size_t kBody = 2000;
constexpr const char* kHost = "localhost:8000";

Json requestJson(const Request& request) {
    Json json = {{"method", request.method}, {"path", request.path}, {"about", request.about}};
    Json headers = Json::object();
    for (const auto& [name, value] : request.headers) headers[name] = value;
    json["headers"] = headers;
    json["body"] = request.body ? Json(excerpt(*request.body, kBody)) : Json();
    return json;
}

Json answerJson(const Answer& answer) {
    return {{"status", answer.status},
            {"problem", answer.problem},
            {"content_type", answer.header("content-type")},
            {"body", excerpt(answer.body, kBody)}};
}

Json differenceJson(const Difference& difference) {
    Json json = {{"phase", difference.phase},
                 {"route", difference.request.route},
                 {"request", requestJson(difference.request)},
                 {"curl", curlCommand(difference.request, kHost, 64 * 1024)},
                 {"legacy", answerJson(difference.legacy)},
                 {"migrated", answerJson(difference.migrated)},
                 {"details", Json::array()}};
    for (const Detail& detail : difference.details)
        json["details"].push_back({{"part", detail.part},
                                   {"where", detail.where},
                                   {"legacy", detail.before},
                                   {"migrated", detail.after}});
    return json;
}

Json routesJson(const Report& report) {
    Json list = Json::array();
    for (const auto& [name, tally] : report.routes) {
        Json statuses = Json::object();
        for (const auto& [status, count] : tally.statuses) statuses[std::to_string(status)] = count;
        list.push_back({{"route", name},
                        {"requests", tally.requests},
                        {"differences", tally.differences},
                        {"statuses", statuses}});
    }
    return list;
}

std::string dumped(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

std::string lineOf(const Request& request) {
    std::string line = request.method + " " + request.path;
    if (request.body) line += " " + excerpt(*request.body, 120);
    return line;
}

std::string tallies(const Report& report) {
    std::map<int, size_t> statuses;
    for (const auto& [name, tally] : report.routes)
        for (const auto& [status, count] : tally.statuses) statuses[status] += count;
    std::string text;
    for (const auto& [status, count] : statuses)
        text += fmt::format("{}{} x {}", text.empty() ? "" : ", ", status ? std::to_string(status) : "no answer", count);
    return text;
}

} // namespace

void addDifference(Report& report, Difference difference) {
    ++report.differenceCount;
    const size_t ofRoute = ++report.routes[difference.request.route].differences;
    if (ofRoute > kKeptPerRoute || report.differences.size() >= kKept) return;
    difference.legacy.body.resize(std::min(difference.legacy.body.size(), 2 * kBody));
    difference.migrated.body.resize(std::min(difference.migrated.body.size(), 2 * kBody));
    report.differences.push_back(std::move(difference));
}

std::string equivalenceJson(const Report& report) {
    Json masked = Json::array();
    for (const auto& [place, kind] : report.masked)
        masked.push_back({{"route", place.first}, {"where", place.second}, {"kind", kind}});
    Json json = {{"report", "covetpy-migrate/equivalence/1"},
                 {"equal", report.isEqual()},
                 {"legacy", {{"origin", report.legacy.origin}, {"command", report.legacy.command}}},
                 {"migrated", {{"origin", report.migrated.origin}, {"command", report.migrated.command}}},
                 {"seed", report.seed},
                 {"seconds", report.seconds},
                 {"requests", report.requests},
                 {"difference_count", report.differenceCount},
                 {"allowed", {{"narrowed", report.narrowed}, {"followed", report.followed}, {"widened", report.widened}}},
                 {"stopped", report.stopped.empty() ? Json() : Json(report.stopped)},
                 {"stopped_detail", report.stoppedDetail},
                 {"notes", report.notes},
                 {"masked", masked},
                 {"routes", routesJson(report)},
                 {"differences", Json::array()}};
    for (const Difference& difference : report.differences) json["differences"].push_back(differenceJson(difference));
    return dumped(json);
}

std::string equivalenceText(const Report& report, size_t shown) {
    std::string text = fmt::format("legacy:   {}\nmigrated: {}\n\n", report.legacy.origin, report.migrated.origin);
    size_t count = 0;
    for (const Difference& difference : report.differences) {
        if (++count > shown) break;
        text += fmt::format("[{}] {}\n", difference.phase, lineOf(difference.request));
        if (!difference.request.about.empty()) text += "    (" + difference.request.about + ")\n";
        size_t lines = 0;
        for (const Detail& detail : difference.details) {
            if (++lines > 5) break;
            text += fmt::format("    {}: {}\n    {:>{}}  {}\n", detail.where, detail.before, "->",
                                detail.where.size() + 1, detail.after);
        }
        if (difference.details.size() > 5) text += fmt::format("    and {} more places\n", difference.details.size() - 5);
        text += "    " + curlCommand(difference.request, kHost, 500) + "\n\n";
    }
    if (report.differenceCount > count) text += fmt::format("{} more differences; --format json has more of them\n\n", report.differenceCount - count);
    size_t differing = 0;
    for (const auto& [name, tally] : report.routes) {
        if (tally.differences == 0) continue;
        if (differing++ == 0) text += "Routes that answer differently:\n";
        text += fmt::format("  {:<44} {} of {} requests\n", name, tally.differences, tally.requests);
    }
    if (differing) text += "\n";
    for (const std::string& note : report.notes) text += "note: " + note + "\n";
    text += fmt::format("{} requests ({}), {} routes, {:.1f} s\n", report.requests, tallies(report), report.routes.size(),
                        report.seconds);
    if (!report.masked.empty())
        text += fmt::format("masked: {} places that differ between two runs of the legacy application, too\n", report.masked.size());
    if (report.narrowed)
        text += fmt::format("allowed: {} badly typed bodies are refused now\n", report.narrowed);
    if (report.followed)
        text += fmt::format("allowed: {} later bodies met other data because of that\n", report.followed);
    if (report.widened)
        text += fmt::format("allowed: {} integers came back as floats of the same value\n", report.widened);
    if (!report.stopped.empty()) text += fmt::format("stopped: {}{}{}\n", report.stopped, report.stoppedDetail.empty() ? "" : ": ", report.stoppedDetail);
    return text;
}

std::string scriptText(const std::vector<std::pair<std::string, std::vector<Request>>>& script) {
    std::string text;
    size_t total = 0;
    for (const auto& [phase, requests] : script) {
        if (requests.empty()) continue;
        text += fmt::format("{} ({})\n", phase, requests.size());
        for (const Request& request : requests) text += fmt::format("  {:<60}  # {}\n", lineOf(request), request.about);
        total += requests.size();
    }
    return text + fmt::format("{} requests; more follow from the ids that answers show\n", total);
}

std::string scriptJson(const std::vector<std::pair<std::string, std::vector<Request>>>& script) {
    Json json = {{"report", "covetpy-migrate/equivalence-script/1"}, {"phases", Json::array()}};
    for (const auto& [phase, requests] : script) {
        Json list = Json::array();
        for (const Request& request : requests) {
            Json entry = requestJson(request);
            entry["route"] = request.route;
            list.push_back(entry);
        }
        json["phases"].push_back({{"name", phase}, {"requests", list}});
    }
    return dumped(json);
}

} // namespace covet::equivalence
