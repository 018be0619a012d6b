#include "engine/suppressions.h"

#include <algorithm>

#include "support/strings.h"
#include "text/edit_set.h"

namespace covet::engine {
namespace {

using syntax::Node;

constexpr std::string_view kMark = "covet:";

/// The words of a directive; false when the comment is none.
bool readDirective(std::string_view comment, Suppression& into) {
    std::string_view rest = trim(comment.substr(std::min(comment.size(), comment.find_first_not_of('#'))));
    if (!startsWith(rest, kMark)) return false;
    rest = trim(rest.substr(kMark.size()));
    const size_t wordEnd = std::min(rest.size(), rest.find_first_of("[ \t:"));
    const std::string word(rest.substr(0, wordEnd));
    const std::string_view after = trim(rest.substr(wordEnd));
    const bool known = word == "ignore" || word == "ignore-file";
    // `# covet: anything else` is a remark about CovetPy.
    if (!known && !startsWith(rest.substr(wordEnd), "[")) return false;
    into.wholeFile = word == "ignore-file";
    if (!known) {
        into.problem = "`" + word + "` is neither `ignore` nor `ignore-file`";
        return true;
    }
    const size_t close = after.find(']');
    if (!startsWith(after, "[") || close == std::string_view::npos) {
        into.problem = "it names no rule, as in `" + word + "[COV107]`";
        return true;
    }
    for (const std::string& rule : split(after.substr(1, close - 1), ','))
        if (!trim(rule).empty()) into.rules.emplace_back(trim(rule));
    into.used.resize(into.rules.size(), false);
    into.reason = std::string(trim(after.substr(close + 1)));
    if (into.rules.empty()) into.problem = "it names no rule, as in `" + word + "[COV107]`";
    return true;
}

/// To the parser, the carriage return of a line's end is part of the comment.
size_t endOf(const Node& comment) { return comment.start() + trim(comment.text()).size(); }

/// Lines of a statement, or of the head of one that has a body, decorators included.
void cover(const Node& statement, Suppression& into) {
    into.firstLine = std::min(into.firstLine, statement.line());
    into.lastLine = std::max(into.lastLine, statement.line());
    Node head = statement;
    if (const Node definition = statement.field("definition")) head = definition;
    uint32_t last = head.endLine();
    for (const Node& child : head.children()) {
        if (child.is("block")) break;
        if (!child.is("comment")) last = child.endLine();
    }
    into.lastLine = std::max(into.lastLine, last);
}

bool isStatement(const Node& node) {
    return endsWith(node.typeName(), "_statement") || endsWith(node.typeName(), "_definition") ||
           endsWith(node.typeName(), "_clause") || node.is("decorator");
}

void coverBefore(const syntax::Tree& tree, size_t last, Suppression& into) {
    Node node = tree.smallestAt(last);
    while (node && !isStatement(node)) node = node.parent();
    if (node) cover(node, into);
}

void coverBelow(const Node& comment, Suppression& into) {
    Node next = comment.nextNamedSibling();
    while (next && next.is("comment")) next = next.nextNamedSibling();
    if (!next) return;
    // The comment above the first statement of a body stands beside the body.
    if (next.is("block") && next.namedChildCount() > 0) next = next.namedChild(0);
    cover(next, into);
}

std::vector<Node> comments(const Node& root) {
    std::vector<Node> found;
    syntax::walk(root, [&](const Node& node) {
        if (node.is("comment") && node.text().find(kMark) != std::string_view::npos) found.push_back(node);
        return true;
    });
    return found;
}

/// Offset of the last byte of code before the comment on its line; npos if there is none.
size_t codeBefore(std::string_view text, size_t start) {
    const size_t last = start == 0 ? std::string_view::npos : text.find_last_not_of(" \t", start - 1);
    return last == std::string_view::npos || text[last] == '\n' || text[last] == '\r' ? std::string_view::npos : last;
}

/// The comment with some of its rules left out; "" when none is left.
std::string shortened(std::string_view comment, const std::vector<bool>& unused) {
    Suppression words;
    if (!readDirective(comment, words)) return std::string(comment);
    std::vector<std::string> left;
    for (size_t i = 0; i < words.rules.size(); ++i)
        if (i >= unused.size() || !unused[i]) left.push_back(words.rules[i]);
    if (left.empty()) return "";
    const size_t open = comment.find('['), close = comment.find(']');
    return std::string(comment.substr(0, open + 1)) + join(left, ", ") + std::string(comment.substr(close));
}

} // namespace

std::vector<Suppression> suppressionsOf(const semantic::Module& module, const RuleSelection& selection,
                                        bool requireReasons) {
    std::vector<Suppression> found;
    const std::string_view text = module.source.text();
    if (text.find(kMark) == std::string_view::npos) return found;
    for (const Node& comment : comments(module.tree->root())) {
        Suppression entry;
        if (!readDirective(comment.text(), entry)) continue;
        entry.file = module.path();
        entry.start = comment.start();
        entry.end = endOf(comment);
        entry.position = {comment.line(), module.source.columnOf(comment.start())};
        entry.firstLine = entry.lastLine = comment.line();
        const size_t code = codeBefore(text, entry.start);
        if (entry.wholeFile && code != std::string_view::npos && entry.problem.empty())
            entry.problem = "`ignore-file` stands alone on its line";
        if (code != std::string_view::npos) coverBefore(*module.tree, code, entry);
        else coverBelow(comment, entry);
        for (const std::string& rule : entry.rules) {
            std::string near;
            if (!entry.problem.empty() || selection.isKnown(rule, near)) continue;
            entry.problem = "there is no rule `" + rule + "`" + (near.empty() ? "" : "; did you mean " + near + "?");
        }
        if (entry.problem.empty() && requireReasons && entry.reason.empty()) entry.problem = "it gives no reason";
        found.push_back(std::move(entry));
    }
    return found;
}

std::string_view withoutSuppression(std::string_view line) {
    for (size_t at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1)) {
        Suppression words;
        if (readDirective(line.substr(at), words)) return trim(line.substr(0, at));
    }
    return line;
}

std::optional<std::string> withoutUnused(const semantic::Module& original, std::string_view text,
                                         const std::vector<std::vector<bool>>& unused) {
    auto tree = syntax::Tree::parse(std::string(text));
    if (!tree) return std::nullopt;
    auto directives = [](const Node& root) {
        std::vector<Node> found;
        for (const Node& comment : comments(root)) {
            Suppression words;
            if (readDirective(comment.text(), words)) found.push_back(comment);
        }
        return found;
    };
    const std::vector<Node> before = directives(original.tree->root()), now = directives((*tree)->root());
    if (before.size() != now.size() || now.size() != unused.size()) return std::nullopt;
    text::EditSet edits;
    for (size_t i = 0; i < now.size(); ++i) {
        if (trim(before[i].text()) != trim(now[i].text())) return std::nullopt;
        if (std::find(unused[i].begin(), unused[i].end(), true) == unused[i].end()) continue;
        const std::string rest = shortened(trim(now[i].text()), unused[i]);
        size_t start = now[i].start(), end = endOf(now[i]);
        if (rest.empty()) {
            const size_t code = codeBefore(text, start);
            if (code != std::string_view::npos) {
                start = code + 1;
            } else {
                const size_t lineBefore = start == 0 ? std::string_view::npos : text.find_last_of("\r\n", start - 1);
                start = lineBefore == std::string_view::npos ? 0 : lineBefore + 1;
                if (end < text.size() && text[end] == '\r') ++end;
                if (end < text.size() && text[end] == '\n') ++end;
            }
        }
        if (!edits.add({{start, end, rest}})) return std::nullopt;
    }
    return edits.apply(text);
}

} // namespace covet::engine
