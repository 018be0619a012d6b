#include <algorithm>

#include "rules/legacy/dispatch_executor.h"
#include "rules/legacy/chain_conditions.h"
#include "rules/legacy/dispatch_shape.h"
#include "rules/legacy/return_forms.h"
#include "rules/signature_edits.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::legacy {
namespace {

using Kind = Sym::Kind;

bool isLogging(const std::string& callee) {
    return callee == "print" || startsWith(callee, "logging.") || startsWith(callee, "logger.") ||
           startsWith(callee, "log.") || startsWith(callee, "_logger.") || startsWith(callee, "LOGGER.") ||
           startsWith(callee, "traceback.print");
}

/// Functions of builtins and the library that change nothing.
bool isPure(const std::string& name) {
    static constexpr Words kNames = {
        "int", "str", "len", "float", "bool", "dict", "list", "tuple", "set", "zip", "enumerate", "range", "sorted",
        "repr", "type", "bytes", "min", "max", "sum", "any", "all", "iter", "next", "getattr", "hasattr", "reversed",
        "bytearray", "isinstance", "format", "map", "filter", "asdict", "dataclasses.asdict", "callable"};
    return kNames.count(name) || startsWith(name, "time.") || startsWith(name, "re.") || startsWith(name, "urllib.parse.") ||
           startsWith(name, "inspect.") || startsWith(name, "datetime.") || startsWith(name, "uuid.") ||
           startsWith(name, "json.") || startsWith(name, "functools.") || startsWith(name, "http.");
}

/// Methods of texts, lists and dicts.
bool isValueMethod(std::string_view name) {
    static constexpr Words kNames = {
        "endswith", "startswith", "strip", "lstrip", "rstrip", "split", "rsplit", "partition", "rpartition", "upper", "lower",
        "replace", "isdigit", "isnumeric", "isalpha", "isidentifier", "decode", "encode", "join", "format", "find", "index",
        "count", "get", "items", "keys", "values", "append", "extend", "pop", "removeprefix", "removesuffix", "title", "update",
        "group", "groups", "groupdict", "match", "fullmatch", "copy", "setdefault", "insert"};
    return kNames.count(name) > 0;
}

bool isHandlerName(const std::string& name) {
    static constexpr Words kNames = {"handler", "func", "endpoint", "fn", "callback", "function", "view", "call", "action", "target"};
    return kNames.count(name) > 0;
}

} // namespace

DispatchExecutor::Results DispatchExecutor::callHandler(const Node& node, HandlerCall call, State state) {
    call.node = node;
    state.path.edit().calls.push_back(call);
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
        Value made = exprSym(*frame.module, node, *state.env);
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
        state.path.edit().dropped.push_back(node);
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
                if (type && literalText((*type)->text, text) && text == "http.response.start") result.state.path.edit().starts.push_back(message);
                else if (type && text == "http.response.body") result.state.path.edit().bodies.push_back(message);
                else result.state.path.edit().unclear.push_back("message: " + std::string(node.text()));
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
            if (!pure || touchesRequest) result.state.path.edit().unclear.push_back("call: " + std::string(node.text()));
            Value made = exprSym(*frame.module, node, *result.state.env);
            append(just(std::move(result.state), made));
        }
    }
    return out;
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
            auto known = inner.is("identifier") ? state.env->find(std::string(inner.text())) : state.env->end();
            reads = reads || (known != state.env->end() && (known->second->is(Kind::Send) || known->second->is(Kind::Receive)));
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
                    const semantic::Symbol& symbol = project_.resolve(module, inner);
                    if (symbol.kind == semantic::Symbol::Kind::Variable || symbol.kind == semantic::Symbol::Kind::Function)
                        shaping = false;
                }
                return true;
            });
        reads = shaping;
    }
    if (!reads || frame.depth >= kMaxInline) {
        // What a function of the program returns is an answer, as that of a registered one is.
        Value made = exprSym(*frame.module, node, *state.env);
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
    if (function.isNested) env = *state.env;
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
    const CopyOnWrite<Env> saved = std::move(state.env);
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

} // namespace covet::rules::legacy
