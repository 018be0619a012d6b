#include <algorithm>
#include <cmath>

#include "syntax/evaluator/big_integer.h"
#include "syntax/evaluator/decimals.h"
#include "syntax/evaluator/interpreter.h"
#include "syntax/evaluator/temporal.h"

namespace covet::syntax::eval {
namespace {

std::string intText(const Value& value) {
    return value.kind() == Value::Kind::Bool ? (value.boolValue() ? "1" : "0") : value.text();
}

bool exactInDouble(const Value& value) {
    int64_t number = 0;
    return value.toInt64(number) && number <= (1LL << 53) && number >= -(1LL << 53);
}

} // namespace

Ref Interpreter::arithmetic(std::string_view op, const Value& left, const Value& right,
                            const Node& node) {
    const bool isFloat =
        left.kind() == Value::Kind::Float || right.kind() == Value::Kind::Float || op == "/";
    if (left.kind() == Value::Kind::Decimal || right.kind() == Value::Kind::Decimal) {
        const auto result = decimalArithmetic(op, left, right);
        return result ? Ref(*result) : opaque(node);
    }
    if (!isFloat) {
        const BigInteger a = BigInteger::parse(intText(left));
        const BigInteger b = BigInteger::parse(intText(right));
        if (op == "+") return Value::integerText((a + b).text());
        if (op == "-") return Value::integerText((a - b).text());
        if (op == "*") {
            if (intText(left).size() + intText(right).size() > BigInteger::kMaxDigits)
                return opaque(node);
            return Value::integerText((a * b).text());
        }
        if (op == "//" || op == "%") {
            if (b.isZero()) return raise("ZeroDivisionError", "division by zero");
            BigInteger quotient;
            BigInteger remainder;
            a.divide(b, quotient, remainder);
            return Value::integerText((op == "%" ? remainder : quotient).text());
        }
        int64_t x = 0;
        int64_t y = 0;
        const bool small = left.toInt64(x) && right.toInt64(y);
        if (op == "**" && small && y < 0) {
            if (x == 0) return raise("ZeroDivisionError", "0 to a negative power");
            return Value::floating(std::pow(static_cast<double>(x), static_cast<double>(y)));
        }
        if (op == "**" && right.toInt64(y)) {
            const auto result = a.power(static_cast<uint64_t>(y));
            return result ? Ref(Value::integerText(result->text())) : opaque(node);
        }
        if (op == "<<" && right.toInt64(y) && y >= 0) {
            const auto factor = BigInteger(2).power(static_cast<uint64_t>(y));
            return factor ? Ref(Value::integerText((a * *factor).text())) : opaque(node);
        }
        if (op == ">>" && right.toInt64(y) && y >= 0) {
            const auto factor = BigInteger(2).power(static_cast<uint64_t>(y));
            if (!factor) return opaque(node);
            BigInteger quotient;
            BigInteger remainder;
            a.divide(*factor, quotient, remainder);
            return Value::integerText(quotient.text());
        }
        if (small && (op == "&" || op == "|" || op == "^")) {
            const int64_t bits = op == "&" ? (x & y) : op == "|" ? (x | y) : (x ^ y);
            if (left.kind() == Value::Kind::Bool && right.kind() == Value::Kind::Bool)
                return Value::boolean(bits != 0);
            return Value::integer(bits);
        }
        return opaque(node);
    }
    if ((left.kind() == Value::Kind::Int && !exactInDouble(left)) ||
        (right.kind() == Value::Kind::Int && !exactInDouble(right)))
        return opaque(node); // Python rounds the exact quotient, a double would round twice
    const double a = left.toDouble();
    const double b = right.toDouble();
    if (op == "+") return Value::floating(a + b);
    if (op == "-") return Value::floating(a - b);
    if (op == "*") return Value::floating(a * b);
    if (op == "/") {
        if (b == 0) return raise("ZeroDivisionError", "division by zero");
        return Value::floating(a / b);
    }
    if (op == "//" || op == "%") {
        if (b == 0) return raise("ZeroDivisionError", "division by zero");
        double rest = std::fmod(a, b);
        double quotient = (a - rest) / b;
        if (rest != 0 && (b < 0) != (rest < 0)) {
            rest += b;
            quotient -= 1;
        } else if (rest == 0) {
            rest = std::copysign(0.0, b);
        }
        if (op == "%") return Value::floating(rest);
        if (quotient == 0) return Value::floating(std::copysign(0.0, a / b));
        double whole = std::floor(quotient);
        if (quotient - whole > 0.5) whole += 1;
        return Value::floating(whole);
    }
    if (op == "**") {
        if (a < 0 && std::floor(b) != b) return opaque(node); // complex
        if (a == 0 && b < 0) return raise("ZeroDivisionError", "0.0 to a negative power");
        return Value::floating(std::pow(a, b));
    }
    return opaque(node);
}

Ref Interpreter::binary(std::string_view op, const Ref& left, const Ref& right, const Node& node) {
    if (isOpaque(left) || isOpaque(right)) {
        // `TODAY + timedelta(days=2)`: what is known of a name is where its value comes from.
        const Node first = node.field("left");
        const bool isName = isOpaque(left) && !isOpaque(right) && node.is("binary_operator") && first.is("identifier");
        return isName ? opaqueText(left.box->name + std::string(node.text().substr(first.text().size()))) : opaque(node);
    }
    touch(left);
    touch(right);
    if (op == "%" && left.isStr()) return percentFormat(left.value.text(), right, node);
    if (!left.box && !right.box) {
        const Value& a = left.value;
        const Value& b = right.value;
        if (a.isNumber() && b.isNumber()) return arithmetic(op, a, b, node);
        if (op == "+" && a.kind() == b.kind() &&
            (a.kind() == Value::Kind::Str || a.kind() == Value::Kind::Bytes)) {
            if (a.text().size() + b.text().size() > limits_.textBytes) return opaque(node);
            return Value::scalar(a.kind(), a.text() + b.text());
        }
        if (const auto result = temporalArithmetic(op, a, b)) return *result;
    }
    const auto repeat = [&](const Ref& sequence, const Value& times) -> Ref {
        int64_t count = 0;
        if (!times.toInt64(count)) return opaque(node);
        count = std::max<int64_t>(count, 0);
        if (!sequence.box) {
            if (static_cast<double>(count) * static_cast<double>(sequence.value.text().size()) >
                static_cast<double>(limits_.textBytes))
                return opaque(node);
            std::string out;
            for (int64_t i = 0; i < count; ++i)
                out += sequence.value.text();
            return Value::scalar(sequence.value.kind(), out);
        }
        const Box& box = *sequence.box;
        if (!box.taint.empty() ||
            static_cast<double>(count) * static_cast<double>(box.items.size()) >
                static_cast<double>(limits_.items))
            return opaque(node);
        std::vector<Ref> items;
        for (int64_t i = 0; i < count; ++i)
            items.insert(items.end(), box.items.begin(), box.items.end());
        return makeList(std::move(items), box.kind);
    };
    const auto isSequence = [](const Ref& ref) {
        if (!ref.box)
            return ref.value.kind() == Value::Kind::Str || ref.value.kind() == Value::Kind::Bytes;
        return ref.box->kind == Box::Kind::List || ref.box->kind == Box::Kind::Tuple;
    };
    if (op == "*" && isSequence(left) && right.isInt()) return repeat(left, right.value);
    if (op == "*" && isSequence(right) && left.isInt()) return repeat(right, left.value);
    if (left.box && left.box->kind == Box::Kind::Path && op == "/" && left.box->taint.empty()) {
        const auto part = strOf(right);
        if (!part) return opaque(node);
        return make(Box::Kind::Path, joinPath(left.box->name, *part));
    }
    if (!left.box || !right.box || left.box->kind != right.box->kind || !left.box->taint.empty() ||
        !right.box->taint.empty())
        return opaque(node);
    const Box& a = *left.box;
    Box& b = *right.box;
    if (op == "+" && (a.kind == Box::Kind::List || a.kind == Box::Kind::Tuple)) {
        std::vector<Ref> items = a.items;
        items.insert(items.end(), b.items.begin(), b.items.end());
        return makeList(std::move(items), a.kind);
    }
    if (a.kind == Box::Kind::Dict && op == "|" && a.name != "Counter") {
        Box* made = make(Box::Kind::Dict);
        for (const Box* side : {&a, static_cast<const Box*>(&b)})
            for (const Box::Entry& entry : side->entries)
                if (!entry.dead) made->assign(entry.key, entry.value);
        return made;
    }
    if (a.kind == Box::Kind::Set && (op == "|" || op == "&" || op == "-" || op == "^")) {
        Box* made = make(Box::Kind::Set);
        made->frozen = a.frozen;
        for (const Box::Entry& entry : a.entries) {
            const bool shared = !entry.dead && b.lookup(entry.key) != nullptr;
            if (!entry.dead && (op == "|" || (op == "&") == shared)) made->assign(entry.key, Ref());
        }
        if (op == "|" || op == "^")
            for (const Box::Entry& entry : b.entries)
                if (!entry.dead && !left.box->lookup(entry.key)) made->assign(entry.key, Ref());
        return made;
    }
    return opaque(node);
}

Ref Interpreter::item(const Ref& object, const Ref& key, const Node& node) {
    // `app.config["USERS"]` gives what was put there.
    if (object.box && object.box->kind == Box::Kind::Opaque && object.box->isApplication && key.isStr()) {
        const auto kept = object.box->attributes.find("[" + key.value.text() + "]");
        if (kept != object.box->attributes.end()) return kept->second;
    }
    if (isOpaque(object) || (object.box && !object.box->taint.empty())) return opaquePart(object, node);
    if (isOpaque(key) && !key.box->isUnique) return opaquePart(object, node);
    touch(object);
    if (object.box && object.box->kind == Box::Kind::Dict) {
        if (!isHashable(key)) return raise("TypeError", "unhashable");
        if (Box::Entry* found = object.box->lookup(key)) return found->value;
        for (const Box::Entry& entry : object.box->entries)
            if (!entry.dead && isOpaque(entry.key) && !entry.key.box->isUnique) return opaquePart(object, node);
        if (object.box->name == "Counter") return Value::integer(0);
        if (object.box->function || !object.box->name.empty()) { // defaultdict
            Arguments none;
            const Ref made = call(object.box->self, none, node);
            if (!failed()) object.box->assign(key, made);
            return made;
        }
        return raise("KeyError", strOf(key).value_or(""));
    }
    if (object.box && object.box->kind == Box::Kind::Class) {
        if (object.box->detail->style != ClassDetail::Style::Enum || !key.isStr())
            return opaque(node);
        auto found = object.box->attributes.find(key.value.text());
        return found == object.box->attributes.end() ? raise("KeyError") : found->second;
    }
    std::vector<Ref> items;
    if (!key.isInt() || (object.box && object.box->kind == Box::Kind::Set)) return opaquePart(object, node);
    int64_t index = 0;
    if (!key.value.toInt64(index)) return raise("IndexError");
    const std::vector<Ref>* source = &items;
    if (object.box && (object.box->kind == Box::Kind::List || object.box->kind == Box::Kind::Tuple))
        source = &object.box->items;
    else if ((object.box && object.box->kind == Box::Kind::Iterator) || !iterate(object, items))
        return opaquePart(object, node);
    if (index < 0) index += static_cast<int64_t>(source->size());
    if (index < 0 || index >= static_cast<int64_t>(source->size())) return raise("IndexError");
    return (*source)[static_cast<size_t>(index)];
}

Ref Interpreter::evaluateSubscript(const Node& node, Frame& frame) {
    const Ref object = evaluate(node.field("value"), frame);
    if (failed()) return {};
    const std::vector<Node> keys = node.fields("subscript");
    if (keys.empty()) return opaque(node);
    if (keys.size() == 1 && keys[0].is("slice")) return evaluateSlice(object, keys[0], frame, node);
    // `List[int]` and the like: only annotations use it, the class behind stays what it is.
    if (object.box && object.box->kind == Box::Kind::External && object.box->name != "os.environ")
        return object;
    // `Repository[User]()` makes an object of `Repository`.
    if (object.box && object.box->kind == Box::Kind::Class && object.box->detail->style != ClassDetail::Style::Enum) return object;
    if (keys.size() > 1) {
        std::vector<Ref> parts;
        for (const Node& key : keys) {
            if (key.is("slice")) return opaque(node);
            parts.push_back(evaluate(key, frame));
        }
        return failed() ? Ref() : item(object, makeList(std::move(parts), Box::Kind::Tuple), node);
    }
    const Ref key = evaluate(keys[0], frame);
    return failed() ? Ref() : item(object, key, node);
}

Ref Interpreter::evaluateSlice(const Ref& object, const Node& slice, Frame& frame,
                               const Node& node) {
    std::optional<int64_t> bounds[3];
    size_t part = 0;
    for (const Node& child : slice.children()) {
        if (child.is(":")) {
            ++part;
            continue;
        }
        if (!child.isNamed() || child.is("comment") || part > 2) continue;
        const Ref bound = evaluate(child, frame);
        int64_t number = 0;
        if (failed()) return {};
        if (bound.isNone()) continue;
        if (!bound.isInt() || !bound.value.toInt64(number)) return opaque(node);
        bounds[part] = number;
    }
    std::vector<Ref> items;
    const bool isList =
        object.box && (object.box->kind == Box::Kind::List || object.box->kind == Box::Kind::Tuple);
    if (isOpaque(object) && object.box->isUnique) {
        std::string name = "[";
        for (const std::optional<int64_t>& bound : bounds)
            name += (bound ? std::to_string(*bound) : "") + ":";
        return uniquePart(object, name, node);
    }
    if (isOpaque(object) || (!isList && object.box) || !iterate(object, items)) return opaquePart(object, node);
    const auto size = static_cast<int64_t>(items.size());
    const int64_t step = bounds[2].value_or(1);
    if (step == 0) return raise("ValueError", "slice step cannot be zero");
    const auto clamp = [&](std::optional<int64_t> bound, int64_t missing) {
        if (!bound) return missing;
        int64_t at = *bound < 0 ? *bound + size : *bound;
        return step > 0 ? std::clamp<int64_t>(at, 0, size) : std::clamp<int64_t>(at, -1, size - 1);
    };
    const int64_t from = clamp(bounds[0], step > 0 ? 0 : size - 1);
    const int64_t to = clamp(bounds[1], step > 0 ? size : -1);
    std::vector<Ref> picked;
    for (int64_t i = from; step > 0 ? i < to : i > to; i += step)
        picked.push_back(items[static_cast<size_t>(i)]);
    if (isList) return makeList(std::move(picked), object.box->kind);
    std::string text;
    for (const Ref& element : picked) {
        int64_t byte = 0;
        if (element.value.toInt64(byte))
            text += static_cast<char>(byte);
        else
            text += element.value.text();
    }
    return Value::scalar(object.value.kind(), text);
}

} // namespace covet::syntax::eval
