#include "rules/legacy/handler_planner.h"

#include <algorithm>

#include "support/strings.h"

namespace covet::rules::legacy {
namespace {

using Kind = Sym::Kind;

} // namespace

bool HandlerPlanner::bindParameters() {
    size_t next = 0;
    bool first = true;
    for (const Node& parameter : code_.parameters.namedChildren()) {
        const std::string name = parameterName(parameter);
        if (first && code_.function && !code_.function->className.empty()) return fail("method-handler", name);
        first = false;
        if (parameter.is("list_splat_pattern") || parameter.is("dictionary_splat_pattern") || name.empty() ||
            (parameter.is("typed_parameter") && !parameter.namedChild(0).is("identifier"))) {
            if (usesOf(name).empty() && !name.empty()) {
                old_.push_back(name);
                continue;
            }
            return fail("handler-parameters", std::string(parameter.text()));
        }
        old_.push_back(name);
        Value value;
        for (const auto& [keyword, given] : shape_.keywords)
            if (keyword == name) value = given;
        if (!value && next < shape_.positional.size()) value = shape_.positional[next++];
        if (!value)
            for (const auto& [key, given] : shape_.spread)
                if (key == name && (code_.takesBody || !parameter.field("value"))) value = given;
        if (value) {
            if (!bindParameter(name, value)) return false;
            continue;
        }
        const bool isPath = std::find(code_.pathParameters.begin(), code_.pathParameters.end(), name) != code_.pathParameters.end();
        if (shape_.spreadsParams && isPath) {
            kept_.insert(name);
            continue;
        }
        if (parameter.field("value")) {
            plan_.bodyStart.push_back(name + " = " + std::string(parameter.field("value").text()));
            continue;
        }
        return fail("handler-parameters", name);
    }
    return plan_.unclear.empty();
}

/// The request that a wrapper hands to the function it stands around.
bool HandlerPlanner::passesOn(const Node& use) const {
    const Node call = use.parent().parent();
    return !code_.target.empty() && use.parent().is("argument_list") && call.is("call") && call.field("function").text() == code_.target &&
           use.parent().namedChildCount() == 1;
}

/// The function that a wrapper calls has become asynchronous; what it gives is an answer already,
/// which the wrapper may only give back.
bool HandlerPlanner::awaitTarget() {
    for (const Node& use : usesOf(code_.target)) {
        const Node call = use.parent();
        if (call.is("argument_list")) {
            // `inspect.iscoroutinefunction(handler)`
            const std::string asked(call.parent().field("function").text());
            if (endsWith(asked, "iscoroutinefunction") || asked == "callable") continue;
        }
        if (!call.is("call") || !(call.field("function") == use) || awaitForbidden(call, code_.body))
            return fail("decorated-handler", std::string(call.text()));
        Node value = call.parent().is("await") ? call.parent() : call;
        while (value.parent().is("conditional_expression") || value.parent().is("parenthesized_expression")) value = value.parent();
        const Node outer = value.parent();
        const bool kept = outer.is("assignment") && outer.field("left").is("identifier") && outer.field("right") == value;
        if (!kept && !outer.is("return_statement")) return fail("decorated-handler", std::string(outer.text()));
        if (kept)
            for (const Node& later : usesOf(std::string(outer.field("left").text()))) {
                const Node where = later.parent();
                const bool asked = where.is("argument_list") && endsWith(std::string(where.parent().field("function").text()), "isawaitable");
                if (!where.is("return_statement") && !where.is("assignment") && !where.is("await") && !asked)
                    return fail("decorated-handler", std::string(where.text()));
            }
        if (!call.parent().is("await")) {
            ModuleRewrite& rewrite = context_.rewrite(*code_.module);
            plan_.actions.push_back([&rewrite, call] { rewrite.wrap(call, "await ", ""); });
        }
    }
    return true;
}

bool HandlerPlanner::bindParameter(const std::string& name, const Value& value) {
    const std::vector<Node> uses = usesOf(name);
    if (uses.empty()) return true;
    std::vector<Access> accesses;
    bool golden = !rebinds(name);
    if (value->is(Kind::Dict) || value->is(Kind::Instance)) {
        for (const Node& use : uses) {
            if (passesOn(use)) passed_.push_back(use);
            else golden = golden && partAccess(use, value, accesses);
        }
    } else if (value->is(Kind::Json) || value->is(Kind::Body) || value->is(Kind::BodyText) || value->is(Kind::Expr) ||
               value->is(Kind::PathTail)) {
        golden = false; // read once, under the name it had
    } else {
        for (const Node& use : uses) {
            golden = golden && !isStoreTarget(use);
            accesses.push_back({use, value});
        }
    }
    if (golden)
        for (const Access& access : accesses) golden = golden && isWritable(access.value);
    if (!golden && !code_.target.empty()) return fail("decorated-handler", name);
    if (!golden) return whole(name, value);
    for (const Node& use : passed_)
        if (use.text() != requestName_) replace(use, requestName_);
    accesses_.insert(accesses_.end(), accesses.begin(), accesses.end());
    return true;
}

bool HandlerPlanner::isWritable(const Value& value) {
    const PartNames names = partNames();
    return value->is(Kind::Params) || partText(value, names).has_value();
}

/// `request["json"]`, `request.get("json")`, `request.json` of a use of the whole request.
bool HandlerPlanner::partAccess(const Node& use, const Value& value, std::vector<Access>& out) {
    const Node parent = use.parent();
    std::string key;
    Node access;
    if (value->is(Kind::Dict) && parent.is("subscript") && parent.field("value") == use) {
        const std::vector<Node> keys = parent.fields("subscript");
        if (keys.size() != 1 || !literalText(std::string(keys[0].text()), key)) return false;
        access = parent;
    } else if (value->is(Kind::Dict) && parent.is("attribute") && parent.field("object") == use &&
               parent.field("attribute").text() == "get" && parent.parent().is("call")) {
        const std::vector<Node> arguments = parent.parent().field("arguments").namedChildren();
        if (arguments.empty() || !literalText(std::string(arguments[0].text()), key)) return false;
        access = parent.parent();
    } else if (value->is(Kind::Instance) && parent.is("attribute") && parent.field("object") == use) {
        key = std::string(parent.field("attribute").text());
        access = parent;
        if (!value->entry(key) && value->entry(key + "@")) {
            key += "@";
        } else if (parent.parent().is("call") && parent.parent().field("function") == parent && !value->entry(key)) {
            access = parent.parent();
            if (access.field("arguments").namedChildCount() > 0) return false;
            key += "()";
            if (access.parent().is("await")) access = access.parent();
        }
    } else {
        return false;
    }
    const Value* entry = value->entry(key);
    if (!entry) return false;
    const Node outer = access.parent();
    if ((outer.is("assignment") || outer.is("augmented_assignment")) && outer.field("left") == access) return false;
    if (outer.is("delete_statement")) return false;
    // Query and headers of the target are made anew at each access.
    if (!(*entry)->is(Kind::Json) && isStoreTarget(access)) return false;
    out.push_back({access, *entry});
    return true;
}

/// The value as a whole, under its old name, at the start of the body.
bool HandlerPlanner::whole(const std::string& name, const Value& value) {
    const PartNames names = partNames();
    if (!code_.function) return fail("lambda-request", name);
    Value written = value;
    if (value->is(Kind::Instance)) return fail("request-object", name);
    std::optional<PartText> part = partText(written, names);
    if (!part) return fail("request-not-understood", name);
    std::string text = part->text;
    if (part->awaits && startsWith(text, "(await ") && endsWith(text, ")") && (value->is(Kind::Json) || value->is(Kind::Body)))
        text = text.substr(1, text.size() - 2);
    if (mentionsTail(written)) tailUsed_ = true;
    if (text != name) plan_.bodyStart.push_back(name + " = " + text);
    plan_.usesRequest = plan_.usesRequest || part->usesRequest;
    plan_.imports.insert(part->imports.begin(), part->imports.end());
    return true;
}

bool HandlerPlanner::holdsJson(const Value& value) {
    if (value->is(Kind::Json)) return true;
    for (const auto& [name, item] : value->entries)
        if (!endsWith(name, "()") && !endsWith(name, "@") && holdsJson(item)) return true;
    return false;
}

bool HandlerPlanner::mentionsTail(const Value& value) const {
    if (value->is(Kind::PathTail) || (value->is(Kind::Expr) && holdsPathTail(*value, code_.pathPrefix))) return true;
    for (const Value& item : value->items)
        if (mentionsTail(item)) return true;
    for (const auto& [name, item] : value->entries)
        if (mentionsTail(item)) return true;
    return false;
}

} // namespace covet::rules::legacy
