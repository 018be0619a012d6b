#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "syntax/value.h"

namespace covet {
namespace {

void appendEscape(std::string& out, const char* format, unsigned value) {
    char buffer[16];
    std::snprintf(buffer, sizeof buffer, format, value);
    out += buffer;
}

void appendJsonString(std::string& out, std::string_view text) {
    out += '"';
    for (size_t i = 0; i < text.size();) {
        const uint32_t point = nextCodePoint(text, i);
        switch (point) {
        case '"':
            out += "\\\"";
            continue;
        case '\\':
            out += "\\\\";
            continue;
        case '\n':
            out += "\\n";
            continue;
        case '\r':
            out += "\\r";
            continue;
        case '\t':
            out += "\\t";
            continue;
        case '\b':
            out += "\\b";
            continue;
        case '\f':
            out += "\\f";
            continue;
        default:
            break;
        }
        if (point >= 0x20 && point < 0x7F) {
            out += static_cast<char>(point);
        } else if (point > 0xFFFF) {
            appendEscape(out, "\\u%04x", 0xD800 + ((point - 0x10000) >> 10));
            appendEscape(out, "\\u%04x", 0xDC00 + ((point - 0x10000) & 0x3FF));
        } else if (point == 0x7F) {
            out += '\x7F';
        } else {
            appendEscape(out, "\\u%04x", point);
        }
    }
    out += '"';
}

/// str(timedelta) of a count of microseconds.
std::string timedeltaText(const std::string& microseconds) {
    const long long total = std::atoll(microseconds.c_str());
    const long long dayLength = 86400000000LL;
    long long days = total / dayLength;
    long long rest = total % dayLength;
    if (rest < 0) {
        rest += dayLength;
        --days;
    }
    std::string text;
    if (days != 0) text = std::to_string(days) + (days == 1 || days == -1 ? " day, " : " days, ");
    char buffer[48];
    const long long seconds = rest / 1000000;
    std::snprintf(buffer, sizeof buffer, "%lld:%02lld:%02lld", seconds / 3600, seconds / 60 % 60,
                  seconds % 60);
    text += buffer;
    if (rest % 1000000 != 0) {
        std::snprintf(buffer, sizeof buffer, ".%06lld", rest % 1000000);
        text += buffer;
    }
    return text;
}

std::string pythonString(std::string_view text) {
    std::string out = "\"";
    for (size_t i = 0; i < text.size();) {
        const uint32_t point = nextCodePoint(text, i);
        if (point == '"' || point == '\\') {
            out += '\\';
            out += static_cast<char>(point);
        } else if (point == '\n') {
            out += "\\n";
        } else if (point == '\r') {
            out += "\\r";
        } else if (point == '\t') {
            out += "\\t";
        } else if (point < 0x20 || (point >= 0x7F && point < 0xA0)) {
            appendEscape(out, "\\x%02x", point);
        } else if ((point >= 0xD800 && point < 0xE000) || point == 0x2028 || point == 0x2029 ||
                   point == 0xFEFF) {
            appendEscape(out, "\\u%04x", point);
        } else {
            appendUtf8(out, point);
        }
    }
    return out + "\"";
}

std::string pythonBytes(std::string_view bytes) {
    std::string out = "b\"";
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte >= 0x7F) {
            appendEscape(out, "\\x%02x", byte);
        } else {
            out += c;
        }
    }
    return out + "\"";
}

void appendJson(std::string& out, const Value& value) {
    switch (value.kind()) {
    case Value::Kind::Null:
        out += "null";
        return;
    case Value::Kind::Bool:
        out += value.boolValue() ? "true" : "false";
        return;
    case Value::Kind::Int:
        out += value.text();
        return;
    case Value::Kind::Float:
        if (value.text() == "inf")
            out += "Infinity";
        else if (value.text() == "-inf")
            out += "-Infinity";
        else if (value.text() == "nan")
            out += "NaN";
        else
            out += value.text();
        return;
    case Value::Kind::DateTime: {
        std::string text = value.text();
        if (text.size() > 10 && text[10] == 'T') text[10] = ' ';
        appendJsonString(out, text);
        return;
    }
    case Value::Kind::Timedelta:
        appendJsonString(out, timedeltaText(value.text()));
        return;
    case Value::Kind::Bytes:
        appendJsonString(out, pythonBytes(value.text()));
        return;
    case Value::Kind::List:
    case Value::Kind::Tuple:
    case Value::Kind::Set: {
        out += '[';
        bool first = true;
        for (const Value& item : value.items()) {
            if (!first) out += ", ";
            first = false;
            appendJson(out, item);
        }
        out += ']';
        return;
    }
    case Value::Kind::Dict:
    case Value::Kind::Object: {
        out += '{';
        bool first = true;
        for (const auto& [key, entry] : value.entries()) {
            if (!first) out += ", ";
            first = false;
            if (key.kind() == Value::Kind::Str) {
                appendJson(out, key);
            } else {
                std::string text;
                appendJson(text, key);
                if (!text.empty() && text.front() == '"')
                    out += text;
                else
                    appendJsonString(out, text);
            }
            out += ": ";
            appendJson(out, entry);
        }
        out += '}';
        return;
    }
    case Value::Kind::Member:
        appendJson(out, value.plain());
        return;
    default:
        appendJsonString(out, value.text());
        return;
    }
}

void appendPython(std::string& out, const Value& value) {
    const auto sequence = [&](const char* open, const char* close) {
        out += open;
        bool first = true;
        for (const Value& item : value.items()) {
            if (!first) out += ", ";
            first = false;
            appendPython(out, item);
        }
        if (value.kind() == Value::Kind::Tuple && value.items().size() == 1) out += ',';
        out += close;
    };
    switch (value.kind()) {
    case Value::Kind::Null:
        out += "None";
        return;
    case Value::Kind::Bool:
        out += value.boolValue() ? "True" : "False";
        return;
    case Value::Kind::Float: {
        const double number = value.toDouble();
        if (std::isfinite(number))
            out += value.text();
        else
            out += "float(\"" + value.text() + "\")";
        return;
    }
    case Value::Kind::Decimal:
        out += "decimal.Decimal(\"" + value.text() + "\")";
        return;
    case Value::Kind::Str:
        out += pythonString(value.text());
        return;
    case Value::Kind::Bytes:
        out += pythonBytes(value.text());
        return;
    case Value::Kind::Date:
        out += "datetime.date.fromisoformat(\"" + value.text() + "\")";
        return;
    case Value::Kind::Time:
        out += "datetime.time.fromisoformat(\"" + value.text() + "\")";
        return;
    case Value::Kind::DateTime:
        out += "datetime.datetime.fromisoformat(\"" + value.text() + "\")";
        return;
    case Value::Kind::Timedelta:
        out += "datetime.timedelta(microseconds=" + value.text() + ")";
        return;
    case Value::Kind::Uuid:
        out += "uuid.UUID(\"" + value.text() + "\")";
        return;
    case Value::Kind::List:
        sequence("[", "]");
        return;
    case Value::Kind::Tuple:
        sequence("(", ")");
        return;
    case Value::Kind::Set:
        if (value.text() == "frozenset")
            sequence("frozenset([", "])");
        else if (value.items().empty())
            out += "set()";
        else
            sequence("{", "}");
        return;
    case Value::Kind::Dict: {
        out += '{';
        bool first = true;
        for (const auto& [key, entry] : value.entries()) {
            if (!first) out += ", ";
            first = false;
            appendPython(out, key);
            out += ": ";
            appendPython(out, entry);
        }
        out += '}';
        return;
    }
    case Value::Kind::Object: {
        out += value.text() + "(";
        bool first = true;
        for (const auto& [key, entry] : value.entries()) {
            if (!first) out += ", ";
            first = false;
            out += key.text() + "=";
            appendPython(out, entry);
        }
        out += ')';
        return;
    }
    default:
        out += value.text();
        return;
    }
}

} // namespace

std::string toJson(const Value& value) {
    std::string out;
    appendJson(out, value);
    return out;
}

std::string toPython(const Value& value) {
    std::string out;
    appendPython(out, value);
    return out;
}

} // namespace covet
