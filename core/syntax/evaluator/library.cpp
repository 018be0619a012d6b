#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "support/sha256.h"
#include "syntax/evaluator/interpreter.h"
#include "syntax/evaluator/json_reader.h"
#include "syntax/evaluator/temporal.h"

namespace covet::syntax::eval {

Ref Interpreter::copyOf(const Ref& ref, bool deep, std::map<const Box*, Box*>& seen) {
    if (!ref.box || !(ref.box->isContainer() || ref.box->kind == Box::Kind::Instance)) return ref;
    auto found = seen.find(ref.box);
    if (found != seen.end()) return found->second;
    const Box& from = *ref.box;
    Box* made = make(from.kind, from.name);
    seen[&from] = made;
    made->taint = from.taint;
    made->frozen = from.frozen;
    made->type = from.type;
    made->self = from.self;
    for (const Ref& element : from.items)
        made->items.push_back(deep ? copyOf(element, true, seen) : element);
    for (const Box::Entry& entry : from.entries)
        if (!entry.dead)
            made->assign(entry.key, deep ? copyOf(entry.value, true, seen) : entry.value);
    for (const auto& [name, value] : from.attributes)
        made->attributes[name] = deep ? copyOf(value, true, seen) : value;
    return made;
}

Ref Interpreter::callTemporal(const std::string& name, Arguments& arguments, const Node& node) {
    const auto number = [&](size_t position, const char* key, int64_t standard, bool& known) {
        const Ref* given = arguments.get(position, key);
        int64_t value = standard;
        if (given && (!given->isInt() || !given->value.toInt64(value))) known = false;
        return static_cast<int>(value);
    };
    const std::string last = name.substr(name.rfind('.') + 1);
    bool known = true;
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
        return Value::scalar(Value::Kind::Timedelta, std::to_string(static_cast<int64_t>(total)));
    }
    if (name == "datetime.timezone") {
        const Ref* delta = arguments.get(0, "offset");
        if (!delta || delta->value.kind() != Value::Kind::Timedelta) return opaque(node);
        return external("offset:" +
                        std::to_string(std::atoll(delta->value.text().c_str()) / 1000000));
    }
    const bool isTime = name == "datetime.time";
    if (name == "datetime.datetime" || name == "datetime.date" || isTime) {
        Moment m;
        size_t at = 0;
        if (!isTime) {
            m.year = number(0, "year", 0, known);
            m.month = number(1, "month", 0, known);
            m.day = number(2, "day", 0, known);
            at = 3;
        }
        if (last != "date") {
            m.hour = number(at, "hour", 0, known);
            m.minute = number(at + 1, "minute", 0, known);
            m.second = number(at + 2, "second", 0, known);
            m.microsecond = number(at + 3, "microsecond", 0, known);
            if (const Ref* zone = arguments.get(at + 4, "tzinfo"); zone && !zone->isNone()) {
                const std::string zoneName = zone->box ? zone->box->name : "";
                m.aware = true;
                if (zoneName.compare(0, 7, "offset:") == 0)
                    m.offset = std::atoi(zoneName.c_str() + 7);
                else if (zoneName != "datetime.timezone.utc" && zoneName != "datetime.UTC" &&
                         zoneName != "pytz.utc")
                    return opaque(node);
            }
        }
        if (!known) return opaque(node);
        if (!isValid(m)) return raise("ValueError");
        if (last == "date") return Value::scalar(Value::Kind::Date, isoDate(m));
        const std::string iso = isoDateTime(m);
        if (isTime) return Value::scalar(Value::Kind::Time, iso.substr(11));
        return Value::scalar(Value::Kind::DateTime, iso);
    }
    if (last == "fromisoformat" || last == "strptime") {
        const Ref* text = arguments.get(0, "");
        if (!text || !text->isStr() || last == "strptime") return opaque(node);
        const auto moment = parseIso(text->value.text());
        if (!moment) return opaque(node); // Python 3.11 reads more than 3.9 does
        if (name == "datetime.date.fromisoformat")
            return text->value.text().size() == 10
                       ? Ref(Value::scalar(Value::Kind::Date, isoDate(*moment)))
                       : raise("ValueError");
        if (name == "datetime.datetime.fromisoformat")
            return Value::scalar(Value::Kind::DateTime, isoDateTime(*moment));
    }
    return opaque(node); // now(), today(), utcnow(): the clock
}

Ref Interpreter::callFile(const std::string& name, Arguments& arguments, const Node& node) {
    const Ref* given = arguments.get(0, "file");
    const auto path = given ? strOf(*given) : std::nullopt;
    if (!path) return opaque(node);
    const Ref* mode = arguments.get(1, "mode");
    const bool writes =
        mode && mode->isStr() && mode->value.text().find_first_of("wax+") != std::string::npos;
    if (writes) return opaque(node);
    // The module whose code opens the file is the one that is running.
    const SourceModule* from = nullptr;
    for (const auto& [dotted, record] : modules_)
        if (record->source->tree.get() == node.tree()) from = record->source;
    if (!from) return opaque(node);
    const FileAnswer answer = host_.file(*path, *from);
    if (name == "exists") {
        if (answer.kind == FileAnswer::Kind::Unknown) return opaque(node);
        return Value::boolean(answer.kind == FileAnswer::Kind::Known);
    }
    if (answer.kind == FileAnswer::Kind::Missing) return raise("FileNotFoundError", *path);
    if (answer.kind == FileAnswer::Kind::Unknown) return opaque(node);
    if (name == "read_text") return Value::string(answer.bytes);
    Box* file = make(Box::Kind::Opaque, "open(" + *path + ")");
    file->attributes["(content)"] = Value::string(answer.bytes);
    Box* read = make(Box::Kind::Bound, "(file read)");
    read->self = Ref(file);
    file->attributes["read"] = read;
    return file;
}

Ref Interpreter::callLibrary(const std::string& name, Arguments& arguments, const Node& node) {
    const Ref* first = arguments.get(0, "");
    if (name == "json.loads" || name == "json.load") {
        if (!first) return raise("TypeError");
        std::string text;
        if (first->isStr() && name == "json.loads") {
            text = first->value.text();
        } else if (first->box && first->box->attributes.count("(content)") && name == "json.load") {
            text = first->box->attributes["(content)"].value.text();
        } else {
            return opaque(node);
        }
        if (!arguments.keywords.empty()) return opaque(node);
        const auto value = readJson(text);
        return value ? fromValue(*value) : raise("JSONDecodeError");
    }
    if (name == "json.dumps" && first && arguments.keywords.empty()) {
        const Value value = toValue(*first);
        const Value::Kind kind = value.kind();
        if (value.hasOpaque() || kind == Value::Kind::Object) return opaque(node);
        return Value::string(toJson(value));
    }
    if (name == "copy.deepcopy" || name == "copy.copy") {
        std::map<const Box*, Box*> seen;
        return first ? copyOf(*first, name == "copy.deepcopy", seen) : raise("TypeError");
    }
    if (name.compare(0, 9, "datetime.") == 0) return callTemporal(name, arguments, node);
    if (name == "decimal.Decimal" && first && !first->box) {
        const Value& value = first->value;
        std::string text = value.text();
        if (value.kind() == Value::Kind::Str) {
            text.erase(std::remove(text.begin(), text.end(), '_'), text.end());
            const size_t from = text.find_first_not_of(" \t\n");
            text = from == std::string::npos
                       ? ""
                       : text.substr(from, text.find_last_not_of(" \t\n") - from + 1);
            if (!text.empty() && text[0] == '+') text.erase(0, 1);
            if (text.empty() || text.find_first_not_of("0123456789.-") != std::string::npos)
                return opaque(node);
            return Value::scalar(Value::Kind::Decimal, text);
        }
        if (value.kind() == Value::Kind::Int) return Value::scalar(Value::Kind::Decimal, text);
        return opaque(node);
    }
    if (name == "uuid.UUID" && first && first->isStr() && arguments.positional.size() == 1) {
        std::string digits;
        std::string text = first->value.text();
        for (const char c : text) {
            const char lower = c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c;
            if ((lower >= '0' && lower <= '9') || (lower >= 'a' && lower <= 'f'))
                digits += lower;
            else if (c != '-' && c != '{' && c != '}')
                return opaque(node);
        }
        if (digits.size() != 32) return raise("ValueError");
        for (const size_t at : {8, 13, 18, 23})
            digits.insert(at, "-");
        return Value::scalar(Value::Kind::Uuid, digits);
    }
    if (name == "hashlib.sha256" && first && !first->box && first->value.kind() == Value::Kind::Bytes &&
        arguments.positional.size() == 1 && arguments.keywords.empty() && node.parent().is("attribute") &&
        node.parent().field("attribute").text() == "hexdigest") {
        // Of `sha256(b).hexdigest()`, where nothing can update the digest in between.
        Box* digest = make(Box::Kind::Opaque, name);
        digest->attributes["(content)"] = Value::string(sha256Of(first->value.text()));
        Box* read = make(Box::Kind::Bound, "(file read)");
        read->self = Ref(digest);
        digest->attributes["hexdigest"] = read;
        return digest;
    }
    if (name == "itertools.count") {
        Box* counter = make(Box::Kind::Iterator, "count");
        counter->items = {first                        ? *first
                          : arguments.keyword("start") ? *arguments.keyword("start")
                                                       : Ref(Value::integer(0)),
                          arguments.get(1, "step") ? *arguments.get(1, "step")
                                                   : Ref(Value::integer(1))};
        return counter;
    }
    if (name == "itertools.chain" || name == "itertools.product") {
        std::vector<std::vector<Ref>> parts(arguments.positional.size());
        for (size_t i = 0; i < parts.size(); ++i)
            if (!iterate(arguments.positional[i], parts[i])) return opaque(node);
        std::vector<Ref> out;
        if (name == "itertools.chain") {
            for (const auto& part : parts)
                out.insert(out.end(), part.begin(), part.end());
            return makeList(std::move(out), Box::Kind::Iterator);
        }
        if (!arguments.keywords.empty()) return opaque(node);
        std::vector<std::vector<Ref>> rows = {{}};
        for (const auto& part : parts) {
            std::vector<std::vector<Ref>> next;
            for (const auto& row : rows)
                for (const Ref& element : part) {
                    next.push_back(row);
                    next.back().push_back(element);
                    if (next.size() > 1000000) return opaque(node);
                }
            rows = std::move(next);
        }
        for (auto& row : rows)
            out.push_back(makeList(std::move(row), Box::Kind::Tuple));
        return makeList(std::move(out), Box::Kind::Iterator);
    }
    if (name == "collections.OrderedDict") {
        return callBuiltin("builtins.dict", arguments, node);
    }
    if (name == "collections.defaultdict") {
        Arguments rest;
        rest.positional.assign(arguments.positional.begin() +
                                   (arguments.positional.empty() ? 0 : 1),
                               arguments.positional.end());
        rest.keywords = arguments.keywords;
        Ref dict = callBuiltin("builtins.dict", rest, node);
        if (failed() || isOpaque(dict) || !first || first->isNone()) return dict;
        dict.box->name = "defaultdict";
        dict.box->self = *first;
        return dict;
    }
    if (name == "collections.deque") {
        std::vector<Ref> items;
        if (arguments.get(1, "maxlen")) return opaque(node);
        if (first && !iterate(*first, items)) return opaque(node);
        return makeList(std::move(items));
    }
    if (name == "types.SimpleNamespace") {
        Box* instance = make(Box::Kind::Instance, "SimpleNamespace");
        for (const auto& [key, value] : arguments.keywords)
            setAttribute(instance, key, value);
        return instance;
    }
    if (name == "dataclasses.asdict" && first && first->box &&
        first->box->kind == Box::Kind::Instance) {
        Box* dict = make(Box::Kind::Dict);
        std::map<const Box*, Box*> seen;
        for (const Box::Entry& entry : first->box->entries) {
            Ref value = copyOf(first->box->attributes[entry.key.value.text()], true, seen);
            if (value.box && value.box->kind == Box::Kind::Instance) return opaque(node);
            dict->assign(entry.key, value);
        }
        return dict;
    }
    if (name == "asyncio.run" && first && first->box && first->box->kind == Box::Kind::Coroutine)
        return runCoroutine(*first->box, node);
    if (name == "typing.NewType" && arguments.positional.size() == 2)
        return arguments.positional[1];
    if (name == "typing.cast" && arguments.positional.size() == 2) return arguments.positional[1];
    if (name == "os.path.join") {
        std::string path;
        for (const Ref& part : arguments.positional) {
            const auto text = strOf(part);
            if (!text) return opaque(node);
            path = joinPath(path, *text);
        }
        return Value::string(path);
    }
    if (first &&
        (name == "os.path.dirname" || name == "os.path.basename" || name == "os.path.abspath" ||
         name == "os.path.realpath" || name == "os.path.normpath" || name == "os.path.exists" ||
         name == "os.path.isfile")) {
        if (name == "os.path.exists" || name == "os.path.isfile")
            return callFile("exists", arguments, node);
        const auto text = strOf(*first);
        if (!text) return opaque(node);
        const size_t cut = text->rfind('/');
        if (name == "os.path.dirname")
            return Value::string(cut == std::string::npos ? "" : text->substr(0, cut));
        if (name == "os.path.basename")
            return Value::string(cut == std::string::npos ? *text : text->substr(cut + 1));
        return *first; // relative to the project stays relative
    }
    if ((name == "pathlib.Path" || name == "pathlib.PurePath") && first) {
        const auto text = strOf(*first);
        return text ? Ref(make(Box::Kind::Path, *text)) : opaque(node);
    }
    if (name == "dict.fromkeys" || name == "builtins.dict.fromkeys") {
        std::vector<Ref> keys;
        if (!first || !iterate(*first, keys)) return opaque(node);
        Box* dict = make(Box::Kind::Dict);
        for (const Ref& key : keys)
            dict->assign(key, arguments.positional.size() > 1 ? arguments.positional[1] : Ref());
        return dict;
    }
    return callUnknown(external(name), arguments, node);
}

} // namespace covet::syntax::eval
