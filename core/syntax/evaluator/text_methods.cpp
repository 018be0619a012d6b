#include <algorithm>
#include <cctype>

#include "syntax/evaluator/interpreter.h"
#include "syntax/evaluator/temporal.h"

namespace covet::syntax::eval {
namespace {

bool isAscii(const std::string& text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

} // namespace

Ref Interpreter::callStrMethod(const Value& self, const std::string& name, Arguments& arguments,
                               const Node& node) {
    const std::string& text = self.text();
    if (name == "format") return strFormat(text, arguments, node);
    std::vector<std::string> given;
    for (const Ref& argument : arguments.positional) {
        if (argument.isStr())
            given.push_back(argument.value.text());
        else if (name != "join" && name != "split" && name != "zfill" && name != "ljust" &&
                 name != "rjust" && name != "center" && name != "replace" && name != "rsplit" &&
                 !argument.isNone())
            return opaque(node);
    }
    const auto spaces = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
    if (name == "upper" || name == "lower" || name == "title" || name == "capitalize" ||
        name == "swapcase" || name == "casefold") {
        if (!isAscii(text)) return opaque(node); // needs the Unicode tables
        std::string out = text;
        bool start = true;
        for (char& c : out) {
            const auto byte = static_cast<unsigned char>(c);
            const bool up = name == "upper" ||
                            (start && (name == "title" || name == "capitalize")) ||
                            (name == "swapcase" && std::islower(byte));
            start = name == "title" ? !std::isalpha(byte) : false;
            c = static_cast<char>(up ? std::toupper(byte) : std::tolower(byte));
        }
        return Value::string(out);
    }
    if (name == "strip" || name == "lstrip" || name == "rstrip") {
        if (!isAscii(text) || (!given.empty() && !isAscii(given[0]))) return opaque(node);
        const auto drop = [&](char c) {
            return given.empty() ? spaces(c) || (c >= 0x1C && c <= 0x1F)
                                 : given[0].find(c) != std::string::npos;
        };
        size_t from = 0;
        size_t to = text.size();
        if (name != "rstrip")
            while (from < to && drop(text[from]))
                ++from;
        if (name != "lstrip")
            while (to > from && drop(text[to - 1]))
                --to;
        return Value::string(text.substr(from, to - from));
    }
    if (name == "replace" && given.size() == 2 && arguments.positional.size() == 2 &&
        !given[0].empty()) {
        std::string out;
        size_t at = 0;
        for (size_t hit = text.find(given[0]); hit != std::string::npos;
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
        if (const Ref* asked = arguments.get(1, "maxsplit"); asked && !asked->value.toInt64(limit))
            return opaque(node);
        if (name == "splitlines") {
            if (!isAscii(text) || !arguments.positional.empty() ||
                text.find_first_of("\v\f\x1c\x1d\x1e") != std::string::npos)
                return opaque(node);
            for (size_t at = 0; at < text.size();) {
                const size_t stop = std::min(text.find_first_of("\r\n", at), text.size());
                parts.push_back(Value::string(text.substr(at, stop - at)));
                at = stop + (text.compare(stop, 2, "\r\n") == 0 ? 2 : 1);
            }
            return makeList(std::move(parts));
        }
        if (given.empty()) {
            if (!isAscii(text) || limit >= 0) return opaque(node);
            for (size_t at = 0; at < text.size();) {
                while (at < text.size() && spaces(text[at]))
                    ++at;
                const size_t start = at;
                while (at < text.size() && !spaces(text[at]))
                    ++at;
                if (at > start) parts.push_back(Value::string(text.substr(start, at - start)));
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
        if (name == "count" && !other.empty()) {
            int64_t count = 0;
            for (size_t at = text.find(other); at != std::string::npos;
                 at = text.find(other, at + other.size()))
                ++count;
            return Value::integer(count);
        }
        if (name == "find" || name == "index") {
            const size_t at = text.find(other);
            if (at == std::string::npos)
                return name == "find" ? Ref(Value::integer(-1)) : raise("ValueError");
            return Value::integer(
                static_cast<int64_t>(codePointCount(std::string_view(text).substr(0, at))));
        }
    }
    int64_t width = 0;
    if (arguments.positional.size() == 1 && arguments.positional[0].isInt() &&
        arguments.positional[0].value.toInt64(width) && width >= 0 && width < 100000) {
        const size_t length = codePointCount(text);
        const size_t missing =
            static_cast<size_t>(width) > length ? static_cast<size_t>(width) - length : 0;
        if (name == "zfill") {
            const bool sign = !text.empty() && (text[0] == '-' || text[0] == '+');
            return Value::string((sign ? text.substr(0, 1) : "") + std::string(missing, '0') +
                                 text.substr(sign ? 1 : 0));
        }
        if (name == "ljust") return Value::string(text + std::string(missing, ' '));
        if (name == "rjust") return Value::string(std::string(missing, ' ') + text);
    }
    if (name == "encode" && arguments.positional.size() <= 1 &&
        (given.empty() || given[0] == "utf-8" || given[0] == "utf8") && arguments.keywords.empty())
        return Value::scalar(Value::Kind::Bytes, text);
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
    }
    return opaque(node);
}

} // namespace covet::syntax::eval
