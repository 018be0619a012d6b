#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "equivalence/comparison.h"
#include "equivalence/text_pieces.h"

namespace covet::equivalence {
namespace {

constexpr size_t kShown = 160;
constexpr double kNearSeconds = 120;
/// Shorter words are too likely to mean something else elsewhere.
constexpr size_t kShortestCounterpart = 6;

bool near(double a, double b) { return std::fabs(a - b) < kNearSeconds; }

/// Times of day on both sides of midnight are near, too.
bool nearClock(double a, double b) {
    const double apart = std::fabs(a - b);
    return std::min(apart, 86400 - apart) < kNearSeconds;
}

/// A time of day that could be now in some zone; zones are whole quarters of an hour apart.
bool isClockNow(double clock, double now) {
    const double off = std::fmod(std::fabs(clock - now), 900);
    return std::min(off, 900 - off) < kNearSeconds;
}

std::string shown(const Value& value) { return excerpt(toJson(value), kShown); }

std::vector<std::string> keysOf(const Value& object) {
    std::vector<std::string> keys;
    for (const Value::Entry& entry : object.entries()) keys.push_back(entry.first.text());
    return keys;
}

std::string shownKeys(const Value& object) {
    std::vector<Value> keys;
    for (const Value::Entry& entry : object.entries()) keys.push_back(entry.first);
    return "keys " + shown(Value::list(std::move(keys)));
}

std::vector<Value> sortedItems(const Value& list) {
    std::vector<std::pair<std::string, Value>> keyed;
    for (const Value& item : list.items()) keyed.emplace_back(toJson(item), item);
    std::stable_sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Value> items;
    for (auto& entry : keyed) items.push_back(std::move(entry.second));
    return items;
}

} // namespace

void Comparison::values(const Value& legacy, const Value* twin, const Value& migrated, const Place& place,
                        std::vector<Detail>& found) {
    const bool isNumber = legacy.kind() == Value::Kind::Int || legacy.kind() == Value::Kind::Float;
    const bool bothNumbers = isNumber && (migrated.kind() == Value::Kind::Int || migrated.kind() == Value::Kind::Float);
    if (twin && twin->kind() != legacy.kind()) {
        // Two copies disagree about what this is at all: no promise.
        mask(place, "random");
        return;
    }
    if (legacy.kind() != migrated.kind() && !bothNumbers) {
        found.push_back({"body", place.where, shown(legacy), shown(migrated), place.pattern, false});
        return;
    }
    if (legacy.kind() == Value::Kind::Dict) return objects(legacy, twin, migrated, place, found);
    if (legacy.kind() == Value::Kind::List) return lists(legacy, twin, migrated, place, found);
    Verdict verdict;
    if (isNumber) {
        verdict = numbers(legacy, twin, migrated, place);
    } else if (legacy.kind() == Value::Kind::Str) {
        verdict = texts(legacy.text(), twin ? &twin->text() : nullptr, migrated.text(), place);
    } else {
        verdict = {legacy.identical(migrated), true};
        if (twin && !twin->identical(legacy)) {
            mask(place, "random");
            verdict.same = true;
        }
    }
    if (!verdict.same)
        found.push_back({"body", place.where, shown(legacy), shown(migrated), place.pattern, verdict.alike});
}

void Comparison::lists(const Value& legacy, const Value* twin, const Value& migrated, const Place& place,
                       std::vector<Detail>& found) {
    if (twin && twin->items().size() != legacy.items().size()) {
        mask(place, "random");
        return;
    }
    if (migrated.items().size() != legacy.items().size()) {
        found.push_back({"body", place.where, fmt::format("{} elements {}", legacy.items().size(), shown(legacy)),
                         fmt::format("{} elements {}", migrated.items().size(), shown(migrated)), place.pattern, true});
        return;
    }
    const bool isShuffled =
        twin && !twin->identical(legacy) &&
        Value::list(sortedItems(*twin)).identical(Value::list(sortedItems(legacy)));
    if (isShuffled) {
        mask(place, "order");
        const std::vector<Value> before = sortedItems(legacy), after = sortedItems(migrated);
        for (size_t i = 0; i < before.size(); ++i) values(before[i], nullptr, after[i], place.item(i), found);
        return;
    }
    for (size_t i = 0; i < legacy.items().size(); ++i)
        values(legacy.items()[i], twin ? &twin->items()[i] : nullptr, migrated.items()[i], place.item(i), found);
}

void Comparison::objects(const Value& legacy, const Value* twin, const Value& migrated, const Place& place,
                         std::vector<Detail>& found) {
    const size_t size = legacy.entries().size();
    if (twin && twin->entries().size() != size) {
        mask(place, "random");
        return;
    }
    if (migrated.entries().size() != size) {
        found.push_back({"body", place.where, shownKeys(legacy), shownKeys(migrated), place.pattern, true});
        return;
    }
    const std::vector<std::string> keys = keysOf(legacy);
    const bool isShuffled = twin && keysOf(*twin) != keys &&
                            std::set<std::string>(keys.begin(), keys.end()) == [&] {
                                const std::vector<std::string> others = keysOf(*twin);
                                return std::set<std::string>(others.begin(), others.end());
                            }();
    if (isShuffled) mask({place.where, place.pattern + " keys"}, "order");
    for (size_t i = 0; i < size; ++i) {
        const Value::Entry& before = legacy.entries()[i];
        const Value* after = &migrated.entries()[i].second;
        const Value* other = twin ? &twin->entries()[i].second : nullptr;
        if (isShuffled) {
            after = migrated.find(before.first.text());
            other = twin->find(before.first.text());
        }
        const bool sameKey =
            isShuffled ? after != nullptr
                       : texts(keys[i], twin ? &twin->entries()[i].first.text() : nullptr,
                               migrated.entries()[i].first.text(), {place.where, place.pattern + " keys"})
                             .same;
        if (!sameKey) {
            found.push_back({"body", place.where, shownKeys(legacy), shownKeys(migrated), place.pattern + " keys", true});
            return;
        }
        values(before.second, other, *after, place.member(keys[i]), found);
    }
}

Comparison::Verdict Comparison::numbers(const Value& legacy, const Value* twin, const Value& migrated,
                                        const Place& place) {
    const bool sameKind = legacy.kind() == migrated.kind();
    const bool becameFloat = legacy.kind() == Value::Kind::Int && migrated.kind() == Value::Kind::Float;
    if (twin && !twin->identical(legacy)) {
        mask(place, "random");
        if (legacy.kind() == Value::Kind::Int && sameKind && legacy.text().size() >= kShortestCounterpart) {
            toTwin_.note(legacy.text(), twin->text());
            toMigrated_.note(legacy.text(), migrated.text());
        }
        return {sameKind || becameFloat, true};
    }
    if (legacy.identical(migrated)) return {true, true};
    if (becameFloat && legacy == migrated) {
        ++widened_;
        return {true, true};
    }
    for (double unit : {1.0, 1e3, 1e6, 1e9})
        if (near(legacy.toDouble() / unit, migrated.toDouble() / unit) && isNow(legacy.toDouble() / unit) && sameKind) {
            mask(place, "time");
            return {true, true};
        }
    return {false, sameKind};
}

Comparison::Verdict Comparison::texts(std::string_view legacy, const std::string* twin, std::string_view migrated,
                                      const Place& place) {
    const bool isStable = !twin || *twin == legacy;
    if (isStable && legacy == migrated) return {true, true};
    const std::vector<TextPiece> before = piecesOf(legacy), after = piecesOf(migrated);
    std::vector<TextPiece> other;
    if (!isStable) other = piecesOf(*twin);
    const bool bothFilled = !legacy.empty() && !migrated.empty();
    if (!isStable && other.size() != before.size()) {
        mask(place, "random");
        return {bothFilled || (twin->empty() || legacy.empty()), bothFilled};
    }
    if (after.size() != before.size()) return {false, bothFilled};
    Verdict verdict{true, true};
    for (size_t i = 0; i < before.size(); ++i) {
        const TextPiece &a = before[i], &m = after[i];
        const bool isVolatile = !isStable && other[i].text != a.text;
        if (a.text == m.text && !isVolatile) continue;
        if (isSealOfCookie(before, i) && isSealOfCookie(after, i)) {
            mask(place, "time");
            continue;
        }
        const bool sameKind = a.kind == m.kind;
        if (sameKind && a.kind == TextPiece::Kind::Moment && writtenAlike(a, m)) {
            const bool follows = isVolatile && !near(a.seconds, other[i].seconds);
            if (follows || (near(a.seconds, m.seconds) && (isVolatile || isNow(a.seconds)))) {
                mask(place, "time");
                continue;
            }
        } else if (sameKind && a.kind == TextPiece::Kind::Clock && writtenAlike(a, m)) {
            if (nearClock(a.seconds, m.seconds) && (isVolatile || isClockNow(a.seconds, now_))) {
                mask(place, "time");
                continue;
            }
        } else if (sameKind && a.kind == TextPiece::Kind::Word) {
            const bool areTokens = isRandomToken(a.text) && isRandomToken(m.text) && a.text.size() == m.text.size();
            if (isVolatile) {
                mask(place, areTokens ? "identifier" : "random");
                const bool isNameable = std::min(a.text.size(), m.text.size()) >= kShortestCounterpart;
                if (isNameable) toTwin_.note(a.text, other[i].text);
                const bool isSameOne = !isNameable || toMigrated_.note(a.text, m.text);
                if (areTokens ? isSameOne : isRandomToken(a.text) == isRandomToken(m.text)) continue;
            } else if (areTokens && a.text != m.text && twin == nullptr && toMigrated_.note(a.text, m.text)) {
                continue;
            }
        }
        verdict.same = false;
        verdict.alike = verdict.alike && sameKind;
    }
    return verdict;
}

} // namespace covet::equivalence
