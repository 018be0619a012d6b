#pragma once

#include <string>
#include <vector>

namespace covet::rules::flask {

/// A variable part of a URL rule: `<int:book_id>`.
struct RulePart {
    std::string name;
    std::string converter; // "string", "int", "float", "uuid", "path"
};

/// A URL rule of Werkzeug, read: "/books/<int:book_id>" -> "/books/{book_id}".
struct UrlRule {
    std::string path; // in the target's syntax
    std::vector<RulePart> parts;
    std::string unclear; // reason code when the target cannot say the same; "" if it can

    const RulePart* part(const std::string& name) const;
};

UrlRule readRule(const std::string& rule);

/// One segment of a path as the target sees it.
struct RuleSegment {
    bool variable = false;
    bool rest = false; // takes slashes too
    std::string text;  // static text, or the converter
};

std::vector<RuleSegment> segmentsOf(const UrlRule& rule);

/// Whether there is a path that both take, and which of them Flask would choose for it.
enum class Precedence { Disjoint, First, Second, Same, Unclear };
Precedence compareRules(const std::vector<RuleSegment>& first, const std::vector<RuleSegment>& second);

} // namespace covet::rules::flask
