#pragma once

#include <string>
#include <vector>

namespace covet::rules::flask {

/// A variable part of a URL rule: `<int:book_id>`.
struct RulePart {
    std::string name;
    std::string converter; // "string", "int", "float", "uuid", "path"; or as it is written
};

/// One segment of a path as the target sees it.
struct RuleSegment {
    bool variable = false;
    bool rest = false; // takes slashes too
    std::string text;  // static text, or the converter
    std::string before, behind; // text around it in the same segment
};

/// A URL rule of Werkzeug, read: "/books/<int:book_id>" -> "/books/{book_id}".
struct UrlRule {
    std::string path; // in the target's syntax
    std::vector<RulePart> parts;
    std::vector<RuleSegment> segments; // of the path
    std::string unclear; // reason code when the target cannot say the same; "" if it can

    const RulePart* part(const std::string& name) const;
};

UrlRule readRule(const std::string& rule);
/// Most pairs of a large application: `/users/...` and `/orders/...`.
bool beginApart(const UrlRule& a, const UrlRule& b);

/// Whether there is a path that both take, and which of them Flask would choose for it.
enum class Precedence { Disjoint, First, Second, Same, Unclear };
Precedence compareRules(const UrlRule& first, const UrlRule& second);

/// Whether one rule has a number where the other has any text: the target must not try the first for such text.
bool takeNumbersApart(const UrlRule& first, const UrlRule& second);
/// Whether the second rule has a word where the first has a number.
bool areWords(const UrlRule& numbers, const UrlRule& other);
/// The path of a rule whose numbers the target looks at before it chooses a route.
std::string numberedPath(const UrlRule& rule);

} // namespace covet::rules::flask
