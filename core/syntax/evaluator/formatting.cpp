#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "syntax/evaluator/decimals.h"
#include "syntax/evaluator/interpreter.h"
#include "syntax/evaluator/temporal_text.h"

namespace covet::syntax::eval {
namespace {

struct Spec {
    std::string fill = " ";
    char align = 0;
    char sign = '-';
    bool alternate = false;
    char grouping = 0;
    size_t width = 0;
    int precision = -1;
    char type = 0;
};

bool parseSpec(const std::string& text, Spec& spec) {
    size_t at = 0;
    const auto isAlign = [](char c) { return c == '<' || c == '>' || c == '^' || c == '='; };
    size_t second = 0;
    if (!text.empty()) {
        nextCodePoint(text, second);
        if (second < text.size() && isAlign(text[second])) {
            spec.fill = text.substr(0, second);
            spec.align = text[second];
            at = second + 1;
        } else if (isAlign(text[0])) {
            spec.align = text[0];
            at = 1;
        }
    }
    if (at < text.size() && (text[at] == '+' || text[at] == '-' || text[at] == ' '))
        spec.sign = text[at++];
    if (at < text.size() && text[at] == '#') {
        spec.alternate = true;
        ++at;
    }
    if (at < text.size() && text[at] == '0') {
        if (!spec.align) {
            spec.fill = "0";
            spec.align = '=';
        }
        ++at;
    }
    while (at < text.size() && text[at] >= '0' && text[at] <= '9' && spec.width < 100000)
        spec.width = spec.width * 10 + static_cast<size_t>(text[at++] - '0');
    if (at < text.size() && (text[at] == ',' || text[at] == '_')) spec.grouping = text[at++];
    if (at < text.size() && text[at] == '.') {
        spec.precision = 0;
        for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9' && spec.precision < 1000;
             ++at)
            spec.precision = spec.precision * 10 + (text[at] - '0');
    }
    if (at < text.size()) spec.type = text[at++];
    return at == text.size();
}

std::string grouped(const std::string& digits, char separator, size_t every) {
    std::string out;
    for (size_t i = 0; i < digits.size(); ++i) {
        if (i != 0 && (digits.size() - i) % every == 0) out += separator;
        out += digits[i];
    }
    return out;
}

std::string padded(const std::string& sign, const std::string& body, const Spec& spec,
                   char standard) {
    const size_t length = codePointCount(sign) + codePointCount(body);
    if (length >= spec.width) return sign + body;
    const size_t missing = spec.width - length;
    const char align = spec.align ? spec.align : standard;
    const size_t before = align == '<' ? 0 : align == '^' ? missing / 2 : missing;
    std::string left;
    std::string right;
    for (size_t i = 0; i < before; ++i)
        left += spec.fill;
    for (size_t i = before; i < missing; ++i)
        right += spec.fill;
    return align == '=' ? sign + left + body : left + sign + body + right;
}

} // namespace

std::optional<std::string> Interpreter::formatValue(const Ref& value, const std::string& text) {
    if (text.empty()) return strOf(value);
    if (value.box) {
        // A mixed-in enum formats as its value or its name, by Python version.
        return std::nullopt;
    }
    if (const auto moment = momentOf(value.value)) return formatMoment(*moment, text);
    if (const auto clock = clockOf(value.value)) return formatMoment(*clock, text);
    Spec spec;
    if (!parseSpec(text, spec)) return std::nullopt;
    const Value& scalar = value.value;
    if (scalar.kind() == Value::Kind::Str) {
        if ((spec.type && spec.type != 's') || spec.grouping || spec.align == '=')
            return std::nullopt;
        std::string body = scalar.text();
        if (spec.precision >= 0) {
            size_t at = 0;
            for (int i = 0; i < spec.precision && at < body.size(); ++i)
                nextCodePoint(body, at);
            body = body.substr(0, at);
        }
        return padded("", body, spec, '<');
    }
    if (scalar.kind() == Value::Kind::Decimal && spec.type == 'f' && spec.precision >= 0 &&
        !spec.alternate && !(spec.grouping && spec.fill == "0")) {
        const auto rounded = quantized(scalar, spec.precision, "ROUND_HALF_EVEN");
        if (!rounded) return std::nullopt;
        std::string digits = rounded->text();
        const bool minus = digits[0] == '-';
        if (minus) digits.erase(0, 1);
        if (spec.grouping) {
            const size_t whole = std::min(digits.find('.'), digits.size());
            digits = grouped(digits.substr(0, whole), spec.grouping, 3) + digits.substr(whole);
        }
        return padded(minus              ? "-"
                      : spec.sign == '-' ? ""
                                         : std::string(1, spec.sign),
                      digits, spec, '>');
    }
    if (!scalar.isNumber() || scalar.kind() == Value::Kind::Decimal) return std::nullopt;
    if (scalar.kind() == Value::Kind::Bool && !spec.type) return std::nullopt;
    const bool isInt = scalar.kind() != Value::Kind::Float;
    std::string body;
    std::string sign;
    bool negative = false;
    const std::string_view floatTypes = "eEfFgG%";
    if (isInt && floatTypes.find(spec.type ? spec.type : 'd') == floatTypes.npos) {
        std::string digits =
            scalar.kind() == Value::Kind::Bool ? (scalar.boolValue() ? "1" : "0") : scalar.text();
        if (spec.precision >= 0) return std::nullopt;
        if (digits[0] == '-') {
            negative = true;
            digits.erase(0, 1);
        }
        size_t every = 3;
        if (spec.type && spec.type != 'd') {
            const unsigned base = spec.type == 'x' || spec.type == 'X' ? 16
                                  : spec.type == 'o'                   ? 8
                                  : spec.type == 'b'                   ? 2
                                                                       : 0;
            if (base == 0 || digits.size() > 18) return std::nullopt;
            unsigned long long number = std::strtoull(digits.c_str(), nullptr, 10);
            digits = number == 0 ? "0" : "";
            // A pointer: GCC 12 reads past a conditional of two literals when it checks bounds.
            const char* const symbols = spec.type == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
            for (; number != 0; number /= base)
                digits.insert(digits.begin(), symbols[number % base]);
            if (spec.alternate) sign = std::string("0") + spec.type;
            every = 4;
        }
        if (spec.grouping && spec.fill == "0") return std::nullopt;
        body = spec.grouping ? grouped(digits, spec.grouping, every) : digits;
    } else {
        const double number = scalar.toDouble();
        if (!std::isfinite(number) || spec.alternate) return std::nullopt;
        int64_t small = 0;
        if (isInt && (!scalar.toInt64(small) || std::llabs(small) > (1LL << 53)))
            return std::nullopt;
        negative = std::signbit(number);
        char buffer[1600];
        const double shown = std::fabs(number);
        if (!spec.type && spec.precision < 0) {
            body = floatRepr(shown);
        } else if (!spec.type) {
            return std::nullopt; // like 'g' with details of its own
        } else if (spec.type == '%') {
            std::snprintf(buffer, sizeof buffer, "%.*f", spec.precision < 0 ? 6 : spec.precision,
                          shown * 100);
            body = std::string(buffer) + "%";
        } else {
            const char format[] = {'%', '.', '*', spec.type, 0};
            if (floatTypes.find(spec.type) == floatTypes.npos) return std::nullopt;
            std::snprintf(buffer, sizeof buffer, format, spec.precision < 0 ? 6 : spec.precision,
                          shown);
            body = buffer;
        }
        if (spec.grouping) {
            if (spec.fill == "0") return std::nullopt;
            const size_t whole = std::min(body.find_first_not_of("0123456789"), body.size());
            body = grouped(body.substr(0, whole), spec.grouping, 3) + body.substr(whole);
        }
    }
    sign = (negative ? "-" : spec.sign == '-' ? "" : std::string(1, spec.sign)) + sign;
    return padded(sign, body, spec, '>');
}

Ref Interpreter::percentFormat(const std::string& format, const Ref& given, const Node& node) {
    std::vector<Ref> items;
    const bool isTuple = given.box && given.box->kind == Box::Kind::Tuple;
    if (isTuple)
        items = given.box->items;
    else
        items.push_back(given);
    std::string out;
    size_t next = 0;
    for (size_t i = 0; i < format.size(); ++i) {
        if (format[i] != '%') {
            out += format[i];
            continue;
        }
        if (++i >= format.size()) return raise("ValueError", "incomplete format");
        if (format[i] == '%') {
            out += '%';
            continue;
        }
        Ref value;
        if (format[i] == '(') {
            const size_t end = format.find(')', i);
            if (end == std::string::npos) return raise("ValueError", "incomplete format key");
            value = item(given, Value::string(format.substr(i + 1, end - i - 1)), node);
            if (failed()) return {};
            i = end + 1;
            next = items.size();
        } else {
            if (next >= items.size()) return raise("TypeError", "not enough arguments");
            value = items[next++];
        }
        std::string spec;
        bool left = false;
        while (i < format.size() &&
               std::string_view("-+ #0123456789.").find(format[i]) != std::string_view::npos) {
            if (format[i] == '-')
                left = true;
            else
                spec += format[i];
            ++i;
        }
        if (i >= format.size()) return raise("ValueError", "incomplete format");
        char type = format[i];
        if (type == 'i' || type == 'u') type = 'd';
        std::optional<std::string> text;
        if (type == 's' || type == 'r') {
            text = type == 's' ? strOf(value) : reprOf(value);
            if (text)
                text = formatValue(Value::string(*text), (left           ? "<"
                                                          : spec.empty() ? ""
                                                                         : ">") +
                                                             spec);
        } else {
            if (type == 'd' && !value.box && value.value.kind() == Value::Kind::Float)
                return opaque(node);
            if (type == 'd' && left) return opaque(node);
            text = formatValue(value, (left ? "<" : "") + spec + type);
        }
        if (!text) return opaque(node);
        out += *text;
    }
    if (isTuple && next < items.size()) return raise("TypeError", "not all arguments converted");
    return Value::string(std::move(out));
}

Ref Interpreter::strFormat(const std::string& format, const Arguments& arguments,
                           const Node& node) {
    std::string out;
    size_t automatic = 0;
    for (size_t i = 0; i < format.size(); ++i) {
        const char c = format[i];
        if ((c == '{' || c == '}') && i + 1 < format.size() && format[i + 1] == c) {
            out += c;
            ++i;
            continue;
        }
        if (c == '}') return raise("ValueError", "single }");
        if (c != '{') {
            out += c;
            continue;
        }
        const size_t end = format.find('}', i);
        if (end == std::string::npos) return raise("ValueError", "expected }");
        std::string field = format.substr(i + 1, end - i - 1);
        i = end;
        if (field.find('{') != std::string::npos) return opaque(node); // nested specification
        std::string spec;
        std::string conversion;
        if (const size_t colon = field.find(':'); colon != std::string::npos) {
            spec = field.substr(colon + 1);
            field.resize(colon);
        }
        if (const size_t mark = field.find('!'); mark != std::string::npos) {
            conversion = field.substr(mark + 1);
            field.resize(mark);
        }
        const size_t cut = field.find_first_of(".[");
        const std::string name = field.substr(0, cut);
        Ref value;
        if (name.empty() || name.find_first_not_of("0123456789") == std::string::npos) {
            const size_t position =
                name.empty() ? automatic++ : static_cast<size_t>(std::atol(name.c_str()));
            if (position >= arguments.positional.size()) return raise("IndexError");
            value = arguments.positional[position];
        } else if (const Ref* given = arguments.keyword(name)) {
            value = *given;
        } else {
            return raise("KeyError", name);
        }
        for (size_t at = cut; at < field.size();) {
            if (field[at] == '.') {
                const size_t stop = std::min(field.find_first_of(".[", at + 1), field.size());
                value = attribute(value, field.substr(at + 1, stop - at - 1), node);
                at = stop;
            } else {
                const size_t stop = field.find(']', at);
                if (stop == std::string::npos) return raise("ValueError");
                const std::string key = field.substr(at + 1, stop - at - 1);
                const bool isNumber =
                    !key.empty() && key.find_first_not_of("0123456789") == std::string::npos;
                value = item(value, isNumber ? Value::integerText(key) : Value::string(key), node);
                at = stop + 1;
            }
            if (failed()) return {};
        }
        if (!conversion.empty()) {
            const auto shown = conversion == "r"   ? reprOf(value)
                               : conversion == "s" ? strOf(value)
                                                   : std::nullopt;
            if (!shown) return opaque(node);
            value = Value::string(*shown);
        }
        const auto text = formatValue(value, spec);
        if (!text) return opaque(node);
        out += *text;
    }
    return Value::string(std::move(out));
}

} // namespace covet::syntax::eval
