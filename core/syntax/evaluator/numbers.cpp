#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "syntax/evaluator/big_integer.h"
#include "syntax/evaluator/interpreter.h"

namespace covet::syntax::eval {

/// The functions of `math` whose results are exact.
Ref Interpreter::callMath(const std::string& name, Arguments& arguments, const Node& node) {
    const Ref* first = arguments.get(0, "");
    const std::string last = name.substr(name.rfind('.') + 1);
    if (last == "prod" && first) {
        std::vector<Ref> items;
        if (!iterate(*first, items)) return opaque(node);
        Ref total = arguments.keyword("start") ? *arguments.keyword("start") : Value::integer(1);
        for (const Ref& item : items) {
            total = binary("*", total, item, node);
            if (failed() || isOpaque(total)) return total;
        }
        return total;
    }
    if (!first || first->box || !first->value.isNumber() || !arguments.keywords.empty())
        return opaque(node);
    const Value& value = first->value;
    if (last == "gcd" && arguments.positional.size() == 2 && first->isInt() &&
        arguments.positional[1].isInt()) {
        BigInteger a = BigInteger::parse(value.text());
        BigInteger b = BigInteger::parse(arguments.positional[1].value.text());
        while (!b.isZero()) {
            BigInteger quotient;
            BigInteger rest;
            a.divide(b, quotient, rest);
            a = b;
            b = rest;
        }
        return Value::integerText((a.isNegative() ? -a : a).text());
    }
    if (arguments.positional.size() != 1 || value.kind() == Value::Kind::Bool) return opaque(node);
    if (last == "sqrt") {
        const double number = value.toDouble();
        if (value.kind() == Value::Kind::Int && std::fabs(number) > 9e15) return opaque(node);
        return number < 0 ? raise("ValueError") : Ref(Value::floating(std::sqrt(number)));
    }
    const bool rounds = last == "floor" || last == "ceil" || last == "trunc";
    if (rounds && value.kind() == Value::Kind::Int) return value;
    if (!rounds || value.kind() != Value::Kind::Float) return opaque(node);
    const double number = value.toDouble();
    if (!std::isfinite(number)) return raise("ValueError");
    char buffer[400];
    std::snprintf(buffer, sizeof buffer, "%.0f",
                  last == "floor"  ? std::floor(number)
                  : last == "ceil" ? std::ceil(number)
                                   : std::trunc(number));
    return Value::integerText(BigInteger::parse(buffer).text());
}

} // namespace covet::syntax::eval
