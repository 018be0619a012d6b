#include "syntax/literal_evaluator.h"

#include <algorithm>

#include "syntax/evaluator/interpreter.h"
#include "syntax/evaluator/literals.h"

namespace covet::syntax {
namespace {

/// A host that knows nothing, for expressions without surroundings.
class EmptyHost : public EvaluationHost {
public:
    const SourceModule* module(std::string_view) override { return nullptr; }
};

/// Whether it does not matter which of two objects is asked: a factory that runs for each application makes
/// one for each.
bool holdTheSame(const eval::Box& left, const eval::Box& right, const std::string& attribute) {
    const auto one = left.attributes.find(attribute);
    const auto other = right.attributes.find(attribute);
    return left.taint.empty() && right.taint.empty() && one != left.attributes.end() && other != right.attributes.end() &&
           eval::equal(one->second, other->second).value_or(false);
}

/// Names that a function or comprehension around the expression binds.
void collectLocals(const Node& expression, std::set<std::string>& names) {
    for (Node scope = expression.parent(); scope; scope = scope.parent()) {
        if (!scope.is("function_definition") && !scope.is("lambda") &&
            scope.typeName().find("comprehension") == std::string_view::npos &&
            !scope.is("generator_expression"))
            continue;
        std::set<std::string> globals;
        const Node parameters = scope.field("parameters");
        walk(scope, [&](const Node& node) {
            if (node.is("global_statement"))
                for (const Node& name : node.namedChildren())
                    globals.emplace(name.text());
            Node target;
            if (node.is("assignment") || node.is("augmented_assignment") ||
                node.is("for_statement") || node.is("for_in_clause"))
                target = node.field("left");
            else if (node.is("named_expression"))
                target = node.field("name");
            else if (node.is("as_pattern"))
                target = node.field("alias");
            if (parameters && node.parent() == parameters) {
                target = node.field("name") ? node.field("name") : node;
                if (node.is("typed_parameter")) target = node.namedChild(0);
            }
            walk(target, [&](const Node& part) {
                if (part.is("attribute") || part.is("subscript")) return false;
                if (part.is("identifier")) names.emplace(part.text());
                return true;
            });
            return true;
        });
        for (const std::string& name : globals)
            names.erase(name);
    }
}

} // namespace

class LiteralEvaluator::Implementation {
public:
    Implementation(EvaluationHost& host, EvaluationLimits limits) : interpreter(host, limits) {}

    /// The value of an expression where it stands; nothing if it fails.
    std::optional<eval::Ref> valueOf(const SourceModule& module, const Node& expression, bool readOnly) {
        eval::Frame* frame = interpreter.makeFrame(nullptr, interpreter.load(module));
        std::set<std::string> locals;
        collectLocals(expression, locals);
        for (const std::string& name : locals)
            frame->variables[name] = interpreter.opaqueText(name);
        interpreter.resetFlow();
        interpreter.readOnly = readOnly;
        const eval::Ref result = interpreter.evaluate(expression, *frame);
        interpreter.readOnly = false;
        const bool failed = interpreter.failed();
        interpreter.resetFlow();
        if (failed) return std::nullopt;
        return result;
    }

    /// What a path leads to from the value of its head; `dot`: where the head ends.
    StoreState stateOf(eval::Ref value, std::string_view path, size_t dot);

    eval::Interpreter interpreter;
};

LiteralEvaluator::LiteralEvaluator(EvaluationHost& host, EvaluationLimits limits)
    : implementation_(std::make_unique<Implementation>(host, limits)) {}

LiteralEvaluator::~LiteralEvaluator() = default;

Value LiteralEvaluator::evaluate(const SourceModule& module, const Node& expression) {
    if (auto literal = eval::plainLiteral(expression)) return *literal;
    const std::optional<eval::Ref> result = implementation_->valueOf(module, expression, true);
    return result ? eval::toValue(*result) : Value::opaque(std::string(expression.text().substr(0, 200)));
}

void LiteralEvaluator::run(const SourceModule& module, const Node& expression) {
    implementation_->valueOf(module, expression, false);
}

void LiteralEvaluator::import(const SourceModule& module) { implementation_->interpreter.load(module); }

void LiteralEvaluator::call(const SourceModule& module, const Node& function) {
    eval::Interpreter& interpreter = implementation_->interpreter;
    interpreter.runFunction(*interpreter.load(module), function);
}

void LiteralEvaluator::perform(const SourceModule& module, const Node& function, const std::vector<Node>& statements) {
    eval::Interpreter& interpreter = implementation_->interpreter;
    interpreter.runStatements(*interpreter.load(module), function, statements);
}

StoreState LiteralEvaluator::stateOf(const SourceModule& module, std::string_view path) {
    eval::Interpreter& interpreter = implementation_->interpreter;
    eval::ModuleRecord* record = interpreter.load(module);
    const size_t dot = path.find('.');
    const std::string head(path.substr(0, dot));
    StoreState state;
    auto found = record->frame->variables.find(head);
    if (found == record->frame->variables.end()) {
        state.opaqueReason = "`" + head + "` is not bound when the module is imported";
        return state;
    }
    return implementation_->stateOf(found->second, path, dot);
}

StoreState LiteralEvaluator::stateOfLocal(const SourceModule& module, const Node& function, std::string_view path) {
    eval::Interpreter& interpreter = implementation_->interpreter;
    eval::ModuleRecord* record = interpreter.load(module);
    const std::string head(path.substr(0, path.find('.')));
    auto last = [&]() -> const eval::Frame* {
        const eval::Frame* found = nullptr;
        for (const eval::Frame& frame : interpreter.frames())
            if (frame.function == function && frame.variables.count(head)) found = &frame;
        return found;
    };
    const eval::Frame* frame = last();
    if (!frame && function.field("parameters").namedChildCount() == 0) {
        interpreter.runFunction(*record, function);
        frame = last();
    }
    if (frame) return implementation_->stateOf(frame->variables.at(head), path, path.find('.'));
    StoreState state;
    state.opaqueReason = "`" + head + "` is local to a function that does not run when the module is imported";
    return state;
}

StoreState LiteralEvaluator::Implementation::stateOf(eval::Ref value, std::string_view path, size_t dot) {
    StoreState state;
    for (size_t at = dot; at != std::string_view::npos;) {
        const size_t next = path.find('.', at + 1);
        const std::string name(path.substr(at + 1, next == path.npos ? path.npos : next - at - 1));
        at = next;
        eval::Box* box = value.box;
        if (box && box->kind == eval::Box::Kind::Class && !box->attributes.count(name)) {
            std::vector<const eval::Box*> all;
            for (const eval::Box& candidate : interpreter.boxes())
                if (candidate.kind == eval::Box::Kind::Instance && eval::derives(candidate.type, box))
                    all.push_back(&candidate);
            const bool alike = std::all_of(all.begin(), all.end(), [&](const eval::Box* one) {
                return one == all[0] || holdTheSame(*one, *all[0], name);
            });
            if (all.empty() || !alike) {
                state.opaqueReason = all.empty() ? "no instance of `" + box->name + "` is made at import"
                                                 : "several instances of `" + box->name + "` are made";
                return state;
            }
            box = const_cast<eval::Box*>(all[0]);
        }
        if (!box) {
            state.opaqueReason = "`" + std::string(path) + "` is not an object";
            return state;
        }
        const auto& attributes = box->attributes;
        auto member = attributes.find(name);
        if (member == attributes.end()) {
            if (box->kind == eval::Box::Kind::Instance && box->type) {
                member = box->type->attributes.find(name);
                if (member != box->type->attributes.end()) {
                    value = member->second;
                    continue;
                }
            }
            state.opaqueReason = "`" + std::string(path) + "` is not set at import";
            return state;
        }
        value = member->second;
    }
    if (interpreter.exhausted()) {
        state.opaqueReason = "the import takes more steps than static reading allows";
        return state;
    }
    // What a counter would give next is all there is to know of it.
    const bool counts = value.box && value.box->kind == eval::Box::Kind::Iterator &&
                        value.box->name == "count" && value.box->taint.empty();
    Value data = eval::toValue(counts ? value.box->items[0] : value);
    if (data.isOpaque())
        state.opaqueReason = data.text();
    else
        state.value = std::move(data);
    return state;
}

Value evaluateLiteral(const Node& expression) {
    if (auto literal = eval::plainLiteral(expression)) return *literal;
    EmptyHost host;
    LiteralEvaluator evaluator(host);
    SourceModule empty;
    return evaluator.evaluate(empty, expression);
}

} // namespace covet::syntax
