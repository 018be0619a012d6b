#include "rules/legacy/symbols.h"

#include <functional>

#include "support/strings.h"

namespace covet::rules::legacy {

Value sym(Sym::Kind kind, std::string text) {
    auto made = std::make_shared<Sym>();
    made->kind = kind;
    made->text = std::move(text);
    return made;
}

Value sym(Sym::Kind kind, Value item, std::string text) {
    auto made = std::make_shared<Sym>();
    made->kind = kind;
    made->text = std::move(text);
    made->items.push_back(std::move(item));
    return made;
}

Value exprSym(const Module& module, const Node& node, const std::map<std::string, Value>& env) {
    auto made = std::make_shared<Sym>();
    made->kind = Sym::Kind::Expr;
    made->module = &module;
    made->node = node;
    syntax::walk(node, [&](const Node& inner) {
        if (inner.is("identifier")) {
            auto found = env.find(std::string(inner.text()));
            if (found != env.end()) made->env.insert(*found);
        }
        return true;
    });
    return made;
}

std::string signatureOf(const Value& value) {
    if (!value) return "-";
    std::string out = std::to_string(static_cast<int>(value->kind)) + "<" + value->text;
    if (value->is(Sym::Kind::Expr)) out += std::string(value->node.text());
    for (const Value& item : value->items) out += "," + signatureOf(item);
    for (const auto& [key, item] : value->entries) out += ";" + key + "=" + signatureOf(item);
    for (const auto& [key, item] : value->env) out += "|" + key + "=" + signatureOf(item);
    return out + ">";
}

bool literalText(const std::string& text, std::string& out) {
    size_t start = 0;
    while (start < text.size() && (text[start] == 'b' || text[start] == 'B' || text[start] == 'r' ||
                                   text[start] == 'R' || text[start] == 'u'))
        ++start;
    const bool raw = text.find_first_of("rR") < start;
    if (start >= text.size() || (text[start] != '"' && text[start] != '\'')) return false;
    const std::string quote(text.compare(start, 3, std::string(3, text[start])) == 0 ? 3 : 1, text[start]);
    if (text.size() < start + 2 * quote.size() || !endsWith(text, quote)) return false;
    const std::string inner = text.substr(start + quote.size(), text.size() - start - 2 * quote.size());
    out.clear();
    for (size_t i = 0; i < inner.size(); ++i) {
        if (inner[i] != '\\' || raw) {
            out += inner[i];
            continue;
        }
        if (++i >= inner.size()) return false;
        switch (inner[i]) {
        case 'n': out += '\n'; break;
        case 't': out += '\t'; break;
        case 'r': out += '\r'; break;
        case '\\':
        case '"':
        case '\'': out += inner[i]; break;
        default: return false;
        }
    }
    return true;
}

bool Condition::sameQuestion(const Condition& other) const {
    if (kind != other.kind || text != other.text) return false;
    if (kind == Kind::Opaque) return node == other.node;
    return signatureOf(subject) == signatureOf(other.subject);
}

} // namespace covet::rules::legacy
