#include "rules/legacy/dispatch_executor.h"
#include "support/strings.h"

namespace covet::rules::legacy {
namespace {

using Kind = Sym::Kind;

} // namespace

/// `headers.append((name, content))` on a list that was made on this way.
bool DispatchExecutor::appendTo(const Frame& frame, const Node& node, State& state) {
    if (!node.is("call") || !node.field("function").is("attribute") || node.field("function").field("attribute").text() != "append") return false;
    const Node object = node.field("function").field("object");
    const std::vector<Node> arguments = node.field("arguments").namedChildren();
    auto list = state.env->find(std::string(object.text()));
    if (!object.is("identifier") || arguments.size() != 1 || list == state.env->end() || !list->second->is(Kind::List)) return false;
    Results results = eval(frame, arguments[0], state);
    if (results.size() != 1 || results[0].raised) return false;
    auto made = std::make_shared<Sym>(*list->second);
    made->items.push_back(results[0].value);
    state.env.edit()[std::string(object.text())] = made;
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
    auto made = std::make_shared<Sym>(*state.env->at(name));
    made->items.push_back(sym(Kind::Header, source));
    state.env.edit()[name] = made;
    return true;
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
        const CopyOnWrite<Env> before = from.env;
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
                    bool kept = !flow.state.path->calls.empty();
                    for (const auto& [name, value] : *flow.state.env) {
                        auto old = before->find(name);
                        kept = kept || (value->is(Kind::Handler) && old != before->end() && !old->second->is(Kind::Handler));
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
            state.env.edit()[std::string(target.text())] = made;
            return;
        }
        std::vector<Node> parts = target.namedChildren();
        for (size_t i = 0; i < parts.size(); ++i) {
            const bool last = i + 1 == parts.size();
            const bool function = last && (iterated->text == "items" || (listOfRecords && parts.size() > 1));
            std::set<std::string> names;
            if (parts[i].is("identifier")) {
                state.env.edit()[std::string(parts[i].text())] =
                    function && iterated->text == "items" && iterated->items.empty() ? sym(Kind::Handler)
                    : function ? sym(Kind::Handler) : sym(Kind::RouteKey);
            } else {
                for (const Node& inner : parts[i].namedChildren())
                    if (inner.is("identifier")) state.env.edit()[std::string(inner.text())] = sym(Kind::RouteKey);
            }
        }
        return;
    }
    Value element = iterated->is(Kind::RouteKey) ? sym(Kind::RouteKey) : sym(Kind::Unknown, "element");
    std::vector<Node> stack{target};
    while (!stack.empty()) {
        const Node node = stack.back();
        stack.pop_back();
        if (node.is("identifier")) state.env.edit()[std::string(node.text())] = element;
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
            state.env.edit()[body] = sym(Kind::Body);
            understood = true;
        } else if (inner.is("assignment")) {
            std::vector<Node> left = inner.field("left").is("identifier") ? std::vector<Node>{inner.field("left")}
                                                                         : inner.field("left").namedChildren();
            std::vector<Node> right = left.size() == 1 ? std::vector<Node>{inner.field("right")}
                                                       : inner.field("right").namedChildren();
            for (size_t i = 0; i < left.size() && i < right.size(); ++i)
                if (right[i].is("binary_operator") && right[i].field("left").text() == left[i].text()) {
                    state.env.edit()[std::string(left[i].text())] = sym(Kind::Body);
                    understood = true;
                } else if (left[i].is("identifier")) {
                    state.env.edit()[std::string(left[i].text())] = sym(Kind::Event);
                }
        } else if (inner.is("call") && inner.field("function").is("attribute") &&
                   inner.field("function").field("object").is("identifier") &&
                   (inner.field("function").field("attribute").text() == "append" ||
                    inner.field("function").field("attribute").text() == "extend")) {
            const std::string name(inner.field("function").field("object").text());
            const bool bytes = inner.field("function").field("attribute").text() == "extend";
            state.env.edit()[name] = sym(bytes ? Kind::Body : Kind::Chunks);
            understood = true;
        } else if (inner.is("return_statement")) {
            returnNode = inner;
            returned = &returnNode;
        }
        return true;
    });
    if (!understood) state.path.edit().unclear.push_back("request-body-loop");
    if (returned && returnNode.namedChildCount() > 0) {
        for (Result& result : eval(frame, returnNode.namedChildren()[0], std::move(state)))
            out.push_back({std::move(result.state), How::Return, result.value});
        return out;
    }
    out.push_back({std::move(state), How::Next, nullptr});
    return out;
}

} // namespace covet::rules::legacy
