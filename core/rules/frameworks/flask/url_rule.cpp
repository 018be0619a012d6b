#include "rules/frameworks/flask/url_rule.h"

#include <algorithm>

#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::flask {
const RulePart* UrlRule::part(const std::string& name) const {
    for (const RulePart& one : parts)
        if (one.name == name) return &one;
    return nullptr;
}

UrlRule readRule(const std::string& rule) {
    static constexpr Words kConverters = {"string", "default", "int", "float", "uuid", "path"};
    UrlRule read;
    size_t inSegment = 0;
    for (size_t i = 0; i < rule.size();) {
        const char c = rule[i];
        if (c == '/') inSegment = 0;
        if (c == '{' || c == '}') read.unclear = "path-braces";
        const size_t end = c == '<' ? rule.find('>', i) : std::string::npos;
        if (end == std::string::npos) {
            read.path += c;
            ++i;
            continue;
        }
        std::string inside = rule.substr(i + 1, end - i - 1);
        RulePart part{inside, "string"};
        const size_t colon = inside.rfind(':');
        if (colon != std::string::npos) {
            part.name = inside.substr(colon + 1);
            part.converter = inside.substr(0, colon);
        }
        if (!kConverters.count(part.converter)) read.unclear = "path-converter";
        if (part.converter == "default") part.converter = "string";
        // Neighbours in one segment share its text in another way than in the target.
        const bool alone = (i == 0 || rule[i - 1] == '/') && (end + 1 == rule.size() || rule[end + 1] == '/');
        if (++inSegment > 1 || (!alone && part.converter != "string")) read.unclear = "mixed-path-segment";
        read.path += "{" + part.name + (part.converter == "path" ? ":path" : "") + "}";
        read.parts.push_back(std::move(part));
        i = end + 1;
    }
    if (!startsWith(read.path, "/") && !read.path.empty()) read.unclear = "relative-path";
    return read;
}

std::vector<RuleSegment> segmentsOf(const UrlRule& rule) {
    std::vector<RuleSegment> segments;
    for (const std::string& piece : split(rule.path, '/')) {
        RuleSegment segment;
        const size_t open = piece.find('{');
        if (open == std::string::npos) {
            segment.text = piece;
        } else {
            std::string name = piece.substr(open + 1, piece.find('}') - open - 1);
            name = name.substr(0, name.find(':'));
            const RulePart* part = rule.part(name);
            segment.variable = true;
            segment.text = part ? part->converter : "string";
            segment.rest = segment.text == "path";
        }
        segments.push_back(std::move(segment));
    }
    return segments;
}

Precedence compareRules(const std::vector<RuleSegment>& a, const std::vector<RuleSegment>& b) {
    Precedence found = Precedence::Same;
    for (size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
        if (i >= a.size() || i >= b.size()) return Precedence::Disjoint;
        if (!a[i].variable && !b[i].variable) {
            if (a[i].text != b[i].text) return Precedence::Disjoint;
            continue;
        }
        Precedence here = Precedence::Same;
        if (!a[i].variable) here = Precedence::First;
        else if (!b[i].variable) here = Precedence::Second;
        else if (a[i].text != b[i].text) here = Precedence::Unclear;
        if ((a[i].variable ? b[i].text : a[i].text).empty() && here != Precedence::Same && here != Precedence::Unclear)
            return Precedence::Disjoint; // a variable part is never empty
        if (found == Precedence::Same) found = here;
        // A part that takes the rest of the path may meet anything behind it.
        if (a[i].rest || b[i].rest) return found == Precedence::Same ? Precedence::Same : found;
    }
    return found;
}

} // namespace covet::rules::flask
