#include "syntax/evaluator/interpreter.h"
#include "syntax/evaluator/literals.h"

namespace covet::syntax::eval {

Ref Interpreter::evaluateConcatenation(const Node& node, Frame& frame) {
    Ref whole;
    bool first = true;
    for (const Node& part : node.namedChildren()) {
        const Ref piece = evaluateString(part, frame);
        if (failed()) return {};
        if (piece.box || (!first && piece.value.kind() != whole.value.kind())) return opaque(node);
        whole =
            first ? piece
                  : Ref(Value::scalar(piece.value.kind(), whole.value.text() + piece.value.text()));
        first = false;
    }
    return whole;
}

Ref Interpreter::evaluateString(const Node& node, Frame& frame) {
    if (node.is("concatenated_string")) return evaluateConcatenation(node, frame);
    const std::string prefix = stringPrefix(node);
    if (prefix.find('t') != prefix.npos) return opaque(node);
    if (prefix.find('f') == prefix.npos) {
        auto value = stringLiteral(node);
        return value ? Ref(*value) : opaque(node);
    }
    std::string out;
    size_t position = node.start();
    const std::string_view source = node.tree()->text();
    for (const Node& child : node.children()) {
        if (child.is("string_start")) {
            position = child.end();
            continue;
        }
        if (!child.is("interpolation") && !child.is("string_end")) continue;
        const auto text = decodeText(source.substr(position, child.start() - position), prefix);
        if (!text) return opaque(node);
        out += *text;
        position = child.end();
        if (child.is("string_end")) break;
        const Ref value = evaluate(child.field("expression"), frame);
        if (failed()) return {};
        if (isOpaque(value)) return opaque(node);
        Ref shown = value;
        std::string spec;
        const std::string_view conversion = child.field("type_conversion").text();
        if (conversion == "!r") {
            const auto repr = reprOf(value);
            if (!repr) return opaque(node);
            shown = Value::string(*repr);
        } else if (conversion == "!s") {
            const auto plain = strOf(value);
            if (!plain) return opaque(node);
            shown = Value::string(*plain);
        } else if (!conversion.empty()) {
            return opaque(node);
        }
        const std::string_view inside = child.text();
        const std::string_view expression = child.field("expression").text();
        const Node format = child.field("format_specifier");
        if (format) {
            size_t at = format.start() + 1; // past ':'
            for (const Node& part : format.namedChildren()) {
                if (part.is("string_content")) continue;
                if (part.typeName().find("expression") == std::string_view::npos &&
                    !part.is("interpolation"))
                    continue;
                spec += source.substr(at, part.start() - at);
                const Node nested =
                    part.field("expression") ? part.field("expression") : part.namedChild(0);
                const auto piece = strOf(evaluate(nested, frame));
                if (failed() || !piece) return failed() ? Ref() : opaque(node);
                spec += *piece;
                at = part.end();
            }
            spec += source.substr(at, format.end() - at);
        }
        // f"{x=}" prints its own source.
        size_t tail = inside.find(expression) + expression.size();
        while (tail < inside.size() && inside[tail] == ' ')
            ++tail;
        if (tail < inside.size() && inside[tail] == '=') return opaque(node);
        const auto formatted = formatValue(shown, spec);
        if (!formatted) return opaque(node);
        out += *formatted;
        if (out.size() > limits_.textBytes) return opaque(node);
    }
    return Value::string(std::move(out));
}

} // namespace covet::syntax::eval
