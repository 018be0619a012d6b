#include "syntax/evaluator/literals.h"

#include <cstdlib>

#include "syntax/constant_scanner.h"
#include "syntax/evaluator/big_integer.h"

namespace covet::syntax::eval {
namespace {

int hexDigit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool hexEscape(std::string_view raw, size_t& position, int count, uint32_t& point) {
    point = 0;
    for (int i = 0; i < count; ++i, ++position) {
        const int digit = position < raw.size() ? hexDigit(raw[position]) : -1;
        if (digit < 0) return false;
        point = point * 16 + static_cast<uint32_t>(digit);
    }
    return point <= 0x10FFFF;
}

std::optional<Value> sequenceLiteral(const Node& node, Value::Kind kind) {
    std::vector<Value> items;
    EntryBuilder members;
    for (const Node& child : node.namedChildren()) {
        std::optional<Value> item = plainLiteral(child);
        if (!item) return std::nullopt;
        if (kind != Value::Kind::Set) {
            items.push_back(std::move(*item));
        } else {
            if (!isHashableConstant(*item)) return std::nullopt;
            members.add(std::move(*item), Value());
        }
    }
    if (kind == Value::Kind::Set)
        for (auto& entry : members.take())
            items.push_back(std::move(entry.first));
    return Value::list(std::move(items), kind);
}

std::optional<Value> dictLiteral(const Node& node) {
    EntryBuilder builder;
    for (const Node& pair : node.namedChildren()) {
        if (!pair.is("pair")) return std::nullopt;
        std::optional<Value> key = plainLiteral(pair.field("key"));
        if (!key || !isHashableConstant(*key)) return std::nullopt;
        std::optional<Value> value = plainLiteral(pair.field("value"));
        if (!value) return std::nullopt;
        builder.add(std::move(*key), std::move(*value));
    }
    return Value::dict(builder.take());
}

std::optional<Value> signedLiteral(const Node& node) {
    const std::string_view sign = node.field("operator").text();
    std::optional<Value> value = plainLiteral(node.field("argument"));
    if (!value) return std::nullopt;
    const bool isInt = value->kind() == Value::Kind::Int;
    if (!isInt && value->kind() != Value::Kind::Float) return std::nullopt;
    if (sign == "+") return value;
    if (sign != "-") return std::nullopt;
    if (isInt) return Value::integerText((-BigInteger::parse(value->text())).text());
    return Value::floating(-value->toDouble());
}

} // namespace

std::string stringPrefix(const Node& string) {
    std::string prefix;
    for (const char c : string.text()) {
        if (c == '"' || c == '\'') break;
        prefix += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return prefix;
}

std::optional<std::string> decodeText(std::string_view raw, std::string_view prefix) {
    const bool isRaw = prefix.find('r') != prefix.npos;
    const bool isBytes = prefix.find('b') != prefix.npos;
    const bool isFormat = prefix.find('f') != prefix.npos;
    std::string out;
    out.reserve(raw.size());
    for (size_t i = 0; i < raw.size();) {
        const char c = raw[i];
        if (c == '\r') { // newlines inside literals are always \n to Python
            out += '\n';
            i += i + 1 < raw.size() && raw[i + 1] == '\n' ? 2 : 1;
            continue;
        }
        if (isFormat && (c == '{' || c == '}') && i + 1 < raw.size() && raw[i + 1] == c) {
            out += c;
            i += 2;
            continue;
        }
        if (c != '\\' || i + 1 >= raw.size()) {
            if (isBytes && static_cast<unsigned char>(c) >= 0x80) return std::nullopt;
            out += c;
            ++i;
            continue;
        }
        if (isRaw) { // the backslash stays, and keeps a quote after it from ending the text
            out += c;
            ++i;
            continue;
        }
        const char escape = raw[i + 1];
        i += 2;
        uint32_t point = 0;
        switch (escape) {
        case '\n':
            break;
        case '\r':
            if (i < raw.size() && raw[i] == '\n') ++i;
            break;
        case '\\':
            out += '\\';
            break;
        case '\'':
            out += '\'';
            break;
        case '"':
            out += '"';
            break;
        case 'a':
            out += '\a';
            break;
        case 'b':
            out += '\b';
            break;
        case 'f':
            out += '\f';
            break;
        case 'n':
            out += '\n';
            break;
        case 'r':
            out += '\r';
            break;
        case 't':
            out += '\t';
            break;
        case 'v':
            out += '\v';
            break;
        case 'x':
            if (!hexEscape(raw, i, 2, point)) return std::nullopt;
            if (isBytes)
                out += static_cast<char>(point);
            else
                appendUtf8(out, point);
            break;
        case 'u':
        case 'U':
            if (isBytes) {
                out += '\\';
                out += escape;
                break;
            }
            if (!hexEscape(raw, i, escape == 'u' ? 4 : 8, point)) return std::nullopt;
            appendUtf8(out, point);
            break;
        case 'N':
            if (!isBytes) return std::nullopt; // would need the Unicode name table
            out += "\\N";
            break;
        default:
            if (escape >= '0' && escape <= '7') {
                point = static_cast<uint32_t>(escape - '0');
                for (int n = 0; n < 2 && i < raw.size() && raw[i] >= '0' && raw[i] <= '7'; ++n, ++i)
                    point = point * 8 + static_cast<uint32_t>(raw[i] - '0');
                if (isBytes)
                    out += static_cast<char>(point & 0xFF);
                else
                    appendUtf8(out, point);
            } else {
                if (isBytes && static_cast<unsigned char>(escape) >= 0x80) return std::nullopt;
                out += '\\';
                out += escape;
            }
        }
    }
    return out;
}

std::optional<Value> stringLiteral(const Node& string) {
    const std::string prefix = stringPrefix(string);
    std::string_view text = string.text();
    text.remove_prefix(prefix.size());
    if (text.size() < 2 || string.hasError()) return std::nullopt;
    const size_t quotes = text.size() >= 6 && text[0] == text[1] && text[1] == text[2] ? 3 : 1;
    text = text.substr(quotes, text.size() - 2 * quotes);
    if (prefix.find('f') != prefix.npos || prefix.find('t') != prefix.npos) return std::nullopt;
    std::optional<std::string> content = decodeText(text, prefix);
    if (!content) return std::nullopt;
    const bool isBytes = prefix.find('b') != prefix.npos;
    return Value::scalar(isBytes ? Value::Kind::Bytes : Value::Kind::Str, std::move(*content));
}

std::optional<Value> numberLiteral(std::string_view text) {
    std::string digits;
    for (const char c : text)
        if (c != '_') digits += c;
    if (digits.empty()) return std::nullopt;
    if (digits.size() > 2 && digits[0] == '0') {
        const char mark = static_cast<char>(digits[1] | 0x20);
        const unsigned base = mark == 'x' ? 16 : mark == 'o' ? 8 : mark == 'b' ? 2 : 0;
        if (base != 0) {
            auto number = BigInteger::parseBase(std::string_view(digits).substr(2), base);
            if (!number) return std::nullopt;
            return Value::integerText(number->text());
        }
    }
    const char last = digits.back();
    if (last == 'j' || last == 'J') return std::nullopt;
    if (digits.find_first_not_of("0123456789") == std::string::npos)
        return Value::integerText(BigInteger::parse(digits).text());
    if (digits.find_first_not_of("0123456789.eE+-") != std::string::npos) return std::nullopt;
    return Value::floatingText(digits);
}

std::optional<Value> plainLiteral(const Node& node) {
    const syntax::NodeType type = node.type();
    if (type == "list" || type == "dictionary")
        if (std::optional<Value> bulk = node.tree()->bulkAt(node)) return bulk;
    if (type == "string") return stringLiteral(node);
    if (type == "integer" || type == "float") return numberLiteral(node.text());
    if (type == "true") return Value::boolean(true);
    if (type == "false") return Value::boolean(false);
    if (type == "none") return Value::null();
    if (type == "dictionary") return dictLiteral(node);
    if (type == "list") return sequenceLiteral(node, Value::Kind::List);
    if (type == "tuple") return sequenceLiteral(node, Value::Kind::Tuple);
    if (type == "set") return sequenceLiteral(node, Value::Kind::Set);
    if (type == "unary_operator") return signedLiteral(node);
    if (type == "parenthesized_expression") {
        const auto inner = node.namedChildren();
        return inner.size() == 1 ? plainLiteral(inner[0]) : std::nullopt;
    }
    if (type == "concatenated_string") {
        std::optional<Value> whole;
        for (const Node& part : node.namedChildren()) {
            std::optional<Value> piece = stringLiteral(part);
            if (!piece || (whole && whole->kind() != piece->kind())) return std::nullopt;
            whole = whole ? Value::scalar(whole->kind(), whole->text() + piece->text()) : piece;
        }
        return whole;
    }
    return std::nullopt;
}

} // namespace covet::syntax::eval
