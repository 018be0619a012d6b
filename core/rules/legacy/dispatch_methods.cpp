#include "rules/legacy/dispatch_executor.h"

#include <algorithm>

#include "rules/legacy/return_forms.h"
#include "support/strings.h"

namespace covet::rules::legacy {
namespace {

using Kind = Sym::Kind;

/// A pattern out of the table of routes, or a text that is made from one.
bool isOfRoute(const Value& value) {
    if (value->is(Kind::RouteKey)) return true;
    if (!value->is(Kind::Expr)) return false;
    return std::any_of(value->env.begin(), value->env.end(), [](const auto& part) { return isOfRoute(part.second); });
}

} // namespace

/// A method of the program's objects. What handlers return is taken for the one class that has it.
const Function* DispatchExecutor::methodOf(const Value& object, const std::string& name, const Module** home) const {
    if (object->is(Kind::Self) || object->is(Kind::Instance)) {
        const size_t colon = object->text.find(':');
        *home = project_.module(object->text.substr(0, colon));
        return *home ? (*home)->function(object->text.substr(colon + 1) + "." + name) : nullptr;
    }
    const Function* found = nullptr;
    for (const auto& module : project_.modules())
        for (const Function& function : module->functions) {
            if (function.isNested || function.className.empty() || function.name != name) continue;
            if (ownsRegistry(module->name + ":" + function.className)) continue;
            if (found) return nullptr;
            found = &function;
            *home = module.get();
        }
    return found;
}

/// What a method of a route object gives for a path: its parameters, or a match object.
Value DispatchExecutor::matched(const std::string& method) const {
    for (const auto& module : project_.modules())
        for (const Function& function : module->functions) {
            if (function.className.empty() || function.name != method) continue;
            bool params = true;
            for (const Node& statement : returnsOf(function.node.field("body")))
                syntax::walk(statement, [&](const Node& inner) {
                    if (inner.is("call") && inner.field("function").is("attribute")) {
                        const std::string_view called = inner.field("function").field("attribute").text();
                        params = params && called != "match" && called != "fullmatch";
                    }
                    return true;
                });
            return params ? sym(Kind::Params) : sym(Kind::RouteKey, "match");
        }
    return sym(Kind::RouteKey, "match");
}

bool DispatchExecutor::methodCall(const Frame& frame, const Node& node, const Value& object, const std::string& method,
                                  const std::vector<Value>& arguments, Value& out, State& state) {
    switch (object->kind) {
    case Kind::Registry:
        if (method == "get") {
            // `routes.get(method, {})` is a part of a nested table, `routes.get(key)` a function or None.
            const bool nested = arguments.size() == 2 && arguments[1]->is(Kind::Dict);
            const bool chained = node.parent().is("attribute");
            auto made = std::make_shared<Sym>();
            made->kind = nested || chained ? Kind::Registry : Kind::Handler;
            if (made->kind == Kind::Handler) made->text = "maybe";
            made->node = node;
            out = made;
            return true;
        }
        if (method == "items" || method == "values" || method == "keys") {
            out = sym(Kind::Registry, method);
            return true;
        }
        if (method == "copy") {
            out = object;
            return true;
        }
        return false;
    case Kind::Event:
    case Kind::Dict:
        if (object->is(Kind::Dict) && method == "items" && object->entries.empty()) {
            out = object;
            return true;
        }
        [[fallthrough]];
    case Kind::Scope:
    case Kind::Result:
        if (method == "get" && !arguments.empty()) {
            std::string key;
            if (object->is(Kind::Dict) && arguments[0]->is(Kind::Const) && literalText(arguments[0]->text, key) && !object->entry(key) && arguments.size() == 2) {
                out = arguments[1];
                return true;
            }
            out = partOf(frame, object, arguments[0], node, state);
            if (out->is(Kind::Item) && arguments.size() == 2) {
                auto made = std::make_shared<Sym>(*out);
                made->items.push_back(arguments[1]);
                out = made;
            }
            return true;
        }
        return false;
    case Kind::ScopeItem:
        if (object->text == "query_string" && method == "decode") {
            out = sym(Kind::QueryText);
            return true;
        }
        if (object->text == "method" && method == "upper") {
            out = object;
            return true;
        }
        if (object->text == "path" && method == "removeprefix" && arguments.size() == 1 && arguments[0]->is(Kind::Const)) {
            std::string prefix;
            if (literalText(arguments[0]->text, prefix)) {
                out = sym(Kind::PathTail, prefix);
                return true;
            }
        }
        return false;
    case Kind::Body:
        if (method == "decode") {
            auto made = std::make_shared<Sym>(*object);
            made->kind = Kind::BodyText;
            out = made;
            return true;
        }
        return false;
    case Kind::Json2Text:
        if (method == "encode") {
            out = sym(Kind::Encoded, object);
            return true;
        }
        return false;
    case Kind::Item:
        if (method == "encode") {
            out = sym(Kind::Encoded, object);
            return true;
        }
        if (method == "items") {
            out = object;
            return true;
        }
        return false;
    case Kind::Const: {
        std::string text;
        if (method == "join" && arguments.size() == 1 && arguments[0]->is(Kind::Chunks)) {
            out = sym(Kind::Body);
            return true;
        }
        if (method == "encode" && literalText(object->text, text)) {
            out = sym(Kind::Const, "b" + object->text);
            return true;
        }
        return false;
    }
    case Kind::RouteKey:
        if (method == "match" || method == "fullmatch" || method == "search") {
            // The match object of a pattern: what it gives by name are path parameters.
            out = sym(Kind::RouteKey, "match");
            return true;
        }
        if (method == "groupdict") {
            out = sym(Kind::Params);
            return true;
        }
        out = sym(Kind::RouteKey);
        return true;
    default: return false;
    }
}

Value DispatchExecutor::parsedJson(const Value& argument) const {
    auto made = std::make_shared<Sym>();
    made->kind = Kind::Json;
    if (!argument->items.empty()) {
        std::string text;
        if (literalText(argument->items[0]->text, text)) {
            const std::string_view bare = trim(text);
            if (!bare.empty()) made->items.push_back(bare == "null" ? sym(Kind::None) : sym(Kind::Const, std::string(bare)));
        }
    }
    return made;
}

bool DispatchExecutor::libraryCall(const Frame& frame, const Node& node, const std::string& name,
                                   const std::vector<Value>& arguments,
                                   const std::vector<std::pair<std::string, Value>>& keywords, Value& out, State& state) {
    (void)frame;
    if (name == "json.loads" && arguments.size() == 1 && (arguments[0]->is(Kind::Body) || arguments[0]->is(Kind::BodyText))) {
        out = parsedJson(arguments[0]);
        state.path.edit().parsed = out;
        return true;
    }
    if (name == "json.dumps" && !arguments.empty()) {
        std::string options;
        for (const auto& [key, value] : keywords) options += key + "=" + (value->text.empty() ? "?" : value->text) + ";";
        out = sym(Kind::Json2Text, arguments[0], options);
        return true;
    }
    if ((name == "urllib.parse.parse_qs" || name == "urllib.parse.parse_qsl") && !arguments.empty()) {
        const bool fromQuery = arguments[0]->is(Kind::QueryText) ||
                               (arguments[0]->is(Kind::ScopeItem) && arguments[0]->text == "query_string");
        if (!fromQuery) return false;
        bool blank = false;
        for (const auto& [key, value] : keywords) blank = blank || (key == "keep_blank_values" && value->is(Kind::True));
        auto made = std::make_shared<Sym>();
        made->kind = Kind::QueryLists;
        made->text = blank ? "blank" : "";
        if (endsWith(name, "qsl")) made->open = true; // pairs
        out = made;
        return true;
    }
    if (name == "dict" && arguments.size() == 1 && keywords.empty()) {
        if (arguments[0]->is(Kind::QueryLists) && arguments[0]->open) {
            out = sym(Kind::QueryLast, arguments[0]->text);
            return true;
        }
        if (arguments[0]->is(Kind::Params) || arguments[0]->is(Kind::Headers)) {
            out = arguments[0];
            return true;
        }
        return false;
    }
    if (name == "dict" && arguments.empty() && keywords.empty()) {
        out = sym(Kind::Dict);
        return true;
    }
    if (name == "types.SimpleNamespace" && arguments.empty()) {
        auto made = std::make_shared<Sym>();
        made->kind = Kind::Instance;
        made->text = ":";
        made->entries = keywords;
        out = made;
        return true;
    }
    if (name == "list" && arguments.size() == 1 && arguments[0]->is(Kind::Registry)) {
        out = arguments[0];
        return true;
    }
    if (name == "bytes" && arguments.size() == 1 && arguments[0]->is(Kind::Body)) {
        out = arguments[0];
        return true;
    }
    if (name == "str" && arguments.size() == 1 && arguments[0]->is(Kind::BodyText)) {
        out = arguments[0];
        return true;
    }
    if (name == "re.compile" && !arguments.empty() && isOfRoute(arguments[0])) {
        out = sym(Kind::RouteKey);
        return true;
    }
    if (name == "re.match" || name == "re.fullmatch") {
        if (arguments.size() == 2 && isOfRoute(arguments[0])) {
            out = sym(Kind::RouteKey, "match");
            return true;
        }
    }
    (void)node;
    (void)state;
    return false;
}

} // namespace covet::rules::legacy
