#include "rules/frameworks/flask/url_rule.h"

#include <algorithm>

#include "support/strings.h"

namespace covet::rules::flask {
namespace {

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
            segment.before = piece.substr(0, open);
            segment.behind = piece.substr(piece.rfind('}') + 1);
        }
        segments.push_back(std::move(segment));
    }
    return segments;
}

/// Whether the text around two variable parts keeps every segment from being both.
bool apart(const RuleSegment& a, const RuleSegment& b) {
    const bool sameStart = startsWith(a.before, b.before) || startsWith(b.before, a.before);
    const bool sameEnd = endsWith(a.behind, b.behind) || endsWith(b.behind, a.behind);
    return !sameStart || !sameEnd;
}

/// Flask tries a variable part with text around it before one that is alone; which of two such it tries first is left open.
Precedence ofParts(const RuleSegment& a, const RuleSegment& b) {
    const bool plainA = a.before.empty() && a.behind.empty(), plainB = b.before.empty() && b.behind.empty();
    if (plainA && plainB && a.text == b.text) return Precedence::Same;
    // Whatever is a number is one first: its route has to take numbers alone.
    if (plainA && plainB && (a.text == "int" || b.text == "int") && (a.text == "string" || b.text == "string"))
        return a.text == "int" ? Precedence::First : Precedence::Second;
    if (plainA && plainB) return Precedence::Unclear;
    if (plainA || plainB) return a.rest || b.rest ? Precedence::Unclear : plainA ? Precedence::Second : Precedence::First;
    return a.before == b.before && a.behind == b.behind && a.text == b.text ? Precedence::Same : Precedence::Unclear;
}

/// `/files/<path:name>/raw` comes before `/files/<path:name>`: Flask first tries what has more text behind the same part.
Precedence behindRest(const std::vector<RuleSegment>& a, const std::vector<RuleSegment>& b, size_t from) {
    auto texts = [from](const std::vector<RuleSegment>& segments) {
        return std::count_if(segments.begin() + static_cast<std::ptrdiff_t>(std::min(from, segments.size())), segments.end(),
                             [](const RuleSegment& segment) { return !segment.variable && !segment.text.empty(); });
    };
    auto same = [](const RuleSegment& one, const RuleSegment& other) { return one.variable == other.variable && one.text == other.text; };
    if (a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), same)) return Precedence::Same;
    const RuleSegment &lastA = a.back(), &lastB = b.back();
    if (a.size() > from && b.size() > from && !lastA.variable && !lastB.variable && lastA.text != lastB.text) return Precedence::Disjoint;
    const auto ofA = texts(a), ofB = texts(b);
    return ofA == ofB ? Precedence::Unclear : ofA > ofB ? Precedence::First : Precedence::Second;
}

} // namespace

const RulePart* UrlRule::part(const std::string& name) const {
    for (const RulePart& one : parts)
        if (one.name == name) return &one;
    return nullptr;
}

bool takeNumbersApart(const UrlRule& first, const UrlRule& second) {
    const std::vector<RuleSegment> &a = first.segments, &b = second.segments;
    for (size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        if (a[i].variable && b[i].variable && a[i].text != b[i].text && (a[i].text == "int" || b[i].text == "int")) return true;
    return false;
}

bool areWords(const UrlRule& numbers, const UrlRule& other) {
    const std::vector<RuleSegment> &a = numbers.segments, &b = other.segments;
    for (size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        if (a[i].variable && a[i].text == "int" && a[i].before.empty() && a[i].behind.empty() &&
            ((b[i].variable ? b[i].before + b[i].behind : b[i].text).find_first_not_of("0123456789") != std::string::npos))
            return true;
    return false;
}

std::string numberedPath(const UrlRule& rule) {
    std::string path = rule.path;
    for (const RulePart& part : rule.parts)
        if (part.converter == "int") path = replaceAll(std::move(path), "{" + part.name + "}", "{" + part.name + ":int}");
    return path;
}

UrlRule readRule(const std::string& rule) {
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
        if (part.converter == "default") part.converter = "string";
        // Neighbours in one segment share its text in another way than in the target, and so does the rest of a path.
        const bool alone = (i == 0 || rule[i - 1] == '/') && (end + 1 == rule.size() || rule[end + 1] == '/');
        if (++inSegment > 1 || (!alone && part.converter == "path")) read.unclear = "mixed-path-segment";
        read.path += "{" + part.name + (part.converter == "path" ? ":path" : "") + "}";
        read.parts.push_back(std::move(part));
        i = end + 1;
    }
    if (!startsWith(read.path, "/") && !read.path.empty()) read.unclear = "relative-path";
    read.segments = segmentsOf(read);
    return read;
}

bool beginApart(const UrlRule& a, const UrlRule& b) {
    for (size_t i = 0; i < std::min({a.segments.size(), b.segments.size(), size_t{2}}); ++i) {
        if (a.segments[i].variable || b.segments[i].variable) return false;
        if (a.segments[i].text != b.segments[i].text) return true;
    }
    return false;
}

Precedence compareRules(const UrlRule& first, const UrlRule& second) {
    const std::vector<RuleSegment> &a = first.segments, &b = second.segments;
    Precedence found = Precedence::Same;
    // "/posts/<int:id>" and "/<int:id>/comments": what both could take, "/posts/comments", neither does.
    if (areWords(first, second) && areWords(second, first)) return Precedence::Disjoint;
    for (size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
        if (i >= a.size() || i >= b.size()) return Precedence::Disjoint;
        if (!a[i].variable && !b[i].variable) {
            if (a[i].text != b[i].text) return Precedence::Disjoint;
            continue;
        }
        const RuleSegment &variable = a[i].variable ? a[i] : b[i], &fixed = a[i].variable ? b[i] : a[i];
        if (!fixed.variable && !variable.rest && !(startsWith(fixed.text, variable.before) && endsWith(fixed.text, variable.behind)))
            return Precedence::Disjoint;
        Precedence here = Precedence::Same;
        if (!a[i].variable) here = Precedence::First;
        else if (!b[i].variable) here = Precedence::Second;
        else if (apart(a[i], b[i])) return Precedence::Disjoint;
        else here = ofParts(a[i], b[i]);
        if ((a[i].variable ? b[i].text : a[i].text).empty() && here != Precedence::Same && here != Precedence::Unclear)
            return Precedence::Disjoint; // a variable part is never empty
        if (found == Precedence::Same) found = here;
        if (a[i].rest && b[i].rest && found == Precedence::Same) return behindRest(a, b, i + 1);
        // A part that takes the rest of the path may meet anything behind it.
        if (a[i].rest || b[i].rest) return found;
    }
    return found;
}

} // namespace covet::rules::flask
