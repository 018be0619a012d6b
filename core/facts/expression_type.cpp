#include <algorithm>

#include "facts/known_types.h"
#include "facts/record_shape.h"
#include "facts/reference_context.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::facts {
namespace {

using syntax::Node;

std::string typeOfAnnotation(const Node& type, bool& nullable) {
    std::string text(type.text());
    for (const char* marker : {"Optional[", "typing.Optional["})
        if (startsWith(text, marker) && endsWith(text, "]")) {
            nullable = true;
            text = text.substr(std::string_view(marker).size());
            text.pop_back();
        }
    std::vector<std::string> parts;
    for (const std::string& part : split(text, '|')) {
        std::string one(trim(part));
        if (one == "None") nullable = true;
        else parts.push_back(one);
    }
    if (parts.size() != 1) return "";
    std::string name = parts[0].substr(0, parts[0].find('['));
    size_t dot = name.rfind('.');
    if (dot != std::string::npos) name = name.substr(dot + 1);
    static constexpr Words kSame = {"int",  "str",   "float", "bool", "bytes",
                                    "date", "time", "datetime", "Decimal"};
    if (kSame.count(name)) return name;
    if (name == "List" || name == "list" || name == "Tuple" || name == "tuple" || name == "Set" || name == "set")
        return "list";
    if (name == "Dict" || name == "dict") return "dict";
    if (name == "UUID" || name == "UUID4") return "uuid";
    if (name == "EmailStr" || name == "constr" || name == "HttpUrl" || name == "SecretStr") return "str";
    if (name == "conint" || name == "PositiveInt" || name == "NonNegativeInt") return "int";
    if (name == "confloat" || name == "PositiveFloat") return "float";
    return "";
}

/// `Nation` of `class Nation(Enum)`: a record may hold its members, which no column of plain values takes.
/// Those of `(str, Enum)` are texts.
bool namesPlainEnum(const semantic::Project& project, const semantic::Module& module, const Node& type) {
    bool found = false;
    syntax::walk(type, [&](const Node& node) {
        if (found || !(node.is("identifier") || node.is("attribute"))) return !found;
        const semantic::Symbol& symbol = project.resolve(module, node);
        const semantic::Class* named =
            symbol.kind == semantic::Symbol::Kind::Class && symbol.module ? symbol.module->classNamed(symbol.name) : nullptr;
        found = named && named->bases.size() == 1 && (named->bases[0] == "Enum" || named->bases[0] == "enum.Enum");
        return !found && node.is("attribute");
    });
    return found;
}

void addField(std::vector<FieldFact>& fields, FieldFact field) {
    for (FieldFact& known : fields)
        if (known.name == field.name) {
            known = std::move(field);
            return;
        }
    fields.push_back(std::move(field));
}

} // namespace

std::string typeOfExpression(const semantic::Project& project, const semantic::Module& module,
                             const Node& node) {
    if (node.is("string") || node.is("concatenated_string"))
        return startsWith(toLower(node.text()).substr(0, 2), "b") ? "bytes" : "str";
    if (node.is("integer")) return "int";
    if (node.is("float")) return "float";
    if (node.is("true") || node.is("false") || node.is("comparison_operator") || node.is("not_operator"))
        return "bool";
    if (node.is("none")) return "None";
    if (node.is("list") || node.is("list_comprehension") || node.is("tuple")) return "list";
    if (node.is("dictionary") || node.is("dictionary_comprehension")) return "dict";
    if (node.is("parenthesized_expression") || node.is("await"))
        return typeOfExpression(project, module, node.namedChild(0));
    if (node.is("call") || node.is("subscript")) return knownType(project, module, node);
    if (node.is("boolean_operator")) {
        std::string left = typeOfExpression(project, module, node.field("left"));
        return left == typeOfExpression(project, module, node.field("right")) ? left : "";
    }
    if (node.is("unary_operator")) return typeOfExpression(project, module, node.field("argument"));
    if (node.is("binary_operator")) {
        std::string left = typeOfExpression(project, module, node.field("left"));
        std::string right = typeOfExpression(project, module, node.field("right"));
        std::string_view op = node.field("operator").text();
        if (left == "str" && (op == "+" || op == "%")) return "str";
        const bool isDay = left == "datetime" || left == "date";
        if (isDay && (op == "+" || op == "-") && node.field("right").text().find("timedelta(") != std::string_view::npos) return left;
        if (op == "/" && (left == "int" || left == "float")) return "float";
        if (left == right && (left == "int" || left == "float")) return left;
        bool numbers = (left == "int" || left == "float") && (right == "int" || right == "float");
        if (numbers) return "float";
        // `max(ids) + 1` and `xs[-1]["id"] + 1` are how ids are made.
        if (right == "int" && op == "+" &&
            (startsWith(node.field("left").text(), "max(") || node.field("left").text().find("[-1]") != std::string_view::npos))
            return "int";
        return "";
    }
    if (node.is("conditional_expression")) {
        std::string first = typeOfExpression(project, module, node.namedChild(0));
        std::string second = typeOfExpression(project, module, node.namedChild(2));
        return first == second ? first : "";
    }
    if (node.is("attribute"))
        if (std::string known = knownType(project, module, node); !known.empty()) return known;
    if (node.is("identifier") || node.is("attribute")) {
        const semantic::Symbol& symbol = project.resolve(module, node);
        const semantic::Function* function = module.enclosingFunction(node);
        if (symbol.kind == semantic::Symbol::Kind::Variable && symbol.module) {
            auto assigned = symbol.module->assignments.find(symbol.name);
            if (assigned == symbol.module->assignments.end()) return "";
            Node value = assigned->second.front().namedChild(0).field("right");
            if (value.is("integer") || value.is("string") || value.is("float"))
                return typeOfExpression(project, module, value);
            return "";
        }
        if (symbol.kind != semantic::Symbol::Kind::Local || !function || !node.is("identifier")) return "";
        for (const Node& parameter : function->node.field("parameters").namedChildren()) {
            Node name = parameter.is("typed_parameter") ? parameter.namedChild(0) : parameter.field("name");
            if (!parameter.field("type") || name.text() != node.text()) continue;
            bool nullable = false;
            std::string type = typeOfAnnotation(parameter.field("type"), nullable);
            return nullable ? "" : type;
        }
        std::string found;
        int count = 0;
        syntax::walk(function->node.field("body"), [&](const Node& inner) {
            if (inner.is("function_definition") || inner.is("lambda")) return false;
            // `total = 0` and then `total += price` does not stay an int.
            if (inner.is("augmented_assignment") && inner.field("left").text() == node.text()) count += 2;
            if (inner.is("assignment") && inner.field("left").text() == node.text() &&
                !inner.field("right").contains(node) && inner.start() < node.start()) {
                found = inner.field("right").is("identifier") ? "" : typeOfExpression(project, module, inner.field("right"));
                ++count;
            }
            return true;
        });
        return count == 1 ? found : "";
    }
    return "";
}

bool isPydanticModel(const semantic::Project& project, const semantic::Module& module,
                     const std::string& className) {
    const semantic::Module* home = &module;
    std::string name = className;
    for (int depth = 0; depth < 10; ++depth) {
        const semantic::Class* found = home->classNamed(name);
        if (!found || found->bases.empty()) return false;
        for (const std::string& base : found->bases)
            if (base == "BaseModel" || endsWith(base, ".BaseModel") || base == "SQLModel") return true;
        semantic::Symbol symbol = project.resolveGlobal(*home, found->bases[0]);
        if (symbol.kind == semantic::Symbol::Kind::External) return endsWith(symbol.name, "BaseModel");
        if (symbol.kind != semantic::Symbol::Kind::Class || !symbol.module) return false;
        home = symbol.module;
        name = symbol.name;
    }
    return false;
}

std::vector<FieldFact> fieldsOfClass(const semantic::Project& project, const semantic::Module& module,
                                     const std::string& className) {
    std::vector<FieldFact> fields;
    const semantic::Class* found = module.classNamed(className);
    if (!found) return fields;
    for (const std::string& base : found->bases) {
        semantic::Symbol symbol = project.resolveGlobal(module, base);
        if (symbol.kind != semantic::Symbol::Kind::Class || !symbol.module) continue;
        if (symbol.module == &module && symbol.name == className) continue;
        for (FieldFact& field : fieldsOfClass(project, *symbol.module, symbol.name)) addField(fields, std::move(field));
    }
    for (const Node& statement : found->node.field("body").namedChildren()) {
        Node assignment = statement.namedChild(0);
        if (!statement.is("expression_statement") || !assignment.is("assignment") || !assignment.field("type")) continue;
        if (!assignment.field("left").is("identifier")) continue;
        if (startsWith(assignment.field("type").text(), "ClassVar")) continue;
        FieldFact field;
        field.name = std::string(assignment.field("left").text());
        if (field.name == "model_config") continue;
        field.type = typeOfAnnotation(assignment.field("type"), field.nullable);
        if (field.type.empty() && namesPlainEnum(project, module, assignment.field("type"))) field.type = "Enum";
        field.evidence = module.path() + ":" + std::to_string(assignment.line()) + " annotation";
        fields.push_back(field);
        for (size_t i = 0; i + 1 < fields.size(); ++i)
            if (fields[i].name == field.name) {
                fields[i] = field;
                fields.pop_back();
                break;
            }
    }
    const semantic::Function* init = module.function(className + ".__init__");
    if (!init) return fields;
    auto set = [&](const Node& target, const Node& value) {
        if (!target.is("attribute") || target.field("object").text() != "self") return;
        FieldFact field;
        field.name = std::string(target.field("attribute").text());
        std::string type = value ? typeOfExpression(project, module, value) : "";
        field.nullable = type == "None";
        field.type = type == "None" ? "" : type;
        field.evidence = module.path() + ":" + std::to_string(target.line()) + " __init__";
        addField(fields, std::move(field));
    };
    syntax::walk(init->node.field("body"), [&](const Node& node) {
        if (!node.is("assignment")) return true;
        // `self.low = self.high = 0`, `self.name, self.age = name, age`
        Node value = node.field("right");
        while (value.is("assignment")) value = value.field("right");
        for (Node at = node; at.is("assignment"); at = at.field("right")) {
            const Node target = at.field("left");
            const bool many = target.is("pattern_list") || target.is("tuple_pattern");
            const bool each = (value.is("expression_list") || value.is("tuple")) && value.namedChildCount() == target.namedChildCount();
            if (!many) set(target, value);
            for (uint32_t i = 0; many && i < target.namedChildCount(); ++i) set(target.namedChild(i), each ? value.namedChild(i) : Node());
        }
        return false;
    });
    return fields;
}

} // namespace covet::facts
