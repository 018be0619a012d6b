#include "rules/legacy/part_text.h"

#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::legacy {
namespace {

using Kind = Sym::Kind;

PartText plain(std::string text) { return {std::move(text), false, false, {}}; }
PartText ofRequest(std::string text) { return {std::move(text), false, true, {}}; }

void take(PartText& into, const PartText& part) {
    into.awaits = into.awaits || part.awaits;
    into.usesRequest = into.usesRequest || part.usesRequest;
    into.imports.insert(part.imports.begin(), part.imports.end());
}

std::string compact(std::string_view text) {
    std::string out;
    for (char c : text)
        if (c != ' ' && c != '\n' && c != '\t') out += c == '\'' ? '"' : c;
    return out;
}

/// Whether a node is the path of the request.
bool isPath(const Node& node, const Sym& expression) {
    if (node.is("identifier")) {
        auto found = expression.env.find(std::string(node.text()));
        return found != expression.env.end() && found->second->is(Kind::ScopeItem) && found->second->text == "path";
    }
    if (!node.is("subscript") || compact(node.field("subscript").text()) != "\"path\"") return false;
    auto found = expression.env.find(std::string(node.field("value").text()));
    return found != expression.env.end() && found->second->is(Kind::Scope);
}

/// What of the path behind a prefix something takes.
enum class Tail { None, Rest, LastPart };

/// All that follows the prefix, or the last part only: the same as long as no slash is in it.
Tail tailOf(const std::string& removed, const std::string& prefix) {
    if (removed.empty()) return endsWith(prefix, "/") ? Tail::LastPart : Tail::None;
    return removed == prefix ? Tail::Rest : Tail::None;
}

Tail tailOf(const Node& node, const Sym& expression, const std::string& prefix) {
    if (node.is("identifier")) {
        auto found = expression.env.find(std::string(node.text()));
        if (found == expression.env.end() || !found->second->is(Kind::PathTail)) return Tail::None;
        return tailOf(found->second->text, prefix);
    }
    if (node.is("subscript")) {
        const std::string key = compact(node.field("subscript").text());
        const Node value = node.field("value");
        if (isPath(value, expression)) {
            if (key == std::to_string(prefix.size()) + ":") return Tail::Rest;
            if (!startsWith(key, "len(\"") || !endsWith(key, "\"):")) return Tail::None;
            return key.substr(5, key.size() - 8) == prefix ? Tail::Rest : Tail::None;
        }
        if (!value.is("call") || !value.field("function").is("attribute")) return Tail::None;
        if (!isPath(value.field("function").field("object"), expression)) return Tail::None;
        const std::string call(value.field("function").field("attribute").text());
        const std::string arguments = compact(value.field("arguments").text());
        bool last = call == "rpartition" && arguments == "(\"/\")" && (key == "2" || key == "-1");
        if (call == "rsplit" && arguments == "(\"/\",1)") last = key == "1" || key == "-1";
        if ((call == "rsplit" || call == "split") && arguments == "(\"/\")") last = key == "-1";
        return last ? tailOf("", prefix) : Tail::None;
    }
    if (node.is("call") && node.field("function").is("attribute") &&
        node.field("function").field("attribute").text() == "removeprefix" &&
        isPath(node.field("function").field("object"), expression)) {
        std::string removed;
        if (!literalText(std::string(node.field("arguments").namedChild(0).text()), removed)) return Tail::None;
        return tailOf(removed, prefix);
    }
    return Tail::None;
}

std::string tailText(Tail tail, const std::string& name) {
    return tail == Tail::LastPart ? name + ".rsplit(\"/\", 1)[-1]" : name;
}

/// An expression with the names of the dispatcher replaced by what they stand for.
std::optional<PartText> substituted(const Sym& expression, const PartNames& names) {
    if (expression.module != names.module) return std::nullopt;
    PartText out;
    size_t position = expression.node.start();
    const std::string_view source = expression.node.tree()->text();
    bool failed = false;
    syntax::walk(expression.node, [&](const Node& node) {
        if (failed) return false;
        const Tail tail = names.pathTail.empty() ? Tail::None : tailOf(node, expression, names.pathPrefix);
        if (tail != Tail::None) {
            out.text += source.substr(position, node.start() - position);
            out.text += tailText(tail, names.pathTail);
            position = node.end();
            return false;
        }
        if (!node.is("identifier")) return true;
        const Node parent = node.parent();
        if (parent.is("attribute") && parent.field("attribute") == node) return true;
        if (parent.is("keyword_argument") && parent.field("name") == node) return true;
        auto found = expression.env.find(std::string(node.text()));
        if (found == expression.env.end()) return true;
        std::optional<PartText> part = partText(found->second, names);
        if (!part) {
            failed = true;
            return false;
        }
        out.text += source.substr(position, node.start() - position);
        out.text += bindsLooser(found->second, node) ? "(" + part->text + ")" : part->text;
        position = node.end();
        take(out, *part);
        return true;
    });
    if (failed) return std::nullopt;
    out.text += source.substr(position, expression.node.end() - position);
    return out;
}

std::optional<PartText> sequence(const std::vector<Value>& items, const char* open, const char* close,
                                 const PartNames& names) {
    PartText out;
    out.text = open;
    for (size_t i = 0; i < items.size(); ++i) {
        std::optional<PartText> part = partText(items[i], names);
        if (!part) return std::nullopt;
        take(out, *part);
        out.text += (i ? ", " : "") + part->text;
    }
    if (items.size() == 1 && *open == '(') out.text += ",";
    out.text += close;
    return out;
}

std::optional<PartText> jsonText(const Sym& value, const PartNames& names) {
    PartText out = ofRequest("");
    out.awaits = true;
    if (value.items.empty()) {
        out.text = "json.loads(await " + names.request + ".body())";
        out.imports.insert("json:");
        return out;
    }
    if (value.items[0]->is(Kind::None)) {
        out.text = "(await " + names.request + ".json())";
        return out;
    }
    std::optional<PartText> other = partText(value.items[0], names);
    if (!other) return std::nullopt;
    out.text = "(await " + names.request + ".json() if await " + names.request + ".body() else " + other->text + ")";
    return out;
}

} // namespace

bool bindsLooser(const Value& value, const Node& place) {
    static constexpr Words kLoose = {"conditional_expression", "boolean_operator", "comparison_operator",
                                     "binary_operator", "not_operator", "unary_operator", "lambda", "await",
                                     "named_expression"};
    static constexpr Words kApart = {"argument_list", "keyword_argument", "pair", "list", "tuple", "expression_list",
                                     "parenthesized_expression", "assignment", "return_statement", "interpolation",
                                     "expression_statement", "block"};
    if (!value->is(Kind::Expr) || !kLoose.count(value->node.typeName())) return false;
    const Node parent = place.parent();
    return !kApart.count(parent.typeName()) && !(parent.is("subscript") && !(parent.field("value") == place));
}

bool holdsPathTail(const Sym& expression, const std::string& prefix) {
    bool found = false;
    syntax::walk(expression.node, [&](const Node& node) {
        found = found || tailOf(node, expression, prefix) != Tail::None;
        return !found;
    });
    for (const auto& [name, value] : expression.env)
        found = found || (value->is(Kind::Expr) && holdsPathTail(*value, prefix));
    return found;
}

std::optional<PartText> partText(const Value& value, const PartNames& names) {
    const std::string& request = names.request;
    switch (value->kind) {
    case Kind::None: return plain("None");
    case Kind::True: return plain("True");
    case Kind::False: return plain("False");
    case Kind::Const: return plain(value->text);
    case Kind::Scope: return ofRequest(request + ".scope");
    case Kind::ScopeItem:
        if (value->text == "method") return ofRequest(request + ".method");
        return ofRequest(request + ".scope[" + pythonQuote(value->text) + "]");
    case Kind::Body:
        if (!value->items.empty()) return std::nullopt;
        return PartText{"(await " + request + ".body())", true, true, {}};
    case Kind::BodyText:
        if (!value->items.empty()) return std::nullopt;
        return PartText{"(await " + request + ".body()).decode()", true, true, {}};
    case Kind::Json: return jsonText(*value, names);
    case Kind::QueryText: return ofRequest(request + ".scope[\"query_string\"].decode()");
    case Kind::QueryFirst:
        if (value->text.empty()) return ofRequest(request + ".query_params");
        return PartText{"{k: v[0] for k, v in parse_qs(" + request +
                            ".scope[\"query_string\"].decode(), keep_blank_values=True).items()}",
                        false, true, {"urllib.parse:parse_qs"}};
    case Kind::QueryLists: {
        const std::string name = value->open ? "parse_qsl" : "parse_qs";
        return PartText{name + "(" + request + ".scope[\"query_string\"].decode()" +
                            (value->text.empty() ? ")" : ", keep_blank_values=True)"),
                        false, true, {"urllib.parse:" + name}};
    }
    case Kind::QueryLast:
        return PartText{"dict(parse_qsl(" + request + ".scope[\"query_string\"].decode()" +
                            (value->text.empty() ? "))" : ", keep_blank_values=True))"),
                        false, true, {"urllib.parse:parse_qsl"}};
    case Kind::Headers: return ofRequest("dict(" + request + ".headers)");
    case Kind::Params: return ofRequest("dict(" + request + ".path_params)");
    case Kind::Exception: return plain(names.exception);
    case Kind::PathTail: {
        const Tail tail = names.pathTail.empty() ? Tail::None : tailOf(value->text, names.pathPrefix);
        return tail == Tail::None ? std::nullopt : std::optional<PartText>(plain(tailText(tail, names.pathTail)));
    }
    case Kind::Tuple: return sequence(value->items, "(", ")", names);
    case Kind::List: return sequence(value->items, "[", "]", names);
    case Kind::Dict: {
        PartText out = plain("{");
        bool first = true;
        for (const auto& [key, entry] : value->entries) {
            std::optional<PartText> part = partText(entry, names);
            if (!part) return std::nullopt;
            take(out, *part);
            out.text += (first ? "" : ", ") + pythonQuote(key) + ": " + part->text;
            first = false;
        }
        out.text += "}";
        return out;
    }
    case Kind::External: return plain(value->text);
    case Kind::Function:
    case Kind::Class:
        if (value->module != names.module) return std::nullopt;
        return plain(value->text);
    case Kind::Result:
        if (value->items.empty()) return std::nullopt;
        return partText(value->items[0], names);
    case Kind::Expr: return substituted(*value, names);
    default: return std::nullopt;
    }
}

} // namespace covet::rules::legacy
