#include "facts/reference_context.h"

#include <map>

#include "support/strings.h"
#include "support/words.h"

namespace covet::facts {
namespace {

const std::map<std::string_view, UseKind>& methods() {
    static const std::map<std::string_view, UseKind> kMethods = {
        {"append", UseKind::Append},   {"add", UseKind::Append},      {"appendleft", UseKind::Insert},
        {"insert", UseKind::Insert},   {"extend", UseKind::Extend},   {"get", UseKind::Get},
        {"values", UseKind::Values},   {"items", UseKind::Items},     {"keys", UseKind::Keys},
        {"pop", UseKind::Pop},         {"remove", UseKind::Remove},   {"discard", UseKind::Remove},
        {"clear", UseKind::Clear},     {"update", UseKind::Update},   {"setdefault", UseKind::SetDefault},
        {"sort", UseKind::Sort},       {"reverse", UseKind::Sort}};
    return kMethods;
}

ReferenceContext inCall(const Node& reference, const Node& call, ReferenceContext context) {
    std::string_view callee = call.field("function").text();
    std::vector<Node> arguments = call.field("arguments").namedChildren();
    bool first = !arguments.empty() && arguments[0] == reference;
    if (callee == "len" && first) {
        context.kind = UseKind::Length;
        context.node = call;
    } else if (callee == "next" && first) {
        context.kind = UseKind::Next;
        context.node = call;
    }
    return context;
}

ReferenceContext inMethod(const Node& attribute, ReferenceContext context) {
    Node call = attribute.parent();
    context.method = std::string(attribute.field("attribute").text());
    context.kind = UseKind::Method;
    context.node = attribute;
    if (!call.is("call") || !(call.field("function") == attribute)) return context;
    context.node = call;
    auto known = methods().find(context.method);
    if (known == methods().end()) return context;
    context.kind = known->second;
    std::vector<Node> arguments = call.field("arguments").namedChildren();
    if (!arguments.empty()) context.key = arguments[0];
    if (arguments.size() > 1) context.value = arguments[1];
    if (context.kind == UseKind::Append || context.kind == UseKind::Extend ||
        context.kind == UseKind::Update || context.kind == UseKind::Remove)
        context.value = context.key;
    return context;
}

ReferenceContext inSubscript(const Node& subscript, ReferenceContext context) {
    context.node = subscript;
    context.key = subscript.field("subscript");
    bool slice = context.key.is("slice");
    context.kind = slice ? UseKind::Slice : UseKind::GetItem;
    Node parent = subscript.parent();
    if (parent.is("assignment") && parent.field("left") == subscript) {
        context.kind = slice ? UseKind::SetSlice : UseKind::SetItem;
        context.node = parent;
        context.value = parent.field("right");
    } else if (parent.is("augmented_assignment") && parent.field("left") == subscript) {
        context.kind = UseKind::SetItem;
        context.node = parent;
        context.value = parent.field("right");
    } else if (parent.is("delete_statement") ||
               (parent.is("expression_list") && parent.parent().is("delete_statement"))) {
        context.kind = UseKind::DelItem;
        context.node = parent.is("delete_statement") ? parent : parent.parent();
    }
    return context;
}

bool isConditionOf(const Node& reference, const Node& parent) {
    if (parent.is("not_operator")) return true;
    // The value of `a or b` is one of them.
    if (parent.is("boolean_operator") || parent.is("parenthesized_expression"))
        return isConditionOf(parent, parent.parent());
    if (parent.is("if_statement") || parent.is("while_statement") || parent.is("elif_clause"))
        return parent.field("condition") == reference;
    return parent.is("conditional_expression") && parent.namedChild(1) == reference;
}

} // namespace

Node statementOf(const Node& node) {
    Node statement = node;
    for (Node parent = node.parent(); parent; parent = parent.parent()) {
        if (parent.is("block") || parent.is("module")) return statement;
        statement = parent;
    }
    return statement;
}

ReferenceContext contextOf(const Node& reference) {
    ReferenceContext context;
    context.node = reference;
    context.statement = statementOf(reference);
    Node outer = reference;
    Node parent = outer.parent();
    while (parent.is("parenthesized_expression")) {
        outer = parent;
        parent = outer.parent();
    }
    if (parent.is("attribute") && parent.field("object") == outer) return inMethod(parent, context);
    if (parent.is("subscript") && parent.field("value") == outer) return inSubscript(parent, context);
    if (parent.is("argument_list")) return inCall(outer, parent.parent(), context);
    if (parent.is("comparison_operator")) {
        std::vector<Node> parts = parent.children();
        for (size_t i = 1; i + 1 < parts.size(); ++i) {
            if (!(parts[i + 1] == outer)) continue;
            bool notIn = parts[i].is("not in");
            if (!notIn && !parts[i].is("in")) continue;
            context.kind = notIn ? UseKind::NotContains : UseKind::Contains;
            context.node = parent;
            context.key = parts[i - 1];
            return context;
        }
        return context;
    }
    if ((parent.is("for_statement") || parent.is("for_in_clause")) && parent.field("right") == outer) {
        context.kind = UseKind::Iterate;
        context.node = parent;
    } else if (parent.is("assignment") && parent.field("left") == outer) {
        context.kind = UseKind::Rebind;
        context.node = parent;
        context.value = parent.field("right");
    } else if (parent.is("augmented_assignment") && parent.field("left") == outer) {
        context.kind = UseKind::Augment;
        context.node = parent;
        context.value = parent.field("right");
    } else if (isConditionOf(outer, parent)) {
        context.kind = UseKind::Truth;
    }
    return context;
}

bool isMutation(const ReferenceContext& context) {
    switch (context.kind) {
    case UseKind::Append:
    case UseKind::Insert:
    case UseKind::Extend:
    case UseKind::SetItem:
    case UseKind::SetSlice:
    case UseKind::DelItem:
    case UseKind::Pop:
    case UseKind::Remove:
    case UseKind::Clear:
    case UseKind::Update:
    case UseKind::SetDefault:
    case UseKind::Rebind:
    case UseKind::Augment:
    case UseKind::Sort:
    case UseKind::Next:
        return true;
    default:
        return false;
    }
}

bool isMutatingMethod(std::string_view name) {
    static constexpr Words kNames = {
        "append", "add",   "appendleft", "insert", "extend",     "pop",  "popitem", "popleft",
        "remove", "clear", "discard",    "update", "setdefault", "sort", "reverse",
        "extendleft", "rotate", "move_to_end", "subtract", "difference_update", "intersection_update", "symmetric_difference_update"};
    return kNames.count(name) > 0;
}

bool changesInside(const Node& reference) {
    Node current = contextOf(reference).node;
    if (!current.is("subscript") && !current.is("call")) return false;
    for (Node parent = current.parent(); parent; parent = parent.parent()) {
        if (parent.is("subscript") && parent.field("value") == current) {
            current = parent;
        } else if (parent.is("attribute") && parent.field("object") == current) {
            Node call = parent.parent();
            if (call.is("call") && call.field("function") == parent)
                return isMutatingMethod(parent.field("attribute").text());
            current = parent;
        } else {
            bool target = (parent.is("assignment") || parent.is("augmented_assignment")) &&
                          parent.field("left") == current;
            return !current.is("call") && (target || parent.is("delete_statement"));
        }
    }
    return false;
}

const char* useKindName(UseKind kind) {
    switch (kind) {
    case UseKind::Read: return "All";
    case UseKind::Length: return "Count";
    case UseKind::Truth: return "Exists";
    case UseKind::Contains:
    case UseKind::NotContains: return "Exists";
    case UseKind::GetItem:
    case UseKind::Get: return "GetByKey";
    case UseKind::Slice: return "Slice";
    case UseKind::Iterate: return "Filter";
    case UseKind::Values:
    case UseKind::Items:
    case UseKind::Keys: return "All";
    case UseKind::Append:
    case UseKind::Insert: return "Insert";
    case UseKind::Extend: return "InsertMany";
    case UseKind::SetItem: return "Put";
    case UseKind::SetSlice:
    case UseKind::Rebind: return "Replace";
    case UseKind::DelItem:
    case UseKind::Pop:
    case UseKind::Remove: return "Delete";
    case UseKind::Clear: return "Clear";
    case UseKind::Update: return "Update";
    case UseKind::SetDefault: return "Put";
    case UseKind::Augment:
    case UseKind::Next: return "NextId";
    case UseKind::Sort: return "OrderBy";
    case UseKind::Method: return "Method";
    }
    return "Unknown";
}

} // namespace covet::facts
