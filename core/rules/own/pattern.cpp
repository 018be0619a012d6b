#include "rules/own/pattern.h"

#include <algorithm>

#include "support/strings.h"

namespace covet::rules {
namespace {

constexpr std::string_view kOne = "covet_one_";
constexpr std::string_view kMany = "covet_many_";

bool isNameByte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Python code in which the variables are identifiers.
std::string withIdentifiers(const std::string& text, std::map<std::string, bool>& variables) {
    std::string out;
    for (size_t at = 0; at < text.size();) {
        if (text[at] != '$') {
            out += text[at++];
            continue;
        }
        const bool many = text.compare(at, 3, "$$$") == 0;
        size_t end = at += many ? 3 : 1;
        while (end < text.size() && isNameByte(text[end])) ++end;
        const std::string name = text.substr(at, end - at);
        out += std::string(many ? kMany : kOne) + name;
        if (!name.empty()) variables[name] = many;
        at = end;
    }
    return out;
}

/// The name of a variable that an identifier stands for; false when it is a plain one.
bool isVariable(const Node& node, std::string_view mark, std::string& name) {
    if (!node.is("identifier") || !startsWith(node.text(), mark)) return false;
    name = std::string(node.text().substr(mark.size()));
    return true;
}

/// The one statement or expression of a text.
Result<std::pair<std::shared_ptr<const syntax::Tree>, Node>> parseOne(const std::string& text,
                                                                      std::map<std::string, bool>& variables) {
    auto problem = [&](const std::string& what) { return Error{"pattern", "`" + text + "` " + what, "", 0, ""}; };
    auto tree = syntax::Tree::parse(withIdentifiers(text, variables));
    if (!tree) return problem("does not parse");
    const Node root = (*tree)->root();
    const std::vector<Node> statements = root.namedChildren();
    if (root.hasError() || statements.empty()) return problem("is no Python code");
    if (statements.size() > 1) return problem("is more than one statement");
    Node one = statements.front();
    if (one.is("expression_statement") && one.namedChildCount() == 1) one = one.namedChild(0);
    return std::pair(*tree, one);
}

/// Children that mean something: names, operators and keywords, without commas and comments.
std::vector<Node> partsOf(const Node& node) {
    std::vector<Node> parts;
    for (const Node& child : node.children())
        if (!child.is(",") && !child.is("comment") && !child.is("line_continuation")) parts.push_back(child);
    return parts;
}

class Matcher {
public:
    Matcher(const semantic::Project& project, const semantic::Module& module, Captures& captures)
        : project_(project)
        , module_(module)
        , captures_(captures) {}

    bool match(const Node& pattern, const Node& code) {
        std::string name;
        if (isVariable(pattern, kOne, name)) return code.isNamed() && capture(name, {code});
        if (isDotted(pattern)) return matchName(pattern, code);
        if (pattern.type() != code.type()) return false;
        const std::vector<Node> wanted = partsOf(pattern), found = partsOf(code);
        if (wanted.empty() || found.empty()) return wanted.empty() && found.empty() && pattern.text() == code.text();
        if (pattern.is("string")) return pattern.text() == code.text();
        return matchParts(wanted, 0, found, 0);
    }

private:
    bool capture(const std::string& name, const std::vector<Node>& nodes) {
        if (name == "_" || name.empty()) return true;
        auto [known, isNew] = captures_.emplace(name, nodes);
        if (isNew) return true;
        return known->second.size() == nodes.size() &&
               std::equal(nodes.begin(), nodes.end(), known->second.begin(),
                          [](const Node& a, const Node& b) { return a.text() == b.text(); });
    }

    static bool isDotted(const Node& node) {
        if (node.is("identifier")) return true;
        std::string name;
        const Node object = node.field("object");
        return node.is("attribute") && isDotted(object) && !isVariable(object, kOne, name);
    }

    bool matchName(const Node& pattern, const Node& code) {
        if (!code.is("identifier") && !code.is("attribute")) return false;
        const Node parent = code.parent();
        const bool isKey = parent.is("keyword_argument") && parent.field("name") == code;
        const bool isMember = parent.is("attribute") && parent.field("attribute") == code;
        if (isKey || isMember) return pattern.text() == code.text();
        const std::string meant = dottedNameOf(project_, module_, code);
        if (!meant.empty()) return meant == pattern.text();
        if (pattern.text() != code.text()) return false;
        // Built-in functions and `self`: what a name of the project itself hides is something else.
        const semantic::Symbol& symbol = project_.resolve(module_, code);
        const bool isOwn = pattern.text() == "self" || startsWith(pattern.text(), "self.") || pattern.text() == "cls" ||
                           startsWith(pattern.text(), "cls.");
        return symbol.kind == semantic::Symbol::Kind::Unknown || isOwn;
    }

    bool matchParts(const std::vector<Node>& wanted, size_t w, const std::vector<Node>& found, size_t f) {
        if (w == wanted.size()) return f == found.size();
        std::string name;
        if (isVariable(wanted[w], kMany, name)) {
            for (size_t end = f; end <= found.size(); ++end) {
                const std::vector<Node> taken(found.begin() + static_cast<ptrdiff_t>(f),
                                              found.begin() + static_cast<ptrdiff_t>(end));
                if (!std::all_of(taken.begin(), taken.end(), [](const Node& node) { return node.isNamed(); })) break;
                const Captures before = captures_;
                if (capture(name, taken) && matchParts(wanted, w + 1, found, end)) return true;
                captures_ = before;
            }
            return false;
        }
        return f < found.size() && match(wanted[w], found[f]) && matchParts(wanted, w + 1, found, f + 1);
    }

    const semantic::Project& project_;
    const semantic::Module& module_;
    Captures& captures_;
};

constexpr syntax::NodeType kBinding[] = {"identifier", "attribute",     "call",  "subscript", "string",
                                         "integer",    "float",         "true",  "false",     "none",
                                         "list",       "dictionary",    "set",   "tuple",     "parenthesized_expression",
                                         "list_comprehension", "dictionary_comprehension", "set_comprehension"};
constexpr syntax::NodeType kOperators[] = {"binary_operator",     "unary_operator", "not_operator", "boolean_operator",
                                           "comparison_operator", "attribute",      "subscript",    "call",
                                           "await",               "conditional_expression"};

template <size_t size> bool isOneOf(const Node& node, const syntax::NodeType (&types)[size]) {
    return std::find(std::begin(types), std::end(types), node.type()) != std::end(types);
}

/// Whether an expression needs parentheses as a child of `parent`, of which it is (or replaces) `child`.
bool needsParentheses(const Node& expression, const Node& parent, const Node& child) {
    if (isOneOf(expression, kBinding) || !isOneOf(parent, kOperators)) return false;
    if (parent.is("call")) return parent.field("function") == child;
    if (parent.is("subscript")) return parent.field("value") == child;
    return true;
}

} // namespace

Result<Pattern> Pattern::parse(const std::string& text) {
    Pattern pattern;
    auto parsed = parseOne(text, pattern.variables_);
    if (!parsed) return parsed.error();
    pattern.tree_ = parsed->first;
    pattern.root_ = parsed->second;
    std::string name;
    if (isVariable(pattern.root_, kOne, name) || isVariable(pattern.root_, kMany, name))
        return Error{"pattern", "`" + text + "` would match everything", "", 0, ""};
    return pattern;
}

bool Pattern::matches(const semantic::Project& project, const semantic::Module& module, const Node& node,
                      Captures& captures) const {
    captures.clear();
    return Matcher(project, module, captures).match(root_, node);
}

Result<Template> Template::parse(const std::string& text, const Pattern& pattern) {
    Template made;
    std::map<std::string, bool> variables;
    auto parsed = parseOne(text, variables);
    if (!parsed) return parsed.error();
    made.tree_ = parsed->first;
    made.root_ = parsed->second;
    for (const auto& [name, many] : variables) {
        const auto known = pattern.variables().find(name);
        if (known == pattern.variables().end() || known->second != many || name == "_")
            return Error{"pattern", "the pattern has no `" + std::string(many ? "$$$" : "$") + name + "`", "", 0, ""};
    }
    return made;
}

std::string Template::fill(const Captures& captures, const Node& place,
                           const std::function<std::string(const Node&)>& render) const {
    const std::string_view text = root_.text();
    std::string out;
    size_t copied = 0;
    syntax::walk(root_, [&](const Node& node) {
        std::string name;
        const bool many = isVariable(node, kMany, name);
        if (!many && !isVariable(node, kOne, name)) return true;
        size_t start = node.start() - root_.start(), end = node.end() - root_.start();
        const auto found = captures.find(name);
        std::string filled;
        if (found != captures.end()) {
            std::vector<std::string> parts;
            for (const Node& captured : found->second) {
                const std::string part = render(captured);
                parts.push_back(needsParentheses(captured, node.parent(), node) ? "(" + part + ")" : part);
            }
            filled = join(parts, ", ");
        }
        if (filled.empty() && many) {
            // Nothing stands there: nor does its comma.
            if (text.substr(end, 2) == ", ") end += 2;
            else if (start >= 2 && text.substr(start - 2, 2) == ", ") start -= 2;
        }
        if (start > copied) out += text.substr(copied, start - copied);
        out += filled;
        copied = end;
        return false;
    });
    out += text.substr(copied);
    return needsParentheses(root_, place.parent(), place) ? "(" + out + ")" : out;
}

std::string dottedNameOf(const semantic::Project& project, const semantic::Module& module, const Node& expression) {
    const semantic::Symbol& symbol = project.resolve(module, expression);
    switch (symbol.kind) {
    case semantic::Symbol::Kind::External: return symbol.name;
    case semantic::Symbol::Kind::Module: return symbol.module ? symbol.module->name : symbol.name;
    case semantic::Symbol::Kind::Variable:
    case semantic::Symbol::Kind::Function:
    case semantic::Symbol::Kind::Class:
        return symbol.module && !symbol.module->name.empty() ? symbol.module->name + "." + symbol.name : symbol.name;
    case semantic::Symbol::Kind::Unknown:
    case semantic::Symbol::Kind::Local: break;
    }
    return "";
}

std::string filledMessage(const std::string& message, const Captures& captures) {
    std::string out = message;
    for (auto entry = captures.rbegin(); entry != captures.rend(); ++entry) {
        std::vector<std::string> texts;
        for (const Node& node : entry->second) texts.emplace_back(node.text());
        out = replaceAll(std::move(out), "$$$" + entry->first, join(texts, ", "));
        out = replaceAll(std::move(out), "$" + entry->first, join(texts, ", "));
    }
    return out;
}

} // namespace covet::rules
