#include <algorithm>

#include "syntax/evaluator/interpreter.h"

namespace covet::syntax::eval {
namespace {

constexpr std::string_view kTypeNames[] = {
    "builtins.str",      "builtins.int",       "builtins.float",  "builtins.bool",
    "builtins.bytes",    "builtins.dict",      "builtins.list",   "builtins.tuple",
    "builtins.set",      "builtins.frozenset", "decimal.Decimal", "datetime.date",
    "datetime.datetime", "datetime.time",      "uuid.UUID",       "datetime.timedelta"};

/// The type of a value that no class of the project made; "" for others.
std::string_view typeNameOf(const Ref& ref) {
    if (ref.box) {
        switch (ref.box->kind) {
        case Box::Kind::List:
            return "builtins.list";
        case Box::Kind::Tuple:
            return "builtins.tuple";
        case Box::Kind::Set:
            return ref.box->frozen ? "builtins.frozenset" : "builtins.set";
        case Box::Kind::Dict:
            return ref.box->name.empty() ? "builtins.dict" : "";
        default:
            return "";
        }
    }
    switch (ref.value.kind()) {
    case Value::Kind::Str:
        return "builtins.str";
    case Value::Kind::Int:
        return "builtins.int";
    case Value::Kind::Float:
        return "builtins.float";
    case Value::Kind::Bool:
        return "builtins.bool";
    case Value::Kind::Bytes:
        return "builtins.bytes";
    case Value::Kind::Decimal:
        return "decimal.Decimal";
    case Value::Kind::Date:
        return "datetime.date";
    case Value::Kind::DateTime:
        return "datetime.datetime";
    case Value::Kind::Time:
        return "datetime.time";
    case Value::Kind::Timedelta:
        return "datetime.timedelta";
    case Value::Kind::Uuid:
        return "uuid.UUID";
    case Value::Kind::Null:
        return "NoneType";
    default:
        return "";
    }
}

} // namespace

/// isinstance(); nothing for types that other packages define.
std::optional<bool> Interpreter::isInstance(const Ref& ref, const Ref& type) {
    if (isOpaque(ref) || !type.box) return std::nullopt;
    if (type.box->kind == Box::Kind::Tuple) {
        bool isOne = false;
        for (const Ref& option : type.box->items) {
            const auto is = isInstance(ref, option);
            if (!is) return std::nullopt;
            isOne = isOne || *is;
        }
        return isOne;
    }
    if (type.box->kind == Box::Kind::Class) {
        if (ref.isScalar() || ref.box->isContainer()) return false;
        if (ref.box->kind != Box::Kind::Instance || !ref.box->type) return std::nullopt;
        std::vector<const Box*> open = {ref.box->type};
        for (size_t i = 0; i < open.size(); ++i) {
            if (open[i] == type.box) return true;
            open.insert(open.end(), open[i]->detail->bases.begin(), open[i]->detail->bases.end());
        }
        return false;
    }
    if (type.box->kind != Box::Kind::External) return std::nullopt;
    const std::string_view wanted = type.box->name;
    if (std::find(std::begin(kTypeNames), std::end(kTypeNames), wanted) == std::end(kTypeNames))
        return std::nullopt;
    const std::string_view own = typeNameOf(ref);
    if (own.empty()) return std::nullopt; // its class may extend the type
    return own == wanted || (wanted == "builtins.int" && own == "builtins.bool") ||
           (wanted == "datetime.date" && own == "datetime.datetime");
}

/// type() of one argument.
Ref Interpreter::typeOf(const Ref& ref, const Node& node) {
    if (isOpaque(ref)) return opaque(node);
    if (ref.box && ref.box->kind == Box::Kind::Instance && ref.box->type) return ref.box->type;
    const std::string_view name = typeNameOf(ref);
    return name.empty() ? opaque(node) : external(std::string(name));
}

} // namespace covet::syntax::eval
