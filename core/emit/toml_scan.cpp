#include "emit/toml_scan.h"

#include <algorithm>

#include "support/strings.h"

namespace covet::emit {
namespace {

/// Position past the string that starts at `at`.
size_t pastString(std::string_view text, size_t at) {
    const char quote = text[at];
    if (text.substr(at, 3) == std::string(3, quote)) {
        const size_t close = text.find(std::string(3, quote), at + 3);
        return close == text.npos ? text.size() : close + 3;
    }
    for (size_t i = at + 1; i < text.size(); ++i) {
        if (quote == '"' && text[i] == '\\') ++i;
        else if (text[i] == quote) return i + 1;
        else if (text[i] == '\n') return i;
    }
    return text.size();
}

size_t lineEnd(std::string_view text, size_t at) {
    const size_t newline = text.find('\n', at);
    return newline == text.npos ? text.size() : newline + 1;
}

/// Position past a value: the end of the line outside brackets and strings, without its comment.
size_t pastValue(std::string_view text, size_t at) {
    int depth = 0;
    size_t last = at;
    while (at < text.size()) {
        const char c = text[at];
        if (c == '"' || c == '\'') {
            at = last = pastString(text, at);
            continue;
        }
        if (c == '#') {
            at = lineEnd(text, at) - (lineEnd(text, at) < text.size() ? 1 : 0);
            if (depth == 0) break;
            continue;
        }
        if (c == '\n' && depth <= 0) break;
        if (c == '[' || c == '{') ++depth;
        if (c == ']' || c == '}') --depth;
        ++at;
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') last = at;
    }
    return last;
}

std::string unquoted(std::string_view key) {
    key = trim(key);
    if (key.size() >= 2 && (key.front() == '"' || key.front() == '\'') && key.back() == key.front())
        key = key.substr(1, key.size() - 2);
    return std::string(key);
}

/// "tool . poetry" -> "tool.poetry"
std::string tableName(std::string_view inside) {
    std::vector<std::string> parts;
    for (const std::string& part : split(inside, '.')) parts.push_back(unquoted(part));
    return join(parts, ".");
}

} // namespace

const TomlTable* TomlScan::table(std::string_view name) const {
    for (const TomlTable& candidate : tables)
        if (candidate.name == name) return &candidate;
    return nullptr;
}

const TomlEntry* TomlScan::entry(std::string_view tableName, std::string_view key) const {
    for (const TomlEntry& candidate : entries)
        if (candidate.table == tableName && candidate.key == key) return &candidate;
    return nullptr;
}

TomlScan scanToml(std::string_view text) {
    TomlScan scan;
    std::string table;
    size_t at = 0;
    while (at < text.size()) {
        const size_t lineStart = at;
        while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
        const size_t end = lineEnd(text, at);
        if (at >= text.size() || text[at] == '#' || text[at] == '\n' || text[at] == '\r') {
            at = end;
            continue;
        }
        if (text[at] == '[') {
            const size_t open = text.find_first_not_of('[', at);
            const size_t close = std::min(text.find(']', at), end);
            table = open < close ? tableName(text.substr(open, close - open)) : "";
            scan.tables.push_back({table, end, end});
            at = end;
            continue;
        }
        size_t equals = at;
        while (equals < end && text[equals] != '=')
            equals = text[equals] == '"' || text[equals] == '\'' ? pastString(text, equals) : equals + 1;
        if (equals >= end) {
            at = end;
            continue;
        }
        TomlEntry entry;
        entry.table = table;
        entry.key = unquoted(text.substr(at, equals - at));
        entry.lineStart = lineStart;
        entry.valueStart = equals + 1;
        while (entry.valueStart < text.size() && (text[entry.valueStart] == ' ' || text[entry.valueStart] == '\t'))
            ++entry.valueStart;
        entry.valueEnd = pastValue(text, entry.valueStart);
        entry.end = at = lineEnd(text, entry.valueEnd);
        if (!scan.tables.empty()) scan.tables.back().contentEnd = entry.end;
        scan.entries.push_back(std::move(entry));
    }
    return scan;
}

std::vector<TomlString> stringsIn(std::string_view text, size_t start, size_t end) {
    std::vector<TomlString> found;
    while (start < end) {
        const char c = text[start];
        if (c == '#') {
            start = lineEnd(text, start);
        } else if (c == '"' || c == '\'') {
            const size_t past = pastString(text, start);
            found.push_back({start + 1, past - 1, c});
            start = past;
        } else {
            ++start;
        }
    }
    return found;
}

} // namespace covet::emit
