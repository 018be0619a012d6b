#include "support/strings.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace covet {
namespace {

bool isLower(char c) { return c >= 'a' && c <= 'z'; }
bool isUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
bool isVowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'; }
bool isWordChar(char c) {
    return isLower(c) || isUpper(c) || isDigit(c) || static_cast<unsigned char>(c) >= 0x80;
}
char lower(char c) { return isUpper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
char upper(char c) { return isLower(c) ? static_cast<char>(c - 'a' + 'A') : c; }

struct Irregular {
    std::string_view one, many;
};

constexpr std::array<Irregular, 38> kIrregular = {{
    {"person", "people"},       {"child", "children"},     {"man", "men"},
    {"woman", "women"},         {"mouse", "mice"},         {"goose", "geese"},
    {"foot", "feet"},           {"tooth", "teeth"},        {"datum", "data"},
    {"medium", "media"},        {"criterion", "criteria"}, {"phenomenon", "phenomena"},
    {"index", "indices"},       {"vertex", "vertices"},    {"matrix", "matrices"},
    {"analysis", "analyses"},   {"basis", "bases"},        {"crisis", "crises"},
    {"diagnosis", "diagnoses"}, {"thesis", "theses"},      {"leaf", "leaves"},
    {"life", "lives"},          {"knife", "knives"},       {"wife", "wives"},
    {"half", "halves"},         {"shelf", "shelves"},      {"wolf", "wolves"},
    {"loaf", "loaves"},         {"quiz", "quizzes"},       {"cache", "caches"},
    {"movie", "movies"},        {"cookie", "cookies"},     {"tie", "ties"},
    {"hero", "heroes"},         {"potato", "potatoes"},    {"tomato", "tomatoes"},
    {"echo", "echoes"},         {"axis", "axes"},
}};

constexpr std::array<std::string_view, 14> kUncountable = {{
    "news", "series", "species", "sheep", "fish", "stock", "inventory", "information",
    "equipment", "metadata", "feedback", "staff", "aircraft", "spacecraft",
}};

bool isUncountable(std::string_view word) {
    // "inventory" has a plural of its own; it is only left alone when read as a plural.
    return std::find(kUncountable.begin(), kUncountable.end(), word) != kUncountable.end();
}

/// Applies `turn` to the last word of a snake_case name.
template <typename Turn> std::string onLastWord(std::string_view name, Turn turn) {
    size_t cut = name.rfind('_');
    if (cut == std::string_view::npos || cut + 1 == name.size()) return turn(name);
    return std::string(name.substr(0, cut + 1)) + turn(name.substr(cut + 1));
}

std::string singularWord(std::string_view word) {
    if (isUncountable(word)) return std::string(word);
    for (const Irregular& pair : kIrregular)
        if (word == pair.many) return std::string(pair.one);
    auto stem = [&](size_t cut) { return std::string(word.substr(0, word.size() - cut)); };
    if (word.size() < 3 || word.back() != 's') return std::string(word);
    if (endsWith(word, "ss") || endsWith(word, "us") || endsWith(word, "is"))
        return std::string(word);
    if (endsWith(word, "ies") && word.size() > 4) return stem(3) + "y";
    if (endsWith(word, "sses") || endsWith(word, "shes") || endsWith(word, "ches") ||
        endsWith(word, "xes") || endsWith(word, "zzes") || endsWith(word, "uses"))
        return endsWith(word, "uses") && word.size() > 4 && isVowel(word[word.size() - 5]) ? stem(1)
               : word == "houses" || word == "uses" || word == "causes" || word == "clauses" ? stem(1)
                                                                                            : stem(2);
    return stem(1);
}

std::string pluralWord(std::string_view word) {
    if (isUncountable(word) && word != "inventory") return std::string(word);
    for (const Irregular& pair : kIrregular)
        if (word == pair.one) return std::string(pair.many);
    std::string text(word);
    if (text.empty()) return text;
    if (text.back() == 'y' && text.size() > 1 && !isVowel(text[text.size() - 2]))
        return text.substr(0, text.size() - 1) + "ies";
    if (text.back() == 's' || text.back() == 'x' || text.back() == 'z' || endsWith(text, "ch") ||
        endsWith(text, "sh"))
        return text + "es";
    return text + "s";
}

constexpr std::array<std::string_view, 35> kKeywords = {{
    "False",  "None",   "True",  "and",      "as",     "assert", "async",  "await", "break",
    "class",  "continue", "def", "del",      "elif",   "else",   "except", "finally", "for",
    "from",   "global", "if",    "import",   "in",     "is",     "lambda", "nonlocal", "not",
    "or",     "pass",   "raise", "return",   "try",    "while",  "with",   "yield",
}};

} // namespace

std::string_view trim(std::string_view text) {
    while (!text.empty() && isSpace(text.front())) text.remove_prefix(1);
    while (!text.empty() && isSpace(text.back())) text.remove_suffix(1);
    return text;
}

bool startsWith(std::string_view text, std::string_view prefix) {
    return text.substr(0, prefix.size()) == prefix;
}

bool endsWith(std::string_view text, std::string_view suffix) {
    return text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (size_t start = 0;;) {
        size_t end = text.find(separator, start);
        parts.emplace_back(text.substr(start, end == std::string_view::npos ? end : end - start));
        if (end == std::string_view::npos) return parts;
        start = end + 1;
    }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
    std::string text;
    for (size_t i = 0; i < parts.size(); ++i) {
        if (i) text += separator;
        text += parts[i];
    }
    return text;
}

std::string toLower(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = lower(c);
    return result;
}

std::string replaceAll(std::string text, std::string_view from, std::string_view to) {
    if (from.empty()) return text;
    std::string result;
    size_t start = 0;
    for (size_t at; (at = text.find(from, start)) != std::string::npos; start = at + from.size()) {
        result.append(text, start, at - start);
        result += to;
    }
    if (start == 0) return text;
    return result.append(text, start, std::string::npos);
}

std::string snakeCase(std::string_view name) {
    std::string result;
    for (size_t i = 0; i < name.size(); ++i) {
        char c = name[i];
        if (!isWordChar(c)) {
            if (!result.empty() && result.back() != '_') result += '_';
            continue;
        }
        bool boundary = isUpper(c) && i > 0 &&
                        (isLower(name[i - 1]) || isDigit(name[i - 1]) ||
                         (isUpper(name[i - 1]) && i + 1 < name.size() && isLower(name[i + 1])));
        if (boundary && !result.empty() && result.back() != '_') result += '_';
        result += lower(c);
    }
    while (!result.empty() && result.back() == '_') result.pop_back();
    return result;
}

std::string upperCamel(std::string_view name) {
    std::string result;
    bool wordStart = true;
    for (char c : name) {
        if (!isWordChar(c)) {
            wordStart = true;
            continue;
        }
        result += wordStart ? upper(c) : c;
        wordStart = isDigit(c);
    }
    return result;
}

std::string singular(std::string_view plural) { return onLastWord(plural, singularWord); }

std::string plural(std::string_view singular) { return onLastWord(singular, pluralWord); }

std::string pythonQuote(std::string_view text) {
    std::string result = "\"";
    for (char c : text) {
        unsigned char byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            result += '\\';
            result += c;
        } else if (c == '\n') {
            result += "\\n";
        } else if (c == '\r') {
            result += "\\r";
        } else if (c == '\t') {
            result += "\\t";
        } else if (byte < 0x20 || byte == 0x7f) {
            char escaped[8];
            std::snprintf(escaped, sizeof escaped, "\\x%02x", byte);
            result += escaped;
        } else {
            result += c;
        }
    }
    return result + "\"";
}

bool isPythonIdentifier(std::string_view text) {
    if (text.empty() || isDigit(text.front())) return false;
    for (char c : text)
        if (!isWordChar(c) && c != '_') return false;
    return true;
}

bool isPythonKeyword(std::string_view text) {
    return std::find(kKeywords.begin(), kKeywords.end(), text) != kKeywords.end();
}

} // namespace covet
