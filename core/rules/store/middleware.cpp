#include "rules/store/middleware.h"

#include <algorithm>

#include "facts/record_shape.h"
#include "facts/reference_context.h"
#include "semantic/module_index.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules {
namespace {

using facts::FoundStore;
using facts::StoreReference;
using semantic::Function;
using semantic::Module;

class MiddlewareReader {
public:
    MiddlewareReader(const CallGraph& graph, const StoreAccess& access, const Module& module, const Function& function)
        : graph_(graph), access_(access), module_(module), function_(function), calls_(readMiddleware(module, function).calls) {
        for (const FoundStore* store : access.directly(function))
            for (const StoreReference& reference : store->references)
                if (reference.function == &function) uses_.push_back({store, reference.node});
    }

    Node heldOver() const {
        std::map<std::string, Node> parts = namesOfParts();
        Node found;
        syntax::walk(function_.node.field("body"), [&](const Node& node) {
            const auto part = node.is("identifier") ? parts.find(std::string(node.text())) : parts.end();
            if (!found && part != parts.end())
                for (const Node& call : calls_)
                    if (goesOn(call) && part->second.start() < call.start() && (isLooped(call) || node.start() > call.end())) found = node;
            return found.isNull();
        });
        return found;
    }

    bool usesAfter() const {
        bool found = false;
        syntax::walk(function_.node.field("body"), [&](const Node& node) {
            const bool after = std::any_of(calls_.begin(), calls_.end(), [&](const Node& call) {
                return goesOn(call) && (isLooped(call) || node.start() > call.end());
            });
            found = found || (after && touchesHere(node));
            return !found;
        });
        return found;
    }

private:
    struct Use {
        const FoundStore* store;
        Node node;
    };

    /// Whether something may follow the answer: `return await call_next(request)` ends the function.
    static bool goesOn(const Node& call) {
        bool returns = false, ends = true;
        for (Node outer = call.parent(); outer && !outer.is("function_definition"); outer = outer.parent()) {
            returns = returns || outer.is("return_statement");
            ends = ends && !outer.is("try_statement") && !outer.is("with_statement");
        }
        return !returns || !ends;
    }

    static bool isLooped(const Node& call) {
        for (Node outer = call.parent(); outer && !outer.is("function_definition"); outer = outer.parent())
            if (outer.is("for_statement") || outer.is("while_statement")) return true;
        return false;
    }

    /// A reference to a store, or a call of a function that uses one.
    bool touchesHere(const Node& node) const {
        if (std::any_of(uses_.begin(), uses_.end(), [&](const Use& use) { return use.node == node; })) return true;
        if (!node.is("call")) return false;
        const std::set<const Function*> named = graph_.namedIn(module_, node.field("function"));
        return std::any_of(named.begin(), named.end(), [&](const Function* one) { return access_.touches(*one); });
    }

    /// Whether the value of an expression may be a part of a store, or something that is put into one.
    bool mayBePart(const Node& value) const {
        const std::string type = facts::typeOfExpression(graph_.project(), module_, value);
        if (type == "int" || type == "float" || type == "bool" || type == "str" || type == "None") return false;
        if (value.is("binary_operator") || value.is("list_comprehension")) return false; // new objects
        bool touches = false;
        syntax::walk(value, [&](const Node& node) {
            touches = touches || touchesHere(node);
            return !touches;
        });
        if (!touches) return false;
        const bool onlyScalars = std::all_of(uses_.begin(), uses_.end(), [&](const Use& use) {
            return !value.contains(use.node) || (use.store->fact.element == facts::Element::Scalar &&
                                                 facts::contextOf(use.node).kind != facts::UseKind::Read);
        });
        return !onlyScalars || std::none_of(uses_.begin(), uses_.end(), [&](const Use& use) { return value.contains(use.node); });
    }

    /// Local names, each with the first place where it holds a part of a store.
    std::map<std::string, Node> namesOfParts() const {
        std::map<std::string, Node> parts;
        const auto add = [&](const Node& target, const Node& place) {
            std::set<std::string> names;
            semantic::collectTargetNames(target, names);
            for (const std::string& name : names) parts.emplace(name, place);
        };
        syntax::walk(function_.node.field("body"), [&](const Node& node) {
            const bool binds = node.is("assignment") || node.is("for_statement");
            if (binds && node.field("right") && mayBePart(node.field("right"))) add(node.field("left"), node);
            if (node.is("named_expression") && mayBePart(node.field("value"))) add(node.field("name"), node);
            return true;
        });
        for (const Use& use : uses_) { // `log.append(entry)`, `hits[client] = times`
            const facts::ReferenceContext context = facts::contextOf(use.node);
            if (context.value.is("identifier") && facts::isMutation(context) && !isScalarName(context.value))
                parts.emplace(std::string(context.value.text()), context.node);
        }
        return parts;
    }

    bool isScalarName(const Node& name) const {
        static constexpr Words kScalars = {"int", "float", "bool", "str"};
        return kScalars.count(facts::typeOfExpression(graph_.project(), module_, name)) > 0;
    }

    const CallGraph& graph_;
    const StoreAccess& access_;
    const Module& module_;
    const Function& function_;
    const std::vector<Node> calls_;
    std::vector<Use> uses_;
};

/// `app.add_middleware(timing)`: elsewhere that takes a class.
bool isAddedByName(const Module& module, const Function& function) {
    const auto calls = module.calls.find("add_middleware");
    if (function.isNested || calls == module.calls.end()) return false;
    return std::any_of(calls->second.begin(), calls->second.end(), [&](const Node& call) {
        const Node list = call.field("arguments");
        return list.namedChildCount() == 1 && list.namedChild(0).is("identifier") && list.namedChild(0).text() == function.name;
    });
}

} // namespace

bool isMiddleware(const Module& module, const Function& function) {
    if (!function.className.empty()) {
        const semantic::Class* owner = function.name == "dispatch" ? module.classNamed(function.className) : nullptr;
        return owner && owner->bases.size() == 1 && endsWith(owner->bases[0], "BaseHTTPMiddleware");
    }
    const std::vector<Node> decorators = function.decorated.namedChildren();
    return std::any_of(decorators.begin(), decorators.end(), [](const Node& decorator) {
        const Node call = decorator.is("decorator") ? decorator.namedChild(0) : Node();
        const Node callee = call.is("call") ? call.field("function") : Node();
        const Node kind = callee.is("attribute") ? call.field("arguments").namedChild(0) : Node();
        return kind && callee.field("attribute").text() == "middleware" && kind.text().find("http") != std::string_view::npos;
    }) || isAddedByName(module, function);
}

Middleware readMiddleware(const Module& module, const Function& function) {
    Middleware result;
    std::vector<Node> parameters = function.node.field("parameters").namedChildren();
    const size_t expected = function.className.empty() ? 2 : 3;
    if (!function.isAsync || parameters.size() != expected) return result;
    const std::string name = semantic::parameterName(parameters.back());
    result.isPlain = true;
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (!node.is("identifier") || node.text() != name) return true;
        const Node call = node.parent();
        const bool awaited = call.is("call") && call.field("function") == node && call.parent().is("await") &&
                             call.field("arguments").namedChildCount() == 1 && module.enclosingFunction(node) == &function;
        result.isPlain = result.isPlain && awaited;
        if (awaited) result.calls.push_back(call);
        return true;
    });
    return result;
}

Node heldOverAnswer(const CallGraph& graph, const StoreAccess& access, const Module& module, const Function& function) {
    return MiddlewareReader(graph, access, module, function).heldOver();
}

bool usesStoresAfterAnswer(const CallGraph& graph, const StoreAccess& access, const Module& module, const Function& function) {
    return MiddlewareReader(graph, access, module, function).usesAfter();
}

} // namespace covet::rules
