#include "rules/legacy/dispatch_executor.h"

#include "facts/reference_context.h"
#include "support/strings.h"

namespace covet::rules::legacy {
namespace {

using Kind = Sym::Kind;

bool isLiteral(const Node& node) {
    if (node.is("string")) {
        for (const Node& child : node.children())
            if (child.is("interpolation")) return false;
        return true;
    }
    return node.is("integer") || node.is("float") || node.is("concatenated_string");
}

Value constant(const Node& node) { return sym(Kind::Const, std::string(node.text())); }

} // namespace

DispatchExecutor::Results DispatchExecutor::just(State state, Value value) {
    Results out;
    out.push_back({std::move(state), std::move(value), false});
    return out;
}

/// Evaluates several expressions in order; `values[i]` belongs to the i-th result.
DispatchExecutor::Results DispatchExecutor::evalAll(const Frame& frame, const std::vector<Node>& nodes, State state,
                                                    std::vector<std::vector<Value>>& values) {
    Results current = just(std::move(state), nullptr);
    values.assign(1, {});
    for (const Node& node : nodes) {
        Results next;
        std::vector<std::vector<Value>> nextValues;
        for (size_t i = 0; i < current.size(); ++i) {
            if (current[i].raised) {
                next.push_back(std::move(current[i]));
                nextValues.push_back(values[i]);
                continue;
            }
            for (Result& made : eval(frame, node, std::move(current[i].state))) {
                nextValues.push_back(values[i]);
                if (!made.raised) nextValues.back().push_back(made.value);
                next.push_back(std::move(made));
            }
        }
        current = std::move(next);
        values = std::move(nextValues);
    }
    return current;
}

DispatchExecutor::Results DispatchExecutor::eval(const Frame& frame, const Node& node, State state) {
    ++steps_;
    if (node.is("parenthesized_expression")) return eval(frame, node.namedChildren()[0], std::move(state));
    if (node.is("none")) return just(std::move(state), sym(Kind::None));
    if (node.is("true")) return just(std::move(state), sym(Kind::True));
    if (node.is("false")) return just(std::move(state), sym(Kind::False));
    if (isLiteral(node)) return just(std::move(state), constant(node));
    if (node.is("identifier")) return identifier(frame, node, std::move(state));
    if (node.is("attribute")) return attribute(frame, node, std::move(state));
    if (node.is("subscript")) return subscript(frame, node, std::move(state));
    if (node.is("dictionary")) return dictionary(frame, node, std::move(state));
    if (node.is("call")) return call(frame, node, std::move(state));
    if (node.is("tuple") || node.is("list") || node.is("expression_list")) {
        std::vector<std::vector<Value>> values;
        Results results = evalAll(frame, node.namedChildren(), std::move(state), values);
        for (size_t i = 0; i < results.size(); ++i) {
            if (results[i].raised) continue;
            auto made = std::make_shared<Sym>();
            made->kind = node.is("list") ? Kind::List : Kind::Tuple;
            made->items = values[i];
            results[i].value = made;
        }
        return results;
    }
    if (node.is("await")) {
        const Node inner = node.namedChild(0);
        if (inner.is("call") && inner.field("function").is("identifier")) {
            auto found = state.env->find(std::string(inner.field("function").text()));
            if (found != state.env->end() && found->second->is(Kind::Receive)) return just(std::move(state), sym(Kind::Event));
        }
        return eval(frame, inner, std::move(state));
    }
    if (node.is("conditional_expression")) {
        std::vector<Node> parts = node.namedChildren();
        if (isFormula(frame, parts, state)) {
            Value whole = exprSym(*frame.module, node, *state.env);
            return just(std::move(state), whole);
        }
        // `json.loads(body) if body else None`
        Results results;
        for (Branch& branch : condition(frame, parts[1], state)) {
            if (branch.raised) {
                results.push_back({std::move(branch.state), branch.value, true});
                continue;
            }
            for (Result& made : eval(frame, branch.truth ? parts[0] : parts[2], std::move(branch.state)))
                results.push_back(std::move(made));
        }
        return results;
    }
    if (node.is("boolean_operator") || node.is("not_operator") || node.is("comparison_operator")) {
        if (node.is("boolean_operator")) {
            // `body or b"{}"` keeps what it is about.
            const bool isOr = node.field("operator").text() == "or";
            Results results;
            for (Result& left : eval(frame, node.field("left"), state)) {
                if (left.raised) {
                    results.push_back(std::move(left));
                    continue;
                }
                std::string otherwise;
                const bool same = isOr && left.value->is(Kind::Body) && literalText(std::string(node.field("right").text()), otherwise) && otherwise.empty();
                if (same) {
                    results.push_back(std::move(left));
                    continue;
                }
                if (isOr && (left.value->is(Kind::Body) || left.value->is(Kind::BodyText) || left.value->is(Kind::Json))) {
                    for (Result& right : eval(frame, node.field("right"), std::move(left.state))) {
                        auto made = std::make_shared<Sym>(*left.value);
                        made->items.assign(1, right.value);
                        if (left.value->is(Kind::Json)) made->kind = Kind::Unknown;
                        right.value = made;
                        results.push_back(std::move(right));
                    }
                    continue;
                }
                for (Branch& branch : truthOf(left.value, node.field("left"), std::move(left.state))) {
                    if (branch.truth == isOr) results.push_back({std::move(branch.state), left.value, false});
                    else
                        for (Result& right : eval(frame, node.field("right"), std::move(branch.state)))
                            results.push_back(std::move(right));
                }
            }
            return results;
        }
        Results results;
        for (Branch& branch : condition(frame, node, std::move(state)))
            results.push_back({std::move(branch.state), branch.raised ? branch.value : sym(branch.truth ? Kind::True : Kind::False),
                               branch.raised});
        return results;
    }
    if (node.is("dictionary_comprehension") || node.is("list_comprehension") || node.is("generator_expression") ||
        node.is("set_comprehension"))
        return comprehension(frame, node, std::move(state));
    if (node.is("named_expression")) {
        Results results = eval(frame, node.field("value"), std::move(state));
        for (Result& result : results)
            if (!result.raised) result.state.env.edit()[std::string(node.field("name").text())] = result.value;
        return results;
    }
    if (node.is("binary_operator")) {
        std::vector<std::vector<Value>> values;
        Results results = evalAll(frame, {node.field("left"), node.field("right")}, state, values);
        for (size_t i = 0; i < results.size(); ++i) {
            if (results[i].raised) continue;
            const bool body = values[i][0]->is(Kind::Body) || values[i][0]->is(Kind::Event) || values[i][1]->is(Kind::Body);
            results[i].value = body ? sym(Kind::Body) : exprSym(*frame.module, node, *results[i].state.env);
        }
        return results;
    }
    Value made = exprSym(*frame.module, node, *state.env);
    return just(std::move(state), made);
}

/// Whether a conditional expression makes one value out of parts of the request, whichever way it goes:
/// `dict(pair.split("=") for pair in query.split("&")) if query else {}`.
bool DispatchExecutor::isFormula(const Frame& frame, const std::vector<Node>& parts, const State& state) {
    bool formula = false;
    for (size_t i : {size_t{0}, size_t{2}}) {
        State probe = state;
        probe.tries = 0;
        Results results = eval(frame, parts[i], std::move(probe));
        if (results.size() != 1 || results[0].raised || results[0].state.path->unclear.size() != state.path->unclear.size()) return false;
        const Value& value = results[0].value;
        formula = formula || value->is(Kind::Expr);
        const bool plain = value->is(Kind::Expr) || value->is(Kind::Const) || value->is(Kind::None) || value->is(Kind::QueryText) ||
                           ((value->is(Kind::Dict) || value->is(Kind::List)) && value->entries.empty() && value->items.empty());
        if (!plain) return false;
    }
    if (!formula || !parts[1].is("identifier")) return false;
    auto tested = state.env->find(std::string(parts[1].text()));
    return tested != state.env->end() && (tested->second->is(Kind::Expr) || tested->second->is(Kind::QueryText) || tested->second->is(Kind::ScopeItem));
}

Value DispatchExecutor::global(const Module& module, const std::string& name) {
    auto assigned = module.assignments.find(name);
    if (assigned == module.assignments.end() || assigned->second.size() != 1) return nullptr;
    const Node assignment = assigned->second[0].namedChild(0);
    if (!assignment.is("assignment") || !assignment.field("left").is("identifier")) return nullptr;
    const Node right = assignment.field("right");
    if (!isLiteral(right) && !right.is("list") && !right.is("tuple") && !right.is("none")) return nullptr;
    Results results = eval({&module, nullptr, 0}, right, {});
    return results.size() == 1 && !results[0].raised ? results[0].value : nullptr;
}

DispatchExecutor::Results DispatchExecutor::identifier(const Frame& frame, const Node& node, State state) {
    const std::string name(node.text());
    auto local = state.env->find(name);
    if (local != state.env->end()) {
        Value value = local->second;
        return just(std::move(state), value);
    }
    semantic::Symbol symbol = frame.function ? project_.resolve(*frame.module, node) : project_.resolveGlobal(*frame.module, name);
    auto made = std::make_shared<Sym>();
    made->module = symbol.module;
    made->text = symbol.name;
    made->node = node;
    switch (symbol.kind) {
    case semantic::Symbol::Kind::Function: made->kind = Kind::Function; break;
    case semantic::Symbol::Kind::Class: made->kind = Kind::Class; break;
    case semantic::Symbol::Kind::External: made->kind = Kind::External; break;
    case semantic::Symbol::Kind::Variable: {
        const std::string id = symbol.module->name + ":" + symbol.name;
        if (isRegistry(id)) {
            read_.insert(id);
            return just(std::move(state), sym(Kind::Registry));
        }
        const std::string owner = facts::ownerClass(project_, *frame.module, node);
        if (ownsRegistry(owner)) return just(std::move(state), sym(Kind::Self, owner));
        auto kept = state.path->globals.find(id);
        if (kept != state.path->globals.end()) {
            Value value = kept->second;
            return just(std::move(state), value);
        }
        if (Value value = global(*symbol.module, symbol.name)) return just(std::move(state), value);
        made->kind = Kind::Expr;
        made->module = frame.module;
        made->text.clear();
        break;
    }
    case semantic::Symbol::Kind::Module: {
        made->kind = Kind::Expr;
        made->module = frame.module;
        made->text.clear();
        break;
    }
    default:
        if (symbol.kind == semantic::Symbol::Kind::Local) {
            // Assigned on another way only, or a name of an enclosing function.
            made->kind = Kind::Unknown;
            made->text = name;
        } else {
            made->kind = Kind::External; // a builtin
            made->text = name;
        }
    }
    return just(std::move(state), made);
}

DispatchExecutor::Results DispatchExecutor::attribute(const Frame& frame, const Node& node, State state) {
    const std::string name(node.field("attribute").text());
    Results results = eval(frame, node.field("object"), std::move(state));
    for (Result& result : results) {
        if (result.raised) continue;
        const Value& object = result.value;
        if (object->is(Kind::Self)) {
            const std::string id = object->text + "." + name;
            if (isRegistry(id)) {
                read_.insert(id);
                result.value = sym(Kind::Registry);
                continue;
            }
            const std::string owner = facts::ownerClass(project_, *frame.module, node);
            result.value = ownsRegistry(owner) ? sym(Kind::Self, owner) : sym(Kind::Unknown, "self." + name);
            continue;
        }
        if (object->is(Kind::External)) {
            result.value = sym(Kind::External, object->text + "." + name);
            continue;
        }
        if (object->is(Kind::Instance)) {
            const Value* entry = object->entry(name);
            result.value = entry ? *entry : sym(Kind::Unknown, "attribute " + name);
            continue;
        }
        if (object->is(Kind::Registry)) {
            const bool function = name == "handler" || name == "func" || name == "endpoint" || name == "fn" ||
                                  name == "callback" || name == "function" || name == "view";
            result.value = sym(function ? Kind::Handler : Kind::RouteKey);
            continue;
        }
        if (object->is(Kind::Result)) {
            result.value = sym(Kind::Item, object, "." + name);
            continue;
        }
        const semantic::Symbol& symbol = project_.resolve(*frame.module, node);
        if (symbol.kind == semantic::Symbol::Kind::Variable && symbol.module &&
            isRegistry(symbol.module->name + ":" + symbol.name)) {
            read_.insert(symbol.module->name + ":" + symbol.name);
            result.value = sym(Kind::Registry);
            continue;
        }
        if (symbol.kind == semantic::Symbol::Kind::Function || symbol.kind == semantic::Symbol::Kind::Class) {
            auto made = std::make_shared<Sym>();
            made->kind = symbol.kind == semantic::Symbol::Kind::Function ? Kind::Function : Kind::Class;
            made->module = symbol.module;
            made->text = symbol.name;
            made->node = node;
            result.value = made;
            continue;
        }
        result.value = exprSym(*frame.module, node, *result.state.env);
    }
    return results;
}

} // namespace covet::rules::legacy
