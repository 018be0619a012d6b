#include <algorithm>

#include "support/base64.h"
#include "syntax/evaluator/interpreter.h"

namespace covet::syntax::eval {
namespace {

Value bytesOf(std::string content) {
    return Value::scalar(Value::Kind::Bytes, std::move(content));
}

int hexDigit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::optional<std::string> fromHex(std::string_view text) {
    std::string out;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] == ' ' || (text[i] >= '\t' && text[i] <= '\r')) continue;
        const int high = hexDigit(text[i]);
        const int low = i + 1 < text.size() ? hexDigit(text[i + 1]) : -1;
        if (high < 0 || low < 0) return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        ++i;
    }
    return out;
}

/// "utf8", "ascii", "latin1" or "" for an encoding that is not known here.
std::string codecOf(const Ref* name) {
    if (!name) return "utf8";
    if (!name->isStr()) return "";
    std::string plain;
    for (const char c : name->value.text())
        if (c != '-' && c != '_' && c != ' ')
            plain += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    if (plain == "utf8" || plain == "ascii") return plain;
    if (plain == "usascii") return "ascii";
    return plain == "latin1" || plain == "iso88591" ? "latin1" : "";
}

bool isUtf8(std::string_view bytes) {
    for (size_t i = 0; i < bytes.size();) {
        const size_t start = i;
        const uint32_t point = nextCodePoint(bytes, i);
        std::string again;
        appendUtf8(again, point);
        // What was not well formed does not come out the same.
        if (again != bytes.substr(start, i - start) || (point >= 0xD800 && point < 0xE000))
            return false;
    }
    return true;
}

} // namespace

Ref Interpreter::callBytes(const std::string& name, Arguments& arguments, const Node& node) {
    const Ref* first = arguments.get(0, "s");
    const bool isText = first && first->isStr();
    const bool isBytes = first && !first->box && first->value.kind() == Value::Kind::Bytes;
    if (name == "builtins.bytes.fromhex") {
        if (!isText) return opaque(node);
        const auto bytes = fromHex(first->value.text());
        return bytes ? Ref(bytesOf(*bytes)) : raise("ValueError");
    }
    if (name == "builtins.bytes") {
        if (arguments.positional.empty())
            return arguments.keywords.empty() ? Ref(bytesOf("")) : opaque(node);
        if (isText) {
            const Ref* encoding = arguments.get(1, "encoding");
            if (!encoding) return raise("TypeError");
            Arguments rest;
            rest.positional.push_back(*encoding);
            return callStrMethod(first->value, "encode", rest, node);
        }
        int64_t size = 0;
        if (first->isInt() && first->value.toInt64(size)) {
            if (size < 0) return raise("ValueError");
            if (static_cast<size_t>(size) > limits_.textBytes) return opaque(node);
            return bytesOf(std::string(static_cast<size_t>(size), '\0'));
        }
        if (isBytes) return *first;
        std::vector<Ref> items;
        if (!iterate(*first, items)) return opaque(node);
        std::string out;
        for (const Ref& item : items) {
            int64_t byte = 0;
            if (!item.isInt() || !item.value.toInt64(byte)) return opaque(node);
            if (byte < 0 || byte > 255) return raise("ValueError");
            out += static_cast<char>(byte);
        }
        return bytesOf(std::move(out));
    }
    const std::string last = name.substr(name.rfind('.') + 1);
    const std::string_view alphabet = last.compare(0, 8, "urlsafe_") == 0 ? kBase64Url : kBase64;
    const bool encodes = last == "b64encode" || last == "urlsafe_b64encode";
    const bool decodes = last == "b64decode" || last == "urlsafe_b64decode";
    if (arguments.positional.size() != 1 || !arguments.keywords.empty()) return opaque(node);
    if (encodes && isBytes) return bytesOf(toBase64(first->value.text(), alphabet));
    if (decodes && (isBytes || isText))
        if (auto bytes = fromBase64(first->value.text(), alphabet)) return bytesOf(*bytes);
    return opaque(node);
}

Ref Interpreter::callBytesMethod(const Value& self, const std::string& name, Arguments& arguments,
                                 const Node& node) {
    const std::string& bytes = self.text();
    if (name == "hex" && arguments.positional.empty() && arguments.keywords.empty()) {
        std::string out;
        for (const char c : bytes)
            for (const int digit : {static_cast<unsigned char>(c) >> 4, c & 15})
                out += "0123456789abcdef"[digit];
        return Value::string(out);
    }
    if (name != "decode" || arguments.get(1, "errors")) return opaque(node);
    const std::string codec = codecOf(arguments.get(0, "encoding"));
    if (codec == "latin1") {
        std::string out;
        for (const char c : bytes)
            appendUtf8(out, static_cast<unsigned char>(c));
        return Value::string(out);
    }
    bool readable = codec == "utf8" && isUtf8(bytes);
    if (codec == "ascii")
        readable = std::all_of(bytes.begin(), bytes.end(),
                               [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (codec.empty()) return opaque(node);
    return readable ? Ref(Value::string(bytes)) : raise("UnicodeDecodeError");
}

/// str.encode
Ref Interpreter::encodeText(const std::string& text, const Arguments& arguments, const Node& node) {
    const std::string codec = codecOf(arguments.get(0, "encoding"));
    if (codec.empty() || arguments.get(1, "errors")) return opaque(node);
    std::string out;
    for (size_t i = 0; i < text.size();) {
        const uint32_t point = nextCodePoint(text, i);
        if ((point >= 0xD800 && point < 0xE000) || (codec == "ascii" && point >= 0x80) ||
            (codec == "latin1" && point >= 0x100))
            return raise("UnicodeEncodeError");
        if (codec == "latin1") out += static_cast<char>(point);
    }
    return bytesOf(codec == "latin1" ? out : text);
}

} // namespace covet::syntax::eval
