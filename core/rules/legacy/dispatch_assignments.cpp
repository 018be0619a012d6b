#include "rules/legacy/dispatch_executor.h"

#include <algorithm>

#include "support/strings.h"

namespace covet::rules::legacy {
namespace {

using Kind = Sym::Kind;

} // namespace

DispatchExecutor::Flows DispatchExecutor::assign(const Frame& frame, const Node& node, State state) {
    Flows out;
    const Node right = node.field("right");
    const Node left = node.field("left");
    if (right.isNull()) return {{std::move(state), How::Next, nullptr}};
    if (right.is("assignment")) {
        state.path.edit().unclear.push_back("chained-assignment");
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
            value = eventPart ? sym(Kind::Body) : exprSym(*frame.module, node, *result.state.env);
        }
        if (!bind(frame, left, value, result.state)) result.state.path.edit().unclear.push_back("assignment: " + std::string(left.text()));
        out.push_back({std::move(result.state), How::Next, nullptr});
    }
    return out;
}

bool DispatchExecutor::bind(const Frame& frame, const Node& target, const Value& value, State& state) {
    if (target.is("identifier")) {
        const std::string name(target.text());
        for (const Function* scope = frame.function; scope; scope = frame.module->enclosingFunction(scope->node))
            if (scope->globals.count(name)) {
                state.path.edit().globals[frame.module->name + ":" + name] = value;
                return true;
            }
        state.env.edit()[name] = value;
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
            state.env->count(std::string(target.field("value").text()))) {
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
            state.env.edit()[std::string(target.field("value").text())] = made;
            return true;
        }
        std::string name;
        if (object->is(Kind::Params)) {
            // `params["body"] = data`: one more argument beside those of the path.
            if (!key[0].value->is(Kind::Const) || !literalText(key[0].value->text, name)) return true;
            if (!target.field("value").is("identifier")) return false;
            auto made = std::make_shared<Sym>(*object);
            made->entries.emplace_back(name, value);
            state.env.edit()[std::string(target.field("value").text())] = made;
            return true;
        }
        if (!id.empty() && key[0].value->is(Kind::Const) && literalText(key[0].value->text, name)) {
            state.path.edit().globals[id + "[" + name + "]"] = value;
            return true;
        }
        return false;
    }
    if (target.is("attribute")) {
        auto owner = state.env->find(std::string(target.field("object").text()));
        if (owner == state.env->end() || !owner->second->is(Kind::Instance)) return false;
        auto made = std::make_shared<Sym>(*owner->second);
        const std::string attribute(target.field("attribute").text());
        auto known = std::find_if(made->entries.begin(), made->entries.end(), [&](const auto& e) { return e.first == attribute; });
        if (known != made->entries.end()) known->second = value;
        else made->entries.emplace_back(attribute, value);
        state.env.edit()[owner->first] = made;
        return true;
    }
    return false;
}

} // namespace covet::rules::legacy
