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
        state.env.edit()[names[0]] = self;
        names.erase(names.begin());
    }
    if (names.size() != 3) return {};
    state.env.edit()[names[0]] = sym(Kind::Scope);
    state.env.edit()[names[1]] = sym(Kind::Receive);
    state.env.edit()[names[2]] = sym(Kind::Send);
    std::vector<DispatchPath> paths;
    for (Flow& flow : block({&module, &callable, 0}, callable.node.field("body"), std::move(state))) {
        flow.state.path.edit().raised = flow.how == How::Raise;
        paths.push_back(*flow.state.path);
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
        Value raised = values.empty() ? sym(Kind::Exception) : exprSym(*frame.module, values[0], *state.env);
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
            state.env.edit()[nested->name] = made;
        } else {
            state.path.edit().unclear.push_back("nested-definition");
        }
        return {{std::move(state), How::Next, nullptr}};
    }
    if (node.is("import_statement") || node.is("import_from_statement")) {
        localImport(node, state);
        return {{std::move(state), How::Next, nullptr}};
    }
    if (!node.is("pass_statement") && !node.is("global_statement") && !node.is("nonlocal_statement"))
        state.path.edit().unclear.push_back("statement: " + std::string(node.typeName()));
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
            if (!project_.module(name)) state.env.edit()[local] = sym(Kind::External, renamed ? name : local);
            continue;
        }
        if (!home) {
            if (module[0] != '.') state.env.edit()[local] = sym(Kind::External, module + "." + name);
            continue;
        }
        auto made = std::make_shared<Sym>();
        made->kind = home->function(name) ? Kind::Function : home->classNamed(name) ? Kind::Class : Kind::Unknown;
        made->module = home;
        made->text = name;
        made->node = part;
        state.env.edit()[local] = made;
    }
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
            caught.path.edit().conditions.push_back(raised);
            if (!name.empty()) caught.env.edit()[name] = exception;
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

} // namespace covet::rules::legacy
