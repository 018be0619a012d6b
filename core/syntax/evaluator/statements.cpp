#include <algorithm>

#include "syntax/evaluator/interpreter.h"

namespace covet::syntax::eval {
namespace {

/// Whether a statement may leave the function or loop around it.
bool mayLeave(const Node& statement) {
    bool leaves = false;
    walk(statement, [&](const Node& node) {
        if (node.is("function_definition") || node.is("lambda") || node.is("class_definition"))
            return false;
        if (node.is("return_statement") || node.is("raise_statement") || node.is("yield") ||
            node.is("break_statement") || node.is("continue_statement"))
            leaves = true;
        return !leaves;
    });
    return leaves;
}

} // namespace

Flow Interpreter::runBlock(const Node& block, Frame& frame) {
    for (const Node& statement : block.namedChildren()) {
        const Flow flow = run(statement, frame);
        if (flow != Flow::Normal) return flow;
    }
    return Flow::Normal;
}

Flow Interpreter::run(const Node& statement, Frame& frame) {
    if (failed()) return flow_;
    if (!step(statement)) return flow_;
    const syntax::NodeType type = statement.type();
    if (statement.is("ERROR")) {
        distrust(statement, frame, "a syntax error");
        return Flow::Normal;
    }
    if (type == "expression_statement") return runExpression(statement, frame);
    if (type == "if_statement") return runIf(statement, frame);
    if (type == "for_statement") return runFor(statement, frame);
    if (type == "while_statement") return runWhile(statement, frame);
    if (type == "try_statement") return runTry(statement, frame);
    if (type == "with_statement") return runWith(statement, frame);
    if (type == "raise_statement") return runRaise(statement, frame);
    if (type == "return_statement") {
        const auto values = statement.namedChildren();
        returned_ = values.empty() ? Ref() : evaluate(values[0], frame);
        return failed() ? flow_ : (flow_ = Flow::Return);
    }
    if (type == "break_statement") return flow_ = Flow::Break;
    if (type == "continue_statement") return flow_ = Flow::Continue;
    if (type == "function_definition")
        defineFunction(statement, {}, frame);
    else if (type == "class_definition")
        defineClass(statement, {}, frame);
    else if (type == "decorated_definition") {
        std::vector<Node> decorators;
        for (const Node& child : statement.namedChildren())
            if (child.is("decorator")) decorators.push_back(child);
        const Node definition = statement.field("definition");
        if (definition.is("class_definition"))
            defineClass(definition, decorators, frame);
        else
            defineFunction(definition, decorators, frame);
    } else if (type == "import_statement")
        runImport(statement, frame);
    else if (type == "import_from_statement")
        runImportFrom(statement, frame);
    else if (type == "delete_statement")
        runDelete(statement, frame);
    else if (type == "global_statement" || type == "nonlocal_statement") {
        for (const Node& name : statement.namedChildren())
            (type == "global_statement" ? frame.globals : frame.nonlocals)
                .emplace_back(name.text());
    } else if (type == "assert_statement") {
        evaluate(statement.namedChild(0), frame);
    } else if (type != "pass_statement" && type != "future_import_statement" && type != "comment" &&
               type != "type_alias_statement") {
        return unknownBranch(statement, frame, "a statement that static reading does not follow");
    }
    return flow_;
}

Flow Interpreter::unknownBranch(const Node& statement, Frame& frame, const std::string& reason) {
    const std::string why = reason + " (" + where(statement, frame) + ")";
    const bool inFunction = &frame != frame.module->frame && !frame.isClass;
    if (inFunction && mayLeave(statement)) {
        flow_ = Flow::Stuck;
        stuck_ = why;
        return flow_;
    }
    distrust(statement, frame, why);
    return Flow::Normal;
}

Flow Interpreter::runExpression(const Node& statement, Frame& frame) {
    for (const Node& child : statement.namedChildren()) {
        if (child.is("assignment"))
            runAssignment(child, frame);
        else if (child.is("augmented_assignment"))
            runAugmented(child, frame);
        else
            evaluate(child, frame);
        if (failed()) return flow_;
    }
    return Flow::Normal;
}

Ref Interpreter::runAssignment(const Node& node, Frame& frame) {
    const Node right = node.field("right");
    if (right.isNull()) return {}; // an annotation alone
    const Ref value = bulkOf(right, node, frame);
    if (value.box) {
        bind(std::string(node.field("left").text()), value, frame);
        return value;
    }
    return runPlainAssignment(node, frame);
}

/// A large display that gets a name of the module stays as it is until code looks at it.
Ref Interpreter::bulkOf(const Node& right, const Node& assignment, Frame& frame) {
    const bool named = assignment.field("left").is("identifier") &&
                       &frame == frame.module->frame && !right.isNull() &&
                       !assignment.parent().is("assignment");
    if (!named || (!right.is("list") && !right.is("dictionary"))) return {};
    std::optional<Value> bulk = right.tree()->bulkAt(right);
    if (!bulk || !step(right)) return {};
    return left(*bulk);
}

Ref Interpreter::left(const Value& deferred) {
    Box* box = make(deferred.kind() == Value::Kind::Dict ? Box::Kind::Dict : Box::Kind::List);
    box->deferred = deferred;
    return box;
}

void Interpreter::touch(const Ref& ref) {
    if (!ref.box || !ref.box->deferred) return;
    const Value whole = std::move(*ref.box->deferred);
    ref.box->deferred.reset();
    ElementReader reader(whole);
    while (reader.next()) {
        if (reader.key())
            ref.box->assign(fromValue(*reader.key()), fromValue(reader.content()));
        else
            ref.box->items.push_back(fromValue(reader.content()));
    }
}

Ref Interpreter::runPlainAssignment(const Node& node, Frame& frame) {
    const Ref value = evaluate(node.field("right"), frame);
    if (failed()) return {};
    assignTo(node.field("left"), value, frame);
    return value;
}

void Interpreter::assignTo(const Node& target, const Ref& value, Frame& frame) {
    const syntax::NodeType type = target.type();
    if (type == "identifier") {
        bind(std::string(target.text()), value, frame);
    } else if (type == "subscript") {
        const Ref object = evaluate(target.field("value"), frame);
        const Node key = target.field("subscript");
        if (failed()) return;
        if (key.is("slice")) {
            Box* box = object.box;
            std::vector<Ref> items;
            const bool whole = key.namedChildCount() == 0;
            if (box && box->kind == Box::Kind::List && box->taint.empty() && whole &&
                iterate(value, items))
                box->items = std::move(items);
            else
                taint(object, "a slice is assigned (" + where(target, frame) + ")");
            return;
        }
        const Ref index = evaluate(key, frame);
        if (!failed()) setItem(object, index, value, target);
    } else if (type == "attribute") {
        const Ref object = evaluate(target.field("object"), frame);
        if (!failed()) setAttribute(object, std::string(target.field("attribute").text()), value);
    } else if (type == "pattern_list" || type == "tuple_pattern" || type == "list_pattern" ||
               type == "tuple" || type == "list" || type == "expression_list") {
        const std::vector<Node> parts = target.namedChildren();
        std::vector<Ref> items;
        if (!iterate(value, items)) {
            for (const Node& part : parts)
                assignTo(part, opaqueText("part of something unknown"), frame);
            return;
        }
        size_t star = parts.size();
        for (size_t i = 0; i < parts.size(); ++i)
            if (parts[i].is("list_splat_pattern") || parts[i].is("list_splat")) star = i;
        if (star == parts.size() ? items.size() != parts.size() : items.size() + 1 < parts.size()) {
            raise("ValueError", "unpacking");
            return;
        }
        for (size_t i = 0; i < parts.size(); ++i) {
            if (i < star) {
                assignTo(parts[i], items[i], frame);
            } else if (i == star) {
                const size_t rest = items.size() - (parts.size() - 1);
                assignTo(parts[i].namedChild(0),
                         makeList({items.begin() + static_cast<std::ptrdiff_t>(i),
                                   items.begin() + static_cast<std::ptrdiff_t>(i + rest)}),
                         frame);
            } else {
                assignTo(parts[i], items[items.size() - (parts.size() - i)], frame);
            }
        }
    } else if (type == "parenthesized_expression") {
        assignTo(target.namedChild(0), value, frame);
    }
}

void Interpreter::setItem(const Ref& object, const Ref& key, Ref value, const Node& node) {
    if (!object.box) return;
    Box& box = *object.box;
    if (!box.taint.empty()) {
        return;
    } else if (box.kind == Box::Kind::Dict) {
        if (!isHashable(key))
            raise("TypeError", "unhashable");
        else
            box.assign(key, std::move(value));
    } else if (box.kind == Box::Kind::List) {
        int64_t index = 0;
        if (isOpaque(key) || !key.isInt() || !key.value.toInt64(index)) {
            taint(object, "an unknown position is assigned");
            return;
        }
        if (index < 0) index += static_cast<int64_t>(box.items.size());
        if (index < 0 || index >= static_cast<int64_t>(box.items.size()))
            raise("IndexError");
        else
            box.items[static_cast<size_t>(index)] = std::move(value);
    } else if (box.kind == Box::Kind::Opaque) {
        taint(object, "an unknown element is changed (line " + std::to_string(node.line()) + ")");
        if (box.isApplication && key.isStr()) box.attributes["[" + key.value.text() + "]"] = value;
        box.items.push_back(std::move(value));
    } else if (box.kind == Box::Kind::Instance && box.type) {
        Arguments arguments;
        arguments.positional = {key, std::move(value)};
        if (const Ref* method = classAttribute(*box.type, "__setitem__"); method && method->box)
            callFunction(*method->box, arguments, &object, node);
    }
}

void Interpreter::runAugmented(const Node& node, Frame& frame) {
    const Node target = node.field("left");
    std::string_view op = node.field("operator").text();
    op.remove_suffix(1);
    const Ref current = evaluate(target, frame);
    const Ref change = evaluate(node.field("right"), frame);
    if (failed()) return;
    if (current.box && current.box->isContainer() && current.box->kind != Box::Kind::Tuple) {
        // In place: every other name of the object sees it.
        Box& box = *current.box;
        std::vector<Ref> items;
        if (!box.taint.empty()) return;
        if (box.kind == Box::Kind::List && op == "+" && iterate(change, items)) {
            box.items.insert(box.items.end(), items.begin(), items.end());
            return;
        }
        const Ref result = binary(op, current, change, node);
        if (failed()) return;
        if (result.box && result.box->kind == box.kind) {
            box.items = result.box->items;
            std::vector<Box::Entry> entries = result.box->entries;
            box.entries.clear();
            box.index.reset();
            box.live = 0;
            for (const Box::Entry& entry : entries)
                box.assign(entry.key, entry.value);
        } else {
            taint(current, "an unknown value is added (" + where(node, frame) + ")");
        }
        return;
    }
    const Ref result = binary(op, current, change, node);
    if (!failed()) assignTo(target, result, frame);
}

void Interpreter::runDelete(const Node& statement, Frame& frame) {
    std::vector<Node> targets = statement.namedChildren();
    if (targets.size() == 1 && targets[0].is("expression_list"))
        targets = targets[0].namedChildren();
    for (const Node& target : targets) {
        if (target.is("identifier")) {
            frame.variables.erase(std::string(target.text()));
        } else if (target.is("subscript")) {
            const Ref object = evaluate(target.field("value"), frame);
            const Node key = target.field("subscript");
            if (failed() || !object.box || !object.box->taint.empty()) return;
            const Ref index = key.is("slice") ? Ref() : evaluate(key, frame);
            if (failed()) return;
            int64_t at = 0;
            if (object.box->kind == Box::Kind::Dict && !isOpaque(index)) {
                if (!object.box->erase(index)) raise("KeyError");
            } else if (object.box->kind == Box::Kind::List && !key.is("slice") && index.isInt() &&
                       index.value.toInt64(at)) {
                auto& items = object.box->items;
                if (at < 0) at += static_cast<int64_t>(items.size());
                if (at < 0 || at >= static_cast<int64_t>(items.size()))
                    raise("IndexError");
                else
                    items.erase(items.begin() + static_cast<std::ptrdiff_t>(at));
            } else {
                taint(object, "elements are deleted (" + where(target, frame) + ")");
            }
        }
    }
}

} // namespace covet::syntax::eval
