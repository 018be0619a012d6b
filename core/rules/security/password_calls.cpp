// Records and passwords in calls: methods, arguments, parameters, results.

#include <algorithm>

#include "facts/record_shape.h"
#include "facts/reference_context.h"
#include "rules/security/password_flow.h"
#include "rules/security/password_nodes.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::security {
namespace {

/// `{k: v for k, v in row.items() if k != "password"}`
bool leavesOut(const Node& clause, const std::string& field) {
    const Node key = clause.field("left").namedChild(0), comprehension = clause.parent();
    if (!comprehension.is("dictionary_comprehension") || !key.is("identifier")) return false;
    for (const Node& part : comprehension.namedChildren()) {
        if (!part.is("if_clause")) continue;
        const std::vector<Node> sides = part.namedChild(0).children();
        if (!part.namedChild(0).is("comparison_operator") || sides.size() != 3 || sides[0].text() != key.text()) continue;
        if (sides[1].text() == "!=" && constantOf(sides[2]) == field) return true;
        if (sides[1].text() != "not in" || !sides[2].isOneOf({"tuple", "list", "set"})) continue;
        for (const Node& item : sides[2].namedChildren())
            if (constantOf(item) == field) return true;
    }
    return false;
}

} // namespace

void PasswordFlow::methodOfRow(const Place& place, const Node& call, const std::string& name) {
    const Module& module = *place.module;
    const std::vector<Node> arguments = call.field("arguments").namedChildren();
    const Node first = arguments.empty() ? Node() : arguments[0];
    if (name == "keys") return;
    if (name == "copy") return push(module, call, Kind::Row);
    if (name == "items") {
        if (call.parent().is("for_in_clause") && leavesOut(call.parent(), field_.name)) return;
        return obstacle(module, call, "answered");
    }
    if (name == "update") {
        for (const Node& argument : arguments) {
            if (argument.is("dictionary")) storedDisplay(module, argument);
            else if (!argument.is("keyword_argument")) rowsExpected_.emplace_back(&module, argument);
            else if (argument.field("name").text() == field_.name) hashed(module, argument.field("value"));
        }
        return;
    }
    if (!isOneOf(name, {"get", "pop", "setdefault"})) return obstacle(module, call, "answered");
    if (constantOf(first).empty()) return obstacle(module, call, "dynamic-key");
    if (!isField(first)) return;
    if (name != "get") return obstacle(module, call, "read");
    push(module, call, Kind::Secret);
}

void PasswordFlow::methodOfRows(const Place& place, const Node& call, const std::string& name) {
    const std::vector<Node> arguments = call.field("arguments").namedChildren();
    if (isOneOf(name, {"index", "count", "remove", "clear", "reverse"})) return;
    if (name == "copy") return push(*place.module, call, Kind::Rows);
    if (name == "pop") return push(*place.module, call, Kind::Row);
    if (name == "sort") return taintLambdas(*place.module, call);
    // A list of rows takes another row.
    if (name == "append" && arguments.size() == 1) return rowsExpected_.emplace_back(place.module, arguments[0]), void();
    obstacle(*place.module, call, "passed-on");
}

void PasswordFlow::taintLambdas(const Module& module, const Node& call) {
    syntax::walk(call.field("arguments"), [&](const Node& node) {
        if (!node.is("lambda")) return true;
        const Node parameters = node.field("parameters");
        if (parameters.namedChildCount() == 1 && parameters.namedChild(0).is("identifier"))
            taintName(module, node, parameters.namedChild(0).text(), Kind::Row);
        return false;
    });
}

void PasswordFlow::inArguments(const Place& place, const Node& argument, const Node& call) {
    const Module& module = *place.module;
    const Node function = call.field("function");
    const std::string_view callee = function.text();
    const std::string_view last = function.is("attribute") ? function.field("attribute").text() : callee;
    if (place.kind == Kind::Secret) {
        const std::vector<Node> arguments = call.field("arguments").namedChildren();
        if (last == "compare_digest" && arguments.size() == 2) {
            const bool isFirst = arguments[0] == argument;
            uses_.comparisons.push_back({&module, call, arguments[isFirst ? 0 : 1], arguments[isFirst ? 1 : 0], false});
            return;
        }
        // The code knows hashes: what it keeps is none of ours to change.
        const std::string lower = toLower(last);
        if (lower.find("hash") != std::string::npos || lower.find("check") != std::string::npos ||
            lower.find("verify") != std::string::npos)
            uses_.hashes = true;
        return obstacle(module, call, "read");
    }
    if (isOneOf(callee, {"len", "bool", "isinstance", "id", "type", "any", "all"})) return;
    if (place.kind == Kind::Rows) {
        if (isOneOf(callee, {"list", "sorted", "reversed", "tuple", "iter", "filter"})) {
            taintLambdas(module, call);
            return push(module, call, Kind::Rows);
        }
        if (isOneOf(callee, {"next", "max", "min"})) {
            taintLambdas(module, call);
            return push(module, call, Kind::Row);
        }
        if (callee == "enumerate") return push(module, call, Kind::Pairs);
    }
    if (place.kind == Kind::Row && callee == "dict" && argument == place.node) return push(module, call, Kind::Row);
    if (place.kind == Kind::Row && function.is("attribute") && isOneOf(last, {"append", "remove", "index", "count"})) {
        const Node object = function.field("object");
        if (isReference(object)) return;
        const Function* within = module.enclosingFunction(call);
        if (object.is("identifier") && within && within->locals.count(std::string(object.text())) > 0)
            return taintName(module, within->node, object.text(), Kind::Rows);
        return obstacle(module, call, "kept");
    }
    const semantic::Symbol& symbol = project_.resolve(module, function);
    const bool isOwn = symbol.kind == semantic::Symbol::Kind::Function && symbol.module;
    const Function* known = isOwn ? symbol.module->function(symbol.name) : nullptr;
    const Module* home = symbol.module;
    if (!known && function.is("attribute")) {
        const std::string owner = facts::ownerClass(project_, module, function.field("object"));
        const size_t colon = owner.find(':');
        home = colon == std::string::npos ? nullptr : project_.module(owner.substr(0, colon));
        known = home ? home->function(owner.substr(colon + 1) + "." + std::string(last)) : nullptr;
    }
    static constexpr Words kAnswers = {"jsonify", "dumps", "Response", "JSONResponse", "make_response", "render_template"};
    if (!known) return obstacle(module, call, kAnswers.count(last) ? "answered" : "passed-on");
    taintParameter(*home, *known, argument, call, place.kind);
}

void PasswordFlow::taintParameter(const Module& module, const Function& function, const Node& argument, const Node& call, Kind kind) {
    std::vector<Node> names;
    for (const Node& parameter : function.node.field("parameters").namedChildren()) {
        if (parameter.is("identifier")) names.push_back(parameter);
        else if (parameter.is("typed_parameter")) names.push_back(parameter.namedChild(0));
        else if (parameter.field("name").is("identifier")) names.push_back(parameter.field("name"));
        else return obstacle(module, parameter, "passed-on");
    }
    const bool isMethod = !function.className.empty() && !names.empty() && (names[0].text() == "self" || names[0].text() == "cls");
    if (isMethod) names.erase(names.begin());
    if (argument.is("keyword_argument")) {
        for (const Node& name : names)
            if (name.text() == argument.field("name").text()) return taintName(module, function.node, name.text(), kind);
        return obstacle(module, function.node, "passed-on");
    }
    const std::vector<Node> arguments = call.field("arguments").namedChildren();
    const size_t at = static_cast<size_t>(std::find(arguments.begin(), arguments.end(), argument) - arguments.begin());
    if (at >= names.size()) return obstacle(module, function.node, "passed-on");
    taintName(module, function.node, names[at].text(), kind);
}

/// Whether what a handler answers is filtered by a model without the field.
bool PasswordFlow::answersWithout(const Module& module, const Function& function) const {
    bool filtered = false;
    for (const Node& decorator : function.decorated.namedChildren()) {
        if (!decorator.is("decorator") || !decorator.namedChild(0).is("call")) continue;
        for (const Node& argument : decorator.namedChild(0).field("arguments").namedChildren()) {
            if (!argument.is("keyword_argument") || argument.field("name").text() != "response_model") continue;
            Node type = argument.field("value");
            if (type.is("subscript")) type = type.field("subscript");
            const semantic::Symbol& symbol = project_.resolve(module, type);
            if (symbol.kind != semantic::Symbol::Kind::Class || !symbol.module) return false;
            const std::vector<facts::FieldFact> fields = facts::fieldsOfClass(project_, *symbol.module, symbol.name);
            filtered = !fields.empty() && std::none_of(fields.begin(), fields.end(), [&](const facts::FieldFact& field) {
                return field.name == field_.name;
            });
        }
    }
    return filtered;
}

void PasswordFlow::returned(const Place& place) {
    const Module& module = *place.module;
    const Function* function = module.enclosingFunction(place.node);
    const char* reason = place.kind == Kind::Secret ? "read" : "answered";
    if (!function || function->isNested) return obstacle(module, place.node, reason);
    const bool isDecorated = !(function->decorated == function->node);
    if (isDecorated && place.kind != Kind::Secret && answersWithout(module, *function)) return;
    if (isDecorated) return obstacle(module, place.node, reason);
    const auto calls = callsOf(module, *function);
    if (calls.empty()) return obstacle(module, place.node, reason);
    for (const auto& [caller, call] : calls) push(*caller, call, place.kind);
}

/// The calls of a function; none when something else is done with it, too.
std::vector<std::pair<const Module*, Node>> PasswordFlow::callsOf(const Module& home, const Function& function) const {
    std::vector<std::pair<const Module*, Node>> calls;
    for (const auto& module : project_.modules())
        for (const Node& name : module->tree->identifiers(function.name)) {
            const Node parent = name.parent();
            if (parent == function.node || parent.is("dotted_name") || parent.is("aliased_import")) continue;
            if (parent.is("keyword_argument") && parent.field("name") == name) continue;
            const bool isAttribute = parent.is("attribute") && parent.field("attribute") == name;
            const Node callee = isAttribute ? parent : name;
            if (!isAttribute && !function.className.empty()) continue;
            if (isAttribute && !function.className.empty()) {
                const std::string owner = facts::ownerClass(project_, *module, parent.field("object"));
                if (!owner.empty() && owner != home.name + ":" + function.className) continue;
            } else {
                const semantic::Symbol& symbol = project_.resolve(*module, callee);
                if (symbol.module != &home || symbol.name != function.qualified) continue;
            }
            const Node call = callee.parent();
            if (!call.is("call") || !(call.field("function") == callee)) return {};
            calls.emplace_back(module.get(), call);
        }
    return calls;
}

} // namespace covet::rules::security
