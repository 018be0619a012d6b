#include "equivalence/handler_reader.h"
#include "equivalence/node_text.h"
#include "support/strings.h"

namespace covet::equivalence {
namespace {

using semantic::Node;
using semantic::Symbol;

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

bool stringOf(const syntax::Node& node, std::string& out) {
    if (!node.is("string")) return false;
    out.clear();
    for (const syntax::Node& child : node.namedChildren()) {
        if (child.is("interpolation") || child.is("escape_sequence")) return false;
        if (child.is("string_content")) {
            if (child.namedChildCount() > 0) return false;
            out += child.text();
        }
    }
    return true;
}

bool isContainer(const syntax::Node& node) {
    return node.is("list") || node.is("tuple") || node.is("set") || node.is("parenthesized_expression") ||
           node.is("dictionary");
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
            return isRequest ? body() : Part{};
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
    return isReader ? body() : Part{};
}

HandlerReader::Part HandlerReader::body() {
    hints_.takesBody = true;
    return {Channel::Body, {}};
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
    const Symbol& symbol = project_.resolve(*scope.module, node);
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
