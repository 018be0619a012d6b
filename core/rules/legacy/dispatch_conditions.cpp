#include <optional>

#include "rules/legacy/dispatch_executor.h"
#include "rules/legacy/text_values.h"
#include "support/strings.h"

namespace covet::rules::legacy {
namespace {

using Kind = Sym::Kind;

bool isNever(const Value& value) { return value->is(Kind::None) || value->is(Kind::False); }

/// Whether a value is certainly no None and true.
bool isAlways(const Value& value) {
    switch (value->kind) {
    case Kind::True:
    case Kind::Scope:
    case Kind::Instance:
    case Kind::Function:
    case Kind::Exception:
        return true;
    case Kind::Dict:
        return !value->entries.empty();
    default: return false;
    }
}

/// What a comparison of the path that was decided before says about another one.
std::optional<bool> pathImplies(const Condition& known, const Condition& question) {
    using Asked = Condition::Kind;
    const bool part = question.kind == Asked::Prefix || question.kind == Asked::Suffix;
    if (known.kind == Asked::Path && known.positive && part)
        return question.kind == Asked::Prefix ? startsWith(known.text, question.text) : endsWith(known.text, question.text);
    if (known.kind == Asked::Prefix && question.kind == Asked::Path) {
        const bool inside = startsWith(question.text, known.text);
        if (known.positive != inside) return false;
    }
    if (known.kind == Asked::Prefix && question.kind == Asked::Prefix) {
        if (known.positive && startsWith(known.text, question.text)) return true;
        if (known.positive && !startsWith(question.text, known.text)) return false;
        if (!known.positive && startsWith(question.text, known.text)) return false;
    }
    return std::nullopt;
}

} // namespace

/// One question: answered by what was decided before on this way, else both answers are followed.
DispatchExecutor::Branches DispatchExecutor::decide(Condition question, State state) {
    for (const Condition& known : state.path->conditions)
        if (known.sameQuestion(question)) return {{std::move(state), known.positive, false, nullptr}};
    // The method has one value: another one was compared with successfully.
    if (question.kind == Condition::Kind::Method || question.kind == Condition::Kind::Path)
        for (const Condition& known : state.path->conditions)
            if (known.kind == question.kind && known.positive) return {{std::move(state), false, false, nullptr}};
    for (const Condition& known : state.path->conditions)
        if (std::optional<bool> answer = pathImplies(known, question)) return {{std::move(state), *answer, false, nullptr}};
    Branches out;
    for (bool truth : {true, false}) {
        State made = state;
        question.positive = truth;
        made.path.edit().conditions.push_back(question);
        out.push_back({std::move(made), truth, false, nullptr});
    }
    return out;
}

DispatchExecutor::Branches DispatchExecutor::truthOf(const Value& value, const Node& node, State state) {
    if (isNever(value)) return {{std::move(state), false, false, nullptr}};
    if (isAlways(value)) return {{std::move(state), true, false, nullptr}};
    if (value->is(Kind::Dict) || ((value->is(Kind::Tuple) || value->is(Kind::List)) && value->items.empty()))
        return {{std::move(state), !value->entries.empty() || !value->items.empty(), false, nullptr}};
    if (value->is(Kind::Tuple) || value->is(Kind::List)) return {{std::move(state), true, false, nullptr}};
    if (value->is(Kind::Const)) {
        std::string text;
        const bool truth = literalText(value->text, text) ? !text.empty() : value->text != "0";
        return {{std::move(state), truth, false, nullptr}};
    }
    Condition question;
    question.node = node;
    if (value->is(Kind::Handler)) {
        if (value->text != "maybe") return {{std::move(state), true, false, nullptr}};
        question.kind = Condition::Kind::Truth;
        question.subject = value;
        return decide(question, std::move(state));
    }
    if (value->is(Kind::Body) || value->is(Kind::Json) || value->is(Kind::Result) || value->is(Kind::Item) ||
        value->is(Kind::BodyText)) {
        question.kind = Condition::Kind::Truth;
        question.subject = value;
        return decide(question, std::move(state));
    }
    question.kind = Condition::Kind::Opaque;
    return decide(question, std::move(state));
}

DispatchExecutor::Branches DispatchExecutor::condition(const Frame& frame, const Node& node, State state) {
    ++steps_;
    if (node.is("parenthesized_expression")) return condition(frame, node.namedChildren()[0], std::move(state));
    if (node.is("not_operator")) {
        Branches out = condition(frame, node.field("argument"), std::move(state));
        for (Branch& branch : out) branch.truth = !branch.truth;
        return out;
    }
    if (node.is("boolean_operator")) {
        const bool isOr = node.field("operator").text() == "or";
        Branches out;
        for (Branch& left : condition(frame, node.field("left"), std::move(state))) {
            if (left.raised || left.truth == isOr) {
                out.push_back(std::move(left));
                continue;
            }
            for (Branch& right : condition(frame, node.field("right"), std::move(left.state)))
                out.push_back(std::move(right));
        }
        return out;
    }
    if (node.is("comparison_operator")) return comparison(frame, node, std::move(state));
    if (node.is("call")) {
        const Node callee = node.field("function");
        const std::vector<Node> arguments = node.field("arguments").namedChildren();
        const std::string_view name = callee.is("attribute") ? callee.field("attribute").text() : callee.text();
        if (name == "isinstance" && arguments.size() == 2) {
            Branches out;
            for (Result& value : eval(frame, arguments[0], std::move(state))) {
                if (value.raised) continue;
                Condition question;
                question.node = node;
                question.subject = value.value;
                question.text = std::string(arguments[1].text());
                if (value.value->is(Kind::Tuple) || value.value->is(Kind::Dict)) {
                    const bool truth = question.text.find(value.value->is(Kind::Tuple) ? "tuple" : "dict") != std::string::npos;
                    out.push_back({std::move(value.state), truth, false, nullptr});
                    continue;
                }
                const bool ofResult = value.value->is(Kind::Result) || value.value->is(Kind::Item);
                question.kind = !ofResult ? Condition::Kind::Opaque
                                : question.text == "tuple" ? Condition::Kind::TupleResult : Condition::Kind::Type;
                for (Branch& branch : decide(question, std::move(value.state))) out.push_back(std::move(branch));
            }
            return out;
        }
        if (name == "isawaitable" || name == "iscoroutine" || name == "iscoroutinefunction" || name == "isasyncgen" ||
            (name == "hasattr" && arguments.size() == 2 && arguments[1].text().find("__await__") != std::string_view::npos)) {
            Branches out;
            out.push_back({std::move(state), true, false, nullptr});
            return out;
        }
        if (callee.is("attribute") && (name == "startswith" || name == "endswith") && arguments.size() == 1) {
            Branches out;
            for (Result& value : eval(frame, callee.field("object"), std::move(state))) {
                if (value.raised) continue;
                Condition question;
                question.node = node;
                if (value.value->is(Kind::ScopeItem) && value.value->text == "path") {
                    std::string prefix;
                    if (literalText(std::string(arguments[0].text()), prefix)) {
                        question.kind = name == "endswith" ? Condition::Kind::Suffix : Condition::Kind::Prefix;
                        question.text = prefix;
                    }
                }
                for (Branch& branch : decide(question, std::move(value.state))) out.push_back(std::move(branch));
            }
            return out;
        }
        if (name == "any" || name == "all" || name == "callable" || name == "fullmatch" || name == "match") {
            if (name == "callable") {
                Branches out;
                out.push_back({std::move(state), true, false, nullptr});
                return out;
            }
            Condition question;
            question.node = node;
            return decide(question, std::move(state));
        }
    }
    Branches out;
    for (Result& value : eval(frame, node, std::move(state))) {
        if (value.raised) {
            out.push_back({std::move(value.state), false, true, value.value});
            continue;
        }
        for (Branch& branch : truthOf(value.value, node, std::move(value.state))) out.push_back(std::move(branch));
    }
    return out;
}

DispatchExecutor::Branches DispatchExecutor::equality(const Value& left, const Value& right, bool negated,
                                                      const Node& node, State state) {
    auto known = [&](bool equal) {
        Branches out;
        out.push_back({std::move(state), equal != negated, false, nullptr});
        return out;
    };
    if (right->is(Kind::ScopeItem) && !left->is(Kind::ScopeItem)) return equality(right, left, negated, node, std::move(state));
    std::string text;
    Condition question;
    question.node = node;
    if (left->is(Kind::ScopeItem) && right->is(Kind::Const) && literalText(right->text, text)) {
        if (left->text == "type") return known(text == "http");
        if (left->text == "method" || left->text == "path") {
            question.kind = left->text == "method" ? Condition::Kind::Method : Condition::Kind::Path;
            question.text = text;
        }
    } else if (left->is(Kind::Const) && right->is(Kind::Const)) {
        return known(left->text == right->text);
    } else if (right->is(Kind::None) || left->is(Kind::None)) {
        const Value& value = right->is(Kind::None) ? left : right;
        if (value->is(Kind::None)) return known(true);
        if (value->is(Kind::Handler)) {
            Branches out = truthOf(value, node, std::move(state));
            for (Branch& branch : out) branch.truth = branch.truth == negated;
            return out;
        }
        if (value->is(Kind::Result) || value->is(Kind::Item)) {
            question.kind = Condition::Kind::None;
            question.subject = value;
        } else if (value->is(Kind::Json) || value->is(Kind::Body) || value->is(Kind::Dict) || value->is(Kind::Tuple) ||
                   value->is(Kind::Const) || value->is(Kind::Instance)) {
            return known(false);
        } else if (value->is(Kind::Params)) {
            return known(false);
        }
    }
    Branches out = decide(question, std::move(state));
    if (negated)
        for (Branch& branch : out) branch.truth = !branch.truth;
    return out;
}

DispatchExecutor::Branches DispatchExecutor::comparison(const Frame& frame, const Node& node, State state) {
    const std::vector<Node> parts = node.children();
    if (parts.size() != 3) {
        Condition question;
        question.node = node;
        return decide(question, std::move(state));
    }
    const std::string op(parts[1].text());
    std::vector<std::vector<Value>> values;
    Results results = evalAll(frame, {parts[0], parts[2]}, std::move(state), values);
    Branches out;
    for (size_t i = 0; i < results.size(); ++i) {
        Result& result = results[i];
        if (result.raised) {
            out.push_back({std::move(result.state), false, true, result.value});
            continue;
        }
        const Value left = values[i][0], right = values[i][1];
        Branches made;
        if (op == "==" || op == "is") {
            made = equality(left, right, false, node, std::move(result.state));
        } else if (op == "!=" || op == "is not" || op == "isnot") {
            made = equality(left, right, true, node, std::move(result.state));
        } else if (op == "in" || op == "not in") {
            const bool negated = op != "in";
            if (right->is(Kind::Registry)) {
                Condition question;
                question.node = node;
                question.text = "registered";
                made = decide(question, std::move(result.state));
                if (negated)
                    for (Branch& branch : made) branch.truth = !branch.truth;
            } else if ((right->is(Kind::Tuple) || right->is(Kind::List)) && left->is(Kind::ScopeItem)) {
                // One of several: each is a way of its own.
                std::vector<State> open{std::move(result.state)};
                for (const Value& item : right->items) {
                    std::vector<State> next;
                    for (State& from : open)
                        for (Branch& branch : equality(left, item, false, parts[0], std::move(from))) {
                            if (branch.truth) made.push_back({std::move(branch.state), !negated, false, nullptr});
                            else next.push_back(std::move(branch.state));
                        }
                    open = std::move(next);
                }
                for (State& from : open) made.push_back({std::move(from), negated, false, nullptr});
            } else {
                Condition question;
                question.node = node;
                made = decide(question, std::move(result.state));
            }
        } else {
            Condition question;
            question.node = node;
            if (parts[0].is("call") && parts[0].field("function").text() == "len") {
                std::vector<Node> measured = parts[0].field("arguments").namedChildren();
                Results of = measured.size() == 1 ? eval(frame, measured[0], result.state) : Results{};
                if (of.size() == 1 && of[0].value->is(Kind::Result)) {
                    question.kind = Condition::Kind::Length;
                    question.text = op + std::string(parts[2].text());
                }
            }
            made = decide(question, std::move(result.state));
        }
        for (Branch& branch : made) out.push_back(std::move(branch));
    }
    return out;
}

} // namespace covet::rules::legacy
