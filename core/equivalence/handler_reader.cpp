#include "equivalence/handler_reader.h"

#include "equivalence/declared_fields.h"
#include "equivalence/node_text.h"
#include "facts/record_shape.h"
#include "support/strings.h"

namespace covet::equivalence {
namespace {

using semantic::Node;
using semantic::Symbol;

constexpr int kDepth = 4;

} // namespace

void HandlerReader::read(const semantic::Module& module, const semantic::Function& handler) {
    parameters(module, handler, kDepth);
    readFunction(module, handler, {}, kDepth);
    surroundings(module, handler);
}

/// What runs around a handler: wrappers of its decorators, and what an application runs before each request.
void HandlerReader::surroundings(const semantic::Module& module, const semantic::Function& handler) {
    for (const Node& decorator : handler.decorated.namedChildren()) {
        if (!decorator.is("decorator")) continue;
        const Node inner = decorator.namedChild(0);
        DeclaredFields(project_, hints_).decorator(module, decorator);
        const Symbol& symbol = project_.resolve(module, inner.is("call") ? inner.field("function") : inner);
        const semantic::Function* outer = symbol.kind == Symbol::Kind::Function && symbol.module ? symbol.module->function(symbol.name) : nullptr;
        if (!outer) continue;
        for (const semantic::Function& wrapper : symbol.module->functions)
            if (outer->node.contains(wrapper.node)) readFunction(*symbol.module, wrapper, {}, kDepth);
    }
    for (const auto& other : project_.modules())
        for (const semantic::Function& hook : other->functions)
            for (const Node& decorator : hook.decorated.namedChildren())
                if (decorator.is("decorator") &&
                    (endsWith(decorator.text(), ".before_request") || endsWith(decorator.text(), ".before_app_request")))
                    readFunction(*other, hook, {}, kDepth);
}

/// `Depends(current_user)`, `Annotated[User, Depends(current_user)]` and names of such types.
void HandlerReader::dependency(const semantic::Module& module, const Node& annotation, int depth) {
    if (annotation.isNull() || depth == 0) return;
    syntax::walk(annotation, [&](const Node& node) {
        if (node.is("identifier")) {
            const Symbol& symbol = project_.resolve(module, node);
            if (symbol.kind != Symbol::Kind::Variable || !symbol.module) return true;
            const auto assigned = symbol.module->assignments.find(symbol.name);
            if (assigned != symbol.module->assignments.end() && !assigned->second.empty() && symbol.module->tree->text().find("Depends") != std::string_view::npos)
                dependency(*symbol.module, assigned->second[0].namedChild(0).field("right"), depth - 1);
            return true;
        }
        if (!node.is("call") || !endsWith(node.field("function").text(), "Depends") || node.field("arguments").namedChildCount() == 0) return true;
        const Symbol& symbol = project_.resolve(module, node.field("arguments").namedChild(0));
        const semantic::Function* function = symbol.kind == Symbol::Kind::Function && symbol.module ? symbol.module->function(symbol.name) : nullptr;
        if (!function) return true;
        parameters(*symbol.module, *function, depth - 1);
        readFunction(*symbol.module, *function, {}, depth - 1);
        return false;
    });
}

/// Parameters that the framework fills by their annotations.
void HandlerReader::parameters(const semantic::Module& module, const semantic::Function& handler, int depth) {
    const std::vector<std::string> inPath = hints_.parameters();
    for (const Node& parameter : handler.node.field("parameters").namedChildren()) {
        if (!parameter.is("typed_parameter") && !parameter.is("typed_default_parameter")) continue;
        const Node nameNode = parameter.is("typed_parameter") ? parameter.namedChild(0) : parameter.field("name");
        const std::string name(nameNode.text());
        const std::string annotation(parameter.field("type").text()), fallback(parameter.field("value").text());
        const bool isInPath = std::find(inPath.begin(), inPath.end(), name) != inPath.end();
        if (isInPath || name == "self") continue;
        if (annotation.find("OAuth2PasswordRequestForm") != std::string::npos) {
            for (const char* field : {"username", "password"}) hints_.form.part(field).type = "str";
            continue;
        }
        dependency(module, parameter.field("type"), depth);
        dependency(module, parameter.field("value"), depth);
        if (annotation.find("Depends") != std::string::npos || startsWith(fallback, "Depends") || annotation.find("Request") != std::string::npos)
            continue;
        const Node type = parameter.field("type").namedChild(0);
        const Symbol symbol = type.is("identifier") || type.is("attribute") ? project_.resolve(module, type) : Symbol{};
        if (symbol.kind == Symbol::Kind::Class && symbol.module) {
            for (const facts::FieldFact& field : facts::fieldsOfClass(project_, *symbol.module, symbol.name))
                hints_.body.part(field.name).type = field.type;
            continue;
        }
        if (!isOneOf(annotation.substr(0, annotation.find('[')), {"int", "str", "float", "bool", "Optional", "Annotated"}) &&
            annotation.find('|') == std::string::npos)
            continue;
        const std::string all = annotation + fallback;
        FieldHint& target = all.find("Header") != std::string::npos ? hints_.headers
                            : all.find("Form") != std::string::npos ? hints_.form
                            : all.find("Body") != std::string::npos ? hints_.body
                                                                    : hints_.query;
        const bool isHeader = &target == &hints_.headers;
        FieldHint& field = target.part(isHeader ? replaceAll(name, "_", "-") : name);
        for (const char* simple : {"int", "float", "bool", "str"})
            if (annotation.find(simple) != std::string::npos) field.type = simple;
    }
}

void HandlerReader::readFunction(const semantic::Module& module, const semantic::Function& function,
                                 std::map<std::string, Part> arguments, int depth) {
    if (depth == 0 || !read_.insert(function.node.id()).second) return;
    Scope scope{&module, std::move(arguments), {}};
    for (const Node& parameter : function.node.field("parameters").namedChildren()) {
        const std::string name(parameter.is("identifier") ? parameter.text() : parameter.field("name").text());
        if (scope.variables.count(name)) continue;
        if (isOneOf(name, {"data", "body", "payload", "json_data", "json", "content"}))
            scope.variables[name] = {Channel::Body, {}};
        else if (isOneOf(name, {"query", "args", "query_params", "qs"}))
            scope.variables[name] = {Channel::Query, {}};
        else if (name == "form")
            scope.variables[name] = {Channel::Form, {}};
        else if (name == "headers")
            scope.variables[name] = {Channel::Headers, {}};
    }
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (node.is("assignment") || node.is("named_expression")) {
            const Node left = node.is("assignment") ? node.field("left") : node.field("name");
            const Node right = node.is("assignment") ? node.field("right") : node.field("value");
            if (left.is("identifier")) {
                if (Part part = partOf(scope, right)) scope.variables[std::string(left.text())] = part;
                const std::vector<Value> constants = isContainer(right) ? constantsOf(scope, right) : std::vector<Value>();
                std::vector<std::string>& names = scope.names[" " + std::string(left.text())];
                for (const Value& constant : constants)
                    if (constant.kind() == Value::Kind::Str) names.push_back(constant.text());
            }
        } else if (node.is("for_statement")) {
            loop(scope, node.field("left"), node.field("right"));
        } else if (node.is("list_comprehension") || node.is("generator_expression") || node.is("set_comprehension") ||
                   node.is("dictionary_comprehension")) {
            // The body stands before the loop that it belongs to.
            for (const Node& child : node.namedChildren())
                if (child.is("for_in_clause")) loop(scope, child.field("left"), child.field("right"));
        } else if (node.is("call")) {
            call(scope, node, depth);
        } else if (node.is("comparison_operator")) {
            comparison(scope, node);
        } else if (node.is("binary_operator") || node.is("augmented_assignment")) {
            arithmetic(scope, node);
        } else if (node.is("subscript")) {
            partOf(scope, node);
            lookUp(scope, node.field("value"), node.field("subscript"));
        }
        return true;
    });
}

void HandlerReader::loop(Scope& scope, const Node& target, const Node& iterated) {
    if (!target.is("identifier")) return;
    const std::string name(target.text());
    if (Part part = partOf(scope, iterated)) {
        // A loop over a whole body may be one over its keys.
        if (part.path.empty()) return;
        part.path.push_back("*");
        scope.variables[name] = part;
        return;
    }
    std::vector<std::string> names;
    for (const Value& constant : constantsOf(scope, iterated))
        if (constant.kind() == Value::Kind::Str) names.push_back(constant.text());
    if (!names.empty()) scope.names[name] = names;
}

void HandlerReader::call(Scope& scope, const Node& call, int depth) {
    partOf(scope, call);
    DeclaredFields(project_, hints_).call(*scope.module, call);
    const Node callee = call.field("function");
    const std::vector<Node> arguments = call.field("arguments").namedChildren();
    const std::string name(callee.text());
    if (!arguments.empty() && isOneOf(name, {"int", "float", "bool", "str"}))
        if (FieldHint* hint = hintOf(partOf(scope, arguments[0])))
            if (hint->type.empty()) hint->type = name;
    if (name == "isinstance" && arguments.size() == 2)
        if (FieldHint* hint = hintOf(partOf(scope, arguments[0]))) {
            const std::string types(arguments[1].text());
            for (const char* type : {"dict", "list", "str", "bool", "float", "int"})
                if (types.find(type) != std::string::npos) hint->type = type;
        }
    if (callee.is("attribute") && !arguments.empty() &&
        isOneOf(callee.field("attribute").text(), {"get", "pop", "setdefault", "add", "discard"}))
        lookUp(scope, callee.field("object"), arguments[0]);
    const Symbol& symbol = project_.resolve(*scope.module, callee);
    const semantic::Module* module = symbol.module;
    const semantic::Function* function = nullptr;
    if (symbol.kind == Symbol::Kind::Function && module) {
        function = module->function(symbol.name);
    } else if (callee.is("attribute")) {
        // A method: by its name, when only one class of the project has it.
        const std::string suffix = "." + std::string(callee.field("attribute").text());
        for (const auto& candidate : project_.modules())
            for (const semantic::Function& method : candidate->functions)
                if (!method.className.empty() && endsWith(method.qualified, suffix)) {
                    if (function) return;
                    function = &method;
                    module = candidate.get();
                }
    }
    if (!function) return;
    std::map<std::string, Part> bound;
    std::vector<std::string> parameters;
    for (const Node& parameter : function->node.field("parameters").namedChildren())
        parameters.emplace_back(parameter.is("identifier")        ? parameter.text()
                                : parameter.is("typed_parameter") ? parameter.namedChild(0).text()
                                                                  : parameter.field("name").text());
    size_t position = !parameters.empty() && isOneOf(parameters[0], {"self", "cls"}) ? 1 : 0;
    for (const Node& argument : arguments) {
        if (argument.is("keyword_argument")) {
            if (Part part = partOf(scope, argument.field("value"))) bound[std::string(argument.field("name").text())] = part;
        } else if (position < parameters.size()) {
            if (Part part = partOf(scope, argument)) bound[parameters[position]] = part;
            ++position;
        }
    }
    readFunction(*module, *function, std::move(bound), depth - 1);
}

void HandlerReader::comparison(Scope& scope, const Node& node) {
    const std::vector<Node> operands = node.namedChildren();
    std::vector<std::string> operators;
    for (size_t i = 0; i + 1 < operands.size(); ++i)
        operators.emplace_back(trim(node.tree()->text().substr(operands[i].end(), operands[i + 1].start() - operands[i].end())));
    if (operators.size() == 1 && isOneOf(operators[0], {"in", "not in"})) {
        const Part container = partOf(scope, operands[1]);
        // `"@" in data["email"]` looks into a text; objects are what comes whole, or in lists.
        const bool isObject = container && (container.path.empty() || container.path.back() == "*");
        if (isObject) member(scope, container, operands[0]);
        lookUp(scope, operands[1], operands[0]);
        if (FieldHint* hint = hintOf(partOf(scope, operands[0])))
            for (const Value& constant : constantsOf(scope, operands[1])) hint->addConstant(constant);
        return;
    }
    for (size_t i = 0; i < operands.size(); ++i) {
        FieldHint* hint = hintOf(partOf(scope, operands[i]));
        if (!hint) continue;
        // The bounds on both sides, as `hint OPERATOR bound`.
        std::vector<std::pair<std::string, int64_t>> bounds;
        auto neighbour = [&](const Node& other, std::string relation, bool isBefore) {
            for (const Value& constant : constantsOf(scope, other)) {
                int64_t number = 0;
                const bool orders = relation[0] == '<' || relation[0] == '>';
                if (!orders) hint->addConstant(constant);
                else if (constant.toInt64(number)) {
                    if (isBefore) relation[0] = relation[0] == '<' ? '>' : '<';
                    bounds.emplace_back(relation, number);
                }
            }
            std::string field;
            if (other.is("subscript") && !partOf(scope, other) && stringOf(other.field("subscript"), field))
                hint->likeField = field;
        };
        if (i > 0) neighbour(operands[i - 1], operators[i - 1], true);
        if (i + 1 < operands.size()) neighbour(operands[i + 1], operators[i], false);
        if (!bounds.empty()) limits(*hint, bounds);
    }
}

/// `1 <= stars <= 5` wants what is between; a single bound is where the code refuses: `n < 1`.
void HandlerReader::limits(FieldHint& hint, const std::vector<std::pair<std::string, int64_t>>& bounds) {
    if (hint.type.empty()) hint.type = "int";
    if (bounds.size() == 2) hint.addConstant(Value::integer((bounds[0].second + bounds[1].second) / 2));
    for (const auto& [relation, bound] : bounds) {
        const int64_t inside = relation[0] == '<' ? bound + 1 : bound - 1;
        for (const int64_t value : {inside, bound, 2 * bound - inside}) hint.addConstant(Value::integer(value));
    }
}

/// What is calculated with is a number, unless texts are put together.
void HandlerReader::arithmetic(Scope& scope, const Node& node) {
    const bool isAugmented = node.is("augmented_assignment");
    const std::string_view sign = trim(node.tree()->text().substr(
        node.field("left").end(), node.field("right").start() - node.field("left").end()));
    const bool isSum = sign == "+" || sign == "+=";
    if (!isSum && !isOneOf(sign, {"-", "*", "/", "//", "-=", "*=", "/="})) return;
    for (const syntax::NodeField side : {syntax::NodeField("left"), syntax::NodeField("right")}) {
        if (isAugmented && side == "left") continue;
        FieldHint* hint = hintOf(partOf(scope, node.field(side)));
        if (!hint || !hint->type.empty()) continue;
        const std::string other(node.field(side == "left" ? syntax::NodeField("right") : syntax::NodeField("left")).text());
        const bool isText = other.find('"') != std::string::npos || other.find('\'') != std::string::npos;
        // `total.get("x", 0) + n`: the default says what is added up.
        const bool addsNumbers = endsWith(other, ", 0)") || endsWith(other, ", 0.0)");
        if (!isSum || addsNumbers || (isAugmented && !isText)) hint->type = "int";
    }
}

void HandlerReader::lookUp(Scope& scope, const Node& container, const Node& key) {
    if (!container.is("identifier") && !container.is("attribute")) return;
    FieldHint* hint = hintOf(partOf(scope, key));
    if (!hint || partOf(scope, container)) return;
    hint->keyOf = std::string(container.is("attribute") ? container.field("attribute").text() : container.text());
}

} // namespace covet::equivalence
