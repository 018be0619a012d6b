#include "syntax/indentation.h"

#include <optional>

#include "syntax/tree.h"

namespace covet::syntax {
namespace {

/// As Python counts white space: with tabs to the next multiple of eight, and with tabs as one. It wants both to be the same.
struct Indentation {
    uint32_t width = 0, characters = 0;
    bool operator==(const Indentation&) const = default;
};

/// Nothing for what begins no line, or one that a backslash joins to the line before.
std::optional<Indentation> indentationOf(std::string_view text, const Node& node) {
    const size_t lineStart = node.start() - node.column();
    Indentation found;
    for (const char c : text.substr(lineStart, node.column())) {
        if (c == ' ') {
            ++found.width;
            ++found.characters;
        } else if (c == '\t') {
            found.width = (found.width / 8 + 1) * 8;
            ++found.characters;
        } else if (c == '\f') {
            found = {};
        } else {
            return std::nullopt;
        }
    }
    std::string_view before = text.substr(0, lineStart);
    if (!before.empty()) before.remove_suffix(1);
    if (!before.empty() && before.back() == '\r') before.remove_suffix(1);
    if (!before.empty() && before.back() == '\\') return std::nullopt;
    return found;
}

/// A statement of the block that is not where the first one is; those of a module are at the left margin.
Node misplacedIn(std::string_view text, const Node& block) {
    std::optional<Indentation> wanted;
    if (block.is("module")) wanted.emplace();
    for (const Node& statement : block.namedChildren()) {
        const std::optional<Indentation> has = indentationOf(text, statement);
        if (!has) continue;
        if (!wanted) wanted = has;
        if (*has != *wanted) return statement;
    }
    return {};
}

bool isClause(const Node& node) {
    return node.isOneOf({"elif_clause", "else_clause", "except_clause", "finally_clause"});
}

} // namespace

Node misplacedLine(const Node& root, const std::vector<uint32_t>& known) {
    const std::string_view text = root.tree()->text();
    Node found;
    auto next = known.begin();
    walk(root, [&](const Node& node) {
        if (found) return false;
        if (next != known.end() && *next == node.place()) {
            ++next;
            return false;
        }
        if (node.is("module") || node.is("block")) {
            found = misplacedIn(text, node);
        } else if (isClause(node)) {
            const auto own = indentationOf(text, node), wanted = indentationOf(text, node.parent());
            if (own && wanted && *own != *wanted) found = node;
        }
        return !found;
    });
    return found;
}

} // namespace covet::syntax
