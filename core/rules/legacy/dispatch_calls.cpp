#include <algorithm>

#include "rules/legacy/dispatch_executor.h"
#include "rules/legacy/chain_conditions.h"
#include "rules/legacy/dispatch_shape.h"
#include "rules/legacy/return_forms.h"
#include "rules/signature_edits.h"
#include "support/strings.h"

namespace covet::rules::legacy {
namespace {

using Kind = Sym::Kind;
constexpr int kMaxInline = 6;

bool isLogging(const std::string& callee) {
    return callee == "print" || startsWith(callee, "logging.") || startsWith(callee, "logger.") ||
           startsWith(callee, "log.") || startsWith(callee, "_logger.") || startsWith(callee, "LOGGER.") ||
           startsWith(callee, "traceback.print");
}

/// Functions of builtins and the library that change nothing.
bool isPure(const std::string& name) {
    static const std::set<std::string> kNames = {
        "int", "str", "len", "float", "bool", "dict", "list", "tuple", "set", "zip", "enumerate", "range", "sorted",
        "repr", "type", "bytes", "min", "max", "sum", "any", "all", "iter", "next", "getattr", "hasattr", "reversed",
        "bytearray", "isinstance", "format", "map", "filter", "asdict", "dataclasses.asdict", "callable"};
    return kNames.count(name) || startsWith(name, "time.") || startsWith(name, "re.") || startsWith(name, "urllib.parse.") ||
           startsWith(name, "inspect.") || startsWith(name, "datetime.") || startsWith(name, "uuid.") ||
           startsWith(name, "json.") || startsWith(name, "functools.") || startsWith(name, "http.");
}

/// Methods of texts, lists and dicts.
bool isValueMethod(std::string_view name) {
    static const std::set<std::string_view> kNames = {
        "endswith", "startswith", "strip", "lstrip", "rstrip", "split", "rsplit", "partition", "rpartition", "upper", "lower",
        "replace", "isdigit", "isnumeric", "isalpha", "isidentifier", "decode", "encode", "join", "format", "find", "index",
        "count", "get", "items", "keys", "values", "append", "extend", "pop", "removeprefix", "removesuffix", "title", "update",
        "group", "groups", "groupdict", "match", "fullmatch", "copy", "setdefault", "insert"};
    return kNames.count(name) > 0;
}

/// A class whose constructor takes its annotated fields.
bool isRecordClass(const semantic::Class& type) {
    for (const std::string& base : type.bases)
        if (base == "NamedTuple" || base == "typing.NamedTuple") return true;
    const Node outer = type.node.parent();
    return outer.is("decorated_definition") && outer.text().substr(0, outer.text().find('\n')).find("dataclass") != std::string_view::npos;
}

bool isHandlerName(const std::string& name) {
    static const std::set<std::string> kNames = {"handler", "func", "endpoint", "fn", "callback", "function", "view", "call", "action", "target"};
    return kNames.count(name) > 0;
}

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

DispatchExecutor::Results DispatchExecutor::callHandler(const Node& node, HandlerCall call, State state) {
    call.node = node;
    state.path.calls.push_back(call);
    Results out;
    if (state.tries > 0) {
        Result failed{state, sym(Kind::Exception, "handler"), true};
        out.push_back(std::move(failed));
    }
    out.push_back({std::move(state), sym(Kind::Result), false});
    return out;
}

DispatchExecutor::Results DispatchExecutor::call(const Frame& frame, const Node& node, State state) {
    const Node callee = node.field("function");
    std::vector<Node> nodes;
    std::vector<std::string> names; // "" positional, "*", "**", or the keyword
    const Node list = node.field("arguments");
    if (list.is("generator_expression")) {
        Value made = exprSym(*frame.module, node, state.env);
        return just(std::move(state), made);
    }
    for (const Node& argument : list.namedChildren()) {
        if (argument.is("keyword_argument")) {
            names.emplace_back(argument.field("name").text());
            nodes.push_back(argument.field("value"));
        } else if (argument.is("list_splat") || argument.is("dictionary_splat")) {
            names.emplace_back(argument.is("list_splat") ? "*" : "**");
            nodes.push_back(argument.namedChild(0));
        } else {
            names.emplace_back();
            nodes.push_back(argument);
        }
    }
    const std::string calleeText(callee.text());
    if (isLogging(calleeText)) {
        state.path.dropped.push_back(node);
        return just(std::move(state), sym(Kind::None));
    }
    Results out;
    // The object of a method is evaluated once, the callee of anything else as it is.
    const Node evaluated = callee.is("attribute") ? callee.field("object") : callee;
    for (Result& base : eval(frame, evaluated, std::move(state))) {
        if (base.raised) {
            out.push_back(std::move(base));
            continue;
        }
        const Value object = base.value;
        std::vector<std::vector<Value>> values;
        Results results = evalAll(frame, nodes, std::move(base.state), values);
        for (size_t i = 0; i < results.size(); ++i) {
            Result& result = results[i];
            if (result.raised) {
                out.push_back(std::move(result));
                continue;
            }
            std::vector<Value> positional;
            std::vector<std::pair<std::string, Value>> keywords;
            Value spread;
            for (size_t k = 0; k < names.size(); ++k) {
                if (names[k].empty()) positional.push_back(values[i][k]);
                else if (names[k] == "**") spread = values[i][k];
                else if (names[k] == "*" && (values[i][k]->is(Kind::Tuple) || values[i][k]->is(Kind::List)))
                    positional.insert(positional.end(), values[i][k]->items.begin(), values[i][k]->items.end());
                else if (names[k] == "*") positional.push_back(sym(Kind::Unknown, "spread"));
                else keywords.emplace_back(names[k], values[i][k]);
            }
            auto append = [&](Results made) {
                for (Result& one : made) out.push_back(std::move(one));
            };
            if (!callee.is("attribute") && object->is(Kind::Send)) {
                const Value message = positional.empty() ? sym(Kind::Unknown) : positional[0];
                const Value* type = message->is(Kind::Dict) ? message->entry("type") : nullptr;
                std::string text;
                if (type && literalText((*type)->text, text) && text == "http.response.start") result.state.path.starts.push_back(message);
                else if (type && text == "http.response.body") result.state.path.bodies.push_back(message);
                else result.state.path.unclear.push_back("message: " + std::string(node.text()));
                append(just(std::move(result.state), sym(Kind::None)));
                continue;
            }
            if (!callee.is("attribute") && object->is(Kind::Receive)) {
                append(just(std::move(result.state), sym(Kind::Event)));
                continue;
            }
            if (!callee.is("attribute") && object->is(Kind::Handler)) {
                append(callHandler(node, {positional, keywords, spread, node}, std::move(result.state)));
                continue;
            }
            Value target = object;
            if (!callee.is("attribute") && (object->is(Kind::Result) || object->is(Kind::Instance))) {
                const Module* home = nullptr;
                if (const Function* function = methodOf(object, "__call__", &home)) {
                    append(callFunction(frame, *home, *function, node, positional, keywords, object, std::move(result.state)));
                    continue;
                }
            }
            if (callee.is("attribute")) {
                const std::string method(callee.field("attribute").text());
                Value made;
                if (object->is(Kind::Registry) && object->text == "record") {
                    if (isHandlerName(method)) append(callHandler(node, {positional, keywords, spread, node}, std::move(result.state)));
                    else append(just(std::move(result.state), matched(method)));
                    continue;
                }
                if (methodCall(frame, node, object, method, positional, made, result.state)) {
                    // json errors of a parser inside `try`
                    append(just(std::move(result.state), made));
                    continue;
                }
                if (object->is(Kind::Self) || object->is(Kind::Instance) || object->is(Kind::Result)) {
                    const Module* home = nullptr;
                    const Function* function = methodOf(object, method, &home);
                    if (function && !spread && (object->is(Kind::Self) || !function->decorated.is("decorated_definition"))) {
                        append(callFunction(frame, *home, *function, node, positional, keywords, object, std::move(result.state)));
                        continue;
                    }
                }
                Results whole = attribute(frame, callee, result.state);
                target = whole.size() == 1 && !whole[0].raised ? whole[0].value : sym(Kind::Unknown);
                if (target->is(Kind::Handler)) {
                    append(callHandler(node, {positional, keywords, spread, node}, std::move(result.state)));
                    continue;
                }
            }
            if (target->is(Kind::Function)) {
                const Function* function = target->module->function(target->text);
                if (function && !spread) {
                    append(callFunction(frame, *target->module, *function, node, positional, keywords, nullptr, std::move(result.state)));
                    continue;
                }
            }
            if (target->is(Kind::Class)) {
                append(construct(frame, target, node, positional, keywords, std::move(result.state)));
                continue;
            }
            if (target->is(Kind::External)) {
                if ((target->text == "asyncio.to_thread" || target->text == "anyio.to_thread.run_sync") && !positional.empty() &&
                    positional[0]->is(Kind::Handler)) {
                    positional.erase(positional.begin());
                    append(callHandler(node, {positional, keywords, spread, node}, std::move(result.state)));
                    continue;
                }
                Value made;
                const bool parses = target->text == "json.loads" && result.state.tries > 0;
                if (libraryCall(frame, node, target->text, positional, keywords, made, result.state)) {
                    if (parses) {
                        Result failed{result.state, sym(Kind::Exception, "json"), true};
                        out.push_back(std::move(failed));
                    }
                    append(just(std::move(result.state), made));
                    continue;
                }
            }
            bool pure = target->is(Kind::External) && isPure(target->text);
            if (callee.is("attribute") && object->is(Kind::Unknown) && !startsWith(object->text, "self."))
                pure = isValueMethod(callee.field("attribute").text());
            if (callee.is("attribute") && !object->is(Kind::External) && !object->is(Kind::Unknown) && !object->is(Kind::Self)) {
                // Methods of texts, dicts and parts of the request; not of the program's own objects.
                pure = pure || !object->is(Kind::Expr) || !object->env.empty() || object->node.is("call");
            }
            bool touchesRequest = false;
            for (const Value& value : positional) touchesRequest = touchesRequest || value->is(Kind::Handler);
            if (!pure || touchesRequest) result.state.path.unclear.push_back("call: " + std::string(node.text()));
            Value made = exprSym(*frame.module, node, result.state.env);
            append(just(std::move(result.state), made));
        }
    }
    return out;
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
        state.path.parsed = out;
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

DispatchExecutor::Results DispatchExecutor::callFunction(const Frame& frame, const Module& module, const Function& function,
                                                         const Node& node, const std::vector<Value>& positional,
                                                         const std::vector<std::pair<std::string, Value>>& keywords,
                                                         const Value& self, State state) {
    // Only what reads the request, the registries or answers is gone through; a function of the program
    // itself is a route of its own.
    bool dispatches = false;
    for (const Value& value : positional)
        dispatches = dispatches || value->is(Kind::Receive) || value->is(Kind::Send) || value->is(Kind::Scope) ||
                     (value->is(Kind::ScopeItem) && value->text == "path" && ChainConditions(function).any()) || value->is(Kind::Handler) || value->is(Kind::Result) || value->is(Kind::Item) || value->is(Kind::RouteKey);
    for (const auto& [key, value] : keywords)
        dispatches = dispatches || value->is(Kind::Send) || value->is(Kind::Handler) || value->is(Kind::Result);
    bool reads = dispatches || self;
    // A function inside of the callable that sends.
    if (function.isNested)
        syntax::walk(function.node.field("body"), [&](const Node& inner) {
            auto known = inner.is("identifier") ? state.env.find(std::string(inner.text())) : state.env.end();
            reads = reads || (known != state.env.end() && (known->second->is(Kind::Send) || known->second->is(Kind::Receive)));
            return !reads;
        });
    if (!reads)
        syntax::walk(function.node.field("body"), [&](const Node& inner) {
            if (inner.is("identifier") || inner.is("attribute")) {
                const std::string id = containerId(project_, module, inner);
                reads = reads || (!id.empty() && isRegistry(id));
            }
            return !reads;
        });
    if (!reads) {
        // A small helper that only shapes its arguments (`reply(value, status)`).
        const std::vector<Node> body = function.node.field("body").namedChildren();
        const Node last = body.empty() ? Node{} : body.back();
        bool shaping = body.size() <= 2 && (body.size() == 1 || body[0].is("expression_statement")) && last.is("return_statement") && last.namedChildCount() > 0 &&
                       (last.namedChild(0).is("dictionary") || last.namedChild(0).is("tuple") ||
                        last.namedChild(0).is("expression_list") || last.namedChild(0).is("call") ||
                        last.namedChild(0).is("dictionary_comprehension"));
        if (shaping)
            syntax::walk(function.node.field("body"), [&](const Node& inner) {
                if (inner.is("identifier") && !function.locals.count(std::string(inner.text()))) {
                    semantic::Symbol symbol = project_.resolve(module, inner);
                    if (symbol.kind == semantic::Symbol::Kind::Variable || symbol.kind == semantic::Symbol::Kind::Function)
                        shaping = false;
                }
                return true;
            });
        reads = shaping;
    }
    if (!reads || frame.depth >= kMaxInline) {
        // What a function of the program returns is an answer, as that of a registered one is.
        Value made = exprSym(*frame.module, node, state.env);
        auto result = std::make_shared<Sym>();
        result->kind = Kind::Result;
        result->items.push_back(made);
        result->items.insert(result->items.end(), positional.begin(), positional.end());
        result->entries = keywords;
        result->module = &module;
        result->env["function"] = sym(Kind::Const, function.qualified);
        Results out;
        if (state.tries > 0) {
            Result failed{state, sym(Kind::Exception, "handler"), true};
            out.push_back(std::move(failed));
        }
        out.push_back({std::move(state), result, false});
        return out;
    }
    inlined_.insert(&function);
    Env env;
    // A nested function sees the names around it.
    if (function.isNested) env = state.env;
    std::vector<std::string> names;
    std::vector<Node> parameters = function.node.field("parameters").namedChildren();
    size_t next = 0;
    for (size_t i = 0; i < parameters.size(); ++i) {
        const std::string name = parameterName(parameters[i]);
        if (i == 0 && self) {
            env[name] = self;
            continue;
        }
        if (parameters[i].is("list_splat_pattern") || parameters[i].is("dictionary_splat_pattern")) {
            env[name] = sym(Kind::Unknown, "spread");
            continue;
        }
        auto keyword = std::find_if(keywords.begin(), keywords.end(), [&](const auto& k) { return k.first == name; });
        if (keyword != keywords.end()) env[name] = keyword->second;
        else if (next < positional.size()) env[name] = positional[next++];
        else if (parameters[i].field("value")) {
            Results value = eval({&module, nullptr, 0}, parameters[i].field("value"), {});
            env[name] = value.size() == 1 ? value[0].value : sym(Kind::Unknown);
        }
    }
    Env saved;
    saved.swap(state.env);
    state.env = std::move(env);
    Results out;
    for (Flow& flow : block({&module, &function, frame.depth + 1}, function.node.field("body"), std::move(state))) {
        flow.state.env = saved;
        const bool raised = flow.how == How::Raise;
        out.push_back({std::move(flow.state), flow.how == How::Return || raised ? flow.value : sym(Kind::None), raised});
    }
    if (out.size() > 600) overflow_ = true;
    return out;
}

/// An instance of a dataclass or NamedTuple: its fields in order, with their defaults.
DispatchExecutor::Results DispatchExecutor::construct(const Frame& frame, const semantic::Class& type, const Value& made,
                                                      const std::vector<Value>& positional,
                                                      const std::vector<std::pair<std::string, Value>>& keywords, State state) {
    auto instance = std::make_shared<Sym>(*made);
    const Module& home = *project_.module(made->text.substr(0, made->text.find(':')));
    size_t next = 0;
    for (const Node& statement : type.node.field("body").namedChildren()) {
        const Node field = statement.is("expression_statement") ? statement.namedChild(0) : Node{};
        if (!field.is("assignment") || !field.field("type") || !field.field("left").is("identifier")) continue;
        const std::string name(field.field("left").text());
        auto keyword = std::find_if(keywords.begin(), keywords.end(), [&](const auto& k) { return k.first == name; });
        Value value = sym(Kind::Unknown, "field " + name);
        if (keyword != keywords.end()) value = keyword->second;
        else if (next < positional.size()) value = positional[next++];
        else if (const Node initial = field.field("right")) {
            const std::string factory(initial.is("call") ? initial.text() : "");
            Results results = eval({&home, nullptr, 0}, initial, {});
            if (factory == "field(default_factory=dict)") value = sym(Kind::Dict);
            else if (factory == "field(default_factory=list)") value = sym(Kind::List);
            else if (results.size() == 1 && !results[0].raised) value = results[0].value;
        }
        instance->entries.emplace_back(name, value);
    }
    return just(std::move(state), withMethods(frame, home, instance));
}

DispatchExecutor::Results DispatchExecutor::construct(const Frame& frame, const Value& type, const Node& node,
                                                      const std::vector<Value>& positional,
                                                      const std::vector<std::pair<std::string, Value>>& keywords, State state) {
    const Function* init = type->module->function(type->text + ".__init__");
    auto made = std::make_shared<Sym>();
    made->kind = Kind::Instance;
    made->text = type->module->name + ":" + type->text;
    const semantic::Class* definition = type->module->classNamed(type->text);
    if (!init && definition && isRecordClass(*definition))
        return construct(frame, *definition, made, positional, keywords, std::move(state));
    if (!init) {
        Value other = exprSym(*frame.module, node, state.env);
        return just(std::move(state), other);
    }
    std::vector<Node> parameters = init->node.field("parameters").namedChildren();
    Env env;
    size_t next = 0;
    for (size_t i = 0; i < parameters.size(); ++i) {
        const std::string name = parameterName(parameters[i]);
        auto keyword = std::find_if(keywords.begin(), keywords.end(), [&](const auto& k) { return k.first == name; });
        if (i == 0) env[name] = made;
        else if (keyword != keywords.end()) env[name] = keyword->second;
        else if (next < positional.size()) env[name] = positional[next++];
        else if (parameters[i].field("value")) {
            Results value = eval({type->module, nullptr, 0}, parameters[i].field("value"), {});
            env[name] = value.size() == 1 ? value[0].value : sym(Kind::Unknown);
        }
    }
    const std::string self = parameters.empty() ? "self" : parameterName(parameters[0]);
    inlined_.insert(init);
    Env saved;
    saved.swap(state.env);
    state.env = std::move(env);
    Results out;
    for (Flow& flow : block({type->module, init, frame.depth + 1}, init->node.field("body"), std::move(state))) {
        Value instance = flow.state.env[self];
        flow.state.env = saved;
        if (flow.how != How::Raise) instance = withMethods(frame, *type->module, instance);
        out.push_back({std::move(flow.state), instance, flow.how == How::Raise});
    }
    return out;
}

/// Adds what the methods without arguments and the properties of an instance return, where they do
/// nothing else: as entries "json()" and "json@". They are evaluated when they are asked for.
Value DispatchExecutor::withMethods(const Frame& frame, const Module& module, const Value& instance) {
    if (!instance->is(Kind::Instance)) return instance;
    auto made = std::make_shared<Sym>(*instance);
    const std::string className = instance->text.substr(instance->text.find(':') + 1);
    for (const Function& function : module.functions) {
        if (function.className != className || function.isNested || function.name == "__init__") continue;
        const std::vector<Node> parameters = function.node.field("parameters").namedChildren();
        if (parameters.size() != 1) continue;
        std::string key = function.name;
        if (function.decorated.is("decorated_definition")) {
            if (function.decorated.namedChildCount() != 2 || function.decorated.namedChild(0).text() != "@property") continue;
            key += "@";
        } else {
            key += "()";
        }
        State state;
        state.env[parameterName(parameters[0])] = made;
        Value whole;
        bool known = frame.depth < kMaxInline;
        for (Flow& flow : known ? block({&module, &function, frame.depth + 1}, function.node.field("body"), std::move(state)) : Flows{}) {
            if (flow.how == How::Raise && flow.value->is(Kind::Exception)) continue; // raised to the caller, as before
            known = known && flow.how == How::Return && flow.state.path.unclear.empty() && flow.state.path.calls.empty() &&
                    flow.state.path.starts.empty();
            for (const Condition& condition : flow.state.path.conditions)
                known = known && condition.kind == Condition::Kind::Truth && condition.subject && condition.subject->is(Kind::Body);
            if (known) whole = whole ? mergedValues(whole, flow.value) : flow.value;
            known = known && whole;
        }
        if (!known || !whole) continue;
        made->entries.emplace_back(key, whole);
    }
    return made;
}

} // namespace covet::rules::legacy
