#include <algorithm>

#include "syntax/evaluator/interpreter.h"

namespace covet::syntax::eval {
namespace {

const char* parentOf(std::string_view type) {
    static const std::map<std::string_view, const char*> parents = {
        {"KeyError", "LookupError"},
        {"IndexError", "LookupError"},
        {"LookupError", "Exception"},
        {"ValueError", "Exception"},
        {"TypeError", "Exception"},
        {"JSONDecodeError", "ValueError"},
        {"ZeroDivisionError", "ArithmeticError"},
        {"ArithmeticError", "Exception"},
        {"AttributeError", "Exception"},
        {"FileNotFoundError", "OSError"},
        {"OSError", "Exception"},
        {"StopIteration", "Exception"},
        {"ImportError", "Exception"},
        {"ModuleNotFoundError", "ImportError"},
        {"RuntimeError", "Exception"},
        {"NotImplementedError", "RuntimeError"},
        {"AssertionError", "Exception"},
        {"NameError", "Exception"},
        {"Exception", "BaseException"}};
    auto found = parents.find(type);
    return found == parents.end() ? nullptr : found->second;
}

} // namespace

Flow Interpreter::runIf(const Node& statement, Frame& frame) {
    const Node condition = statement.field("condition");
    const auto value = truth(evaluate(condition, frame));
    if (failed()) return flow_;
    if (!value)
        return unknownBranch(statement, frame,
                             "depends on `" + std::string(condition.text().substr(0, 80)) + "`");
    if (*value) return runBlock(statement.field("consequence"), frame);
    for (const Node& branch : statement.namedChildren()) {
        if (branch.is("elif_clause")) {
            const auto chosen = truth(evaluate(branch.field("condition"), frame));
            if (failed()) return flow_;
            if (!chosen) return unknownBranch(statement, frame, "depends on an unknown condition");
            if (*chosen) return runBlock(branch.field("consequence"), frame);
        } else if (branch.is("else_clause")) {
            return runBlock(branch.field("body"), frame);
        }
    }
    return Flow::Normal;
}

Flow Interpreter::runFor(const Node& statement, Frame& frame) {
    const Ref source = evaluate(statement.field("right"), frame);
    if (failed()) return flow_;
    std::vector<Ref> items;
    const bool isAsync = statement.childCount() > 0 && statement.child(0).is("async");
    if (isAsync || !iterate(source, items))
        return unknownBranch(statement, frame,
                             "repeats over `" +
                                 std::string(statement.field("right").text().substr(0, 80)) + "`");
    for (const Ref& item : items) {
        assignTo(statement.field("left"), item, frame);
        if (failed()) return flow_;
        const Flow flow = runBlock(statement.field("body"), frame);
        if (flow == Flow::Break) return flow_ = Flow::Normal;
        if (flow == Flow::Continue)
            flow_ = Flow::Normal;
        else if (flow != Flow::Normal)
            return flow;
    }
    const Node otherwise = statement.field("alternative");
    return otherwise ? runBlock(otherwise.field("body"), frame) : Flow::Normal;
}

namespace {

/// `while True:` that nothing in it leaves: a server's loop, which would only use up all steps.
bool isEndless(const Node& loop) {
    const std::string_view condition = loop.field("condition").text();
    if (condition != "True" && condition != "1") return false;
    bool leaves = false;
    walk(loop.field("body"), [&](const Node& node) {
        if (node.is("function_definition") || node.is("class_definition")) return false;
        leaves = leaves || node.is("break_statement") || node.is("return_statement") ||
                 node.is("raise_statement") || node.is("yield") || node.is("assert_statement");
        return !leaves;
    });
    return !leaves && !loop.ancestor({"try_statement"});
}

} // namespace

Flow Interpreter::runWhile(const Node& statement, Frame& frame) {
    if (isEndless(statement)) return unknownBranch(statement, frame, "repeats for ever");
    while (true) {
        const auto value = truth(evaluate(statement.field("condition"), frame));
        if (failed()) return flow_;
        if (!value) return unknownBranch(statement, frame, "repeats on an unknown condition");
        if (!*value) break;
        const Flow flow = runBlock(statement.field("body"), frame);
        if (flow == Flow::Break) return flow_ = Flow::Normal;
        if (flow == Flow::Continue)
            flow_ = Flow::Normal;
        else if (flow != Flow::Normal)
            return flow;
    }
    const Node otherwise = statement.field("alternative");
    return otherwise ? runBlock(otherwise.field("body"), frame) : Flow::Normal;
}

bool Interpreter::matches(const Node& clause, Frame& frame) {
    Node type;
    std::string name;
    for (const Node& child : clause.namedChildren()) {
        if (child.is("block")) break;
        type = child;
    }
    if (type.is("as_pattern")) {
        name = std::string(type.field("alias").text());
        type = type.namedChild(0);
    } else if (clause.field("alias")) {
        name = std::string(clause.field("alias").text());
        type = clause.field("value");
    }
    bool matched = type.isNull();
    const std::vector<Node> types =
        type.is("tuple") ? type.namedChildren() : std::vector<Node>{type};
    for (const Node& option : types) {
        std::string_view wanted = option.text();
        wanted = wanted.substr(wanted.rfind('.') == wanted.npos ? 0 : wanted.rfind('.') + 1);
        if (wanted == "IOError" || wanted == "EnvironmentError") wanted = "OSError";
        if (wanted == raisedType_ || wanted == "BaseException" || wanted == "Exception")
            matched = true;
        for (const char* at = parentOf(raisedType_); at; at = parentOf(at))
            if (wanted == at) matched = true;
    }
    if (matched && !name.empty()) bind(name, raised_, frame);
    return matched;
}

Flow Interpreter::runTry(const Node& statement, Frame& frame) {
    Flow flow = runBlock(statement.field("body"), frame);
    Node otherwise;
    Node last;
    for (const Node& child : statement.namedChildren()) {
        if (child.is("else_clause")) otherwise = child.field("body");
        if (child.is("finally_clause")) last = child.namedChild(child.namedChildCount() - 1);
    }
    if (flow == Flow::Raise) {
        for (const Node& clause : statement.namedChildren()) {
            if (!clause.is("except_clause")) continue;
            flow_ = Flow::Normal;
            const bool matched = matches(clause, frame);
            if (!matched) {
                flow_ = Flow::Raise;
                continue;
            }
            for (const Node& child : clause.namedChildren())
                if (child.is("block")) flow = runBlock(child, frame);
            break;
        }
    } else if (flow == Flow::Normal && otherwise) {
        flow = runBlock(otherwise, frame);
    }
    if (last && flow_ != Flow::Stuck) {
        const Flow kept = flow_;
        const Ref value = returned_;
        flow_ = Flow::Normal;
        const Flow ending = runBlock(last, frame);
        if (ending != Flow::Normal) return ending;
        flow_ = kept;
        returned_ = value;
    }
    return flow_;
}

Flow Interpreter::runWith(const Node& statement, Frame& frame) {
    for (const Node& clause : statement.namedChildren()) {
        if (!clause.is("with_clause")) continue;
        for (const Node& item : clause.namedChildren()) {
            const Node value = item.field("value");
            const Node manager = value.is("as_pattern") ? value.namedChild(0) : value;
            const Ref entered = evaluate(manager, frame);
            if (failed()) return flow_;
            if (entered.box && entered.box->kind == Box::Kind::Instance)
                return unknownBranch(statement, frame, "a context manager of the project");
            if (value.is("as_pattern")) {
                const Node alias = value.field("alias");
                assignTo(alias.is("as_pattern_target") ? alias.namedChild(0) : alias, entered,
                         frame);
            }
        }
    }
    return runBlock(statement.field("body"), frame);
}

Flow Interpreter::runRaise(const Node& statement, Frame& frame) {
    const auto parts = statement.namedChildren();
    if (!parts.empty()) {
        const Node what = parts[0].is("call") ? parts[0].field("function") : parts[0];
        std::string name(what.text());
        if (name.rfind('.') != std::string::npos) name = name.substr(name.rfind('.') + 1);
        (void)frame;
        raise(name);
    }
    return flow_ = Flow::Raise;
}

} // namespace covet::syntax::eval
