#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "equivalence/counterparts.h"
#include "equivalence/exchange.h"
#include "syntax/value.h"

namespace covet::equivalence {

/// One place in which two answers differ.
struct Detail {
    std::string part;  // "status", "header", "body", "answer"
    std::string where; // "$.items[0].price", name of a header
    std::string before, after;
    /// `where` with its indexes left out: the place in all answers of the route.
    std::string pattern;
    /// Both sides look the same apart from their content: excused if the place is volatile.
    bool alike = false;
};

/// Answers of the legacy application, of a second copy of it (the twin), and of the migrated one.
///
/// What differs between the two copies is not the application's promise: times, random identifiers,
/// the order of sets. It is masked for that place of the route, and the migrated application has to
/// give something of the same form there. Random identifiers must also correspond: where the legacy
/// application says the same one again, so must the migrated one.
class Comparison {
public:
    /// `now`: seconds since 1970. `twin` may be null.
    std::vector<Detail> differences(const Request& request, const Answer& legacy, const Answer* twin,
                                    const Answer& migrated, double now);

    Request forTwin(const Request& request) const { return toTwin_.translated(request); }
    Request forMigrated(const Request& request) const { return toMigrated_.translated(request); }

    /// Whether a difference is excused by what was learned about its place, at any time.
    bool isExcused(const Request& request, const Detail& detail) const;
    /// Places that are masked: route and pattern -> "time", "identifier", "random", "order", "status".
    const std::map<std::pair<std::string, std::string>, std::string>& masked() const { return masked_; }
    /// Integers that came back as floats of the same value; counted, no difference.
    size_t widened() const { return widened_; }

private:
    struct Place {
        std::string where, pattern;
        Place item(size_t index) const;
        Place member(const std::string& key) const;
    };
    struct Verdict {
        bool same = true;
        bool alike = false;
    };
    void headers(const Answer& legacy, const Answer* twin, const Answer& migrated, std::vector<Detail>& found);
    void bodies(const Answer& legacy, const Answer* twin, const Answer& migrated, std::vector<Detail>& found);
    void values(const Value& legacy, const Value* twin, const Value& migrated, const Place& place,
                std::vector<Detail>& found);
    void lists(const Value& legacy, const Value* twin, const Value& migrated, const Place& place,
               std::vector<Detail>& found);
    void objects(const Value& legacy, const Value* twin, const Value& migrated, const Place& place,
                 std::vector<Detail>& found);
    Verdict numbers(const Value& legacy, const Value* twin, const Value& migrated, const Place& place);
    Verdict texts(std::string_view legacy, const std::string* twin, std::string_view migrated, const Place& place);
    bool isNow(double moment) const;
    void mask(const Place& place, const char* kind);

    Counterparts toTwin_, toMigrated_;
    std::map<std::pair<std::string, std::string>, std::string> masked_;
    size_t widened_ = 0;
    double now_ = 0;
    std::string route_;
};

/// Servers such as http.server close the connection where code fails; one that speaks ASGI has to answer.
bool isErrorWithoutAnswer(const Answer& legacy, const Answer& migrated);

/// Whether the headers say that a body is JSON.
bool isJson(const Answer& answer);

} // namespace covet::equivalence
