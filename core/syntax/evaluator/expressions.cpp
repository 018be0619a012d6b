#include "support/words.h"
#include "syntax/evaluator/interpreter.h"
#include "syntax/evaluator/literals.h"

namespace covet::syntax::eval {
namespace {

constexpr unsigned kMaxNesting = 300;
constexpr size_t kLargeLiteral = 4096;

/// Whether a value only gets a name, is returned or counted here, or its keys are asked for: its elements are not.
bool isHandedOn(const Node& node) {
    const Node parent = node.parent();
    if (parent.is("assignment")) return parent.field("right") == node;
    if (parent.is("return_statement")) return true;
    if (parent.is("parenthesized_expression") || parent.is("await")) return isHandedOn(parent);
    if (parent.is("attribute")) return parent.field("attribute").text() == "keys" && parent.parent().is("call");
    static constexpr Words kCounting = {"len", "max", "min"};
    return parent.is("argument_list") && kCounting.count(parent.parent().field("function").text()) > 0;
}

} // namespace

Ref Interpreter::evaluate(const Node& node, Frame& frame) {
    if (failed() || node.isNull() || !step(node)) return {};
    if (depth_ > kMaxNesting) return opaqueText("nested too deeply");
    const syntax::NodeType type = node.type();
    // Large data is read without a step for every element.
    if (node.end() - node.start() > kLargeLiteral && (type == "list" || type == "dictionary")) {
        if (const auto bulk = node.tree()->bulkAt(node)) return fromValue(*bulk);
        if (depth_ == 0)
            if (const auto literal = plainLiteral(node)) return fromValue(*literal);
    }
    ++depth_;
    Ref result;
    if (type == "identifier")
        result = evaluateName(node.text(), frame, node);
    else if (type == "string" || type == "concatenated_string")
        result = evaluateString(node, frame);
    else if (type == "integer" || type == "float") {
        auto number = numberLiteral(node.text());
        result = number ? Ref(*number) : opaque(node);
    } else if (type == "true" || type == "false")
        result = Value::boolean(type == "true");
    else if (type == "none")
        result = Ref();
    else if (type == "list" || type == "tuple" || type == "set" || type == "expression_list")
        result = evaluateDisplay(node, frame);
    else if (type == "dictionary")
        result = evaluateDict(node, frame);
    else if (type == "parenthesized_expression") {
        const auto inner = node.namedChildren();
        result = inner.size() == 1 ? evaluate(inner[0], frame) : opaque(node);
    } else if (type == "call")
        result = evaluateCall(node, frame);
    else if (type == "attribute") {
        const Ref object = evaluate(node.field("object"), frame);
        if (!failed())
            result = attribute(object, std::string(node.field("attribute").text()), node);
    } else if (type == "subscript")
        result = evaluateSubscript(node, frame);
    else if (type == "comparison_operator")
        result = evaluateComparison(node, frame);
    else if (node.isOneOf({"list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression"}))
        result = evaluateComprehension(node, frame);
    else
        result = evaluateOperators(node, frame);
    --depth_;
    if (result.box && result.box->deferred && !isHandedOn(node)) touch(result);
    return result;
}

Ref Interpreter::evaluateOperators(const Node& node, Frame& frame) {
    const syntax::NodeType type = node.type();
    if (type == "binary_operator") {
        const Ref left = evaluate(node.field("left"), frame);
        const Ref right = evaluate(node.field("right"), frame);
        return failed() ? Ref() : binary(node.field("operator").text(), left, right, node);
    }
    if (type == "unary_operator") {
        const Ref operand = evaluate(node.field("argument"), frame);
        if (failed()) return {};
        if (!operand.box && operand.value.isNumber()) {
            const std::string_view op = node.field("operator").text();
            if (op == "-" && operand.value.kind() == Value::Kind::Float)
                return Value::floating(-operand.value.toDouble());
            if (op == "-") return arithmetic("-", Value::integer(0), operand.value, node);
            if (op == "+") {
                int64_t flag = 0;
                if (operand.value.kind() == Value::Kind::Bool && operand.value.toInt64(flag))
                    return Value::integer(flag);
                return operand;
            }
            if (op == "~" && operand.isInt())
                return arithmetic("-", Value::integer(-1), operand.value, node);
        }
        return opaque(node);
    }
    if (type == "not_operator") {
        const auto value = truth(evaluate(node.field("argument"), frame));
        if (failed()) return {};
        return value ? Ref(Value::boolean(!*value)) : opaque(node);
    }
    if (type == "boolean_operator") {
        Ref left = evaluate(node.field("left"), frame);
        if (failed()) return {};
        const auto value = truth(left);
        if (!value) {
            distrust(node.field("right"), frame,
                     "depends on " + std::string(node.text().substr(0, 80)));
            return opaque(node);
        }
        const bool isAnd = node.field("operator").text() == "and";
        return *value == isAnd ? evaluate(node.field("right"), frame) : left;
    }
    if (type == "conditional_expression") {
        const auto parts = node.namedChildren();
        if (parts.size() != 3) return opaque(node);
        const auto value = truth(evaluate(parts[1], frame));
        if (failed()) return {};
        return value ? evaluate(*value ? parts[0] : parts[2], frame) : opaque(node);
    }
    if (type == "named_expression") {
        Ref value = evaluate(node.field("value"), frame);
        Frame* target = &frame;
        while (target->isComprehension && target->parent)
            target = target->parent;
        if (!failed()) bind(std::string(node.field("name").text()), value, *target);
        return value;
    }
    if (type == "lambda") {
        Box* function = make(Box::Kind::Function, "<lambda>");
        function->node = node;
        function->frame = &frame;
        function->module = frame.module;
        return function;
    }
    if (type == "await") {
        Ref value = evaluate(node.namedChild(0), frame);
        if (failed() || !value.box) return value;
        return value.box->kind == Box::Kind::Coroutine ? runCoroutine(*value.box, node)
                                                       : opaque(node);
    }
    if (type == "yield") {
        const auto inner = node.namedChildren();
        Ref value = inner.empty() ? Ref() : evaluate(inner[0], frame);
        if (failed()) return {};
        Frame* target = &frame;
        while (target && !target->yields)
            target = target->parent;
        if (!target) return opaque(node);
        if (node.childCount() > 1 && node.child(1).is("from")) {
            if (!iterate(value, *target->yields)) {
                flow_ = Flow::Stuck;
                stuck_ = "yields from something unknown";
            }
        } else {
            yielded(*target, value);
        }
        return {};
    }
    if (type == "list_splat") return evaluate(node.namedChild(0), frame);
    if (type == "assignment") return runAssignment(node, frame);
    if (type == "ellipsis") return external("builtins.Ellipsis");
    return opaque(node);
}

namespace {

/// In a display of one element the grammar binds the star of `*f(x)`, `*a.b` and `*a[b]` to the
/// name in front.
bool isSplat(Node element) {
    while (element.is("call") || element.is("attribute") || element.is("subscript") ||
           element.is("binary_operator"))
        element = element.is("call")        ? element.field("function")
                  : element.is("attribute") ? element.field("object")
                  : element.is("subscript") ? element.field("value")
                                            : element.field("left");
    return element.is("list_splat");
}

} // namespace

Ref Interpreter::evaluateDisplay(const Node& node, Frame& frame) {
    std::vector<Ref> items;
    for (const Node& child : node.namedChildren()) {
        if (isSplat(child)) {
            const Ref spread = evaluate(child, frame);
            if (failed()) return {};
            if (!iterate(spread, items)) return opaque(node);
        } else {
            items.push_back(evaluate(child, frame));
            if (failed()) return {};
        }
    }
    if (!node.is("set"))
        return makeList(std::move(items), node.is("list") ? Box::Kind::List : Box::Kind::Tuple);
    Box* set = make(Box::Kind::Set);
    for (const Ref& item : items) {
        if (!isHashable(item)) return raise("TypeError", "unhashable");
        if (!set->lookup(item)) set->assign(item, Ref());
    }
    return set;
}

Ref Interpreter::evaluateDict(const Node& node, Frame& frame) {
    Box* dict = make(Box::Kind::Dict);
    for (const Node& child : node.namedChildren()) {
        if (child.is("dictionary_splat")) {
            const Ref spread = evaluate(child.namedChild(0), frame);
            if (failed()) return {};
            if (!spread.box || spread.box->kind != Box::Kind::Dict || !spread.box->taint.empty())
                return opaque(node);
            for (size_t i = 0; i < spread.box->entries.size(); ++i)
                if (!spread.box->entries[i].dead)
                    dict->assign(spread.box->entries[i].key, spread.box->entries[i].value);
            continue;
        }
        const Ref key = evaluate(child.field("key"), frame);
        Ref value = evaluate(child.field("value"), frame);
        if (failed()) return {};
        if (!isHashable(key)) return raise("TypeError", "unhashable");
        dict->assign(key, std::move(value));
    }
    return dict;
}

Ref Interpreter::evaluateName(std::string_view name, Frame& frame, const Node& node) {
    if (Ref* found = lookUp(name, frame)) return *found;
    if (frame.module->source->tree == nullptr) return opaque(node);
    static const std::set<std::string, std::less<>> builtins = {"abs",
                                                                "all",
                                                                "any",
                                                                "bool",
                                                                "bytes",
                                                                "chr",
                                                                "dict",
                                                                "divmod",
                                                                "enumerate",
                                                                "filter",
                                                                "float",
                                                                "format",
                                                                "frozenset",
                                                                "getattr",
                                                                "hasattr",
                                                                "hex",
                                                                "int",
                                                                "isinstance",
                                                                "iter",
                                                                "len",
                                                                "list",
                                                                "map",
                                                                "max",
                                                                "min",
                                                                "next",
                                                                "object",
                                                                "oct",
                                                                "bin",
                                                                "open",
                                                                "ord",
                                                                "pow",
                                                                "print",
                                                                "property",
                                                                "range",
                                                                "repr",
                                                                "reversed",
                                                                "round",
                                                                "set",
                                                                "setattr",
                                                                "sorted",
                                                                "staticmethod",
                                                                "classmethod",
                                                                "str",
                                                                "sum",
                                                                "super",
                                                                "tuple",
                                                                "type",
                                                                "zip",
                                                                "callable",
                                                                "id",
                                                                "hash",
                                                                "input",
                                                                "vars",
                                                                "dir",
                                                                "bytearray",
                                                                "Exception",
                                                                "ValueError",
                                                                "KeyError",
                                                                "TypeError",
                                                                "IndexError",
                                                                "RuntimeError",
                                                                "LookupError",
                                                                "AttributeError",
                                                                "OSError",
                                                                "IOError",
                                                                "FileNotFoundError",
                                                                "ImportError",
                                                                "ModuleNotFoundError",
                                                                "StopIteration",
                                                                "ZeroDivisionError",
                                                                "ArithmeticError",
                                                                "NotImplementedError",
                                                                "AssertionError",
                                                                "BaseException",
                                                                "PermissionError",
                                                                "UnicodeDecodeError",
                                                                "NameError"};
    if (builtins.count(name)) return external("builtins." + std::string(name));
    return opaque(node);
}

} // namespace covet::syntax::eval
