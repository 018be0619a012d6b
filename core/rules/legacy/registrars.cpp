#include "rules/legacy/registrars.h"

#include <algorithm>

#include "rules/legacy/registration.h"
#include "rules/signature_edits.h"
#include "support/strings.h"

namespace covet::rules::legacy {
namespace {

constexpr int kMaxDepth = 6;

std::string upper(std::string text) {
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = char(c - 'a' + 'A');
    return text;
}

bool isMethodWord(const std::string& text) { return isMethod(upper(text)); }

/// Parts of what is stored besides the function: elements of a tuple, values of a dict or arguments.
std::vector<Node> recordParts(const Node& record) {
    std::vector<Node> parts;
    if (record.is("tuple") || record.is("list")) return record.namedChildren();
    if (record.is("dictionary")) {
        for (const Node& pair : record.namedChildren())
            if (pair.is("pair")) parts.push_back(pair.field("value"));
    } else if (record.is("call")) {
        for (const Node& argument : record.field("arguments").namedChildren())
            parts.push_back(argument.is("keyword_argument") ? argument.field("value") : argument);
    }
    return parts;
}

/// Function that a method belongs to for the purpose of binding: methods bind past `self`.
bool skipsFirst(const Function& function) { return !function.className.empty(); }

} // namespace

const Function* Registrars::outermost(const Module& module, const Node& node) const {
    const Function* function = module.enclosingFunction(node);
    while (function) {
        const Function* outer = module.enclosingFunction(function->node);
        if (!outer) break;
        function = outer;
    }
    return function;
}

bool Registrars::isParameterAround(const Module& module, const Node& identifier) const {
    if (!identifier.is("identifier")) return false;
    for (const Function* scope = module.enclosingFunction(identifier); scope;
         scope = module.enclosingFunction(scope->node))
        for (const Node& parameter : scope->node.field("parameters").namedChildren())
            if (parameterName(parameter) == identifier.text()) return true;
    return false;
}

/// The insertion that an expression makes, if it looks like one.
std::optional<Registrars::Store> Registrars::storeOf(const Module& module, const Node& expression) const {
    Store store;
    if (expression.is("assignment") && expression.field("left").is("subscript")) {
        Node target = expression.field("left");
        store.registry = containerId(project_, module, target);
        store.handler = expression.field("right");
        for (; target.is("subscript"); target = target.field("value")) {
            std::vector<Node> keys = target.fields("subscript");
            if (keys.size() == 1 && keys[0].is("tuple")) keys = keys[0].namedChildren();
            store.parts.insert(store.parts.begin(), keys.begin(), keys.end());
            if (target.field("value").is("call")) {
                std::vector<Node> given = target.field("value").field("arguments").namedChildren();
                if (!given.empty()) store.parts.insert(store.parts.begin(), given[0]);
                break;
            }
        }
    } else if (expression.is("call") && expression.field("function").is("attribute")) {
        const Node callee = expression.field("function");
        const std::string_view method = callee.field("attribute").text();
        std::vector<Node> arguments = expression.field("arguments").namedChildren();
        if (method == "append" && arguments.size() == 1) {
            store.registry = containerId(project_, module, callee.field("object"));
            // `routes.setdefault(method, []).append(...)`, `routes[method].append(...)`
            const Node table = callee.field("object");
            if (table.is("subscript")) store.parts = table.fields("subscript");
            if (table.is("call")) {
                const Node key = table.field("arguments").namedChild(0);
                if (key) store.parts = {key};
            }
            for (const Node& part : recordParts(arguments[0])) {
                // The function is the part that is no text.
                if (part.is("lambda") || namedFunction(project_, module, part) ||
                    (isParameterAround(module, part) && store.handler.isNull() && part.text() != "path" &&
                     part == recordParts(arguments[0]).back()))
                    store.handler = part;
                else store.parts.push_back(part);
            }
        } else if ((method == "setdefault" || method == "__setitem__") && arguments.size() == 2) {
            store.registry = containerId(project_, module, callee.field("object"));
            store.parts = arguments[0].is("tuple") ? arguments[0].namedChildren() : std::vector<Node>{arguments[0]};
            store.handler = arguments[1];
        }
    }
    if (store.registry.empty() || store.handler.isNull() || store.parts.empty()) return std::nullopt;
    return store;
}

Registrars::Registrars(const Project& project) : project_(project) {
    for (const auto& module : project.modules())
        for (const Function& function : module->functions) {
            if (module->enclosingFunction(function.node)) continue;
            syntax::walk(function.node.field("body"), [&](const Node& node) {
                std::optional<Store> store = storeOf(*module, node);
                if (store && isParameterAround(*module, store->handler)) {
                    known_[&function] = {module.get(), &function};
                    reach_[&function].insert(store->registry);
                }
                return true;
            });
        }
    for (bool grown = !known_.empty(); grown;) {
        grown = false;
        for (const auto& module : project.modules())
            for (const Function& function : module->functions) {
                if (known_.count(&function) || module->enclosingFunction(function.node)) continue;
                syntax::walk(function.node.field("body"), [&](const Node& node) {
                    if (!node.is("call")) return true;
                    const Function* callee = namedFunction(project_, *module, node.field("function"));
                    if (!callee || !known_.count(callee)) return true;
                    bool passes = false;
                    syntax::walk(node.field("arguments"), [&](const Node& argument) {
                        passes = passes || (argument.is("identifier") && isParameterAround(*module, argument));
                        return !passes;
                    });
                    if (!passes) return true;
                    known_[&function] = {module.get(), &function};
                    reach_[&function].insert(reach_[callee].begin(), reach_[callee].end());
                    grown = true;
                    return false;
                });
            }
    }
}

bool Registrars::reaches(const Function& function, const std::string& registry) const {
    auto found = reach_.find(&function);
    return found != reach_.end() && found->second.count(registry);
}

std::vector<const Function*> Registrars::all() const {
    std::vector<const Function*> functions;
    for (const auto& [function, known] : known_) functions.push_back(function);
    return functions;
}

void Registrars::keysOf(const Module& module, const Store& store, const Bindings& bindings,
                        Insertion& out) const {
    std::vector<RouteKey> keys{RouteKey{}};
    std::string form;
    for (const Node& part : store.parts) {
        std::optional<std::vector<std::string>> texts = textsOf(project_, module, part, bindings);
        Bindings::const_iterator bound = bindings.find(std::string(part.text()));
        if (!texts || texts->empty()) {
            // A name or tag beside method and path does not matter.
            if (part.is("none") || (bound != bindings.end() && bound->second.node.is("none"))) continue;
            out.keys.clear();
            return;
        }
        std::vector<RouteKey> next;
        for (const RouteKey& key : keys)
            for (const std::string& text : *texts) {
                RouteKey made = key;
                const size_t slash = text.find('/');
                const std::string head(trim(text.substr(0, slash == std::string::npos ? 0 : slash)));
                std::string verb = head;
                while (!verb.empty() && (verb.back() == ':' || verb.back() == ' ' || verb.back() == '|')) verb.pop_back();
                const bool regex = syntax::Node(part).is("call") || text[0] == '^';
                if (isMethodWord(text)) {
                    made.method = upper(text);
                    if (form.find("method") == std::string::npos) form += form.empty() ? "method" : ",method";
                } else if (slash != std::string::npos && !verb.empty() && isMethodWord(verb)) {
                    made.method = upper(verb);
                    made.pattern = text.substr(slash);
                    form = head.find(':') != std::string::npos ? "method:path" : "method path";
                } else if (slash == 0 || (slash == 1 && text[0] == '^')) {
                    made.pattern = text;
                    if (text[0] == '^' && text.find('{') != std::string::npos && text.find("(?P<") == std::string::npos) {
                        made.pattern = text.substr(1, text.size() - (text.back() == '$' ? 2 : 1));
                        next.push_back(made);
                        if (form.find("path") == std::string::npos) form += form.empty() ? "path" : ",path";
                        continue;
                    }
                    made.isRegex = made.isRegex || regex || text.find("(?P<") != std::string::npos;
                    if (form.find("path") == std::string::npos) form += form.empty() ? "path" : ",path";
                }
                next.push_back(made);
            }
        keys = std::move(next);
    }
    for (const RouteKey& key : keys)
        if (!key.pattern.empty()) out.keys.push_back(key);
    out.keyForm = form;
}

std::optional<Insertion> Registrars::resolve(const Module& module, const Store& store,
                                             const Bindings& bindings) const {
    Insertion out;
    out.registry = store.registry;
    Bindings known = bindings;
    // A local name for a part of the key.
    std::set<std::string> reassigned;
    if (const Function* scope = module.enclosingFunction(store.handler))
        for (const Function* outer = scope; outer; outer = module.enclosingFunction(outer->node))
            syntax::walk(outer->node.field("body"), [&](const Node& node) {
                if (node.is("function_definition") && !node.contains(store.handler)) return false;
                if (node.is("assignment") && node.field("left").is("identifier") && node.field("right")) {
                    const std::string name(node.field("left").text());
                    auto given = bindings.find(name);
                    // `methods = methods or ["GET"]`, `if methods is None: methods = ["GET"]`
                    const bool straight = node.parent().parent().parent() == outer->node;
                    const bool missing = given != bindings.end() && given->second.node.is("none");
                    if (!known.count(name) || (given != bindings.end() && (straight || missing) && reassigned.insert(name).second))
                        known[name] = {&module, node.field("right"), bindings};
                }
                return true;
            });
    // `for m in methods: routes[(m, path)] = func`
    const Bindings around = known;
    for (Node loop = store.handler.parent(); loop; loop = loop.parent())
        if (loop.is("for_statement") && loop.field("left").is("identifier"))
            known[std::string(loop.field("left").text())] = {&module, loop.field("right"), around};
    keysOf(module, store, known, out);
    auto bound = bindings.find(std::string(store.handler.text()));
    if (bound != bindings.end()) out.handler = bound->second;
    else if (!isParameterAround(module, store.handler)) out.handler = {&module, store.handler, bindings};
    return out;
}

std::vector<Insertion> Registrars::apply(const Module& module, const Function& function,
                                         const Bindings& bindings, int depth) const {
    std::vector<Insertion> out;
    if (depth > kMaxDepth) return out;
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (std::optional<Store> store = storeOf(module, node); store && reaches(function, store->registry)) {
            if (std::optional<Insertion> made = resolve(module, *store, bindings)) {
                made->path.push_back(&function);
                out.push_back(std::move(*made));
            }
            return false;
        }
        if (!node.is("call")) return true;
        const Module* home = nullptr;
        const Function* callee = namedFunction(project_, module, node.field("function"), &home);
        if (!callee || callee == &function || !isRegistrar(*callee)) return true;
        std::optional<Bindings> inner = bindArguments(*home, callee->node.field("parameters"), skipsFirst(*callee),
                                                      module, node.field("arguments"), bindings);
        if (!inner) return true;
        for (Insertion& made : apply(*home, *callee, *inner, depth + 1)) {
            // A decorated function's parameter passed on is the decorated function.
            if (made.handler.module && isParameterAround(module, made.handler.node) &&
                made.handler.module == &module) {
                auto bound = bindings.find(std::string(made.handler.node.text()));
                made.handler = bound == bindings.end() ? Bound{} : bound->second;
            }
            made.path.push_back(&function);
            out.push_back(std::move(made));
        }
        return true;
    });
    return out;
}

std::vector<Insertion> Registrars::decoration(const Module& module, const Node& expression) const {
    const Node callee = expression.is("call") ? expression.field("function") : expression;
    const Module* home = nullptr;
    const Function* function = namedFunction(project_, module, callee, &home);
    if (!function || !isRegistrar(*function)) return {};
    if (!expression.is("call")) {
        std::vector<Insertion> out;
        for (const std::string& id : reach_.at(function)) out.push_back({id, {}, "", {}, {function}});
        return out;
    }
    std::optional<Bindings> bindings = bindArguments(*home, function->node.field("parameters"),
                                                     skipsFirst(*function), module, expression.field("arguments"), {});
    if (!bindings) {
        std::vector<Insertion> out;
        for (const std::string& id : reach_.at(function)) out.push_back({id, {}, "", {}, {function}});
        return out;
    }
    return apply(*home, *function, *bindings, 0);
}

std::vector<Insertion> Registrars::operation(const Module& module, const Node& expression) const {
    std::vector<Insertion> out;
    if (std::optional<Store> store = storeOf(module, expression)) {
        const Node handler = store->handler;
        if (handler.is("lambda") || namedFunction(project_, module, handler)) {
            if (std::optional<Insertion> made = resolve(module, *store, {})) out.push_back(std::move(*made));
        }
        return out;
    }
    if (!expression.is("call")) return out;
    // `route("/x", "GET")(handler)`
    if (expression.field("function").is("call")) {
        out = decoration(module, expression.field("function"));
        std::vector<Node> given = expression.field("arguments").namedChildren();
        for (Insertion& made : out)
            if (!made.handler.module && given.size() == 1) made.handler = {&module, given[0], {}};
        return out;
    }
    const Module* home = nullptr;
    const Function* function = namedFunction(project_, module, expression.field("function"), &home);
    if (!function || !isRegistrar(*function)) return out;
    std::optional<Bindings> bindings = bindArguments(*home, function->node.field("parameters"),
                                                     skipsFirst(*function), module, expression.field("arguments"), {});
    if (!bindings) {
        for (const std::string& id : reach_.at(function)) out.push_back({id, {}, "", {}, {function}});
        return out;
    }
    return apply(*home, *function, *bindings, 0);
}

std::vector<Insertion> Registrars::literal(const Module& module, const Node& expression) const {
    std::vector<Insertion> out;
    auto isFunction = [&](const Node& node) {
        return node.is("lambda") || namedFunction(project_, module, node) != nullptr;
    };
    auto take = [&](std::vector<Node> parts, const Node& handler) {
        Store store;
        store.registry = "literal";
        store.handler = handler;
        store.parts = std::move(parts);
        Insertion made;
        keysOf(module, store, {}, made);
        made.handler = {&module, handler, {}};
        if (!made.keys.empty()) out.push_back(std::move(made));
    };
    if (expression.is("dictionary")) {
        for (const Node& pair : expression.namedChildren()) {
            if (!pair.is("pair")) continue;
            const Node key = pair.field("key"), value = pair.field("value");
            std::vector<Node> parts = key.is("tuple") ? key.namedChildren() : std::vector<Node>{key};
            if (isFunction(value)) take(parts, value);
            if (!value.is("dictionary")) continue;
            for (const Node& inner : value.namedChildren())
                if (inner.is("pair") && isFunction(inner.field("value")))
                    take({key, inner.field("key")}, inner.field("value"));
        }
    } else if (expression.is("list") || expression.is("tuple")) {
        for (const Node& record : expression.namedChildren()) {
            std::vector<Node> parts = recordParts(record);
            Node handler;
            for (size_t i = 0; i < parts.size(); ++i)
                if (isFunction(parts[i])) handler = parts[i];
            if (handler.isNull()) continue;
            parts.erase(std::remove_if(parts.begin(), parts.end(), [&](const Node& p) { return p == handler; }), parts.end());
            take(parts, handler);
        }
    }
    return out;
}

} // namespace covet::rules::legacy
