#include "facts/number_kind.h"

#include <optional>

#include "facts/passed_values.h"
#include "facts/record_shape.h"
#include "facts/reference_context.h"
#include "semantic/module_index.h"
#include "support/words.h"

namespace covet::facts {
namespace {

constexpr int kMaxSteps = 6;

NumberKind kindOfType(const std::string& type) {
    if (type == "int" || type == "None") return NumberKind::Whole;
    if (type == "float") return NumberKind::Fraction;
    return type.empty() || type == "json" || type == "number" ? NumberKind::Open : NumberKind::None;
}

/// Of a value that is one or the other.
NumberKind either(NumberKind one, NumberKind other) {
    if (one == other) return one;
    const bool fraction = one == NumberKind::Fraction || other == NumberKind::Fraction;
    const bool whole = one == NumberKind::Whole || other == NumberKind::Whole;
    return fraction && whole ? NumberKind::Fraction : NumberKind::Open;
}

/// Of `one + other`. What is no number makes none of it: texts and lists are added, too.
NumberKind together(NumberKind one, NumberKind other) {
    if (one == NumberKind::None || other == NumberKind::None) return NumberKind::None;
    if (one == NumberKind::Fraction || other == NumberKind::Fraction) return NumberKind::Fraction;
    return one == other ? one : NumberKind::Open;
}

NumberKind arithmetic(std::string_view operation, NumberKind left, NumberKind right) {
    const NumberKind both = together(left, right);
    // A negative exponent makes a float of two ints.
    const bool divides = operation == "/" || operation == "/=" || operation == "**" || operation == "**=";
    return divides && both != NumberKind::None ? NumberKind::Fraction : both;
}

} // namespace

NumberKind NumberKinds::kindOf(const Module& module, const Node& node, const IsSame& isSame) const {
    return kind(module, node, isSame, kMaxSteps);
}

NumberKind NumberKinds::afterOperator(const Module& module, std::string_view operation, const Node& value,
                                      const IsSame& isSame) const {
    return arithmetic(operation, NumberKind::Whole, kindOf(module, value, isSame));
}

NumberKind NumberKinds::kind(const Module& module, const Node& node, const IsSame& isSame, int steps) const {
    if (node.isNull() || steps <= 0) return NumberKind::Open;
    if (node.is("parenthesized_expression") || node.is("await") || node.is("unary_operator"))
        return kind(module, node.is("unary_operator") ? node.field("argument") : node.namedChild(0), isSame, steps);
    if (isSame(module, node)) return NumberKind::Whole;
    if (node.is("binary_operator"))
        return arithmetic(node.field("operator").text(), kind(module, node.field("left"), isSame, steps - 1),
                          kind(module, node.field("right"), isSame, steps - 1));
    if (node.is("conditional_expression"))
        return either(kind(module, node.namedChild(0), isSame, steps - 1), kind(module, node.namedChild(2), isSame, steps - 1));
    if (node.is("boolean_operator"))
        return either(kind(module, node.field("left"), isSame, steps - 1), kind(module, node.field("right"), isSame, steps - 1));
    if (node.is("named_expression")) return kind(module, node.field("value"), isSame, steps - 1);
    if (node.is("call")) return ofCall(module, node, isSame, steps);
    const NumberKind told = kindOfType(typeOfExpression(project_, module, node));
    if (told != NumberKind::Open) return told;
    if (node.is("identifier")) return ofName(module, node, isSame, steps);
    const NumberKind member = node.is("attribute") ? ofMember(module, node) : NumberKind::Open;
    return member != NumberKind::Open ? member : kindOfType(stored_.typeOf(module, node));
}

NumberKind NumberKinds::ofCall(const Module& module, const Node& call, const IsSame& isSame, int steps) const {
    static constexpr Words kAnyOf = {"max", "min", "abs", "sum"};
    static constexpr Words kWhole = {"count", "index", "randint", "randrange", "time_ns", "bit_length", "toordinal"};
    const Node callee = call.field("function");
    const Node given = call.field("arguments");
    const std::vector<Node> arguments = given.is("generator_expression") ? std::vector<Node>{given} : given.namedChildren();
    const bool isMethod = callee.is("attribute");
    if (callee.text() == "round" && arguments.size() == 1) return NumberKind::Whole;
    const bool rounds = callee.text() == "round" && arguments.size() == 2;
    if (rounds) return kind(module, arguments[0], isSame, steps - 1);
    if (kAnyOf.count(callee.text()) && !arguments.empty()) {
        std::optional<NumberKind> found;
        for (const Node& argument : arguments) {
            if (argument.is("keyword_argument") && argument.field("name").text() == "key") continue;
            const Node value = argument.is("keyword_argument") ? argument.field("value") : argument;
            const bool elements = value.is("generator_expression") || value.is("list_comprehension");
            const NumberKind one = kind(module, elements ? value.field("body") : value, isSame, steps - 1);
            found = found ? either(*found, one) : one;
        }
        // The elements of a container are not what it is itself.
        return found == NumberKind::None ? NumberKind::Open : found.value_or(NumberKind::Open);
    }
    if (isMethod && kWhole.count(callee.field("attribute").text())) return NumberKind::Whole;
    const NumberKind told = kindOfType(typeOfExpression(project_, module, call));
    if (told != NumberKind::Open) return told;
    const semantic::Symbol& symbol = project_.resolve(module, callee);
    const Function* function =
        symbol.kind == semantic::Symbol::Kind::Function && symbol.module ? symbol.module->function(symbol.name) : nullptr;
    std::optional<NumberKind> returned;
    if (function)
        syntax::walk(function->node.field("body"), [&](const Node& node) {
            if (node.is("function_definition") || node.is("lambda")) return false;
            if (!node.is("return_statement") || node.namedChildCount() == 0) return true;
            const NumberKind one = kind(*symbol.module, node.namedChild(0), isSame, steps - 1);
            returned = returned ? either(*returned, one) : one;
            return true;
        });
    return returned ? *returned : kindOfType(stored_.typeOf(module, call));
}

NumberKind NumberKinds::ofName(const Module& module, const Node& name, const IsSame& isSame, int steps) const {
    const Function* function = module.enclosingFunction(name);
    if (!function || project_.resolve(module, name).kind != semantic::Symbol::Kind::Local) return NumberKind::Open;
    std::optional<NumberKind> found;
    const auto take = [&](NumberKind one) { found = found ? either(*found, one) : one; };
    for (const Node& parameter : function->node.field("parameters").namedChildren())
        if (semantic::parameterName(parameter) == name.text()) take(ofParameter(module, *function, parameter, isSame, steps));
    // The name in its own values changes nothing: `total = total + 1`.
    const IsSame same = [&](const Module& place, const Node& node) {
        return (node.is("identifier") && node.text() == name.text() && &place == &module) || isSame(place, node);
    };
    syntax::walk(function->node.field("body"), [&](const Node& node) {
        const Node target = node.field(node.is("named_expression") ? syntax::NodeField("name") : syntax::NodeField("left"));
        if (node.is("assignment") && target.text() == name.text()) {
            take(kind(module, node.field("right"), same, steps - 1));
        } else if (node.is("named_expression") && target.text() == name.text()) {
            take(kind(module, node.field("value"), same, steps - 1));
        } else if (node.is("augmented_assignment") && target.text() == name.text()) {
            take(arithmetic(node.field("operator").text(), NumberKind::Whole, kind(module, node.field("right"), same, steps - 1)));
        } else if (node.is("for_statement") || node.is("for_in_clause")) {
            const std::string_view counted = node.field("right").field("function").text();
            if (target.text() == name.text())
                take(counted == "range" ? NumberKind::Whole : NumberKind::Open);
            else if (target.is("pattern_list") && target.namedChild(0).text() == name.text())
                take(counted == "enumerate" ? NumberKind::Whole : NumberKind::Open);
            else if (target.is("pattern_list") && target.contains(name))
                take(NumberKind::Open);
        }
        return true;
    });
    return found.value_or(NumberKind::Open);
}

NumberKind NumberKinds::ofParameter(const Module& module, const Function& function, const Node& parameter,
                                    const IsSame& isSame, int steps) const {
    if (const Node type = parameter.field("type")) {
        const std::string_view text = type.text();
        if (text == "int") return NumberKind::Whole;
        if (text == "float") return NumberKind::Fraction;
        return text == "str" || text == "bool" ? NumberKind::None : NumberKind::Open;
    }
    std::optional<NumberKind> found;
    for (const PassedValue& passed : valuesPassedTo(project_, module, function, semantic::parameterName(parameter))) {
        const NumberKind one = kind(*passed.module, passed.value, isSame, steps - 1);
        found = found ? either(*found, one) : one;
    }
    return found.value_or(NumberKind::Open);
}

/// `item.quantity` of a class whose annotations tell.
NumberKind NumberKinds::ofMember(const Module& module, const Node& attribute) const {
    const std::string owner = ownerClass(project_, module, attribute.field("object"));
    const size_t colon = owner.find(':');
    const Module* home = colon == std::string::npos ? nullptr : project_.module(owner.substr(0, colon));
    if (!home) return NumberKind::Open;
    for (const FieldFact& field : fieldsOfClass(project_, *home, owner.substr(colon + 1)))
        if (field.name == attribute.field("attribute").text() && field.evidence.find(" annotation") != std::string::npos)
            return kindOfType(field.type);
    return NumberKind::Open;
}

} // namespace covet::facts
