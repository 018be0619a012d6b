#include "rules/security/password_flow.h"

#include <algorithm>

#include "facts/reference_context.h"
#include "rules/security/password_nodes.h"
#include "support/strings.h"

namespace covet::rules::security {
namespace {

/// The name of an argument that stands alone: `u` of `for u in xs`, `row` of `for i, row in enumerate(xs)`.
Node lastName(const Node& pattern, bool isPair) {
    if (!isPair) return pattern.is("identifier") ? pattern : Node();
    const bool isList = pattern.is("pattern_list") || pattern.is("tuple_pattern");
    return isList && pattern.namedChildCount() == 2 && pattern.namedChild(1).is("identifier") ? pattern.namedChild(1) : Node();
}

/// Whether an identifier is a use of a variable, and no name of an attribute, an argument or a binding.
bool isUse(const Node& name) {
    const Node parent = name.parent();
    if (parent.is("attribute")) return parent.field("object") == name;
    if (parent.is("keyword_argument")) return parent.field("value") == name;
    if (parent.is("assignment") || parent.is("for_statement") || parent.is("for_in_clause") || parent.is("named_expression"))
        return !(parent.field("left") == name) && !(parent.field("name") == name);
    if (parent.is("default_parameter") || parent.is("typed_default_parameter")) return parent.field("value") == name;
    return !parent.isOneOf({"parameters", "typed_parameter", "lambda_parameters", "pattern_list", "tuple_pattern",
                            "global_statement", "function_definition", "aliased_import", "dotted_name"});
}

bool isComprehension(const Node& node) {
    return node.isOneOf({"list_comprehension", "generator_expression", "set_comprehension", "dictionary_comprehension"});
}

} // namespace

PasswordFlow::PasswordFlow(const semantic::Project& project, const facts::FoundStore& store, PasswordField field)
    : project_(project), store_(store), field_(std::move(field)) {
    for (const facts::StoreReference& reference : store.references) references_.insert(reference.node.id());
}

PasswordUses PasswordFlow::follow() {
    for (const facts::StoreReference& reference : store_.references) {
        // What fills the store at import is read as data: its code goes.
        if (!reference.function) continue;
        if (field_.isPlain()) useOfScalars(reference);
        else useOfStore(reference);
    }
    const size_t colon = store_.fact.elementClass.find(':');
    if (store_.fact.element == facts::Element::Instance && colon != std::string::npos)
        if (const Module* module = project_.module(store_.fact.elementClass.substr(0, colon)))
            for (const Function& method : module->functions)
                if (method.className == store_.fact.elementClass.substr(colon + 1) && method.name != "__init__")
                    taintName(*module, method.node, "self", Kind::Row);
    while (!queue_.empty() && !uses_.obstacle.module) {
        const Place place = queue_.front();
        queue_.pop_front();
        take(place);
    }
    for (const auto& [module, node] : rowsExpected_)
        if (!uses_.obstacle.module && !seen_.count({node.id(), Kind::Row}) && !seen_.count({node.id(), Kind::Rows}))
            obstacle(*module, node, "whole-body");
    auto isStored = [&](const PasswordPlace& place) { return secrets_.count(place.node.id()) > 0; };
    uses_.values.erase(std::remove_if(uses_.values.begin(), uses_.values.end(), isStored), uses_.values.end());
    for (const PasswordComparison& one : uses_.comparisons)
        if (secrets_.count(one.given.id())) obstacle(*one.module, one.node, "read");
    return std::move(uses_);
}

void PasswordFlow::obstacle(const Module& module, const Node& node, const char* reason) {
    if (uses_.obstacle.module) return;
    uses_.obstacle = {&module, node};
    uses_.reason = reason;
}

bool PasswordFlow::isField(const Node& key) const { return constantOf(key) == field_.name; }

void PasswordFlow::push(const Module& module, const Node& node, Kind kind) {
    if (!node || !seen_.insert({node.id(), kind}).second) return;
    if (kind == Kind::Secret) secrets_.insert(node.id());
    queue_.push_back({&module, node, kind});
}

void PasswordFlow::taintName(const Module& module, const Node& scope, std::string_view name, Kind kind, size_t from) {
    for (const Node& use : module.tree->identifiers(name))
        if (scope.contains(use) && use.start() >= from && isUse(use)) push(module, use, kind);
}

void PasswordFlow::useOfStore(const facts::StoreReference& reference) {
    using facts::UseKind;
    const Module& module = *reference.module;
    const facts::ReferenceContext context = facts::contextOf(reference.node);
    const bool isDict = store_.fact.container == facts::Container::Dict;
    switch (context.kind) {
    case UseKind::Append:
    case UseKind::SetItem:
        return stored(module, context.value);
    case UseKind::Insert:
    case UseKind::SetDefault:
        stored(module, context.value);
        if (context.kind == UseKind::SetDefault) push(module, context.node, Kind::Row);
        return;
    case UseKind::Extend:
    case UseKind::Rebind:
    case UseKind::SetSlice:
    case UseKind::Augment:
    case UseKind::Update:
        if (context.value.isOneOf({"list", "dictionary"})) {
            for (const Node& item : context.value.namedChildren())
                stored(module, item.is("pair") ? item.field("value") : item);
            return;
        }
        rowsExpected_.emplace_back(&module, context.value);
        return;
    case UseKind::GetItem:
    case UseKind::Get:
    case UseKind::Pop:
        return push(module, context.node, Kind::Row);
    case UseKind::Slice:
    case UseKind::Values:
        return push(module, context.node, Kind::Rows);
    case UseKind::Items:
        return push(module, context.node, Kind::Pairs);
    case UseKind::Iterate:
        if (!isDict) push(module, reference.node, Kind::Rows);
        return;
    case UseKind::Keys:
    case UseKind::Length:
    case UseKind::Truth:
    case UseKind::Contains:
    case UseKind::NotContains:
    case UseKind::DelItem:
    case UseKind::Remove:
    case UseKind::Clear:
        return;
    case UseKind::Sort:
        return taintLambdas(module, context.node);
    case UseKind::Read: {
        const Node parent = reference.node.parent();
        const bool isArgument = parent.is("argument_list");
        const std::string_view callee = isArgument ? parent.parent().field("function").text() : std::string_view();
        if (isDict && isOneOf(callee, {"list", "sorted", "tuple", "set", "len", "bool", "max", "min", "iter", "enumerate"})) return;
        if (isDict && parent.is("return_statement")) return obstacle(module, reference.node, "answered");
        if (isDict) return obstacle(module, reference.node, isArgument ? "passed-on" : "kept");
        return push(module, reference.node, Kind::Rows);
    }
    default:
        return obstacle(module, context.node, "passed-on");
    }
}

void PasswordFlow::useOfScalars(const facts::StoreReference& reference) {
    using facts::UseKind;
    const Module& module = *reference.module;
    const facts::ReferenceContext context = facts::contextOf(reference.node);
    switch (context.kind) {
    case UseKind::GetItem:
    case UseKind::Get:
    case UseKind::Pop:
        return push(module, context.node, Kind::Secret);
    case UseKind::SetItem:
        if (context.node.is("augmented_assignment")) return obstacle(module, context.node, "read");
        return hashed(module, context.value);
    case UseKind::Items:
        if (context.node.parent().is("for_statement") || context.node.parent().is("for_in_clause")) {
            const Node name = lastName(context.node.parent().field("left"), true);
            if (name) {
                const bool isClause = context.node.parent().is("for_in_clause");
                return taintName(module, isClause ? context.node.parent().parent() : context.node.parent(), name.text(), Kind::Secret);
            }
        }
        return obstacle(module, context.node, "read");
    case UseKind::Iterate:
    case UseKind::Keys:
    case UseKind::Length:
    case UseKind::Truth:
    case UseKind::Contains:
    case UseKind::NotContains:
    case UseKind::DelItem:
    case UseKind::Clear:
        return;
    default:
        return obstacle(module, context.node, context.kind == UseKind::Read ? "answered" : "read");
    }
}

void PasswordFlow::take(const Place& place) {
    const Module& module = *place.module;
    const Node &node = place.node, parent = node.parent();
    const bool isSecret = place.kind == Kind::Secret;
    if (parent.is("call") && parent.field("arguments") == node) return inArguments(place, node, parent);
    if (parent.is("parenthesized_expression") || parent.is("await")) return push(module, parent, place.kind);
    if (parent.is("boolean_operator")) {
        // The left side of `and` is the value only where it is empty.
        if (parent.field("operator").text() == "or" || parent.field("right") == node) push(module, parent, place.kind);
        return;
    }
    if (parent.is("conditional_expression")) {
        if (!(parent.namedChild(1) == node)) push(module, parent, place.kind);
        return;
    }
    if (parent.is("comparison_operator")) return inComparison(place, parent);
    if (parent.is("not_operator") || parent.is("expression_statement") || parent.is("if_clause") ||
        parent.is("assert_statement") || parent.is("delete_statement"))
        return;
    if (parent.isOneOf({"if_statement", "elif_clause", "while_statement"})) return;
    if (parent.is("assignment") || parent.is("named_expression")) return inAssignment(place, parent);
    if (parent.is("subscript") && parent.field("value") == node) return inSubscript(place, parent);
    if (parent.is("attribute") && parent.field("object") == node) return inAttribute(place, parent);
    if (parent.is("argument_list")) return inArguments(place, node, parent.parent());
    if (parent.is("keyword_argument")) return inArguments(place, parent, parent.parent().parent());
    if (parent.is("for_statement") || parent.is("for_in_clause")) return bindLoop(place, parent);
    if (parent.is("return_statement")) return returned(place);
    if (isComprehension(parent) && parent.field("body") == node && !isSecret) {
        if (parent.is("list_comprehension") || parent.is("generator_expression"))
            return push(module, parent, place.kind == Kind::Row ? Kind::Rows : place.kind);
    }
    const bool isAnswer = parent.isOneOf({"expression_list", "tuple", "pair", "list", "interpolation", "dictionary_splat",
                                           "list_splat"});
    obstacle(module, node, isSecret ? "read" : isAnswer ? "answered" : "kept");
}

void PasswordFlow::secretAt(const Module& module, const Node& access) {
    const Node parent = access.parent();
    if (parent.is("augmented_assignment") || parent.is("delete_statement")) return obstacle(module, access, "read");
    if (parent.is("assignment") && parent.field("left") == access) return hashed(module, parent.field("right"));
    push(module, access, Kind::Secret);
}

void PasswordFlow::inSubscript(const Place& place, const Node& subscript) {
    const Node key = subscript.field("subscript");
    if (place.kind == Kind::Rows) {
        const bool isWrite = subscript.parent().is("assignment") && subscript.parent().field("left") == subscript;
        if (isWrite) return stored(*place.module, subscript.parent().field("right"));
        return push(*place.module, subscript, key.is("slice") ? Kind::Rows : Kind::Row);
    }
    if (place.kind != Kind::Row) return obstacle(*place.module, subscript, "read");
    if (isField(key)) return secretAt(*place.module, subscript);
    if (constantOf(key).empty()) obstacle(*place.module, subscript, "dynamic-key");
}

void PasswordFlow::inAttribute(const Place& place, const Node& attribute) {
    const std::string name(attribute.field("attribute").text());
    const Node call = attribute.parent();
    const bool isCall = call.is("call") && call.field("function") == attribute;
    if (place.kind == Kind::Secret || place.kind == Kind::Pairs) return obstacle(*place.module, attribute, "read");
    if (place.kind == Kind::Rows) {
        if (isCall) return methodOfRows(place, call, name);
        return obstacle(*place.module, attribute, "passed-on");
    }
    if (store_.fact.element != facts::Element::Instance) {
        if (isCall) return methodOfRow(place, call, name);
        return obstacle(*place.module, attribute, "passed-on");
    }
    if (!isCall) {
        if (name == field_.name) return secretAt(*place.module, attribute);
        if (startsWith(name, "__")) obstacle(*place.module, attribute, "answered");
        return;
    }
    const size_t colon = store_.fact.elementClass.find(':');
    const Module* module = colon == std::string::npos ? nullptr : project_.module(store_.fact.elementClass.substr(0, colon));
    if (!module || !module->function(store_.fact.elementClass.substr(colon + 1) + "." + name))
        obstacle(*place.module, call, "answered");
}

void PasswordFlow::inComparison(const Place& place, const Node& comparison) {
    if (place.kind != Kind::Secret) return;
    const std::vector<Node> parts = comparison.children();
    if (parts.size() != 3) return obstacle(*place.module, comparison, "read");
    const std::string_view op = parts[1].text();
    const bool isLeft = parts[0] == place.node;
    const Node other = parts[isLeft ? 2 : 0];
    if (other.is("none")) return;
    if (op != "==" && op != "!=") return obstacle(*place.module, comparison, "read");
    uses_.comparisons.push_back({place.module, comparison, place.node, other, op == "!="});
}

void PasswordFlow::inAssignment(const Place& place, const Node& assignment) {
    const Node left = assignment.field(assignment.is("assignment") ? syntax::NodeField("left") : syntax::NodeField("name"));
    if (left == place.node) return;
    if (assignment.is("named_expression")) push(*place.module, assignment, place.kind);
    if (isReference(left)) return;
    if (left.is("subscript")) {
        // Back into the store, or to a place of a list of rows, which is looked at from there.
        if (isReference(left.field("value"))) return;
        if (place.kind == Kind::Secret && constantOf(left.field("subscript")) == field_.name) return;
        return obstacle(*place.module, assignment, "kept");
    }
    const Function* function = place.module->enclosingFunction(assignment);
    if (!left.is("identifier") || !function || function->globals.count(std::string(left.text())))
        return obstacle(*place.module, assignment, "kept");
    taintName(*place.module, function->node, left.text(), place.kind);
}

void PasswordFlow::bindLoop(const Place& place, const Node& clause) {
    if (place.kind == Kind::Row && clause.field("right") == place.node) return; // its keys
    if (place.kind == Kind::Secret || !(clause.field("right") == place.node)) return obstacle(*place.module, clause, "read");
    const Node name = lastName(clause.field("left"), place.kind == Kind::Pairs);
    if (!name) return obstacle(*place.module, clause, "passed-on");
    if (clause.is("for_in_clause")) return taintName(*place.module, clause.parent(), name.text(), Kind::Row);
    // Behind the loop the name holds the row at which it stopped, until it is bound again.
    const Function* function = place.module->enclosingFunction(clause);
    taintName(*place.module, clause, name.text(), Kind::Row);
    size_t end = function ? function->node.end() : clause.end();
    for (const Node& other : place.module->tree->identifiers(name.text()))
        if (other.start() > clause.end() && !isUse(other) && !other.parent().is("attribute") && !other.parent().is("keyword_argument"))
            end = std::min(end, other.start());
    for (const Node& use : place.module->tree->identifiers(name.text()))
        if (use.start() > clause.end() && use.start() < end && isUse(use) && place.module->enclosingFunction(use) == function)
            push(*place.module, use, Kind::Row);
}

} // namespace covet::rules::security
