#include "rules/legacy/dispatch_executor.h"
#include "support/strings.h"

namespace covet::rules::legacy {
namespace {

using Kind = Sym::Kind;

/// Whether an expression is made of the names in `env` and library calls alone.
bool mentions(const std::map<std::string, Value>& env, Kind kind) {
    for (const auto& [name, value] : env)
        if (value->is(kind)) return true;
    return false;
}

/// Text without white space, for comparing spellings.
std::string compact(std::string_view text) {
    std::string out;
    for (char c : text)
        if (c != ' ' && c != '\n' && c != '\t') out += c == '\'' ? '"' : c;
    return out;
}

} // namespace

/// `base[key]` and `base.get(key)`.
Value DispatchExecutor::partOf(const Frame& frame, const Value& base, const Value& key, const Node& node,
                               const State& state) {
    std::string name;
    const bool named = key->is(Kind::Const) && literalText(key->text, name);
    const bool number = key->is(Kind::Const) && !key->text.empty() && key->text.find_first_not_of("-0123456789") == std::string::npos;
    switch (base->kind) {
    case Kind::Scope:
        if (!named) break;
        if (name == "query_string") return sym(Kind::ScopeItem, name);
        return sym(Kind::ScopeItem, name);
    case Kind::Event:
        if (named && name == "body") return sym(Kind::Body);
        return sym(Kind::Event);
    case Kind::Dict:
    case Kind::Instance:
        if (named)
            if (const Value* entry = base->entry(name)) return *entry;
        break;
    case Kind::Tuple:
    case Kind::List:
        if (number) {
            const long index = std::stol(key->text);
            const long size = static_cast<long>(base->items.size());
            const long at = index < 0 ? index + size : index;
            if (at >= 0 && at < size) return base->items[static_cast<size_t>(at)];
        }
        break;
    case Kind::Result:
        if (named || number) return sym(Kind::Item, base, named ? name : key->text);
        break;
    case Kind::RouteKey: return sym(Kind::RouteKey);
    default: break;
    }
    return exprSym(*frame.module, node, *state.env);
}

DispatchExecutor::Results DispatchExecutor::subscript(const Frame& frame, const Node& node, State state) {
    const std::vector<Node> keys = node.fields("subscript");
    Results out;
    for (Result& base : eval(frame, node.field("value"), std::move(state))) {
        if (base.raised) {
            out.push_back(std::move(base));
            continue;
        }
        if (base.value->is(Kind::Registry)) {
            if (base.value->text == "record" && keys.size() == 1) {
                // `entry["handler"]`, `entry[2]`
                std::string name(keys[0].text());
                std::string text;
                if (literalText(name, text)) name = text;
                const bool function = name.find("handler") != std::string::npos || name.find("func") != std::string::npos ||
                                      name == "fn" || name == "2" || name == "-1" || name == "endpoint" || name == "view" || name == "callback";
                base.value = sym(function ? Kind::Handler : Kind::RouteKey);
                out.push_back(std::move(base));
                continue;
            }
            // A key that was looked for before is there; an unchecked one may raise.
            bool checked = false;
            for (const Condition& known : base.state.path->conditions)
                checked = checked || (known.kind == Condition::Kind::Opaque && known.text == "registered" && known.positive);
            bool nested = node.parent().is("subscript");
            if (!checked && base.state.tries > 0 && !nested) {
                Result missing = base;
                missing.raised = true;
                missing.value = sym(Kind::Exception, "lookup");
                out.push_back(std::move(missing));
            }
            base.value = nested ? sym(Kind::Registry) : sym(Kind::Handler);
            out.push_back(std::move(base));
            continue;
        }
        if (keys.size() != 1 || keys[0].is("slice")) {
            // `path[len("/users/"):]`
            Value made = exprSym(*frame.module, node, *base.state.env);
            if (base.value->is(Kind::ScopeItem) && base.value->text == "path" && keys.size() == 1) {
                const std::string text = compact(keys[0].text());
                if (startsWith(text, "len(\"") && endsWith(text, "\"):"))
                    made = sym(Kind::PathTail, text.substr(5, text.size() - 8));
            }
            base.value = made;
            out.push_back(std::move(base));
            continue;
        }
        for (Result& key : eval(frame, keys[0], std::move(base.state))) {
            if (!key.raised) {
                Value whole = partOf(frame, base.value, key.value, node, key.state);
                // `path.rsplit("/", 1)[1]`, `path.split("/")[-1]`
                const std::string text = compact(node.text());
                if (mentions(*key.state.env, Kind::ScopeItem) && node.field("value").is("call")) {
                    const Node callee = node.field("value").field("function");
                    Results object = callee.is("attribute") ? eval(frame, callee.field("object"), key.state) : Results{};
                    const bool onPath = object.size() == 1 && object[0].value->is(Kind::ScopeItem) && object[0].value->text == "path";
                    const bool last = endsWith(text, "rsplit(\"/\",1)[1]") || endsWith(text, "rsplit(\"/\",1)[-1]") ||
                                      endsWith(text, "rsplit(\"/\")[-1]") || endsWith(text, ".split(\"/\")[-1]") ||
                                      endsWith(text, "rpartition(\"/\")[2]") || endsWith(text, "rpartition(\"/\")[-1]");
                    if (onPath && last) whole = sym(Kind::PathTail);
                }
                key.value = whole;
            }
            out.push_back(std::move(key));
        }
    }
    return out;
}

DispatchExecutor::Results DispatchExecutor::dictionary(const Frame& frame, const Node& node, State state) {
    std::vector<Node> values;
    std::vector<std::string> names;
    bool open = false;
    for (const Node& pair : node.namedChildren()) {
        std::string name;
        if (!pair.is("pair") || !literalText(std::string(pair.field("key").text()), name)) {
            open = true;
            continue;
        }
        names.push_back(name);
        values.push_back(pair.field("value"));
    }
    if (open) {
        Value made = exprSym(*frame.module, node, *state.env);
        return just(std::move(state), made);
    }
    std::vector<std::vector<Value>> evaluated;
    Results results = evalAll(frame, values, std::move(state), evaluated);
    for (size_t i = 0; i < results.size(); ++i) {
        if (results[i].raised) continue;
        auto made = std::make_shared<Sym>();
        made->kind = Kind::Dict;
        made->module = frame.module;
        made->node = node;
        for (size_t k = 0; k < names.size(); ++k) made->entries.emplace_back(names[k], evaluated[i][k]);
        results[i].value = made;
    }
    return results;
}

DispatchExecutor::Results DispatchExecutor::comprehension(const Frame& frame, const Node& node, State state) {
    const std::string text = compact(node.text());
    Node source;
    for (const Node& child : node.namedChildren())
        if (child.is("for_in_clause") && source.isNull()) source = child.field("right");
    Results results;
    for (Result& result : eval(frame, source, state)) {
        if (result.raised) {
            results.push_back(std::move(result));
            continue;
        }
        Value made = exprSym(*frame.module, node, *state.env);
        Node base = source;
        Value of = result.value;
        if (base.is("call") && base.field("function").is("attribute") && base.field("function").field("attribute").text() == "items") {
            Results inner = eval(frame, base.field("function").field("object"), state);
            if (inner.size() == 1 && !inner[0].raised) of = inner[0].value;
        }
        const Node body = node.field("body");
        if (node.is("dictionary_comprehension")) {
            const std::string value = compact(body.field("value").text());
            const std::string key = compact(body.field("key").text());
            if (of->is(Kind::QueryLists) && endsWith(value, "[0]")) made = sym(Kind::QueryFirst, of->text);
            else if (of->is(Kind::QueryLists) && endsWith(value, "[-1]")) made = sym(Kind::QueryLast, of->text);
            else if (of->is(Kind::ScopeItem) && of->text == "headers" && key.find("decode") != std::string::npos &&
                     value.find("decode") != std::string::npos)
                made = sym(Kind::Headers);
            else if (mentions(*state.env, Kind::RouteKey)) made = sym(Kind::Params);
        } else if (of->is(Kind::Dict) && !of->entries.empty() && text.find("encode") != std::string::npos) {
            auto pairs = std::make_shared<Sym>();
            pairs->kind = Kind::List;
            for (const auto& [name, value] : of->entries) {
                auto pair = std::make_shared<Sym>();
                pair->kind = Kind::Tuple;
                pair->items = {sym(Kind::Const, pythonQuote(name)), value};
                pairs->items.push_back(pair);
            }
            made = pairs;
        } else if (of->is(Kind::Item) && (text.find("encode") != std::string::npos)) {
            made = sym(Kind::Header, of);
        }
        result.value = made;
        results.push_back(std::move(result));
    }
    return results;
}

} // namespace covet::rules::legacy
