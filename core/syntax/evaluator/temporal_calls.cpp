#include <cmath>
#include <cstdlib>

#include "syntax/evaluator/interpreter.h"
#include "syntax/evaluator/temporal_text.h"

namespace covet::syntax::eval {
namespace {

using Kind = Value::Kind;

constexpr int64_t kSecond = 1000000;

/// The fields of date, time and datetime by position, and by name.
struct FieldName {
    const char* name;
    int Moment::*field;
};
constexpr FieldName kFields[] = {{"year", &Moment::year},
                                 {"month", &Moment::month},
                                 {"day", &Moment::day},
                                 {"hour", &Moment::hour},
                                 {"minute", &Moment::minute},
                                 {"second", &Moment::second},
                                 {"microsecond", &Moment::microsecond}};
constexpr size_t kDateFields = 3;
constexpr size_t kAllFields = 7;

/// Sets the fields that arguments name; false if one is not a known number.
bool readMoment(const Arguments& arguments, size_t from, size_t to, Moment& moment) {
    for (size_t i = from; i < to; ++i) {
        const Ref* given = arguments.get(i - from, kFields[i].name);
        int64_t value = 0;
        if (!given) continue;
        if (!given->isInt() || !given->value.toInt64(value) || value < -1 || value > 1000000)
            return false;
        moment.*kFields[i].field = static_cast<int>(value);
    }
    return true;
}

/// `fold=1`: the second of two moments that a clock shows alike. No text of a moment tells.
bool isSecondTime(const Arguments& arguments) {
    const Ref* fold = arguments.keyword("fold");
    return fold && !(fold->isInt() && fold->value.text() == "0" && fold->value.kind() == Kind::Int);
}

/// Offset of a tzinfo object that never changes.
bool readZone(const Ref& zone, Moment& moment) {
    moment.aware = !zone.isNone();
    moment.offset = 0;
    if (zone.isNone()) return true;
    const std::string name = zone.box ? zone.box->name : "";
    if (name.compare(0, 7, "offset:") == 0) moment.offset = std::atoi(name.c_str() + 7);
    return moment.offset != 0 || name == "offset:0" || name == "datetime.timezone.utc" ||
           name == "datetime.UTC" || name == "pytz.utc" || name == "pytz.UTC";
}

Value valueOf(Kind kind, const Moment& moment) {
    if (kind == Kind::Date) return Value::scalar(kind, isoDate(moment));
    const std::string iso = isoDateTime(moment);
    return Value::scalar(kind, kind == Kind::Time ? iso.substr(11) : iso);
}

int64_t secondsOf(const Moment& m) {
    return daysFromCivil(m.year, m.month, m.day) * 86400 + (m.hour * 60LL + m.minute) * 60 +
           m.second - m.offset;
}

/// The moment that is `seconds` after 1970 in UTC, as a clock with this offset shows it.
std::optional<Moment> momentAt(int64_t seconds, int offset) {
    if (seconds < -62135596800 + 86400 || seconds > 253402300799 - 86400) return std::nullopt;
    seconds += offset;
    Moment m;
    int64_t days = seconds / 86400;
    int64_t rest = seconds % 86400;
    if (rest < 0) {
        rest += 86400;
        --days;
    }
    civilFromDays(days, m.year, m.month, m.day);
    m.hour = static_cast<int>(rest / 3600);
    m.minute = static_cast<int>(rest / 60 % 60);
    m.second = static_cast<int>(rest % 60);
    m.offset = offset;
    return m;
}

std::optional<std::string> isoText(const Value& self, const Arguments& arguments) {
    std::string text = self.text();
    const Ref* separator = arguments.get(0, "sep");
    const Ref* detail = arguments.get(1, "timespec");
    if (self.kind() == Kind::Time) std::swap(separator, detail);
    if (detail && self.kind() != Kind::Date) {
        const auto moment = self.kind() == Kind::Time ? clockOf(self) : momentOf(self);
        if (!detail->isStr() || !moment || moment->aware) return std::nullopt;
        const size_t start = self.kind() == Kind::Time ? 0 : 11;
        const std::string wanted = detail->value.text();
        if (wanted == "seconds")
            text.resize(start + 8);
        else if (wanted == "minutes")
            text.resize(start + 5);
        else
            return std::nullopt;
    }
    if (separator && self.kind() == Kind::DateTime) {
        if (!separator->isStr()) return std::nullopt;
        text.replace(10, 1, separator->value.text());
    }
    return text;
}

} // namespace

Ref Interpreter::callTemporal(const std::string& name, Arguments& arguments, const Node& node) {
    const Ref* first = arguments.get(0, "");
    const std::string last = name.substr(name.rfind('.') + 1);
    if (name == "datetime.timedelta") {
        static const std::pair<const char*, double> parts[] = {
            {"days", 86400e6}, {"seconds", 1e6},  {"microseconds", 1}, {"milliseconds", 1e3},
            {"minutes", 60e6}, {"hours", 3600e6}, {"weeks", 604800e6}};
        double total = 0;
        for (size_t i = 0; i < 7; ++i) {
            const Ref* given = arguments.get(i, parts[i].first);
            if (!given) continue;
            if (given->box || !given->value.isNumber()) return opaque(node);
            total += given->value.toDouble() * parts[i].second;
        }
        if (std::fabs(total) > 8.6e18 || total != std::floor(total)) return opaque(node);
        return Value::scalar(Kind::Timedelta, std::to_string(static_cast<int64_t>(total)));
    }
    if (name == "datetime.timezone") {
        const Ref* delta = arguments.get(0, "offset");
        if (!delta || delta->value.kind() != Kind::Timedelta) return opaque(node);
        const int64_t offset = std::atoll(delta->value.text().c_str());
        // No text of a moment has a zone's own name, or parts of a second.
        if (arguments.get(1, "name") || offset % kSecond != 0) return opaque(node);
        return external("offset:" + std::to_string(offset / kSecond));
    }
    const bool isDateTime = name == "datetime.datetime";
    const bool isTime = name == "datetime.time";
    if (isDateTime || isTime || name == "datetime.date") {
        Moment m;
        m.year = m.month = m.day = isTime ? 1 : 0;
        const size_t from = isTime ? kDateFields : 0;
        const size_t to = isDateTime || isTime ? kAllFields : kDateFields;
        if (!readMoment(arguments, from, to, m) || isSecondTime(arguments)) return opaque(node);
        if (const Ref* zone = arguments.get(to - from, "tzinfo");
            zone && to == kAllFields && !readZone(*zone, m))
            return opaque(node);
        if (!isValid(m)) return raise("ValueError");
        return valueOf(isDateTime ? Kind::DateTime : isTime ? Kind::Time : Kind::Date, m);
    }
    const bool ofDate = name.compare(0, 14, "datetime.date.") == 0;
    const bool ofTime = name.compare(0, 14, "datetime.time.") == 0;
    if (last == "fromisoformat" && first && first->isStr()) {
        const std::string& text = first->value.text();
        const auto moment = ofTime ? clockOf(Value::scalar(Kind::Time, text)) : parseIso(text);
        if (!moment) return opaque(node); // Python 3.11 reads more than 3.9 does
        if (ofDate && text.size() != 10) return raise("ValueError");
        return valueOf(ofDate ? Kind::Date : ofTime ? Kind::Time : Kind::DateTime, *moment);
    }
    if (name == "datetime.datetime.strptime") {
        const Ref* format = arguments.get(1, "");
        if (!first || !format || !first->isStr() || !format->isStr()) return opaque(node);
        const auto moment = parseMoment(first->value.text(), format->value.text());
        return moment ? Ref(valueOf(Kind::DateTime, *moment)) : opaque(node);
    }
    if (name == "datetime.datetime.combine") {
        const Ref* clock = arguments.get(1, "time");
        const Ref* day = arguments.get(0, "date");
        if (!clock || !day || arguments.get(2, "tzinfo")) return opaque(node);
        const auto date = momentOf(day->value);
        auto moment = clockOf(clock->value);
        if (!date || !moment) return opaque(node);
        for (size_t i = 0; i < kDateFields; ++i)
            (*moment).*kFields[i].field = (*date).*kFields[i].field;
        return valueOf(Kind::DateTime, *moment);
    }
    int64_t number = 0;
    if (!first || !first->isInt() || !first->value.toInt64(number)) return opaque(node);
    if (name == "datetime.date.fromordinal" && number > 0 && number <= 3652059) {
        Moment m;
        civilFromDays(number + daysFromCivil(1, 1, 1) - 1, m.year, m.month, m.day);
        return valueOf(Kind::Date, m);
    }
    if (name == "datetime.datetime.utcfromtimestamp" || name == "datetime.datetime.fromtimestamp") {
        Moment zone;
        const Ref* asked = arguments.get(1, "tz");
        // Without a zone it is the machine's.
        if (last == "fromtimestamp" && (!asked || asked->isNone())) return opaque(node);
        if (asked && !readZone(*asked, zone)) return opaque(node);
        auto moment = momentAt(number, zone.offset);
        if (!moment) return opaque(node);
        moment->aware = zone.aware;
        return valueOf(Kind::DateTime, *moment);
    }
    return opaque(node); // now(), today(), utcnow(): the clock
}

Ref Interpreter::callTemporalMethod(const Value& self, const std::string& name,
                                    Arguments& arguments, const Node& node) {
    const Kind kind = self.kind();
    if (kind == Kind::Timedelta) {
        const int64_t total = std::atoll(self.text().c_str());
        if (name != "total_seconds" || std::llabs(total) > (1LL << 53)) return opaque(node);
        return Value::floating(static_cast<double>(total) / 1e6);
    }
    const auto moment = kind == Kind::Time ? clockOf(self) : momentOf(self);
    if (!moment) return opaque(node);
    if (name == "isoformat") {
        const auto text = isoText(self, arguments);
        return text ? Ref(Value::string(*text)) : opaque(node);
    }
    if (name == "strftime") {
        const Ref* format = arguments.get(0, "format");
        const auto text =
            format && format->isStr() ? formatMoment(*moment, format->value.text()) : std::nullopt;
        return text ? Ref(Value::string(*text)) : opaque(node);
    }
    if (name == "replace") {
        Moment changed = *moment;
        const Ref* zone = arguments.keyword("tzinfo");
        if (!readMoment(arguments, kind == Kind::Time ? kDateFields : 0,
                        kind == Kind::Date ? kDateFields : kAllFields, changed) ||
            (zone && !readZone(*zone, changed)) || isSecondTime(arguments))
            return opaque(node);
        return isValid(changed) ? Ref(valueOf(kind, changed)) : raise("ValueError");
    }
    if (kind == Kind::Time) return opaque(node);
    if (name == "date") return valueOf(Kind::Date, *moment);
    if (name == "weekday" || name == "isoweekday")
        return Value::integer(weekdayOf(*moment) + (name == "weekday" ? 0 : 1));
    if (name == "toordinal")
        return Value::integer(daysFromCivil(moment->year, moment->month, moment->day) -
                              daysFromCivil(1, 1, 1) + 1);
    if (kind == Kind::Date) return opaque(node);
    if (name == "time") {
        Moment naive = *moment;
        naive.aware = false;
        return valueOf(Kind::Time, naive);
    }
    if (!moment->aware) return opaque(node); // the machine's zone
    if (name == "timestamp" && moment->microsecond == 0)
        return Value::floating(static_cast<double>(secondsOf(*moment)));
    if (name == "astimezone") {
        Moment zone;
        const Ref* asked = arguments.get(0, "tz");
        if (!asked || !readZone(*asked, zone) || !zone.aware) return opaque(node);
        auto moved = momentAt(secondsOf(*moment), zone.offset);
        if (!moved) return opaque(node);
        moved->microsecond = moment->microsecond;
        moved->aware = true;
        return valueOf(kind, *moved);
    }
    return opaque(node);
}

} // namespace covet::syntax::eval
