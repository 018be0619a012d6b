#include <algorithm>

#include "rules/legacy/dispatch_executor.h"
#include "rules/signature_edits.h"
#include "support/strings.h"

namespace covet::rules::legacy {
namespace {

constexpr size_t kMaxFlows = 600;
constexpr size_t kMaxSteps = 60000;

using Kind = Sym::Kind;

/// Whether the loop reads the messages of the request.
bool awaitsReceive(const Node& loop) {
    bool found = false;
    syntax::walk(loop, [&](const Node& node) {
        if (node.is("await") && node.namedChild(0).is("call") &&
            node.namedChild(0).field("arguments").namedChildCount() == 0 &&
            node.namedChild(0).field("function").is("identifier"))
            found = true;
        return !found;
    });
    return found;
}

} // namespace

DispatchExecutor::DispatchExecutor(const Project& project, const std::vector<Registry>& registries)
    : project_(project) {
    for (const Registry& registry : registries) registryIds_.insert(registry.id);
}

bool DispatchExecutor::within(const Flows& flows) {
    if (flows.size() > kMaxFlows || steps_ > kMaxSteps) overflow_ = true;
    return !overflow_;
}

std::vector<DispatchPath> DispatchExecutor::run(const Module& module, const Function& callable) {
    State state;
    std::vector<std::string> names;
    for (const Node& parameter : callable.node.field("parameters").namedChildren())
        names.push_back(parameterName(parameter));
    if (!callable.className.empty() && names.size() == 4) {
        auto self = std::make_shared<Sym>();
        self->kind = Kind::Self;
        self->text = module.name + ":" + callable.className;
        state.env[names[0]] = self;
        names.erase(names.begin());
    }
    if (names.size() != 3) return {};
    state.env[names[0]] = sym(Kind::Scope);
    state.env[names[1]] = sym(Kind::Receive);
    state.env[names[2]] = sym(Kind::Send);
    std::vector<DispatchPath> paths;
    for (Flow& flow : block({&module, &callable, 0}, callable.node.field("body"), std::move(state))) {
        flow.state.path.raised = flow.how == How::Raise;
        paths.push_back(std::move(flow.state.path));
    }
    return paths;
}

DispatchExecutor::Flows DispatchExecutor::block(const Frame& frame, const Node& node, State state) {
    return sequence(frame, node.namedChildren(), std::move(state));
}

DispatchExecutor::Flows DispatchExecutor::sequence(const Frame& frame, const std::vector<Node>& statements,
                                                   State state) {
    Flows current;
    current.push_back({std::move(state), How::Next, nullptr});
    for (const Node& node : statements) {
        Flows next;
        for (Flow& flow : current) {
            if (flow.how != How::Next) {
                next.push_back(std::move(flow));
                continue;
            }
            for (Flow& made : statement(frame, node, std::move(flow.state))) next.push_back(std::move(made));
            if (!within(next)) return next;
        }
        current = std::move(next);
    }
    return current;
}

DispatchExecutor::Flows DispatchExecutor::statement(const Frame& frame, const Node& node, State state) {
    ++steps_;
    Flows out;
    auto collect = [&](Results results, How how) {
        for (Result& result : results)
            out.push_back({std::move(result.state), result.raised ? How::Raise : how, result.value});
    };
    if (node.is("expression_statement")) {
        const Node inner = node.namedChild(0);
        if (appendTo(frame, inner, state)) return {{std::move(state), How::Next, nullptr}};
        if (inner.is("assignment") || inner.is("augmented_assignment")) return assign(frame, inner, std::move(state));
        collect(eval(frame, inner, std::move(state)), How::Next);
        return out;
    }
    if (node.is("return_statement")) {
        const std::vector<Node> values = node.namedChildren();
        if (values.empty()) return {{std::move(state), How::Return, sym(Kind::None)}};
        collect(eval(frame, values[0], std::move(state)), How::Return);
        return out;
    }
    if (node.is("if_statement")) return ifStatement(frame, node, std::move(state));
    if (node.is("for_statement") || node.is("while_statement"))
        return awaitsReceive(node) ? receiveLoop(frame, node, std::move(state)) : loop(frame, node, std::move(state));
    if (node.is("try_statement")) return tryStatement(frame, node, std::move(state));
    if (node.is("break_statement")) return {{std::move(state), How::Break, nullptr}};
    if (node.is("continue_statement")) return {{std::move(state), How::Continue, nullptr}};
    if (node.is("raise_statement")) {
        const std::vector<Node> values = node.namedChildren();
        Value raised = values.empty() ? sym(Kind::Exception) : exprSym(*frame.module, values[0], state.env);
        return {{std::move(state), How::Raise, raised}};
    }
    if (node.is("assert_statement")) {
        for (Branch& branch : condition(frame, node.namedChildren()[0], std::move(state)))
            if (branch.truth && !branch.raised) out.push_back({std::move(branch.state), How::Next, nullptr});
        return out;
    }
    if (node.is("function_definition") || node.is("decorated_definition")) {
        if (const Function* nested = frame.module->function(
                frame.function->qualified + ".<locals>." + std::string(node.field("name").text()))) {
            auto made = std::make_shared<Sym>();
            made->kind = Kind::Function;
            made->module = frame.module;
            made->text = nested->qualified;
            state.env[nested->name] = made;
        } else {
            state.path.unclear.push_back("nested-definition");
        }
        return {{std::move(state), How::Next, nullptr}};
    }
    if (node.is("import_statement") || node.is("import_from_statement")) {
        localImport(node, state);
        return {{std::move(state), How::Next, nullptr}};
    }
    if (!node.is("pass_statement") && !node.is("global_statement") && !node.is("nonlocal_statement"))
        state.path.unclear.push_back("statement: " + std::string(node.type()));
    return {{std::move(state), How::Next, nullptr}};
}

/// Names that an import inside of a function binds there.
void DispatchExecutor::localImport(const Node& node, State& state) {
    const bool from = node.is("import_from_statement");
    const std::string module = from ? std::string(node.field("module_name").text()) : "";
    const Module* home = from ? project_.module(module) : nullptr;
    for (const Node& part : node.fields("name")) {
        const bool renamed = part.is("aliased_import");
        const std::string name(renamed ? part.field("name").text() : part.text());
        const std::string local = renamed ? std::string(part.field("alias").text())
                                  : from  ? name
                                          : name.substr(0, name.find('.'));
        if (!from) {
            if (!project_.module(name)) state.env[local] = sym(Kind::External, renamed ? name : local);
            continue;
        }
        if (!home) {
            if (module[0] != '.') state.env[local] = sym(Kind::External, module + "." + name);
            continue;
        }
        auto made = std::make_shared<Sym>();
        made->kind = home->function(name) ? Kind::Function : home->classNamed(name) ? Kind::Class : Kind::Unknown;
        made->module = home;
        made->text = name;
        made->node = part;
        state.env[local] = made;
    }
}

/// `headers.append((name, content))` on a list that was made on this way.
bool DispatchExecutor::appendTo(const Frame& frame, const Node& node, State& state) {
    if (!node.is("call") || !node.field("function").is("attribute") || node.field("function").field("attribute").text() != "append") return false;
    const Node object = node.field("function").field("object");
    const std::vector<Node> arguments = node.field("arguments").namedChildren();
    auto list = state.env.find(std::string(object.text()));
    if (!object.is("identifier") || arguments.size() != 1 || list == state.env.end() || !list->second->is(Kind::List)) return false;
    Results results = eval(frame, arguments[0], state);
    if (results.size() != 1 || results[0].raised) return false;
    auto made = std::make_shared<Sym>(*list->second);
    made->items.push_back(results[0].value);
    state.env[std::string(object.text())] = made;
    return true;
}

/// `for name, content in answer.headers.items(): headers.append((name.encode(), content.encode()))`
bool DispatchExecutor::headerLoop(const Frame& frame, const Node& node, const Value& source, State& state) {
    const std::vector<Node> body = node.field("body").namedChildren();
    const Node call = body.size() == 1 && body[0].is("expression_statement") ? body[0].namedChild(0) : Node{};
    if (!source->is(Kind::Item) || !call.is("call") || call.text().find("encode") == std::string_view::npos) return false;
    State probe = state;
    bindLoop(frame, node.field("left"), source, probe);
    if (!appendTo(frame, call, probe)) return false;
    const std::string name(call.field("function").field("object").text());
    auto made = std::make_shared<Sym>(*state.env.at(name));
    made->items.push_back(sym(Kind::Header, source));
    state.env[name] = made;
    return true;
}

DispatchExecutor::Flows DispatchExecutor::ifStatement(const Frame& frame, const Node& node, State state) {
    Flows out;
    auto run = [&](const Node& body, State from) {
        for (Flow& flow : block(frame, body, std::move(from))) out.push_back(std::move(flow));
    };
    std::vector<State> pending;
    auto split = [&](const Node& test, const Node& body, State from) {
        for (Branch& branch : condition(frame, test, std::move(from))) {
            if (branch.raised) out.push_back({std::move(branch.state), How::Raise, branch.value});
            else if (branch.truth) run(body, std::move(branch.state));
            else pending.push_back(std::move(branch.state));
        }
    };
    split(node.field("condition"), node.field("consequence"), std::move(state));
    for (const Node& clause : node.fields("alternative")) {
        std::vector<State> states;
        states.swap(pending);
        for (State& from : states) {
            if (clause.is("elif_clause")) split(clause.field("condition"), clause.field("consequence"), std::move(from));
            else run(clause.field("body"), std::move(from));
        }
    }
    for (State& from : pending) out.push_back({std::move(from), How::Next, nullptr});
    return out;
}

DispatchExecutor::Flows DispatchExecutor::loop(const Frame& frame, const Node& node, State state) {
    Flows out;
    auto finish = [&](State from) {
        const Node otherwise = node.field("alternative");
        if (otherwise.isNull()) out.push_back({std::move(from), How::Next, nullptr});
        else
            for (Flow& flow : block(frame, otherwise.field("body"), std::move(from))) out.push_back(std::move(flow));
    };
    auto once = [&](State from, bool overRegistry) {
        const Env before = from.env;
        for (Flow& flow : block(frame, node.field("body"), std::move(from))) {
            switch (flow.how) {
            case How::Break: out.push_back({std::move(flow.state), How::Next, nullptr}); break;
            case How::Return:
            case How::Raise: out.push_back(std::move(flow)); break;
            case How::Next:
            case How::Continue:
                // One more turn over a table of routes is what the way past the loop stands for, unless
                // this turn kept or called what it found.
                if (overRegistry) {
                    bool kept = !flow.state.path.calls.empty();
                    for (const auto& [name, value] : flow.state.env) {
                        auto old = before.find(name);
                        kept = kept || (value->is(Kind::Handler) && old != before.end() && !old->second->is(Kind::Handler));
                    }
                    if (!kept) break;
                }
                finish(std::move(flow.state));
                break;
            default: break;
            }
        }
    };
    if (node.is("while_statement")) {
        for (Branch& branch : condition(frame, node.field("condition"), std::move(state))) {
            if (branch.raised) out.push_back({std::move(branch.state), How::Raise, branch.value});
            else if (branch.truth) once(std::move(branch.state), false);
            else finish(std::move(branch.state));
        }
        return out;
    }
    for (Result& result : eval(frame, node.field("right"), std::move(state))) {
        if (result.raised) {
            out.push_back({std::move(result.state), How::Raise, result.value});
            continue;
        }
        if (headerLoop(frame, node, result.value, result.state)) {
            finish(std::move(result.state));
            continue;
        }
        // Over nothing: not once.
        if ((result.value->is(Kind::Dict) || result.value->is(Kind::List)) && result.value->entries.empty() && result.value->items.empty() &&
            !result.value->open) {
            finish(std::move(result.state));
            continue;
        }
        const bool overRegistry = result.value->is(Kind::Registry);
        finish(result.state);
        bindLoop(frame, node.field("left"), result.value, result.state);
        once(std::move(result.state), overRegistry);
    }
    return out;
}

void DispatchExecutor::bindLoop(const Frame& frame, const Node& target, const Value& iterated, State& state) {
    if (iterated->is(Kind::Registry)) {
        // What a table yields depends on its spelling: the last name is the function, unless only keys
        // are gone through.
        const bool keysOnly = iterated->text == "keys" || iterated->text.empty();
        const bool listOfRecords = iterated->text.empty() || iterated->text == "list";
        if (target.is("identifier")) {
            Value made = iterated->text == "values" ? sym(Kind::Handler)
                         : keysOnly && iterated->text == "keys" ? sym(Kind::RouteKey) : sym(Kind::Registry, "record");
            state.env[std::string(target.text())] = made;
            return;
        }
        std::vector<Node> parts = target.namedChildren();
        for (size_t i = 0; i < parts.size(); ++i) {
            const bool last = i + 1 == parts.size();
            const bool function = last && (iterated->text == "items" || (listOfRecords && parts.size() > 1));
            std::set<std::string> names;
            if (parts[i].is("identifier")) {
                state.env[std::string(parts[i].text())] =
                    function && iterated->text == "items" && iterated->items.empty() ? sym(Kind::Handler)
                    : function ? sym(Kind::Handler) : sym(Kind::RouteKey);
            } else {
                for (const Node& inner : parts[i].namedChildren())
                    if (inner.is("identifier")) state.env[std::string(inner.text())] = sym(Kind::RouteKey);
            }
        }
        return;
    }
    Value element = iterated->is(Kind::RouteKey) ? sym(Kind::RouteKey) : sym(Kind::Unknown, "element");
    std::vector<Node> stack{target};
    while (!stack.empty()) {
        const Node node = stack.back();
        stack.pop_back();
        if (node.is("identifier")) state.env[std::string(node.text())] = element;
        else
            for (const Node& inner : node.namedChildren()) stack.push_back(inner);
    }
    (void)frame;
}

/// The messages of a request, read as a whole: what collects their bodies is the body afterwards.
DispatchExecutor::Flows DispatchExecutor::receiveLoop(const Frame& frame, const Node& node, State state) {
    bool understood = false;
    Flows out;
    const Node* returned = nullptr;
    Node returnNode;
    std::string body;
    syntax::walk(node, [&](const Node& inner) {
        if (inner.is("augmented_assignment") && inner.field("left").is("identifier")) {
            body = std::string(inner.field("left").text());
            state.env[body] = sym(Kind::Body);
            understood = true;
        } else if (inner.is("assignment")) {
            std::vector<Node> left = inner.field("left").is("identifier") ? std::vector<Node>{inner.field("left")}
                                                                         : inner.field("left").namedChildren();
            std::vector<Node> right = left.size() == 1 ? std::vector<Node>{inner.field("right")}
                                                       : inner.field("right").namedChildren();
            for (size_t i = 0; i < left.size() && i < right.size(); ++i)
                if (right[i].is("binary_operator") && right[i].field("left").text() == left[i].text()) {
                    state.env[std::string(left[i].text())] = sym(Kind::Body);
                    understood = true;
                } else if (left[i].is("identifier")) {
                    state.env[std::string(left[i].text())] = sym(Kind::Event);
                }
        } else if (inner.is("call") && inner.field("function").is("attribute") &&
                   inner.field("function").field("object").is("identifier") &&
                   (inner.field("function").field("attribute").text() == "append" ||
                    inner.field("function").field("attribute").text() == "extend")) {
            const std::string name(inner.field("function").field("object").text());
            const bool bytes = inner.field("function").field("attribute").text() == "extend";
            state.env[name] = sym(bytes ? Kind::Body : Kind::Chunks);
            understood = true;
        } else if (inner.is("return_statement")) {
            returnNode = inner;
            returned = &returnNode;
        }
        return true;
    });
    if (!understood) state.path.unclear.push_back("request-body-loop");
    if (returned && returnNode.namedChildCount() > 0) {
        for (Result& result : eval(frame, returnNode.namedChildren()[0], std::move(state)))
            out.push_back({std::move(result.state), How::Return, result.value});
        return out;
    }
    out.push_back({std::move(state), How::Next, nullptr});
    return out;
}

DispatchExecutor::Flows DispatchExecutor::tryStatement(const Frame& frame, const Node& node, State state) {
    ++state.tries;
    Flows out, settled;
    std::vector<Node> handlers;
    Node otherwise, always;
    for (const Node& child : node.namedChildren()) {
        if (child.is("except_clause")) handlers.push_back(child);
        else if (child.is("else_clause")) otherwise = child.field("body");
        else if (child.is("finally_clause")) always = child.namedChildren()[0];
    }
    const int outer = state.tries - 1;
    for (Flow& flow : block(frame, node.field("body"), std::move(state))) {
        flow.state.tries = outer;
        if (flow.how == How::Next && otherwise) {
            for (Flow& made : block(frame, otherwise, std::move(flow.state))) settled.push_back(std::move(made));
            continue;
        }
        if (flow.how != How::Raise) {
            settled.push_back(std::move(flow));
            continue;
        }
        bool caughtAll = false;
        for (const Node& clause : handlers) {
            std::vector<Node> parts = clause.namedChildren();
            if (parts.empty()) continue;
            const Node body = parts.back();
            std::string types, name;
            if (parts.size() > 1) {
                Node type = parts[0];
                if (type.is("as_pattern")) {
                    name = std::string(type.namedChild(1).text());
                    type = type.namedChild(0);
                }
                types = std::string(type.text());
            }
            // A look-up that fails raises KeyError only; a parser only ValueError.
            const std::string origin = flow.value->is(Kind::Exception) ? flow.value->text : "";
            const bool any = types.empty() || types == "Exception" || types == "BaseException";
            if (origin == "lookup" && !any && types.find("KeyError") == std::string::npos &&
                types.find("LookupError") == std::string::npos)
                continue;
            if (origin == "json" && !any && types.find("ValueError") == std::string::npos &&
                types.find("JSONDecodeError") == std::string::npos)
                continue;
            State caught = flow.state;
            auto exception = std::make_shared<Sym>();
            exception->kind = Kind::Exception;
            exception->text = name;
            exception->module = frame.module;
            exception->node = parts.size() > 1 ? parts[0] : Node{};
            Condition raised;
            raised.kind = Condition::Kind::Raised;
            raised.subject = flow.value;
            raised.text = types.empty() ? "Exception" : types;
            raised.node = clause;
            caught.path.conditions.push_back(raised);
            if (!name.empty()) caught.env[name] = exception;
            for (Flow& made : block(frame, body, std::move(caught))) settled.push_back(std::move(made));
            if (any || origin == "lookup" || origin == "json") {
                caughtAll = true;
                break;
            }
        }
        if (!caughtAll) settled.push_back(std::move(flow));
    }
    if (always.isNull()) return settled;
    for (Flow& flow : settled)
        for (Flow& made : block(frame, always, std::move(flow.state))) {
            if (made.how == How::Next) {
                made.how = flow.how;
                made.value = flow.value;
            }
            out.push_back(std::move(made));
        }
    return out;
}

DispatchExecutor::Flows DispatchExecutor::assign(const Frame& frame, const Node& node, State state) {
    Flows out;
    const Node right = node.field("right");
    const Node left = node.field("left");
    if (right.isNull()) return {{std::move(state), How::Next, nullptr}};
    if (right.is("assignment")) {
        state.path.unclear.push_back("chained-assignment");
        return {{std::move(state), How::Next, nullptr}};
    }
    for (Result& result : eval(frame, right, std::move(state))) {
        if (result.raised) {
            out.push_back({std::move(result.state), How::Raise, result.value});
            continue;
        }
        Value value = result.value;
        if (node.is("augmented_assignment")) {
            const bool eventPart = value->is(Kind::Body) || value->is(Kind::Event);
            value = eventPart ? sym(Kind::Body) : exprSym(*frame.module, node, result.state.env);
        }
        if (!bind(frame, left, value, result.state)) result.state.path.unclear.push_back("assignment: " + std::string(left.text()));
        out.push_back({std::move(result.state), How::Next, nullptr});
    }
    return out;
}

bool DispatchExecutor::bind(const Frame& frame, const Node& target, const Value& value, State& state) {
    if (target.is("identifier")) {
        const std::string name(target.text());
        for (const Function* scope = frame.function; scope; scope = frame.module->enclosingFunction(scope->node))
            if (scope->globals.count(name)) {
                state.path.globals[frame.module->name + ":" + name] = value;
                return true;
            }
        state.env[name] = value;
        return true;
    }
    if (target.is("pattern_list") || target.is("tuple_pattern") || target.is("tuple") || target.is("list_pattern")) {
        std::vector<Node> names = target.namedChildren();
        for (size_t i = 0; i < names.size(); ++i) {
            Value part;
            if (value->is(Kind::Tuple) || value->is(Kind::List)) {
                if (value->items.size() != names.size()) return false;
                part = value->items[i];
            } else if (value->is(Kind::Result)) {
                part = sym(Kind::Item, value, std::to_string(i));
            } else if (value->is(Kind::Registry)) {
                part = i + 1 == names.size() ? sym(Kind::Handler) : sym(Kind::RouteKey);
            } else {
                part = sym(Kind::Unknown, "part");
            }
            if (!bind(frame, names[i], part, state)) return false;
        }
        return true;
    }
    if (target.is("subscript")) {
        Results base = eval(frame, target.field("value"), state);
        Results key = eval(frame, target.field("subscript"), state);
        if (base.size() != 1 || key.size() != 1) return false;
        const Value object = base[0].value;
        const std::string id = containerId(project_, *frame.module, target.field("value"));
        if (object->is(Kind::Dict) && target.field("value").is("identifier") &&
            state.env.count(std::string(target.field("value").text()))) {
            auto made = std::make_shared<Sym>(*object);
            std::string name;
            if (key[0].value->is(Kind::Const) && literalText(key[0].value->text, name)) {
                auto& entries = made->entries;
                entries.erase(std::remove_if(entries.begin(), entries.end(), [&](const auto& e) { return e.first == name; }), entries.end());
                entries.emplace_back(name, value);
            } else {
                // Filled with names out of a pattern: path parameters.
                if (!made->entries.empty()) return false;
                made->kind = Kind::Params;
            }
            state.env[std::string(target.field("value").text())] = made;
            return true;
        }
        std::string name;
        if (object->is(Kind::Params)) {
            // `params["body"] = data`: one more argument beside those of the path.
            if (!key[0].value->is(Kind::Const) || !literalText(key[0].value->text, name)) return true;
            if (!target.field("value").is("identifier")) return false;
            auto made = std::make_shared<Sym>(*object);
            made->entries.emplace_back(name, value);
            state.env[std::string(target.field("value").text())] = made;
            return true;
        }
        if (!id.empty() && key[0].value->is(Kind::Const) && literalText(key[0].value->text, name)) {
            state.path.globals[id + "[" + name + "]"] = value;
            return true;
        }
        return false;
    }
    if (target.is("attribute")) {
        auto owner = state.env.find(std::string(target.field("object").text()));
        if (owner == state.env.end() || !owner->second->is(Kind::Instance)) return false;
        auto made = std::make_shared<Sym>(*owner->second);
        const std::string attribute(target.field("attribute").text());
        auto known = std::find_if(made->entries.begin(), made->entries.end(), [&](const auto& e) { return e.first == attribute; });
        if (known != made->entries.end()) known->second = value;
        else made->entries.emplace_back(attribute, value);
        owner->second = made;
        return true;
    }
    return false;
}

} // namespace covet::rules::legacy
