#include "equivalence/exchange.h"

#include <fmt/format.h>

#include "support/strings.h"
#include "syntax/value.h"

namespace covet::equivalence {
namespace {

/// For a POSIX shell.
std::string quoted(const std::string& text) { return "'" + replaceAll(text, "'", "'\\''") + "'"; }

bool isPlain(const std::string& text) {
    for (char c : text) {
        const unsigned char byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte >= 0x7F) return false;
    }
    return true;
}

/// For `$'...'` of shells, which can spell any byte.
std::string byteQuoted(const std::string& text) {
    std::string result = "$'";
    for (char c : text) {
        const unsigned char byte = static_cast<unsigned char>(c);
        if (c == '\'' || c == '\\')
            result += std::string("\\") + c;
        else if (byte < 0x20 || byte >= 0x7F)
            result += fmt::format("\\x{:02x}", byte);
        else
            result += c;
    }
    return result + "'";
}

} // namespace

std::string Answer::header(const std::string& name) const {
    std::string joined;
    for (const auto& [key, value] : headers)
        if (key == name) joined += (joined.empty() ? "" : ", ") + value;
    return joined;
}

std::string curlCommand(const Request& request, const std::string& host, size_t largestBody) {
    std::string command = "curl -i --path-as-is";
    if (request.method == "HEAD")
        command += " --head";
    else if (request.method != "GET" || request.body)
        command += " -X " + request.method;
    for (const auto& [name, value] : request.headers) command += " -H " + quoted(name + ": " + value);
    if (request.body) {
        const bool isLarge = request.body->size() > largestBody;
        command += " --data-binary " + (isLarge                  ? "@BODY"
                                        : isPlain(*request.body) ? quoted(*request.body)
                                                                 : byteQuoted(*request.body));
    }
    return command + " " + quoted("http://" + host + request.path);
}

std::string excerpt(const std::string& text, size_t limit) {
    std::string result;
    size_t position = 0;
    while (position < text.size() && result.size() < limit) {
        const size_t start = position;
        const uint32_t code = nextCodePoint(text, position);
        const bool isMalformed = code == 0xFFFD && text.compare(start, position - start, "\xEF\xBF\xBD") != 0;
        if (isMalformed || code < 0x20 || code == 0x7F) {
            position = start + 1;
            const unsigned char byte = static_cast<unsigned char>(text[start]);
            result += byte == '\n' ? "\\n" : byte == '\t' ? "\\t" : byte == '\r' ? "\\r" : fmt::format("\\x{:02x}", byte);
        } else {
            result.append(text, start, position - start);
        }
    }
    if (position < text.size()) result += fmt::format("... ({} bytes)", text.size());
    return result;
}

} // namespace covet::equivalence
