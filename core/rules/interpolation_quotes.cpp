#include "rules/interpolation_quotes.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace covet::rules {
namespace {

using syntax::Node;

constexpr std::string_view kDelimiters[] = {"'", "\"", "'''", "\"\"\""};

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// Quotes of the f-strings around an interpolation, without prefix letters.
std::vector<std::string_view> delimitersAround(const Node& interpolation) {
    std::vector<std::string_view> delimiters;
    for (Node node = interpolation.parent(); node; node = node.parent()) {
        if (!node.is("string") || node.childCount() == 0) continue;
        std::string_view start = node.child(0).text();
        start.remove_prefix(std::min(start.find_first_of("'\""), start.size()));
        if (!start.empty()) delimiters.push_back(start);
    }
    return delimiters;
}

std::string_view delimiterAt(std::string_view text, size_t at) {
    const std::string_view three = text.substr(at, 3);
    return three == "'''" || three == "\"\"\"" ? three : text.substr(at, 1);
}

/// Past the end of the string literal whose first quote is at `at`.
size_t endOfLiteral(std::string_view text, size_t at, std::string_view delimiter) {
    for (size_t i = at + delimiter.size(); i < text.size(); ++i) {
        if (text[i] == '\\') ++i;
        else if (text.substr(i, delimiter.size()) == delimiter) return i + delimiter.size();
    }
    return text.size();
}

bool clashes(std::string_view literal, const std::vector<std::string_view>& around) {
    return std::any_of(around.begin(), around.end(), [&](std::string_view delimiter) { return has(literal, delimiter); });
}

std::string requoted(std::string_view literal, std::string_view delimiter, const std::vector<std::string_view>& around) {
    if (!clashes(literal, around) || has(literal, "\\") || literal.size() < 2 * delimiter.size()) return std::string(literal);
    const std::string_view content = literal.substr(delimiter.size(), literal.size() - 2 * delimiter.size());
    for (std::string_view candidate : kDelimiters) {
        if (has(content, candidate) || (!content.empty() && content.back() == candidate[0])) continue;
        std::string made = std::string(candidate) + std::string(content) + std::string(candidate);
        if (!clashes(made, around)) return made;
    }
    return std::string(literal);
}

} // namespace

std::string fittedToInterpolation(const Node& interpolation, std::string text) {
    const std::vector<std::string_view> around = delimitersAround(interpolation);
    if (clashes(interpolation.text(), around)) return text;
    const bool onOneLine = !has(interpolation.text(), "\n") &&
                           std::any_of(around.begin(), around.end(), [](std::string_view one) { return one.size() == 1; });
    std::string fitted;
    for (size_t i = 0; i < text.size();) {
        if (text[i] == '\'' || text[i] == '"') {
            const std::string_view delimiter = delimiterAt(text, i);
            const size_t end = endOfLiteral(text, i, delimiter);
            fitted += requoted(std::string_view(text).substr(i, end - i), delimiter, around);
            i = end;
        } else if (onOneLine && text[i] == '\n') {
            i = std::min(text.find_first_not_of(" \t\r\n", i), text.size());
            fitted += ' ';
        } else {
            fitted += text[i++];
        }
    }
    return fitted;
}

} // namespace covet::rules
