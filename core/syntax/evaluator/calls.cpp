#include <algorithm>

#include "syntax/counting_generator.h"
#include "syntax/evaluator/interpreter.h"
#include "syntax/evaluator/temporal.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::syntax::eval {

bool isApplicationClass(std::string_view name) {
    static constexpr Words kClasses = {
        "flask.Flask",          "flask.app.Flask", "flask.Blueprint", "fastapi.FastAPI", "fastapi.applications.FastAPI",
        "fastapi.APIRouter", "starlette.applications.Starlette", "quart.Quart", "sanic.Sanic", "bottle.Bottle"};
    return kClasses.count(name) > 0;
}

bool isHarmless(std::string_view name) {
    static constexpr Words kLast = {
        "debug", "info", "warning", "error", "exception", "log", "critical", "print", "Depends", "include_router",
        "add_middleware", "mount", "register_blueprint", "getLogger", "basicConfig", "pprint", "pformat", "format", "wraps",
        "Query", "Path", "Body", "Header", "TypeVar", "getenv", "connect", "dumps", "perf_counter", "time", "sleep",
        "add_api_route",
        // What an earlier phase has put behind an application runs when a request comes.
        "serve_handler", "serve_wsgi", "serve_asgi"};
    const size_t dot = name.rfind('.');
    return kLast.count(dot == name.npos ? name : name.substr(dot + 1)) != 0;
}

/// Functions whose result is made of the elements that they are given, or is one of them.
bool gathers(std::string_view name) {
    static constexpr Words kNames = {"next", "max",  "min", "sorted",    "list", "tuple", "reversed",
                                     "map",  "dict", "zip", "enumerate", "iter", "set",   "filter"};
    return startsWith(name, "builtins.") && kNames.count(name.substr(9)) > 0;
}

bool Interpreter::evaluateArguments(const Node& list, Frame& frame, Arguments& out) {
    if (list.is("generator_expression")) {
        out.positional.push_back(evaluate(list, frame));
        return !failed();
    }
    for (const Node& argument : list.namedChildren()) {
        if (argument.is("keyword_argument")) {
            out.keywords.emplace_back(std::string(argument.field("name").text()),
                                      evaluate(argument.field("value"), frame));
        } else if (argument.is("list_splat")) {
            const Ref spread = evaluate(argument.namedChild(0), frame);
            if (!failed() && !iterate(spread, out.positional)) out.unknown = true;
        } else if (argument.is("dictionary_splat")) {
            const Ref spread = evaluate(argument.namedChild(0), frame);
            if (failed()) return false;
            if (!spread.box || spread.box->kind != Box::Kind::Dict || !spread.box->taint.empty()) {
                out.unknown = true;
                continue;
            }
            for (const Box::Entry& entry : spread.box->entries) {
                if (entry.dead) continue;
                if (entry.key.isStr())
                    out.keywords.emplace_back(entry.key.value.text(), entry.value);
                else
                    out.unknown = true;
            }
        } else {
            out.positional.push_back(evaluate(argument, frame));
        }
        if (failed()) return false;
    }
    return true;
}

Ref Interpreter::evaluateCall(const Node& node, Frame& frame) {
    const Node target = node.field("function");
    const Ref callee = evaluate(target, frame);
    if (failed()) return {};
    if (callee.box && callee.box->kind == Box::Kind::External) {
        if (callee.box->name == "builtins.super") {
            Frame* at = &frame;
            while (at && !at->owner)
                at = at->parent;
            if (!at) return opaque(node);
            Box* made = make(Box::Kind::External, "super");
            made->self = at->self;
            made->type = at->owner;
            return made;
        }
        // A default_factory's lambda or a field() is looked at by the class it stands in.
        if (callee.box->name == "builtins.print") return Ref();
    }
    Arguments arguments;
    if (!evaluateArguments(node.field("arguments"), frame, arguments)) return {};
    return call(callee, arguments, node);
}

Ref Interpreter::call(const Ref& callee, Arguments& arguments, const Node& node) {
    if (!callee.box) return raise("TypeError", "not callable");
    Box& box = *callee.box;
    if (arguments.unknown && box.kind != Box::Kind::External)
        return callUnknown(callee, arguments, node);
    switch (box.kind) {
    case Box::Kind::Function:
        return callFunction(box, arguments, nullptr, node);
    case Box::Kind::Bound:
        if (box.function) return callFunction(*box.function, arguments, &box.self, node);
        return callMethod(box, arguments, node);
    case Box::Kind::Class:
        return instantiate(box, arguments, node);
    case Box::Kind::External: {
        // `super().__new__(cls)`
        if ((box.name == "super.__new__" || box.name == "builtins.object.__new__") && !arguments.positional.empty() &&
            arguments.positional[0].box && arguments.positional[0].box->kind == Box::Kind::Class)
            return newObject(*arguments.positional[0].box);
        Ref made = arguments.unknown ? callUnknown(callee, arguments, node) : callExternal(box.name, arguments, node);
        if (isOpaque(made)) made.box->isApplication = isApplicationClass(box.name);
        if (isOpaque(made) && gathers(box.name)) // what it gives may be an element of what it was given
            for (const Ref& argument : arguments.positional) made.box->items.push_back(argument);
        return made;
    }
    case Box::Kind::Instance:
        if (const Ref* method = box.type ? classAttribute(*box.type, "__call__") : nullptr;
            method && method->box && method->box->kind == Box::Kind::Function)
            return callFunction(*method->box, arguments, &callee, node);
        return callUnknown(callee, arguments, node);
    default:
        return callUnknown(callee, arguments, node);
    }
}

/// `app.add_url_rule("/x", view_func=recipes.index)`: an application runs it when a request comes.
bool registers(const Ref& callee) {
    static constexpr Words kNames = {
        "add_url_rule", "add_api_route", "add_route", "add_api_websocket_route", "register_blueprint", "include_router", "register_error_handler",
        "add_exception_handler", "before_request", "after_request", "teardown_request", "teardown_appcontext"};
    if (!callee.box || !callee.box->isApplication) return false;
    const std::string_view name = callee.box->name;
    return kNames.count(name.substr(name.rfind('.') + 1)) > 0;
}

/// `ItemsApi.as_view("items")`, `api.add_resource(ItemsApi, "/items")`: the class is called when a request comes.
bool makesView(std::string_view name, const Ref& owner) {
    if (!owner.box || owner.box->kind != Box::Kind::Class) return false;
    const std::string_view last = name.substr(name.rfind('.') + 1);
    return last == "as_view" || last == "add_resource" || last == "add_url_rule";
}

Ref Interpreter::callUnknown(const Ref& callee, Arguments& arguments, const Node& node) {
    const std::string name = callee.box ? callee.box->name : "";
    if (isOpaque(callee) && isOpaque(callee.box->self) && callee.box->self.box->isUnique && (endsWith(name, ".upper") || endsWith(name, ".lower")))
        return uniquePart(callee.box->self, name.substr(name.rfind('.')) + "()", node);
    Ref result = opaque(node);
    if (readOnly || isHarmless(name) || registers(callee)) return result;
    const std::string reason = "passed to `" + std::string(node.field("function").text()) +
                               "` (line " + std::to_string(node.line()) + ")";
    const size_t dot = name.rfind('.');
    const char first = name.empty() ? ' ' : name[dot == name.npos ? 0 : dot + 1];
    const bool constructs = first >= 'A' && first <= 'Z';
    const auto give = [&](const Ref& argument) {
        if (!argument.box || makesView(name, argument)) return;
        if (constructs)
            result.box->items.push_back(argument);
        else
            taint(argument, reason);
    };
    for (const Ref& argument : arguments.positional)
        give(argument);
    for (const auto& [keyword, argument] : arguments.keywords)
        give(argument);
    if (callee.box && callee.box->kind == Box::Kind::Opaque) {
        for (const Ref& held : callee.box->items)
            taint(held, reason);
        taint(callee.box->self, reason);
    }
    if (callee.box && callee.box->kind == Box::Kind::Bound && !makesView(name, callee.box->self))
        taint(callee.box->self, reason);
    return result;
}

bool Interpreter::bindParameters(Box& function, Arguments& arguments, const Ref* self,
                                 Frame& frame) {
    std::vector<Ref> positional;
    if (self) positional.push_back(*self);
    positional.insert(positional.end(), arguments.positional.begin(), arguments.positional.end());
    std::vector<bool> used(arguments.keywords.size(), false);
    size_t next = 0;
    bool keywordOnly = false;
    Node rest;
    for (const Node& parameter : function.node.field("parameters").namedChildren()) {
        const syntax::NodeType type = parameter.type();
        if (type == "keyword_separator") {
            keywordOnly = true;
            continue;
        }
        if (type == "positional_separator") continue;
        Node name = parameter;
        if (type == "default_parameter" || type == "typed_default_parameter")
            name = parameter.field("name");
        else if (type == "typed_parameter")
            name = parameter.namedChild(0);
        if (name.is("list_splat_pattern")) {
            std::vector<Ref> extra;
            while (next < positional.size())
                extra.push_back(positional[next++]);
            if (name.namedChildCount() > 0)
                frame.variables[std::string(name.namedChild(0).text())] =
                    makeList(std::move(extra), Box::Kind::Tuple);
            keywordOnly = true;
            continue;
        }
        if (name.is("dictionary_splat_pattern")) {
            rest = name.namedChild(0);
            continue;
        }
        const std::string key(name.text());
        if (!keywordOnly && next < positional.size()) {
            frame.variables[key] = positional[next++];
            continue;
        }
        bool found = false;
        for (size_t i = 0; i < arguments.keywords.size(); ++i) {
            if (arguments.keywords[i].first != key) continue;
            frame.variables[key] = arguments.keywords[i].second;
            used[i] = found = true;
        }
        if (found) continue;
        auto standard = function.attributes.find("default:" + key);
        if (standard == function.attributes.end()) {
            if (function.node.is("lambda") || !parameter.field("value")) return false;
            return false;
        }
        frame.variables[key] = standard->second;
    }
    if (next < positional.size()) return false;
    Box* extra = rest ? make(Box::Kind::Dict) : nullptr;
    for (size_t i = 0; i < used.size(); ++i) {
        if (used[i]) continue;
        if (!extra) return false;
        extra->assign(Value::string(arguments.keywords[i].first), arguments.keywords[i].second);
    }
    if (extra) frame.variables[std::string(rest.text())] = extra;
    return true;
}

Ref Interpreter::callFunction(Box& function, Arguments& arguments, const Ref* self,
                              const Node& node) {
    if (readOnly && function.name != "<lambda>" && function.name != "__init__" &&
        function.name != "__post_init__")
        return opaque(node);
    if (calls_ >= limits_.callDepth) return callUnknown(Ref(&function), arguments, node);
    if (const auto counting = countingGenerator(function.node)) {
        Box* counter = make(Box::Kind::Iterator, "count");
        counter->items = {Value::integer(counting->start), Value::integer(counting->step)};
        return counter;
    }
    Frame* frame = makeFrame(function.frame, function.module);
    frame->owner = function.type;
    frame->function = function.node;
    if (self) frame->self = *self;
    if (!bindParameters(function, arguments, self, *frame)) return raise("TypeError", "arguments");
    const bool isAsync = function.node.childCount() > 0 && function.node.child(0).is("async");
    if (isAsync) {
        Box* coroutine = make(Box::Kind::Coroutine, function.name);
        coroutine->function = &function;
        coroutine->frame = frame;
        return coroutine;
    }
    if (!function.node.is("lambda") && generates(function.node.field("body"))) return makeGenerator(function, *frame);
    Box pending;
    pending.function = &function;
    pending.frame = frame;
    return runCoroutine(pending, node);
}

Ref Interpreter::runCoroutine(Box& coroutine, const Node& node) {
    Box& function = *coroutine.function;
    Frame& frame = *coroutine.frame;
    const Node body = function.node.field("body");
    ++calls_;
    const unsigned outerDepth = depth_;
    depth_ = 0;
    Ref result;
    if (function.node.is("lambda")) {
        result = evaluate(body, frame);
    } else {
        const Flow flow = runBlock(body, frame);
        if (flow == Flow::Return) {
            flow_ = Flow::Normal;
            result = returned_;
        }
    }
    depth_ = outerDepth;
    --calls_;
    if (flow_ == Flow::Stuck && !exhausted()) {
        // Everything the function touches is unknown now, the caller goes on.
        flow_ = Flow::Normal;
        distrust(body, frame, stuck_);
        for (const auto& [name, value] : frame.variables)
            taint(value, stuck_);
        return opaque(node);
    }
    return result;
}

void Interpreter::defineFunction(const Node& node, const std::vector<Node>& decorators,
                                 Frame& frame) {
    const std::string name(node.field("name").text());
    Box* function = make(Box::Kind::Function, name);
    function->node = node;
    function->module = frame.module;
    Frame* closure = &frame;
    while (closure && closure->isClass)
        closure = closure->parent;
    function->frame = closure == frame.module->frame ? nullptr : closure;
    for (const Node& parameter : node.field("parameters").namedChildren()) {
        const Node value = parameter.field("value");
        if (value.isNull()) continue;
        function->attributes["default:" + std::string(parameter.field("name").text())] =
            evaluate(value, frame);
        if (failed()) return;
    }
    bind(name, applyDecorators(function, decorators, frame), frame);
}

Ref Interpreter::applyDecorators(Ref object, const std::vector<Node>& decorators, Frame& frame) {
    for (size_t i = decorators.size(); i-- > 0;) {
        const Node expression = decorators[i].namedChild(0);
        const Ref decorator = evaluate(expression, frame);
        if (failed()) return object;
        if (!decorator.box) continue;
        const std::string& name = decorator.box->name;
        if (decorator.box->kind == Box::Kind::External) {
            // property, staticmethod and classmethod change how the attribute is found.
            if (name == "builtins.property" || name == "builtins.staticmethod" ||
                name == "builtins.classmethod" || name == "functools.cached_property")
                object.box->taint = name;
            continue;
        }
        if (decorator.box->kind != Box::Kind::Function && decorator.box->kind != Box::Kind::Bound)
            continue;
        if (decorator.box->kind == Box::Kind::Bound && !decorator.box->function) continue;
        Arguments arguments;
        arguments.positional.push_back(object);
        const Ref replaced = call(decorator, arguments, decorators[i]);
        if (failed()) return object;
        if (replaced.box && replaced.box->kind == Box::Kind::Function && replaced.box != object.box)
            object = replaced;
    }
    return object;
}

} // namespace covet::syntax::eval
