// Functions that wait for a session, and everything that calls them: each call has to be awaited.

#include <algorithm>

#include "facts/object_class.h"
#include "facts/reference_context.h"
#include "rules/blocking_calls.h"
#include "rules/frameworks/router_graph.h"
#include "rules/sessions/session_uses.h"
#include "support/strings.h"

namespace covet::rules::sessions {
namespace {

using semantic::Symbol;

bool yields(const Function& function) {
    bool found = false;
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (node.isOneOf({"function_definition", "lambda"})) return false;
        found = found || node.is("yield");
        return !found;
    });
    return found;
}

/// Names that containers, queries and other objects have as well.
bool isCommonName(std::string_view name) {
    static const std::set<std::string_view> kNames = {
        "get", "add", "update", "delete", "remove", "all", "list", "first", "filter", "count", "create", "pop", "clear",
        "insert", "append", "save", "find", "exists", "items", "values", "keys", "copy", "index", "read", "write", "close",
        "commit", "refresh", "execute", "query", "scalar", "scalars", "flush", "rollback", "login", "register", "put",
        "post", "patch", "join", "split", "format", "set", "load", "run", "send", "search"};
    return kNames.count(name) > 0;
}

bool isDepends(const Node& call) {
    const std::string_view name = call.field("function").text();
    return endsWith(name, "Depends") || endsWith(name, "Security");
}

/// The class that an annotation, or what a function returns, names first.
template <typename Resolve> std::string firstClass(const Node& expression, Resolve&& resolve) {
    std::string found;
    syntax::walk(expression, [&](const Node& node) {
        if (!found.empty() || !node.isOneOf({"identifier", "attribute"})) return found.empty();
        found = resolve(node);
        return found.empty() && !node.is("attribute");
    });
    return found;
}

} // namespace

const Module* SessionUses::moduleOf(const Function& function) const { return definingModule(project_, function); }

std::string SessionUses::classId(const Module& module, const std::string& name) const {
    return module.classNamed(name) ? module.name + ":" + name : "";
}

std::string SessionUses::baseOf(const std::string& id) const {
    const size_t colon = id.rfind(':');
    const Module* module = colon == std::string::npos ? nullptr : project_.module(id.substr(0, colon));
    const semantic::Class* known = module ? module->classNamed(id.substr(colon + 1)) : nullptr;
    if (!known) return "";
    for (Node base : known->node.field("superclasses").namedChildren()) {
        if (base.is("subscript")) base = base.field("value");
        const Symbol symbol = project_.resolve(*module, base);
        if (symbol.kind == Symbol::Kind::Class && symbol.module) return symbol.module->name + ":" + symbol.name;
    }
    return "";
}

bool SessionUses::isRelated(const std::string& one, const std::string& other) const {
    auto isBelow = [&](std::string id, const std::string& above) {
        for (int step = 0; step < 20 && !id.empty(); ++step, id = baseOf(id))
            if (id == above) return true;
        return false;
    };
    return isBelow(one, other) || isBelow(other, one);
}

/// The class of an object, as far as the code around it says.
std::string SessionUses::classOf(const Module& module, const Node& object) const {
    auto resolved = [&](const Module& at, const Node& node) -> std::string {
        const Symbol symbol = project_.resolve(at, node);
        return symbol.kind == Symbol::Kind::Class && symbol.module ? symbol.module->name + ":" + symbol.name : "";
    };
    auto ofType = [&](const Module& at, const Node& type) {
        return firstClass(type, [&](const Node& node) -> std::string {
            if (std::string id = resolved(at, node); !id.empty()) return id;
            const Symbol symbol = project_.resolve(at, node);
            if (symbol.kind != Symbol::Kind::Variable || !symbol.module) return "";
            auto known = symbol.module->assignments.find(symbol.name);
            if (known == symbol.module->assignments.end() || known->second.size() != 1) return "";
            const Node right = known->second[0].namedChild(0).field("right");
            if (!right.is("subscript")) return "";
            return firstClass(right, [&](const Node& inner) { return resolved(*symbol.module, inner); });
        });
    };
    auto ofCall = [&](const Module& at, const Node& call) -> std::string {
        if (std::string id = resolved(at, call.field("function")); !id.empty()) return id;
        const Function* function = functionOf(project_, at, call.field("function"));
        const Module* home = function ? moduleOf(*function) : nullptr;
        if (!home) return "";
        if (std::string id = ofType(*home, function->node.field("return_type")); !id.empty()) return id;
        std::string id;
        syntax::walk(function->node.field("body"), [&](const Node& node) {
            if (node.is("return_statement") && node.namedChild(0).is("call") && id.empty()) id = resolved(*home, node.namedChild(0).field("function"));
            return id.empty();
        });
        return id;
    };
    if (object.is("call")) return ofCall(module, object);
    const Function* function = module.enclosingFunction(object);
    if (object.is("identifier") && function) {
        for (const Node& parameter : function->node.field("parameters").namedChildren()) {
            if (parameterName(parameter) != object.text()) continue;
            if (std::string id = ofType(module, parameter.field("type")); !id.empty()) return id;
            const Node value = parameter.field("value"), provider = value.is("call") && isDepends(value) ? argumentOf(value, "dependency", 0) : Node{};
            if (provider.isNull()) break;
            if (std::string id = resolved(module, provider); !id.empty()) return id;
            if (const Function* giver = functionOf(project_, module, provider))
                if (const Module* home = moduleOf(*giver)) {
                    std::string id = ofType(*home, giver->node.field("return_type"));
                    syntax::walk(giver->node.field("body"), [&](const Node& node) {
                        if (node.isOneOf({"return_statement", "yield"}) && node.namedChild(0).is("call") && id.empty())
                            id = resolved(*home, node.namedChild(0).field("function"));
                        return id.empty();
                    });
                    if (!id.empty()) return id;
                }
        }
        std::string id;
        syntax::walk(function->node.field("body"), [&](const Node& node) {
            if (node.is("assignment") && node.field("left") && node.field("left").text() == object.text() && node.field("right").is("call"))
                id = ofCall(module, node.field("right"));
            return id.empty();
        });
        if (!id.empty()) return id;
    }
    if (object.is("attribute") && object.field("object").text() == "self" && function && !function->className.empty()) {
        for (std::string owner = classId(module, function->className); !owner.empty(); owner = baseOf(owner)) {
            const Function* init = facts::methodOfClass(project_, owner, "__init__");
            const Module* home = init ? moduleOf(*init) : nullptr;
            std::string id;
            if (home)
                syntax::walk(init->node.field("body"), [&](const Node& node) {
                    if (node.is("assignment") && node.field("left").text() == object.text() && node.field("right") && id.empty()) id = classOf(*home, node.field("right"));
                    return id.empty();
                });
            if (!id.empty()) return id;
        }
    }
    const Symbol symbol = project_.resolve(module, object);
    if (symbol.kind == Symbol::Kind::Class && symbol.module) return symbol.module->name + ":" + symbol.name;
    if (symbol.kind == Symbol::Kind::Variable && symbol.module)
        if (auto known = symbol.module->assignments.find(symbol.name); known != symbol.module->assignments.end())
            for (const Node& statement : known->second)
                if (statement.namedChild(0).field("right").is("call"))
                    if (std::string id = ofCall(*symbol.module, statement.namedChild(0).field("right")); !id.empty()) return id;
    return facts::ownerClass(project_, module, object);
}

void SessionUses::mustWait(const Module& module, const Function& function, const Node& at) {
    if (at.isNull()) return;
    for (Node around = at.parent(); !around.isNull() && !(around == function.node); around = around.parent())
        if (around.isOneOf({"lambda", "generator_expression", "parameters", "decorator"})) return refuse(module, at, "wait-in-lambda");
    if (!waiting_.insert(&function).second) return;
    if (startsWith(function.name, "__") && endsWith(function.name, "__")) return refuse(module, function.node, "special-method");
    // In a thread it stopped nobody else.
    if (!function.isAsync)
        syntax::walk(function.node.field("body"), [&](const Node& node) {
            if (node.is("call"))
                if (const Symbol symbol = project_.resolve(module, node.field("function")); symbol.kind == Symbol::Kind::External && isBlockingCall(symbol.name))
                    refuse(module, node, "blocks-event-loop");
            return true;
        });
    bool registered = false;
    for (const Node& decorator : function.decorated.namedChildren()) {
        if (!decorator.is("decorator")) continue;
        const Node call = decorator.namedChild(0), callee = call.is("call") ? call.field("function") : call;
        const bool route = call.is("call") && callee.is("attribute");
        const bool context = function.isAsync && endsWith(callee.text(), "asynccontextmanager");
        registered = registered || route || context;
        // What a phase before has put there takes both kinds of functions.
        const auto import = module.imports.find(std::string(callee.text()));
        const std::string home = import == module.imports.end() ? "" : import->second.module.substr(import->second.module.rfind('.') + 1);
        const auto& helpers = context_.target().routingModules;
        const bool own = std::find(helpers.begin(), helpers.end(), home) != helpers.end();
        if (!route && !context && !own && callee.text() != "staticmethod" && callee.text() != "classmethod") return refuse(module, decorator, "decorated-function");
    }
    if (function.isNested && !registered && !function.isAsync) refuse(module, function.node, "nested-function");
}

bool SessionUses::isCallOf(const Module& home, const Function& function, const Module& module, const Node& access) {
    const std::string id = classId(home, function.className);
    const Node object = access.field("object");
    if (object.text() == "super()") {
        const Function* own = module.enclosingFunction(access);
        return own && isRelated(classId(module, own->className), id);
    }
    if (isSession(module, object)) return false;
    const std::string owner = classOf(module, object);
    if (!owner.empty()) return isRelated(owner, id);
    const Symbol symbol = project_.resolve(module, object);
    if (symbol.kind == Symbol::Kind::External || symbol.kind == Symbol::Kind::Module) return false;
    const Node call = access.parent();
    if (call.is("call") && call.field("function") == access) {
        for (const Node& argument : call.field("arguments").namedChildren())
            if (isSession(module, argument.is("keyword_argument") ? argument.field("value") : argument)) return true;
        Node head = object; // a query, step by step
        while (head.isOneOf({"call", "attribute"})) {
            if (isSession(module, head)) return false;
            head = head.is("call") ? head.field("function") : head.field("object");
        }
        if (isSession(module, head)) return false;
    }
    if (!isCommonName(function.name)) return true;
    if (object.isOneOf({"string", "dictionary", "list", "call", "subscript"})) return false;
    // `data.get("x")` beside a repository that has a `get` of its own.
    if (module.tree->text().find(function.className) != std::string_view::npos && object.is("identifier") && !project_.resolve(module, object).module) {
        const Function* own = module.enclosingFunction(access);
        const std::vector<Node> given = own ? std::vector<Node>(own->node.field("parameters").namedChildren()) : std::vector<Node>{};
        const bool typed = std::any_of(given.begin(), given.end(), [&](const Node& parameter) { return parameterName(parameter) == object.text() && parameter.field("type"); });
        if (!typed) refuse(module, access, "unknown-receiver");
    }
    return false;
}

void SessionUses::reference(const Function& function, const Module& module, const Node& expression) {
    if (isTestModule(module)) return refuse(module, expression, "used-in-tests");
    const Node parent = expression.parent();
    if (parent.is("call") && parent.field("function") == expression) {
        const Function* around = module.enclosingFunction(parent);
        if (!around) return refuse(module, parent, "called-at-import");
        if (yields(function)) return refuse(module, parent, "generator-called");
        waitedCalls_.emplace_back(&module, parent);
        return mustWait(module, *around, parent);
    }
    const Node argument = parent.is("keyword_argument") ? parent : expression;
    const Node call = argument.parent().is("argument_list") ? argument.parent().parent() : Node{};
    const std::string_view callee = call.field("function").text();
    if (call && isDepends(call)) return;
    if (endsWith(callee, "add_task") || endsWith(callee, "add_event_handler") || endsWith(callee, "add_api_route")) return;
    if (parent.is("list") && (parent.parent().field("name").text() == "on_startup" || parent.parent().field("name").text() == "on_shutdown")) return;
    if (parent.is("keyword_argument") && parent.field("name").text() == "lifespan") return;
    refuse(module, expression, "function-as-value");
}

/// Whether what `Depends(...)` gives comes from a session: its rows may have to load more.
bool SessionUses::waitsFor(const Module& module, const Node& depends) const {
    const Node provider = argumentOf(depends, "dependency", 0);
    if (const Function* function = functionOf(project_, module, provider)) return waits(*function);
    const Symbol symbol = project_.resolve(module, provider);
    return symbol.kind == Symbol::Kind::Class && symbol.module && attributes_.count(symbol.module->name + ":" + symbol.name);
}

/// Functions that FastAPI calls with such rows run where attributes can wait, not in a thread.
void SessionUses::dependents() {
    for (const auto& module : project_.modules()) {
        if (isTestModule(*module)) continue;
        for (const Function& function : module->functions) {
            if (function.isAsync || waits(function) || startsWith(function.name, "__")) continue;
            bool found = false;
            for (const Node& parameter : function.node.field("parameters").namedChildren())
                syntax::walk(parameter, [&](const Node& node) {
                    found = found || (node.is("call") && isDepends(node) && waitsFor(*module, node));
                    if (const Node type = parameter.field("type"); node.is("call") && isDepends(node) && node.field("arguments").namedChildCount() == 0 && type)
                        found = found || attributes_.count(classOf(*module, type)) > 0;
                    return !found;
                });
            if (found) mustWait(*module, function, function.node.field("body"));
        }
    }
}

/// Until no function is left whose callers do not wait.
void SessionUses::references() {
    std::set<const Function*> done;
    dependents();
    for (bool more = true; more && !obstacle_;) {
        more = false;
        for (const auto& [home, function] : waiting()) {
            if (!done.insert(function).second) continue;
            more = true;
            dependents();
            if (function->isAsync) continue; // whoever calls it waits already
            for (const auto& module : project_.modules()) {
                if (module->tree->text().find(function->name) == std::string_view::npos) continue;
                for (const Node& name : module->tree->identifiers(function->name)) {
                    const Node parent = name.parent();
                    if (parent.is("function_definition") || !name.ancestor({"import_statement", "import_from_statement"}).isNull()) continue;
                    if (parent.is("keyword_argument") && parent.field("name") == name) continue;
                    // `things = relationship(...)` of a class beside a function of that name
                    if (parent.is("assignment") && parent.field("left") == name && name.ancestor({"class_definition", "function_definition"}).is("class_definition")) continue;
                    const bool attribute = parent.is("attribute") && parent.field("attribute") == name;
                    if (!function->className.empty()) {
                        if (attribute && isCallOf(*home, *function, *module, parent)) reference(*function, *module, parent);
                        continue;
                    }
                    const Node expression = attribute ? parent : name;
                    if (functionOf(project_, *module, expression) == function) reference(*function, *module, expression);
                }
            }
        }
    }
}

std::vector<std::pair<const Module*, const Function*>> SessionUses::waiting() const {
    std::vector<std::pair<const Module*, const Function*>> found;
    for (const auto& module : project_.modules())
        for (const Function& function : module->functions)
            if (waiting_.count(&function)) found.emplace_back(module.get(), &function);
    return found;
}

} // namespace covet::rules::sessions
