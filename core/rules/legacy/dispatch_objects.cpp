#include "rules/legacy/dispatch_executor.h"

#include <algorithm>

#include "rules/legacy/dispatch_shape.h"
#include "rules/signature_edits.h"

namespace covet::rules::legacy {
namespace {

using Kind = Sym::Kind;

/// A class whose constructor takes its annotated fields.
bool isRecordClass(const semantic::Class& type) {
    for (const std::string& base : type.bases)
        if (base == "NamedTuple" || base == "typing.NamedTuple") return true;
    const Node outer = type.node.parent();
    return outer.is("decorated_definition") && outer.text().substr(0, outer.text().find('\n')).find("dataclass") != std::string_view::npos;
}

} // namespace

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
        Value other = exprSym(*frame.module, node, *state.env);
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
    const CopyOnWrite<Env> saved = std::move(state.env);
    state.env = std::move(env);
    Results out;
    for (Flow& flow : block({type->module, init, frame.depth + 1}, init->node.field("body"), std::move(state))) {
        auto known = flow.state.env->find(self);
        Value instance = known == flow.state.env->end() ? sym(Kind::Unknown) : known->second;
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
        state.env.edit()[parameterName(parameters[0])] = made;
        Value whole;
        bool known = frame.depth < kMaxInline;
        for (Flow& flow : known ? block({&module, &function, frame.depth + 1}, function.node.field("body"), std::move(state)) : Flows{}) {
            if (flow.how == How::Raise && flow.value->is(Kind::Exception)) continue; // raised to the caller, as before
            known = known && flow.how == How::Return && flow.state.path->unclear.empty() && flow.state.path->calls.empty() &&
                    flow.state.path->starts.empty();
            for (const Condition& condition : flow.state.path->conditions)
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
