#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "syntax/evaluator/big_integer.h"
#include "syntax/evaluator/decimals.h"
#include "syntax/evaluator/interpreter.h"

namespace covet::syntax::eval {

Ref Interpreter::callExternal(const std::string& name, Arguments& arguments, const Node& node) {
    if (name.compare(0, 9, "builtins.") == 0) return callBuiltin(name, arguments, node);
    return callLibrary(name, arguments, node);
}

bool Interpreter::sortRefs(std::vector<Ref>& items, const Arguments& arguments, const Node& node) {
    const Ref* key = arguments.keyword("key");
    const Ref* reversed = arguments.keyword("reverse");
    const auto descending = reversed ? truth(*reversed) : std::optional<bool>(false);
    if (!descending) return false;
    std::vector<std::pair<Ref, Ref>> keyed;
    for (const Ref& element : items) {
        Ref sortKey = element;
        if (key && !key->isNone()) {
            Arguments one;
            one.positional.push_back(element);
            sortKey = call(*key, one, node);
            if (failed()) return false;
        }
        keyed.emplace_back(std::move(sortKey), element);
    }
    for (size_t i = 1; i < keyed.size(); ++i)
        if (!order(keyed[0].first, keyed[i].first)) return false;
    bool known = true;
    // Descending keeps the order of equals, too.
    std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& left, const auto& right) {
        const auto compared = order(left.first, right.first);
        if (!compared) known = false;
        return compared && (*descending ? *compared > 0 : *compared < 0);
    });
    if (!known) return false;
    for (size_t i = 0; i < items.size(); ++i)
        items[i] = keyed[i].second;
    return true;
}

Ref Interpreter::callConversion(const std::string& name, Arguments& arguments, const Node& node) {
    const Ref* given = arguments.get(0, "");
    if (name == "str") {
        if (!given) return Value::string("");
        const auto text = arguments.positional.size() == 1 ? strOf(*given) : std::nullopt;
        if (!text && given->box && given->box->kind == Box::Kind::Instance && given->box->type)
            if (const Ref* method = classAttribute(*given->box->type, "__str__");
                method && method->box) {
                Arguments none;
                return callFunction(*method->box, none, given, node);
            }
        if (!text && isOpaque(*given) && given->box->isUnique) return uniquePart(*given, "str()", node);
        return text ? Ref(Value::string(*text)) : opaque(node);
    }
    if (name == "bool") {
        const auto value = given ? truth(*given) : std::optional<bool>(false);
        return value ? Ref(Value::boolean(*value)) : opaque(node);
    }
    if (!given) return name == "int" ? Ref(Value::integer(0)) : Ref(Value::floating(0));
    if (given->box) return opaque(node);
    const Value& value = given->value;
    std::string text = value.text();
    if (value.kind() == Value::Kind::Str) {
        const size_t from = text.find_first_not_of(" \t\n\r\f\v");
        if (from == std::string::npos) return raise("ValueError", "invalid literal");
        text = text.substr(from, text.find_last_not_of(" \t\n\r\f\v") - from + 1);
    }
    if (name == "int") {
        if (value.kind() == Value::Kind::Int) return value;
        if (value.kind() == Value::Kind::Bool) return Value::integer(value.boolValue() ? 1 : 0);
        if (value.kind() == Value::Kind::Float) {
            const double number = std::trunc(value.toDouble());
            if (!std::isfinite(number)) return raise("ValueError");
            char buffer[400];
            std::snprintf(buffer, sizeof buffer, "%.0f", number);
            return Value::integerText(std::string(buffer) == "-0" ? "0" : buffer);
        }
        if (value.kind() == Value::Kind::Decimal)
            return Value::integerText(BigInteger::parse(text.substr(0, text.find('.'))).text());
        if (value.kind() != Value::Kind::Str) return opaque(node);
        const bool negative = text[0] == '-';
        if (text[0] == '-' || text[0] == '+') text.erase(0, 1);
        int64_t base = 10;
        if (const Ref* asked = arguments.get(1, "base"))
            if (!asked->isInt() || !asked->value.toInt64(base)) return opaque(node);
        if (base == 0 || text.find("__") != std::string::npos || text[0] == '_' ||
            text.back() == '_')
            return opaque(node);
        std::erase(text, '_');
        if (base == 16 && (text.compare(0, 2, "0x") == 0 || text.compare(0, 2, "0X") == 0))
            text.erase(0, 2);
        for (const char c : text)
            if (static_cast<unsigned char>(c) >= 0x80) return opaque(node); // other scripts' digits
        const auto parsed = BigInteger::parseBase(text, static_cast<unsigned>(base));
        if (!parsed) return raise("ValueError", "invalid literal");
        return Value::integerText((negative ? -*parsed : *parsed).text());
    }
    if (value.isNumber()) return Value::floating(value.toDouble());
    if (value.kind() != Value::Kind::Str) return opaque(node);
    if (text.find_first_not_of("0123456789+-.eE") != std::string::npos) {
        std::string lower = text;
        for (char& c : lower)
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        const std::string bare = lower[0] == '-' || lower[0] == '+' ? lower.substr(1) : lower;
        if (bare == "inf" || bare == "infinity")
            return Value::scalar(Value::Kind::Float, lower[0] == '-' ? "-inf" : "inf");
        if (bare == "nan") return Value::scalar(Value::Kind::Float, "nan");
        return opaque(node);
    }
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    if (*end != '\0') return raise("ValueError", "could not convert");
    return Value::floating(number);
}

Ref Interpreter::callBuiltin(const std::string& fullName, Arguments& arguments, const Node& node) {
    const std::string name = fullName.substr(9);
    if (name == "int" || name == "float" || name == "str" || name == "bool")
        return callConversion(name, arguments, node);
    if (name == "dict.fromkeys") return callLibrary(fullName, arguments, node);
    if (name == "bytes" || name == "bytes.fromhex") return callBytes(fullName, arguments, node);
    const Ref* first = arguments.get(0, "");
    std::vector<Ref> items;
    const bool wantsItems = name == "list" || name == "tuple" || name == "enumerate" ||
                            name == "reversed" || name == "iter";
    const bool anyOrderItems = name == "sorted" || name == "set" || name == "frozenset" ||
                               name == "any" || name == "all" || name == "sum" || name == "len" ||
                               name == "min" || name == "max";
    if (name == "len" && first && first->box && first->box->kind == Box::Kind::Instance) {
        if (const Ref* method = classAttribute(*first->box->type, "__len__");
            method && method->box) {
            Arguments none;
            return callFunction(*method->box, none, first, node);
        }
    }
    if (name == "len" && first && first->box && first->box->deferred)
        return Value::integer(static_cast<int64_t>(first->box->deferred->size()));
    if (first && (wantsItems || anyOrderItems)) {
        const bool several = (name == "min" || name == "max") && arguments.positional.size() > 1;
        if (several)
            items = arguments.positional;
        else if (first->box && first->box->kind == Box::Kind::Iterator && name == "iter")
            return *first;
        else if (!iterate(*first, items, anyOrderItems))
            return opaque(node);
    }
    if (name == "list") return makeList(std::move(items));
    if (name == "tuple") return makeList(std::move(items), Box::Kind::Tuple);
    if (name == "iter") return makeList(std::move(items), Box::Kind::Iterator);
    if (name == "reversed") {
        std::reverse(items.begin(), items.end());
        return makeList(std::move(items), Box::Kind::Iterator);
    }
    if (name == "len")
        return first ? Ref(Value::integer(static_cast<int64_t>(items.size()))) : raise("TypeError");
    if (name == "set" || name == "frozenset") {
        Box* set = make(Box::Kind::Set);
        set->frozen = name == "frozenset";
        for (const Ref& element : items) {
            if (!isHashable(element)) return raise("TypeError");
            if (!set->lookup(element)) set->assign(element, Ref());
        }
        return set;
    }
    if (name == "dict") {
        Box* dict = make(Box::Kind::Dict);
        if (first && first->box && first->box->kind == Box::Kind::Dict &&
            first->box->taint.empty()) {
            for (const Box::Entry& entry : first->box->entries)
                if (!entry.dead) dict->assign(entry.key, entry.value);
        } else if (first) {
            if (!iterate(*first, items)) return opaque(node);
            for (const Ref& pair : items) {
                std::vector<Ref> parts;
                if (!iterate(pair, parts)) return opaque(node);
                if (parts.size() != 2) return raise("ValueError");
                dict->assign(parts[0], parts[1]);
            }
        }
        for (const auto& [key, value] : arguments.keywords)
            dict->assign(Value::string(key), value);
        return dict;
    }
    if (name == "range") {
        int64_t bounds[3] = {0, 0, 1};
        const size_t count = arguments.positional.size();
        if (count == 0 || count > 3) return raise("TypeError");
        for (size_t i = 0; i < count; ++i)
            if (!arguments.positional[i].isInt() ||
                !arguments.positional[i].value.toInt64(bounds[count == 1 ? 1 : i]))
                return opaque(node);
        if (bounds[2] == 0) return raise("ValueError");
        const double length = (static_cast<double>(bounds[1]) - static_cast<double>(bounds[0])) /
                              static_cast<double>(bounds[2]);
        if (length > static_cast<double>(std::min<size_t>(limits_.items, 2000000)))
            return opaque(node);
        for (int64_t i = bounds[0]; bounds[2] > 0 ? i < bounds[1] : i > bounds[1]; i += bounds[2])
            items.push_back(Value::integer(i));
        return makeView(std::move(items), "range");
    }
    if (name == "enumerate") {
        int64_t start = 0;
        if (const Ref* asked = arguments.get(1, "start"))
            if (!asked->isInt() || !asked->value.toInt64(start)) return opaque(node);
        std::vector<Ref> pairs;
        for (const Ref& element : items)
            pairs.push_back(makeList({Value::integer(start++), element}, Box::Kind::Tuple));
        return makeList(std::move(pairs), Box::Kind::Iterator);
    }
    if (name == "zip") {
        std::vector<std::vector<Ref>> columns(arguments.positional.size());
        size_t shortest = columns.empty() ? 0 : SIZE_MAX;
        for (size_t i = 0; i < columns.size(); ++i) {
            if (!iterate(arguments.positional[i], columns[i])) return opaque(node);
            shortest = std::min(shortest, columns[i].size());
        }
        for (size_t row = 0; row < shortest; ++row) {
            std::vector<Ref> parts;
            for (const auto& column : columns)
                parts.push_back(column[row]);
            items.push_back(makeList(std::move(parts), Box::Kind::Tuple));
        }
        return makeList(std::move(items), Box::Kind::Iterator);
    }
    if (name == "map" || name == "filter") {
        if (arguments.positional.size() != 2 || !iterate(arguments.positional[1], items))
            return opaque(node);
        std::vector<Ref> kept;
        for (const Ref& element : items) {
            Arguments one;
            one.positional.push_back(element);
            const Ref result = first->isNone() ? element : call(*first, one, node);
            if (failed()) return {};
            const auto keep = name == "filter" ? truth(result) : std::optional<bool>(true);
            if (!keep) return opaque(node);
            if (*keep) kept.push_back(name == "map" ? result : element);
        }
        return makeList(std::move(kept), Box::Kind::Iterator);
    }
    if (name == "sorted")
        return sortRefs(items, arguments, node) ? makeList(std::move(items))
               : failed()                       ? Ref()
                                                : opaque(node);
    if (name == "any" || name == "all") {
        for (const Ref& element : items) {
            const auto value = truth(element);
            if (!value) return opaque(node);
            if (*value == (name == "any")) return Value::boolean(name == "any");
        }
        return Value::boolean(name == "all");
    }
    if (name == "sum") {
        Ref total = arguments.get(1, "start") ? *arguments.get(1, "start") : Ref(Value::integer(0));
        double compensation = 0;
        double running = 0;
        bool floats = false;
        for (const Ref& element : items) {
            if (!element.box && element.value.kind() == Value::Kind::Float) {
                const double x = element.value.toDouble();
                const double next = running + x;
                compensation += std::fabs(running) >= std::fabs(x) ? (running - next) + x
                                                                   : (x - next) + running;
                running = next;
                floats = true;
            } else if (!element.box) {
                running += element.value.toDouble();
            }
            total = binary("+", total, element, node);
            if (failed() || isOpaque(total)) return total;
        }
        // Python 3.12 sums floats with compensation, older ones do not.
        if (floats && running + compensation != total.value.toDouble()) return opaque(node);
        return total;
    }
    if (name == "min" || name == "max") {
        const Ref* standard = arguments.keyword("default");
        if (items.empty()) return standard ? *standard : raise("ValueError");
        std::vector<Ref> sorted = items;
        Arguments options;
        if (const Ref* key = arguments.keyword("key")) options.keywords.emplace_back("key", *key);
        if (name == "max") options.keywords.emplace_back("reverse", Value::boolean(true));
        return sortRefs(sorted, options, node) ? sorted[0] : failed() ? Ref() : opaque(node);
    }
    if (name == "abs" && first && !first->box && first->value.isNumber()) {
        if (first->value.kind() == Value::Kind::Float)
            return Value::floating(std::fabs(first->value.toDouble()));
        const std::string& text = first->value.text();
        if (first->value.kind() != Value::Kind::Bool)
            return Value::scalar(first->value.kind(), text[0] == '-' ? text.substr(1) : text);
    }
    if (name == "round" && first && !first->box && first->value.isNumber()) {
        const Ref* digits = arguments.get(1, "ndigits");
        int64_t places = 0;
        if (first->value.kind() == Value::Kind::Decimal) {
            if (digits && !digits->value.toInt64(places)) return opaque(node);
            const auto rounded =
                quantized(first->value, static_cast<int>(places), "ROUND_HALF_EVEN");
            if (!rounded) return opaque(node);
            return digits ? *rounded : Value::integerText(rounded->text());
        }
        if (first->value.kind() == Value::Kind::Int && (!digits || digits->isNone())) return *first;
        if (first->value.kind() != Value::Kind::Float) return opaque(node);
        if (digits && !digits->isNone() &&
            (!digits->value.toInt64(places) || places < 0 || places > 300))
            return opaque(node);
        char buffer[700];
        std::snprintf(buffer, sizeof buffer, "%.*f", static_cast<int>(places),
                      first->value.toDouble());
        if (!digits || digits->isNone())
            return Value::integerText(BigInteger::parse(buffer).text());
        return Value::floating(std::strtod(buffer, nullptr));
    }
    if (name == "divmod" && arguments.positional.size() == 2) {
        const Ref quotient = binary("//", *first, arguments.positional[1], node);
        const Ref remainder = failed() ? Ref() : binary("%", *first, arguments.positional[1], node);
        return failed() ? Ref() : makeList({quotient, remainder}, Box::Kind::Tuple);
    }
    if (name == "pow" && arguments.positional.size() == 2)
        return binary("**", *first, arguments.positional[1], node);
    if (name == "repr" && first) {
        const auto text = reprOf(*first);
        return text ? Ref(Value::string(*text)) : opaque(node);
    }
    if (name == "format" && first) {
        const Ref* spec = arguments.get(1, "");
        const auto text = formatValue(*first, spec && spec->isStr() ? spec->value.text() : "");
        return text ? Ref(Value::string(*text)) : opaque(node);
    }
    if (name == "chr" && first && first->isInt()) {
        int64_t point = 0;
        if (!first->value.toInt64(point) || point < 0 || point > 0x10FFFF)
            return raise("ValueError");
        std::string text;
        appendUtf8(text, static_cast<uint32_t>(point));
        return Value::string(text);
    }
    if (name == "ord" && first && first->isStr() && !first->value.text().empty()) {
        size_t at = 0;
        const uint32_t point = nextCodePoint(first->value.text(), at);
        return at == first->value.text().size() ? Ref(Value::integer(point)) : raise("TypeError");
    }
    if ((name == "hex" || name == "oct" || name == "bin") && first) {
        const auto text = formatValue(*first, name == "hex" ? "#x" : name == "oct" ? "#o" : "#b");
        return text ? Ref(Value::string(*text)) : opaque(node);
    }
    if (name == "next" && first && first->box && first->box->kind == Box::Kind::Iterator &&
        start(*first->box)) {
        if (first->box->items.empty() && first->box->name == "(endless)") return opaque(node);
        if (first->box->items.empty())
            return arguments.positional.size() > 1 ? arguments.positional[1]
                                                   : raise("StopIteration");
        return nextOf(*first->box, node);
    }
    if (name == "isinstance" && arguments.positional.size() == 2) {
        const auto is = isInstance(*first, arguments.positional[1]);
        return is ? Ref(Value::boolean(*is)) : opaque(node);
    }
    if (name == "type" && arguments.positional.size() == 1) return typeOf(*first, node);
    if (name == "getattr" && arguments.positional.size() >= 2 && arguments.positional[1].isStr())
        return attribute(*first, arguments.positional[1].value.text(), node);
    if (name == "setattr" && arguments.positional.size() == 3 && arguments.positional[1].isStr()) {
        setAttribute(*first, arguments.positional[1].value.text(), arguments.positional[2]);
        return {};
    }
    if (name == "open") return callFile("builtins.open", arguments, node);
    if (name == "object") return make(Box::Kind::Opaque, "object()");
    // The other builtins only read what they are given.
    return opaque(node);
}

} // namespace covet::syntax::eval
