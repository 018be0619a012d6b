#include <algorithm>
#include <set>

#include "facts/container_shape.h"
#include "facts/object_contents.h"
#include "facts/reference_context.h"
#include "facts/store_finder.h"
#include "facts/store_kind.h"
#include "semantic/module_index.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::facts {
namespace {

/// Expressions stored into the container anywhere in the project.
std::vector<std::pair<const Module*, Node>> storedValues(const FoundStore& store) {
    std::vector<std::pair<const Module*, Node>> values;
    for (const StoreReference& reference : store.references) {
        ReferenceContext context = contextOf(reference.node);
        // `routes[method][path] = handler`
        while (context.kind == UseKind::GetItem) {
            const ReferenceContext outer = contextOf(context.node);
            if (outer.kind == UseKind::Read || outer.node == context.node) break;
            context = outer;
        }
        if (context.kind == UseKind::Append || context.kind == UseKind::SetItem ||
            context.kind == UseKind::SetDefault)
            values.emplace_back(reference.module, context.value);
        else if (context.kind == UseKind::Insert)
            values.emplace_back(reference.module, context.value);
        // `routes.setdefault(path, {})[method] = handler`
        if (context.kind == UseKind::SetDefault && !(context.node == reference.node)) {
            const ReferenceContext outer = contextOf(context.node);
            if (outer.kind == UseKind::Append || outer.kind == UseKind::SetItem) values.emplace_back(reference.module, outer.value);
        }
    }
    Node initial = store.initialValue;
    if (initial.is("dictionary"))
        for (const Node& pair : initial.namedChildren())
            if (pair.is("pair")) values.emplace_back(store.module, pair.field("value"));
    if (initial.is("list"))
        for (const Node& item : initial.namedChildren()) values.emplace_back(store.module, item);
    return values;
}

/// What a decorator is applied to: the only parameter of a function that another returns, and that gives it back.
bool isGivenToDecorator(const Module& module, const Node& name) {
    const semantic::Function* function = name.is("identifier") ? module.enclosingFunction(name) : nullptr;
    if (!function || !function->isNested) return false;
    const std::vector<Node> parameters = function->node.field("parameters").namedChildren();
    const semantic::Function* outer = module.enclosingFunction(function->node);
    if (!outer || parameters.size() != 1 || semantic::parameterName(parameters[0]) != name.text()) return false;
    auto returns = [](const semantic::Function& which, std::string_view wanted) {
        bool found = false;
        syntax::walk(which.node.field("body"), [&](const Node& node) {
            found = found || (node.is("return_statement") && node.namedChild(0).text() == wanted);
            return !found && !node.is("function_definition");
        });
        return found;
    };
    return returns(*function, name.text()) && returns(*outer, function->name);
}

bool isFunctionValue(const Project& project, const Module& module, const Node& value, int calls = 3);

/// Whether the parameter of that name gets functions: `app.use(timing)`, `@app.before` for `def before(self, f)`.
bool isGivenFunctions(const Project& project, const Module& module, const Node& name, int calls) {
    if (calls == 0) return false;
    const semantic::Function* function = module.enclosingFunction(name);
    int position = -1;
    for (; function && position < 0; function = position < 0 ? module.enclosingFunction(function->node) : function) {
        int index = function->className.empty() ? 0 : -1;
        for (const Node& parameter : function->node.field("parameters").namedChildren()) {
            if (semantic::parameterName(parameter) == name.text()) position = index;
            ++index;
        }
        if (position >= 0) break;
    }
    if (!function || position < 0) return false;
    for (const auto& other : project.modules()) {
        if (position == 0)
            for (const semantic::Function& decorated : other->functions)
                for (const Node& decorator : decorated.decorated.namedChildren()) {
                    const Node given = decorator.is("decorator") ? decorator.namedChild(0) : Node();
                    if ((given.is("attribute") ? given.field("attribute").text() : given.text()) == function->name) return true;
                }
        if (position == 0)
            for (const semantic::Class& decorated : other->classes)
                for (const std::string& decorator : decorated.decorators)
                    if (decorator == function->name) return true;
        const auto found = other->calls.find(function->name);
        if (found == other->calls.end()) continue;
        for (const Node& call : found->second) {
            int index = 0;
            for (const Node& argument : call.field("arguments").namedChildren()) {
                const bool named = argument.is("keyword_argument");
                const bool same = named ? argument.field("name").text() == name.text() : index == position;
                ++index;
                if (same && isFunctionValue(project, *other, named ? argument.field("value") : argument, calls - 1)) return true;
            }
        }
    }
    return false;
}

bool isFunctionValue(const Project& project, const Module& module, const Node& value, int calls) {
    if (value.is("lambda")) return true;
    if (value.is("list") || value.is("tuple")) {
        for (const Node& item : value.namedChildren())
            if (isFunctionValue(project, module, item, calls)) return true;
        return false;
    }
    if (value.is("dictionary")) {
        for (const Node& pair : value.namedChildren())
            if (pair.is("pair") && isFunctionValue(project, module, pair.field("value"), calls)) return true;
        return false;
    }
    if (value.is("call")) {
        // `cls()`, of what a decorator is applied to
        const Node callee = value.field("function");
        if (callee.is("identifier") && project.resolve(module, callee).kind == semantic::Symbol::Kind::Local && isFunctionValue(project, module, callee, calls))
            return true;
        for (const Node& argument : value.field("arguments").namedChildren())
            if (argument.is("identifier") && isFunctionValue(project, module, argument, calls)) return true;
        return false;
    }
    if (!value.is("identifier") && !value.is("attribute")) return false;
    const semantic::Symbol& symbol = project.resolve(module, value);
    if (symbol.kind == semantic::Symbol::Kind::Function || symbol.kind == semantic::Symbol::Kind::Class)
        return true;
    if (symbol.kind != semantic::Symbol::Kind::Local) return false;
    if (isGivenToDecorator(module, value)) return true;
    static constexpr Words kNames = {"func",    "fn",       "f",    "handler", "callback",
                                                      "view",    "endpoint", "hook", "func_",   "method_handler",
                                                      "wrapper", "callable_", "middleware"};
    if (!kNames.count(value.text())) return value.is("identifier") && isGivenFunctions(project, module, value, calls);
    const semantic::Function* function = module.enclosingFunction(value);
    for (; function; function = module.enclosingFunction(function->node))
        for (const Node& parameter : function->node.field("parameters").namedChildren())
            if (parameter.text() == value.text() || parameter.namedChild(0).text() == value.text()) return true;
    return false;
}

bool mentionsRuntimeType(std::string_view text) {
    static constexpr Words kTypes = {
        "WebSocket",   "websocket", "Lock",    "RLock",  "Event",      "Thread",    "Task",      "socket",
        "Queue",       "Connection", "Process", "Future", "Semaphore",  "Timer",     "StreamWriter",
        "StreamReader", "Generator", "Logger", "Session", "SSLContext", "Condition", "Executor"};
    size_t start = text.find_last_of('.');
    return kTypes.count(start == std::string_view::npos ? text : text.substr(start + 1)) > 0;
}

/// A class of the project may be called Task or Event and be a record all the same.
bool isProjectClass(const Project& project, const Module& module, const std::string& name) {
    return project.resolveGlobal(module, name.substr(0, name.find('.'))).kind == semantic::Symbol::Kind::Class;
}

bool isRuntimeValue(const Project& project, const Module& module, const Node& value) {
    if (value.is("await")) return false;
    if (value.is("call")) {
        std::string_view callee = value.field("function").text();
        if (isProjectClass(project, module, std::string(callee))) return false;
        if (mentionsRuntimeType(callee) || endsWith(callee, "create_task") || endsWith(callee, "ensure_future"))
            return true;
        return false;
    }
    if (!value.is("identifier")) return false;
    std::string_view name = value.text();
    if (name == "websocket" || name == "ws" || name == "sock" || name == "writer" || name == "conn") return true;
    const semantic::Function* function = module.enclosingFunction(value);
    if (!function) return false;
    for (const Node& parameter : function->node.field("parameters").namedChildren())
        if (parameter.is("typed_parameter") && parameter.namedChild(0).text() == name)
            return mentionsRuntimeType(parameter.field("type").text()) &&
                   !isProjectClass(project, module, std::string(parameter.field("type").text()));
    bool runtime = false;
    syntax::walk(function->node.field("body"), [&](const Node& node) {
        if (node.is("assignment") && node.field("left").text() == name && node.field("right").is("call"))
            runtime = runtime || isRuntimeValue(project, module, node.field("right"));
        return !runtime;
    });
    return runtime;
}

/// `fields.String`, `fields.Nested(...)` of Flask-RESTful and its successors: how an answer is written, no data.
bool describesAnswer(const Project& project, const Module& module, const Node& value) {
    if (value.is("dictionary") || value.is("list")) {
        for (const Node& item : value.namedChildren())
            if (describesAnswer(project, module, item.is("pair") ? item.field("value") : item)) return true;
        return false;
    }
    const Node type = value.is("call") ? value.field("function") : value;
    if (!type.is("identifier") && !type.is("attribute")) return false;
    const semantic::Symbol& symbol = project.resolve(module, type);
    if (symbol.kind != semantic::Symbol::Kind::External) return false;
    for (const char* package : {"flask_restful.fields.", "flask_restx.fields.", "flask_restplus.fields."})
        if (startsWith(symbol.name, package)) return true;
    return false;
}

/// Whether what the container is made with, or what a statement of the module puts into it, describes answers.
bool describesAnswers(const Project& project, const FoundStore& store) {
    if (describesAnswer(project, *store.module, store.initialValue)) return true;
    for (const Node& statement : store.buildStatements)
        if (describesAnswer(project, *store.module, statement.namedChild(0).field("right"))) return true;
    return false;
}

/// Whether objects of a class keep data in containers that its `__init__` makes.
bool keepsContainers(const Project& project, const Module& module, const std::string& className, int bases = 5) {
    const semantic::Class* owner = module.classNamed(className);
    if (!owner || bases == 0 || isRecordClass(project, module, *owner)) return false;
    bool keeps = false;
    const semantic::Function* init = module.function(className + ".__init__");
    syntax::walk(init ? init->node.field("body") : Node(), [&](const Node& node) {
        if (!node.is("assignment") || !startsWith(node.field("left").text(), "self.")) return !keeps;
        const ContainerShape shape = shapeOfContainer(project, module, node.field("right"));
        // What an earlier phase has put there is a name of the module.
        const bool isGiven = node.field("right").is("identifier") && project.resolve(module, node.field("right")).kind == semantic::Symbol::Kind::Variable;
        keeps = keeps || isGiven || (shape.isContainer && shape.container != Container::Scalar);
        return !keeps;
    });
    for (const std::string& base : owner->bases) {
        const semantic::Symbol& symbol = project.resolveGlobal(module, base.substr(0, base.find('[')));
        keeps = keeps || (symbol.kind == semantic::Symbol::Kind::Class && symbol.module && keepsContainers(project, *symbol.module, symbol.name, bases - 1));
    }
    return keeps;
}

/// `UserStore()`, where nothing tells one such object from the next: it holds data, and is no record of any.
bool isServiceCall(const Project& project, const Module& module, const Node& value) {
    if (!value.is("call") || value.field("arguments").namedChildCount() > 0 || module.enclosingFunction(value)) return false;
    const semantic::Symbol& symbol = project.resolve(module, value.field("function"));
    return symbol.kind == semantic::Symbol::Kind::Class && symbol.module && keepsContainers(project, *symbol.module, symbol.name);
}

/// `STORES = {"users": UserStore(), "teams": TeamStore()}`, and nothing else gets into it. Two objects of one class are
/// records of it.
bool holdsServices(const Project& project, const FoundStore& store) {
    const std::vector<Node> parts = store.initialValue.namedChildren();
    if (!store.initialValue.isOneOf({"dictionary", "list", "tuple"}) || parts.empty() || !store.buildStatements.empty()) return false;
    // `STORES[kind].add(row)` changes the object, and not the container.
    for (const StoreReference& reference : store.references)
        if (isMutation(contextOf(reference.node))) return false;
    std::set<std::string> classes;
    return std::all_of(parts.begin(), parts.end(), [&](const Node& part) {
        const Node made = part.is("pair") ? part.field("value") : part;
        return isServiceCall(project, *store.module, made) && classes.insert(std::string(made.field("function").text())).second;
    });
}

} // namespace

bool isRegistry(const Project& project, const FoundStore& store) {
    if (store.fact.container == Container::Scalar) return false;
    if (holdsServices(project, store)) return true;
    for (const auto& [module, value] : storedValues(store))
        if (isFunctionValue(project, *module, value)) return true;
    // `dict(add=add_item, remove=remove_item)`
    if (store.initialValue.is("call"))
        for (const Node& argument : store.initialValue.field("arguments").namedChildren())
            if (argument.is("keyword_argument") && isFunctionValue(project, *store.module, argument.field("value"))) return true;
    if (describesAnswers(project, store)) return true;
    // `request_state["body"] = ...`: written by the code that receives requests, read by handlers.
    bool constantKeys = store.fact.container == Container::Dict && store.initialValue.namedChildCount() == 0;
    bool fromTransport = false;
    for (const StoreReference& reference : store.references) {
        ReferenceContext context = contextOf(reference.node);
        if (!(context.kind == UseKind::GetItem || context.kind == UseKind::SetItem ||
              context.kind == UseKind::Get) ||
            !context.key.is("string"))
            constantKeys = false;
        if (context.kind == UseKind::SetItem && reference.function)
            for (const Node& parameter : reference.function->node.field("parameters").namedChildren())
                fromTransport = fromTransport || parameter.text() == "scope" || parameter.text() == "receive" ||
                                parameter.text() == "environ" || parameter.text() == "reader";
    }
    return constantKeys && fromTransport;
}

std::string runtimeObjectReason(const Project& project, const FoundStore& store) {
    std::string names = store.elementAnnotation; // "List[WebSocket]", "WebSocket | None"
    std::replace_if(names.begin(), names.end(), [](char c) { return c == '|' || c == '[' || c == ']'; }, ',');
    for (const std::string& word : split(names, ','))
        if (mentionsRuntimeType(trim(word)) && !isProjectClass(project, *store.module, std::string(trim(word))))
            return "runtime-object";
    for (const auto& [module, value] : storedValues(store))
        if (isRuntimeValue(project, *module, value)) return "runtime-object";
    return "";
}

} // namespace covet::facts
