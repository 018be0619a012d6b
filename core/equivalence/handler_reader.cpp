#include "equivalence/handler_reader.h"

#include <algorithm>

#include "facts/record_shape.h"
#include "support/strings.h"

namespace covet::equivalence {
namespace {

using semantic::Node;
using semantic::Symbol;

constexpr int kDepth = 4;

/// Content of a string without prefix and interpolation; false for anything else.
bool stringOf(const Node& node, std::string& out) {
    if (!node.is("string")) return false;
    out.clear();
    for (const Node& child : node.namedChildren()) {
        if (child.is("interpolation") || child.is("escape_sequence")) return false;
        if (child.is("string_content")) {
            if (child.namedChildCount() > 0) return false;
            out += child.text();
        }
    }
    return true;
}

bool isOneOf(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool isContainer(const Node& node) {
    return node.is("list") || node.is("tuple") || node.is("set") || node.is("parenthesized_expression") ||
           node.is("dictionary");
}

/// Looks through what does not change where a value comes from.
Node peeled(Node node) {
    for (;;) {
        if (node.is("await") || node.is("parenthesized_expression"))
            node = node.namedChild(0);
        else if (node.is("boolean_operator"))
            node = node.field("left");
        else
            return node;
        if (node.isNull()) return node;
    }
}

} // namespace

void HandlerReader::read(const semantic::Module& module, const semantic::Function& handler) {
    parameters(module, handler);
    readFunction(module, handler, {}, kDepth);
}

/// Parameters that the framework fills by their annotations.
void HandlerReader::parameters(const semantic::Module& module, const semantic::Function& handler) {
    const std::vector<std::string> inPath = hints_.parameters();
    for (const Node& parameter : handler.node.field("parameters").namedChildren()) {
        if (!parameter.is("typed_parameter") && !parameter.is("typed_default_parameter")) continue;
        const Node nameNode = parameter.is("typed_parameter") ? parameter.namedChild(0) : parameter.field("name");
        const std::string name(nameNode.text());
        const std::string annotation(parameter.field("type").text()), fallback(parameter.field("value").text());
        const bool isInPath = std::find(inPath.begin(), inPath.end(), name) != inPath.end();
        if (isInPath || name == "self" || annotation.find("Depends") != std::string::npos ||
            startsWith(fallback, "Depends") || annotation.find("Request") != std::string::npos)
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
        } else if (node.is("subscript")) {
            partOf(scope, node);
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
    const Symbol symbol = project_.resolve(*scope.module, callee);
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
    if (operands.size() != 2) return;
    const std::string_view between = node.tree()->text().substr(operands[0].end(), operands[1].start() - operands[0].end());
    const bool isIn = trim(between) == "in" || trim(between) == "not in";
    if (isIn) {
        const Part container = partOf(scope, operands[1]);
        // `"@" in data["email"]` looks into a text; objects are what comes whole, or in lists.
        const bool isObject = container && (container.path.empty() || container.path.back() == "*");
        if (isObject) member(scope, container, operands[0]);
    }
    for (size_t i : {size_t{0}, size_t{1}}) {
        if (isIn && i == 1) break;
        FieldHint* hint = hintOf(partOf(scope, operands[i]));
        if (!hint) continue;
        for (const Value& constant : constantsOf(scope, operands[1 - i])) hint->addConstant(constant);
    }
}

HandlerReader::Part HandlerReader::partOf(Scope& scope, const Node& expression) {
    const Node node = peeled(expression);
    if (node.isNull()) return {};
    if (node.is("identifier")) {
        const auto known = scope.variables.find(std::string(node.text()));
        return known == scope.variables.end() ? Part{} : known->second;
    }
    const bool isAttribute = node.is("attribute");
    if (isAttribute || node.is("subscript")) {
        const Node base = isAttribute ? node.field("object") : node.field("value");
        if (!isAttribute)
            if (const Part whole = partOf(scope, base)) return member(scope, whole, node.field("subscript"));
        std::string name(isAttribute ? node.field("attribute").text() : std::string_view());
        if (!isAttribute && !stringOf(node.field("subscript"), name)) return {};
        // Whatever holds requests: `request.args`, `request["json"]`, `ctx.query`, `self.headers`.
        if (isOneOf(name, {"json", "body", "data", "payload"})) {
            const std::string holder = toLower(base.text());
            const bool isRequest = holder.find("req") != std::string::npos || holder.find("ctx") != std::string::npos ||
                                   holder.find("event") != std::string::npos;
            return isRequest ? Part{Channel::Body, {}} : Part{};
        }
        if (isOneOf(name, {"args", "query", "query_params", "query_string", "GET"})) return {Channel::Query, {}};
        if (name == "form") return {Channel::Form, {}};
        if (name == "headers") return {Channel::Headers, {}};
        if (isOneOf(name, {"params", "path_params", "match_info"})) return {Channel::Path, {}};
        return {};
    }
    if (!node.is("call")) return {};
    const Node callee = node.field("function");
    const std::vector<Node> arguments = node.field("arguments").namedChildren();
    const std::string_view method = callee.is("attribute") ? callee.field("attribute").text() : callee.text();
    if (callee.is("attribute") && !arguments.empty() &&
        isOneOf(method, {"get", "pop", "getlist", "getall", "setdefault", "get_list"}))
        if (const Part whole = partOf(scope, callee.field("object"))) return member(scope, whole, arguments[0]);
    if (callee.is("attribute") && isOneOf(method, {"strip", "lower", "upper", "copy", "title"}))
        return partOf(scope, callee.field("object"));
    if (isOneOf(method, {"int", "float", "str", "bool", "dict", "list"}) && !arguments.empty())
        return partOf(scope, arguments[0]);
    const std::string name = toLower(method);
    if (name == "parse_qs" || name == "parse_qsl" || name.find("query") != std::string::npos) return {Channel::Query, {}};
    if (name == "form" || name.find("form_data") != std::string::npos) return {Channel::Form, {}};
    const bool isReader = name == "json" || name == "get_json" || name == "loads" || name.find("json_body") != std::string::npos ||
                          name.find("parse_json") != std::string::npos || name.find("read_json") != std::string::npos ||
                          name.find("read_body") != std::string::npos || name.find("parse_body") != std::string::npos ||
                          name.find("get_body") != std::string::npos;
    return isReader ? Part{Channel::Body, {}} : Part{};
}

HandlerReader::Part HandlerReader::member(Scope& scope, const Part& base, const Node& key) {
    Part result = base;
    for (const std::string& name : keysOf(scope, key)) {
        result = base;
        result.path.push_back(name);
        hintOf(result);
    }
    if (result.path.size() == base.path.size()) {
        if (key.is("integer") && !base.path.empty()) result.path.push_back("*");
        else return {};
    }
    return result;
}

std::vector<std::string> HandlerReader::keysOf(Scope& scope, const Node& key) {
    std::string text;
    if (stringOf(key, text)) return {text};
    if (!key.is("identifier")) return {};
    const auto known = scope.names.find(std::string(key.text()));
    return known == scope.names.end() ? std::vector<std::string>() : known->second;
}

std::vector<Value> HandlerReader::constantsOf(Scope& scope, const Node& node) {
    std::string text;
    if (stringOf(node, text)) return {Value::string(text)};
    if (node.is("integer") && node.text().find_first_not_of("0123456789") == std::string_view::npos)
        return {Value::integerText(std::string(node.text()))};
    std::vector<Value> found;
    if (isContainer(node)) {
        for (const Node& child : node.namedChildren()) {
            const Node item = child.is("pair") ? child.field("key") : child;
            for (const Value& value : constantsOf(scope, item)) found.push_back(value);
        }
        return found;
    }
    if (!node.is("identifier")) return {};
    const auto local = scope.names.find(" " + std::string(node.text()));
    if (local != scope.names.end())
        for (const std::string& name : local->second) found.push_back(Value::string(name));
    const Symbol symbol = project_.resolve(*scope.module, node);
    if (symbol.kind != Symbol::Kind::Variable || !symbol.module) return found;
    const auto assigned = symbol.module->assignments.find(symbol.name);
    if (assigned == symbol.module->assignments.end() || assigned->second.empty()) return found;
    const Node value = assigned->second.front().is("assignment") ? assigned->second.front().field("right")
                                                                 : assigned->second.front().namedChild(0).field("right");
    if (isContainer(value) || value.is("string")) {
        Scope outside{symbol.module, {}, {}};
        return constantsOf(outside, value);
    }
    return found;
}

FieldHint& HandlerReader::root(Channel channel) {
    switch (channel) {
    case Channel::Query: return hints_.query;
    case Channel::Form: return hints_.form;
    case Channel::Headers: return hints_.headers;
    default: return hints_.body;
    }
}

FieldHint* HandlerReader::hintOf(const Part& part) {
    if (!part || part.channel == Channel::Path || part.path.empty()) return nullptr;
    FieldHint* hint = &root(part.channel);
    for (const std::string& step : part.path) {
        if (step == "*") {
            hint->isList = true;
            continue;
        }
        hint = &hint->part(part.channel == Channel::Headers ? toLower(step) : step);
    }
    return hint;
}

} // namespace covet::equivalence
