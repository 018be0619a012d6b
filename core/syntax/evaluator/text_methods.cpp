#include <algorithm>
#include <cctype>

#include "syntax/evaluator/interpreter.h"
#include "syntax/evaluator/unicode_text.h"

namespace covet::syntax::eval {
namespace {

bool isAscii(const std::string& text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::vector<std::string_view> charactersOf(std::string_view text) {
    std::vector<std::string_view> out;
    for (size_t i = 0; i < text.size();) {
        const size_t start = i;
        nextCodePoint(text, i);
        out.push_back(text.substr(start, i - start));
    }
    return out;
}

std::string joined(const std::vector<std::string_view>& parts, size_t from, size_t to) {
    std::string out;
    for (size_t i = from; i < to; ++i)
        out += parts[i];
    return out;
}

} // namespace

Ref Interpreter::callStrMethod(const Value& self, const std::string& name, Arguments& arguments,
                               const Node& node) {
    const std::string& text = self.text();
    if (name == "format") return strFormat(text, arguments, node);
    if ((name == "startswith" || name == "endswith") && arguments.positional.size() == 1 &&
        arguments.positional[0].box && arguments.positional[0].box->kind == Box::Kind::Tuple) {
        bool any = false;
        for (const Ref& option : arguments.positional[0].box->items) {
            Arguments one;
            one.positional.push_back(option);
            const Ref is = callStrMethod(self, name, one, node);
            if (failed() || isOpaque(is)) return is;
            any = any || is.value.boolValue();
        }
        return Value::boolean(any);
    }
    std::vector<std::string> given;
    for (const Ref& argument : arguments.positional) {
        if (argument.isStr())
            given.push_back(argument.value.text());
        else if (name != "join" && name != "split" && name != "zfill" && name != "ljust" &&
                 name != "rjust" && name != "center" && name != "replace" && name != "rsplit" &&
                 !argument.isNone())
            return opaque(node);
    }
    if (name == "upper" || name == "lower" || name == "title" || name == "capitalize" ||
        name == "swapcase" || name == "casefold") {
        const auto changed = changedCase(text, name);
        return changed ? Ref(Value::string(*changed)) : opaque(node);
    }
    if (name == "strip" || name == "lstrip" || name == "rstrip") {
        const auto drop = [&](std::string_view character) {
            if (!given.empty()) return given[0].find(character) != std::string::npos;
            size_t at = 0;
            return isUnicodeSpace(nextCodePoint(character, at));
        };
        const std::vector<std::string_view> characters = charactersOf(text);
        size_t from = 0;
        size_t to = characters.size();
        if (name != "rstrip")
            while (from < to && drop(characters[from]))
                ++from;
        if (name != "lstrip")
            while (to > from && drop(characters[to - 1]))
                --to;
        return Value::string(joined(characters, from, to));
    }
    if (name == "replace" && given.size() == 2 && !given[0].empty()) {
        std::string out;
        size_t at = 0;
        int64_t limit = -1;
        if (const Ref* asked = arguments.get(2, "count"); asked && !asked->value.toInt64(limit))
            return opaque(node);
        for (size_t hit = text.find(given[0]); hit != std::string::npos && limit-- != 0;
             hit = text.find(given[0], at)) {
            out += text.substr(at, hit - at) + given[1];
            at = hit + given[0].size();
            if (out.size() > limits_.textBytes) return opaque(node);
        }
        return Value::string(out + text.substr(at));
    }
    if (name == "split" || name == "rsplit" || name == "splitlines") {
        std::vector<Ref> parts;
        int64_t limit = -1;
        if (const Ref* separator = arguments.keyword("sep"); separator && separator->isStr())
            given.push_back(separator->value.text());
        if (const Ref* asked = arguments.get(1, "maxsplit"); asked && !asked->value.toInt64(limit))
            return opaque(node);
        if (name == "splitlines") {
            const auto separates = [](uint32_t point) {
                return point == 0x0B || point == 0x0C || (point >= 0x1C && point <= 0x1E) ||
                       point == 0x85 || point == 0x2028 || point == 0x2029;
            };
            if (!arguments.positional.empty() || !arguments.keywords.empty()) return opaque(node);
            for (size_t i = 0; i < text.size();)
                if (separates(nextCodePoint(text, i))) return opaque(node);
            for (size_t at = 0; at < text.size();) {
                const size_t stop = std::min(text.find_first_of("\r\n", at), text.size());
                parts.push_back(Value::string(text.substr(at, stop - at)));
                at = stop + (text.compare(stop, 2, "\r\n") == 0 ? 2 : 1);
            }
            return makeList(std::move(parts));
        }
        if (given.empty()) {
            if (limit >= 0 && name == "rsplit") return opaque(node);
            const std::vector<std::string_view> characters = charactersOf(text);
            const auto isSpace = [&](size_t i) {
                size_t at = 0;
                return isUnicodeSpace(nextCodePoint(characters[i], at));
            };
            for (size_t at = 0; at < characters.size();) {
                while (at < characters.size() && isSpace(at))
                    ++at;
                const size_t start = at;
                const bool isRest = limit >= 0 && parts.size() == static_cast<size_t>(limit);
                while (at < characters.size() && (isRest || !isSpace(at)))
                    ++at;
                if (at > start) parts.push_back(Value::string(joined(characters, start, at)));
            }
            return makeList(std::move(parts));
        }
        if (given[0].empty()) return raise("ValueError");
        if (name == "rsplit" && limit >= 0) {
            size_t end = text.size();
            while (limit-- > 0) {
                const size_t hit = end < given[0].size()
                                       ? std::string::npos
                                       : text.rfind(given[0], end - given[0].size());
                if (hit == std::string::npos) break;
                parts.insert(
                    parts.begin(),
                    Value::string(text.substr(hit + given[0].size(), end - hit - given[0].size())));
                end = hit;
            }
            parts.insert(parts.begin(), Value::string(text.substr(0, end)));
            return makeList(std::move(parts));
        }
        size_t at = 0;
        for (size_t hit = text.find(given[0]); hit != std::string::npos && limit-- != 0;
             hit = text.find(given[0], at)) {
            parts.push_back(Value::string(text.substr(at, hit - at)));
            at = hit + given[0].size();
        }
        parts.push_back(Value::string(text.substr(at)));
        return makeList(std::move(parts));
    }
    if (name == "join" && arguments.positional.size() == 1) {
        std::vector<Ref> items;
        if (!iterate(arguments.positional[0], items)) return opaque(node);
        std::string out;
        for (size_t i = 0; i < items.size(); ++i) {
            if (isOpaque(items[i])) return opaque(node);
            if (!items[i].isStr()) return raise("TypeError");
            out += (i ? text : "") + items[i].value.text();
        }
        return Value::string(out);
    }
    if (given.size() == 1) {
        const std::string& other = given[0];
        if (name == "startswith") return Value::boolean(text.compare(0, other.size(), other) == 0);
        if (name == "endswith")
            return Value::boolean(text.size() >= other.size() &&
                                  text.compare(text.size() - other.size(), other.size(), other) ==
                                      0);
        if (name == "removeprefix")
            return Value::string(
                text.compare(0, other.size(), other) == 0 ? text.substr(other.size()) : text);
        if (name == "removesuffix") {
            const bool there = !other.empty() && text.size() >= other.size() &&
                               text.compare(text.size() - other.size(), other.size(), other) == 0;
            return Value::string(there ? text.substr(0, text.size() - other.size()) : text);
        }
        if (name == "partition" || name == "rpartition") {
            if (other.empty()) return raise("ValueError");
            const bool last = name == "rpartition";
            const size_t at = last ? text.rfind(other) : text.find(other);
            const Value empty = Value::string("");
            std::vector<Ref> parts = {last ? empty : Value::string(text), empty,
                                      last ? Value::string(text) : empty};
            if (at != std::string::npos)
                parts = {Value::string(text.substr(0, at)), Value::string(other),
                         Value::string(text.substr(at + other.size()))};
            return makeList(std::move(parts), Box::Kind::Tuple);
        }
        if (name == "count" && !other.empty()) {
            int64_t count = 0;
            for (size_t at = text.find(other); at != std::string::npos;
                 at = text.find(other, at + other.size()))
                ++count;
            return Value::integer(count);
        }
        if (name == "find" || name == "index" || name == "rfind" || name == "rindex") {
            const size_t at = name[0] == 'r' ? text.rfind(other) : text.find(other);
            if (at == std::string::npos)
                return name == "find" || name == "rfind" ? Ref(Value::integer(-1))
                                                         : raise("ValueError");
            return Value::integer(
                static_cast<int64_t>(codePointCount(std::string_view(text).substr(0, at))));
        }
    }
    int64_t width = 0;
    if (!arguments.positional.empty() && arguments.positional[0].isInt() &&
        arguments.positional[0].value.toInt64(width) && width >= 0 && width < 100000) {
        const size_t length = codePointCount(text);
        const size_t missing =
            static_cast<size_t>(width) > length ? static_cast<size_t>(width) - length : 0;
        if (name == "zfill") {
            const bool sign = !text.empty() && (text[0] == '-' || text[0] == '+');
            return Value::string((sign ? text.substr(0, 1) : "") + std::string(missing, '0') +
                                 text.substr(sign ? 1 : 0));
        }
        const std::string fill = given.empty() ? " " : given[0];
        // Where one more has to go to one side, CPython looks at the width.
        const size_t before = name == "rjust"    ? missing
                              : name == "center" ? missing / 2 + (missing & width & 1)
                                                 : 0;
        if ((name == "ljust" || name == "rjust" || name == "center") && codePointCount(fill) == 1) {
            std::string out;
            for (size_t i = 0; i < before; ++i)
                out += fill;
            out += text;
            for (size_t i = before; i < missing; ++i)
                out += fill;
            return Value::string(out);
        }
    }
    if (name == "encode") return encodeText(text, arguments, node);
    if (isAscii(text) && arguments.positional.empty()) {
        const auto every = [&](auto test) {
            return Value::boolean(!text.empty() &&
                                  std::all_of(text.begin(), text.end(), [&](char c) {
                                      return test(static_cast<unsigned char>(c)) != 0;
                                  }));
        };
        if (name == "isdigit" || name == "isnumeric" || name == "isdecimal")
            return every([](int c) { return std::isdigit(c); });
        if (name == "isalpha") return every([](int c) { return std::isalpha(c); });
        if (name == "isalnum") return every([](int c) { return std::isalnum(c); });
        if (name == "isspace")
            return every([](int c) { return isUnicodeSpace(static_cast<uint32_t>(c)); });
        if (name == "islower" || name == "isupper") {
            const auto changed = changedCase(text, name == "islower" ? "lower" : "upper");
            const bool hasLetter = std::any_of(text.begin(), text.end(), [](char c) {
                return std::isalpha(static_cast<unsigned char>(c)) != 0;
            });
            return Value::boolean(hasLetter && changed == text);
        }
    }
    return opaque(node);
}

} // namespace covet::syntax::eval
