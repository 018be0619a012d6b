#include "rules/modern/model_types.h"

#include "semantic/module_index.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::modern {
namespace {

using semantic::Function;
using semantic::Symbol;

constexpr int kDepth = 6; // further than that no annotation is followed

constexpr Words kModels = {"pydantic.BaseModel", "pydantic.main.BaseModel", "pydantic.generics.GenericModel",
                           "pydantic.BaseSettings", "pydantic_settings.BaseSettings"};
constexpr Words kSequences = {"List", "list", "Sequence", "Iterable", "Iterator", "Set", "set", "Tuple", "tuple", "Collection", "deque"};
constexpr Words kTransparent = {"Optional", "Annotated", "Final", "ClassVar"};
/// Methods of a model's class that make an object of it, and of an object that make another one.
constexpr Words kMakers = {"parse_obj", "parse_raw", "parse_file", "from_orm", "construct", "validate", "model_validate",
                           "model_validate_json", "model_construct", "copy", "model_copy"};

std::string lastName(const Node& name) { return std::string(name.is("attribute") ? name.field("attribute").text() : name.text()); }

Node parameterNamed(const Function& function, std::string_view name) {
    for (const Node& parameter : function.node.field("parameters").namedChildren())
        if (semantic::parameterName(parameter) == name) return parameter;
    return {};
}

bool isFirstParameter(const Function& function, std::string_view name) {
    const Node first = function.node.field("parameters").namedChild(0);
    return first.is("identifier") && first.text() == name;
}

} // namespace

Subscripted subscripted(const Node& type) {
    if (type.is("generic_type")) return {type.namedChild(0), type.namedChild(1).namedChildren()};
    if (type.is("subscript")) return {type.field("value"), type.fields("subscript")};
    return {type, {}};
}

Node bareType(const Node& type) {
    Node bare = type;
    while (bare.is("type") || bare.is("parenthesized_expression")) bare = bare.namedChild(0);
    return bare;
}

std::string ModelTypes::libraryName(const Module& module, const Node& expression) const {
    if (!expression.is("identifier") && !expression.is("attribute")) return "";
    const Symbol& symbol = project_.resolve(module, expression);
    return symbol.kind == Symbol::Kind::External ? symbol.name : "";
}

bool ModelTypes::isModel(const Module& module, const Class& type) const {
    return hasBase(module, type, [](const std::string& name) { return kModels.count(name) > 0; }, 0);
}

bool ModelTypes::isSettings(const Module& module, const Class& type) const {
    return hasBase(module, type, [](const std::string& name) { return endsWith(name, ".BaseSettings"); }, 0);
}

bool ModelTypes::hasBase(const Module& module, const Class& type, bool (*isBase)(const std::string&), int depth) const {
    if (depth > kDepth) return false;
    for (const Node& base : type.node.field("superclasses").namedChildren()) {
        const Node name = subscripted(bareType(base)).name;
        if (isBase(libraryName(module, name))) return true;
        const Symbol& symbol = project_.resolve(module, name);
        if (symbol.kind != Symbol::Kind::Class || !symbol.module) continue;
        const Class* parent = symbol.module->classNamed(symbol.name);
        if (parent && parent != &type && hasBase(*symbol.module, *parent, isBase, depth + 1)) return true;
    }
    return false;
}

ModelType ModelTypes::named(const Module& module, const Node& expression) const {
    const Node name = subscripted(bareType(expression)).name;
    if (!name.is("identifier") && !name.is("attribute")) return {};
    const Symbol& symbol = project_.resolve(module, name);
    if (symbol.kind != Symbol::Kind::Class || !symbol.module) return {};
    const Class* type = symbol.module->classNamed(symbol.name);
    if (!type || !isModel(*symbol.module, *type)) return {};
    return {symbol.module, type, false};
}

ModelType ModelTypes::of(const Module& module, const Node& expression) const { return ofValue(module, expression, 0); }

Node ModelTypes::memberOf(const ModelType& type, std::string_view name) const {
    const Module* home = nullptr;
    return memberOf(type, name, 0, home);
}

Node ModelTypes::memberOf(const ModelType& type, std::string_view name, int depth, const Module*& home) const {
    if (!type || depth > kDepth) return {};
    for (const Node& statement : type.type->node.field("body").namedChildren()) {
        Node inner = statement.is("decorated_definition") ? statement.field("definition") : statement;
        if (inner.is("expression_statement")) inner = inner.namedChild(0);
        const Node known = inner.is("assignment") ? inner.field("left")
                           : inner.is("function_definition") || inner.is("class_definition") ? inner.field("name") : Node();
        if (known.text() != name || known.isNull()) continue;
        home = type.module;
        return inner;
    }
    for (const Node& base : type.type->node.field("superclasses").namedChildren())
        if (const ModelType parent = named(*type.module, base); parent && parent.type != type.type)
            if (const Node member = memberOf(parent, name, depth + 1, home)) return member;
    return {};
}

ModelType ModelTypes::ofType(const Module& module, const Node& annotation, int depth) const {
    const Node type = bareType(annotation);
    if (depth > kDepth || type.isNull()) return {};
    if (type.is("union_type") || type.is("binary_operator")) {
        ModelType only;
        for (const Node& part : type.namedChildren()) {
            const Node bare = bareType(part);
            if (bare.is("none")) continue;
            const ModelType member = ofType(module, bare, depth + 1);
            if (!member || only) return {};
            only = member;
        }
        return only;
    }
    const Subscripted parts = subscripted(type);
    if (parts.arguments.empty()) return named(module, type);
    const std::string name = lastName(parts.name);
    if (kTransparent.count(name)) return ofType(module, parts.arguments.front(), depth + 1);
    if (kSequences.count(name)) {
        ModelType element = ofType(module, parts.arguments.front(), depth + 1);
        if (element.isSequence) return {};
        element.isSequence = true;
        return element;
    }
    return named(module, type);
}

ModelType ModelTypes::elementOf(const Module& module, const Node& sequence, int depth) const {
    Node value = sequence;
    // What goes through a list as it is.
    while (value.is("call") && value.field("arguments").namedChildCount() == 1) {
        const std::string_view name = value.field("function").text();
        if (name != "list" && name != "sorted" && name != "reversed" && name != "tuple") break;
        value = value.field("arguments").namedChild(0);
    }
    ModelType whole = ofValue(module, value, depth + 1);
    if (!whole.isSequence) return {};
    whole.isSequence = false;
    return whole;
}

ModelType ModelTypes::ofName(const Module& module, const Node& name, int depth) const {
    const std::string_view text = name.text();
    for (Node around = name.parent(); around; around = around.parent()) {
        if (around.is("function_definition") || around.is("lambda")) break;
        if (!around.isOneOf({"list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression"})) continue;
        for (const Node& clause : around.namedChildren())
            if (clause.is("for_in_clause") && semantic::bindsTarget(clause.field("left"), text))
                return clause.field("left").is("identifier") ? elementOf(module, clause.field("right"), depth) : ModelType{};
    }
    if (name.ancestor({"lambda"}) && semantic::boundByComprehension(name)) return {};
    const Function* function = module.enclosingFunction(name);
    if (!function || !function->locals.count(std::string(text))) {
        // A variable of the module that is always an object of one model.
        const auto given = module.assignments.find(std::string(text));
        if (given == module.assignments.end() || given->second.size() != 1) return {};
        const Node assignment = given->second[0].is("expression_statement") ? given->second[0].namedChild(0) : given->second[0];
        if (!assignment.is("assignment") || !assignment.field("left").is("identifier")) return {};
        if (const Node type = assignment.field("type")) return ofType(module, type, depth + 1);
        return ofValue(module, assignment.field("right"), depth + 1);
    }
    ModelType only;
    bool isKnown = true;
    const auto take = [&](const ModelType& type) {
        isKnown = isKnown && type && (!only || (only.type == type.type && only.isSequence == type.isSequence));
        only = type;
    };
    if (const Node parameter = parameterNamed(*function, text)) {
        const bool isOwn = !function->className.empty() && isFirstParameter(*function, text);
        const Class* owner = isOwn ? module.classNamed(function->className) : nullptr;
        if (owner) take(isModel(module, *owner) ? ModelType{&module, owner, false} : ModelType{});
        else take(ofType(module, parameter.field("type"), depth + 1));
    }
    syntax::walk(function->node.field("body"), [&](const Node& node) {
        if (node.isOneOf({"function_definition", "class_definition", "lambda"})) return false;
        if (node.is("assignment") && semantic::bindsTarget(node.field("left"), text)) {
            const Node type = node.field("type");
            if (!node.field("left").is("identifier")) take({});
            else take(type ? ofType(module, type, depth + 1) : ofValue(module, node.field("right"), depth + 1));
        } else if (node.is("for_statement") && semantic::bindsTarget(node.field("left"), text)) {
            take(node.field("left").is("identifier") ? elementOf(module, node.field("right"), depth) : ModelType{});
        } else if (node.is("named_expression") && node.field("name").text() == text) {
            take(ofValue(module, node.field("value"), depth + 1));
        } else if (node.isOneOf({"as_pattern_target", "case_pattern"})) {
            for (const Node& identifier : module.tree->identifiers(text))
                if (node.contains(identifier)) take({});
        }
        return isKnown;
    });
    return isKnown ? only : ModelType{};
}

ModelType ModelTypes::ofCall(const Module& module, const Node& call, int depth) const {
    const Node callee = call.field("function");
    if (const ModelType made = named(module, callee)) return made;
    if (callee.is("attribute") && kMakers.count(callee.field("attribute").text())) {
        if (const ModelType made = named(module, callee.field("object"))) return made;
        const std::string_view method = callee.field("attribute").text();
        if (method == "copy" || method == "model_copy") return ofValue(module, callee.field("object"), depth + 1);
    }
    if (!callee.is("identifier") && !callee.is("attribute")) return {};
    if (libraryName(module, callee) == "pydantic.parse_obj_as") return ofType(module, call.field("arguments").namedChild(0), depth + 1);
    const Symbol& symbol = project_.resolve(module, callee);
    if (symbol.kind != Symbol::Kind::Function || !symbol.module) return {};
    const Function* function = symbol.module->function(symbol.name);
    return function ? ofType(*symbol.module, function->node.field("return_type"), depth + 1) : ModelType{};
}

ModelType ModelTypes::ofValue(const Module& module, const Node& expression, int depth) const {
    if (depth > kDepth || expression.isNull()) return {};
    if (expression.is("identifier")) return ofName(module, expression, depth);
    if (expression.is("parenthesized_expression") || expression.is("await")) return ofValue(module, expression.namedChild(0), depth + 1);
    if (expression.is("call")) return ofCall(module, expression, depth);
    if (expression.is("attribute")) {
        const ModelType owner = ofValue(module, expression.field("object"), depth + 1);
        if (!owner || owner.isSequence) return {};
        const Module* home = nullptr;
        const Node field = memberOf(owner, expression.field("attribute").text(), 0, home);
        return field.is("assignment") ? ofType(*home, field.field("type"), depth + 1) : ModelType{};
    }
    if (expression.is("subscript")) {
        ModelType whole = ofValue(module, expression.field("value"), depth + 1);
        if (!whole.isSequence || expression.field("subscript").is("slice")) return whole.isSequence ? whole : ModelType{};
        whole.isSequence = false;
        return whole;
    }
    if (expression.is("list_comprehension")) {
        ModelType element = ofValue(module, expression.field("body"), depth + 1);
        if (!element || element.isSequence) return {};
        element.isSequence = true;
        return element;
    }
    return {};
}

} // namespace covet::rules::modern
