#include "equivalence/declared_fields.h"

#include <utility>

#include "equivalence/node_text.h"
#include "facts/object_class.h"
#include "rules/frameworks/router_graph.h"
#include "support/strings.h"

namespace covet::equivalence {
namespace {

using semantic::Symbol;
using syntax::Node;

constexpr int kDepth = 4;

/// The Python type that a kind of field takes.
std::string typeOf(std::string_view kind) {
    static constexpr std::pair<std::string_view, const char*> kTypes[] = {
        {"Str", "str"},      {"String", "str"},  {"Int", "int"},        {"Integer", "int"}, {"Float", "float"},       {"Number", "float"},
        {"Decimal", "float"}, {"Fixed", "float"}, {"Price", "float"},    {"Bool", "bool"},   {"Boolean", "bool"},      {"UUID", "uuid"},
        {"Date", "date"},    {"Dict", "dict"},   {"DateTime", "datetime"}, {"NaiveDateTime", "datetime"}, {"List", "list"}, {"int", "int"},
        {"float", "float"},  {"str", "str"},     {"bool", "bool"},       {"boolean", "bool"}, {"natural", "int"},      {"positive", "int"},
        {"list", "list"},    {"dict", "dict"}};
    for (const auto& [name, type] : kTypes)
        if (kind == name) return type;
    return "";
}

std::string_view lastName(const Node& expression) { return expression.is("attribute") ? expression.field("attribute").text() : expression.text(); }

/// The call that made what a name or an attribute stands for.
facts::GivenValue made(const semantic::Project& project, const semantic::Module& module, const Node& expression) {
    if (expression.is("call") || expression.is("dictionary") || expression.is("list")) return {&module, expression};
    return facts::givenValue(project, module, expression);
}

void addConstants(const Node& list, FieldHint& hint) {
    std::string text;
    for (const Node& item : list.namedChildren())
        if (stringOf(item, text)) hint.addConstant(Value::string(text));
}

} // namespace

FieldHint& DeclaredFields::placeOf(std::string_view location) {
    if (location == "query" || location == "querystring" || location == "args") return hints_.query;
    if (location == "form" || location == "files") return hints_.form;
    if (location == "headers") return hints_.headers;
    hints_.takesBody = true;
    return hints_.body;
}

void DeclaredFields::decorator(const semantic::Module& module, const Node& decorator) {
    const Node call = decorator.namedChild(0);
    if (!call.is("call")) return;
    const std::string_view name = lastName(call.field("function"));
    if (!isOneOf(name, {"arguments", "use_args", "use_kwargs", "input", "expect", "validate_with"})) return;
    const Node given = rules::argumentOf(call, name == "expect" ? "model" : "schema", 0);
    if (given.isNull()) return;
    std::string location = "json";
    stringOf(rules::argumentOf(call, "location"), location);
    const facts::GivenValue value = made(project_, module, given);
    if (value.module && value.value.is("call") && lastName(value.value.field("function")) == "RequestParser")
        return parser(*value.module, given, false);
    FieldHint found;
    if (!schema(module, given, found, kDepth)) return;
    FieldHint& into = placeOf(location);
    into.isList = into.isList || found.isList;
    for (FieldHint& part : found.parts) into.part(part.name) = part;
}

void DeclaredFields::call(const semantic::Module& module, const Node& call) {
    const Node callee = call.field("function");
    if (!callee.is("attribute")) return;
    const std::string_view method = callee.field("attribute").text();
    if (method == "parse_args") return parser(module, callee.field("object"), hints_.method != "GET" && hints_.method != "DELETE");
    if (!isOneOf(method, {"load", "loads", "validate"})) return;
    FieldHint found;
    if (!schema(module, callee.field("object"), found, kDepth)) return;
    FieldHint& into = placeOf(hints_.method == "GET" ? "query" : "json");
    const Node many = rules::argumentOf(call, "many");
    into.isList = into.isList || found.isList || many.is("true");
    for (FieldHint& part : found.parts) into.part(part.name) = part;
}

/// A schema's class, an object of one, a dict of fields, or a model of them.
bool DeclaredFields::schema(const semantic::Module& module, const Node& expression, FieldHint& into, int depth) {
    if (depth == 0) return false;
    if (expression.is("dictionary")) return fieldsOfDict(module, expression, into, depth);
    if (expression.is("list") && expression.namedChildCount() == 1) { // `@api.expect([item])`
        into.isList = true;
        return schema(module, expression.namedChild(0), into, depth - 1);
    }
    const Symbol& named = project_.resolve(module, expression);
    if (named.kind == Symbol::Kind::Class) return schemaClass(named, into, depth);
    const facts::GivenValue value = made(project_, module, expression);
    if (!value.module) return false;
    if (!value.value.is("call")) return !(value.value == expression) && schema(*value.module, value.value, into, depth - 1);
    const Node callee = value.value.field("function");
    const std::string_view made = lastName(callee);
    if (isOneOf(made, {"model", "Model", "inherit", "clone", "from_dict"})) {
        bool any = false;
        for (const Node& argument : value.value.field("arguments").namedChildren())
            if (!argument.is("string") && !argument.is("keyword_argument")) any = schema(*value.module, argument, into, depth - 1) || any;
        return any;
    }
    const Symbol& type = project_.resolve(*value.module, callee);
    if (type.kind != Symbol::Kind::Class || !schemaClass(type, into, depth)) return false;
    into.isList = into.isList || rules::argumentOf(value.value, "many").is("true");
    return true;
}

bool DeclaredFields::schemaClass(const Symbol& type, FieldHint& into, int depth) {
    const semantic::Class* known = type.module ? type.module->classNamed(type.name) : nullptr;
    if (!known || depth == 0) return false;
    bool isSchema = false;
    for (const Node& base : known->node.field("superclasses").namedChildren()) {
        const Symbol& above = project_.resolve(*type.module, base);
        if (above.kind == Symbol::Kind::Class) isSchema = schemaClass(above, into, depth - 1) || isSchema;
        else isSchema = isSchema || endsWith(lastName(base), "Schema");
    }
    if (!isSchema) return false;
    for (const Node& statement : known->node.field("body").namedChildren()) {
        const Node assignment = statement.is("expression_statement") ? statement.namedChild(0) : Node{};
        if (assignment.is("assignment") && assignment.field("left").is("identifier") && assignment.field("right").is("call"))
            field(*type.module, std::string(assignment.field("left").text()), assignment.field("right"), into, depth);
    }
    return true;
}

bool DeclaredFields::fieldsOfDict(const semantic::Module& module, const Node& dict, FieldHint& into, int depth) {
    std::string name;
    for (const Node& pair : dict.namedChildren())
        if (pair.is("pair") && stringOf(pair.field("key"), name)) field(module, name, pair.field("value"), into, depth);
    return !into.parts.empty();
}

/// `fields.Str(required=True, validate=OneOf(["a", "b"]))`, `fields.Integer`, `fields.Nested(LineSchema, many=True)`
void DeclaredFields::field(const semantic::Module& module, const std::string& name, const Node& value, FieldHint& into, int depth) {
    const Node callee = value.is("call") ? value.field("function") : value;
    std::string_view kind = lastName(callee);
    if (value.is("call") && (rules::argumentOf(value, "dump_only").is("true") || rules::argumentOf(value, "readonly").is("true"))) return;
    if (isOneOf(kind, {"Method", "Function", "Constant", "Url", "URLFor", "Hyperlinks"})) return;
    std::string key = name;
    if (value.is("call")) stringOf(rules::argumentOf(value, "data_key"), key);
    FieldHint& hint = into.part(key);
    hint.type = typeOf(kind);
    if (kind == "Email") hint.addConstant(Value::string("someone@example.com"));
    if (kind == "URL") hint.addConstant(Value::string("https://example.com/page"));
    if (!value.is("call")) return;
    const Node inner = rules::argumentOf(value, "nested", 0);
    if (kind == "List") {
        const Node element = inner.is("call") ? inner.field("function") : inner;
        hint.isList = true;
        if (lastName(element) == "Nested" && inner.is("call")) schema(module, rules::argumentOf(inner, "nested", 0), hint, depth - 1);
        else if (const std::string type = typeOf(lastName(element)); type == "int" || type == "float") hint.addConstant(Value::list({Value::integer(1)}));
    } else if (kind == "Nested" && inner) {
        schema(module, inner, hint, depth - 1);
        hint.isList = hint.isList || rules::argumentOf(value, "many").is("true");
    }
    for (const char* choices : {"enum", "choices"})
        if (const Node given = rules::argumentOf(value, choices)) addConstants(given, hint);
    syntax::walk(rules::argumentOf(value, "validate"), [&](const Node& node) {
        if (node.is("call") && lastName(node.field("function")) == "OneOf") addConstants(rules::argumentOf(node, "choices", 0), hint);
        return true;
    });
}

/// `parser.add_argument("count", type=int, location="args")` of a parser that is asked.
void DeclaredFields::parser(const semantic::Module& module, const Node& parser, bool isWriting) {
    const Symbol named = project_.resolve(module, parser);
    for (const auto& home : project_.modules())
        for (const Node& add : home->tree->identifiers("add_argument")) {
            const Node callee = add.parent(), call = callee.parent();
            if (!callee.is("attribute") || !call.is("call")) continue;
            const Symbol& other = project_.resolve(*home, callee.field("object"));
            const bool same = callee.field("object").text() == parser.text() || (other.kind == Symbol::Kind::Variable && other.name == named.name);
            if (!same || (other.kind == Symbol::Kind::Variable && other.module != named.module)) continue;
            if (other.kind == Symbol::Kind::Local && (home.get() != &module || home->enclosingFunction(add) != home->enclosingFunction(parser))) continue;
            std::string name, location = isWriting ? "json" : "query";
            if (!stringOf(rules::argumentOf(call, "name", 0), name)) continue;
            stringOf(rules::argumentOf(call, "location"), location);
            FieldHint& hint = placeOf(location).part(name);
            hint.type = typeOf(lastName(rules::argumentOf(call, "type", 1)));
            std::string action;
            hint.isList = hint.isList || (stringOf(rules::argumentOf(call, "action"), action) && action == "append");
            addConstants(rules::argumentOf(call, "choices"), hint);
        }
}

} // namespace covet::equivalence
