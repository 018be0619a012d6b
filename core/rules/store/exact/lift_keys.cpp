// Records looked up by their dict key.
//
// before: user = users.get(k)          k in users                           users[k]["name"]
// after:  user = await lookup(db, User, k)   await lookup(db, User, k) is not None  (await require(db, User, k)).name
//
// A second look-up of the same key is answered from the session without a query.

#include "rules/store/exact/function_lowering.h"
#include "semantic/module_index.h"
#include "support/strings.h"

namespace covet::rules::exact {

using facts::ReferenceContext;
using facts::UseKind;
using schema::Table;

void FunctionLowering::liftKey(const StoreReference& reference, const ReferenceContext& use) {
    const Table& table = *shared_.tableOf(*shared_.storeOf(reference));
    std::string model = shared_.model(module_, table);
    if (use.key.isNull()) return fail("lookup-without-key");
    std::string key = placeholder(use.key);
    lowered_.insert(reference.node.id());
    if (use.kind == UseKind::Contains || use.kind == UseKind::NotContains) {
        if (fuseGuard(reference, use)) return;
        if (use.node.childCount() != 3) return fail("chained-comparison");
        const char* test = use.kind == UseKind::Contains ? " is not None" : " is None";
        shared_.claims.replace(module_, use.node, filled("await " + call("lookup", model + ", " + key) + test));
        return;
    }
    if (use.kind == UseKind::Pop) {
        std::vector<Node> arguments = use.node.field("arguments").namedChildren();
        std::string fallback = arguments.size() > 1 ? ", " + placeholder(arguments[1]) : "";
        if (arguments.size() > 2) return fail("pop-arguments");
        ModuleRewrite::Render text = filled(awaited(use.node, call("pop", model + ", " + key + fallback)));
        shared_.claims.replace(module_, use.node, text);
        return wrote(use.node);
    }
    if (use.kind == UseKind::GetItem) {
        auto fused = fused_.find(use.node.id());
        if (fused != fused_.end()) return namedRow(use.node, table, fused->second);
    }
    bool isGet = use.kind == UseKind::Get;
    if (isGet && use.value && !use.value.is("none")) return fail("get-with-default");
    rowExpression(use.node, table, isGet, filled(awaited(use.node, call(isGet ? "lookup" : "require", model + ", " + key))));
}

/// An expression that is the row of a variable by another name.
void FunctionLowering::namedRow(const Node& node, const Table& table, const std::string& row) {
    names_.insert(node.id());
    rowExpression(node, table, false, [row](const ModuleRewrite&) { return row; });
}

void FunctionLowering::rowExpression(const Node& node, const Table& table, bool maybeNone,
                                     std::function<std::string(const ModuleRewrite&)> text) {
    Node parent = node.parent();
    if (parent.is("assignment") && parent.field("right") == node) {
        Node left = parent.field("left");
        if (!left.is("identifier") || parent.parent().is("assignment")) return fail("row-in-a-pattern");
        shared_.claims.replace(module_, node, std::move(text));
        rowValues_.insert(node.id());
        bind(std::string(left.text()), {&table, maybeNone, false, "", function_.node});
        return;
    }
    // Used where it stands: the access around it is claimed, with the row expression inside.
    shared_.claims.replace(module_, node, std::move(text));
    lowerRowUse(node, table, maybeNone, "");
}

// before: if k not in users: return ...            after: user = await lookup(db, User, k)
//         users[k]["name"] = ...                          if user is None: return ...
//                                                         user.name = ...
bool FunctionLowering::fuseGuard(const StoreReference& reference, const ReferenceContext& use) {
    const FoundStore* store = shared_.storeOf(reference);
    const Table& table = *shared_.tableOf(*store);
    Node guard = use.node.parent();
    if (!guard.is("if_statement") || !(guard.field("condition") == use.node) || !use.key.is("identifier")) return false;
    std::string key(use.key.text());
    for (const Node& target : assignmentsOf(key))
        if (target.start() > guard.start() || guard.ancestor({"for_statement", "while_statement"})) return false;
    std::vector<Node> body = guard.field("consequence").namedChildren();
    bool leaves = !body.empty() && (body.back().is("return_statement") || body.back().is("raise_statement"));
    bool absent = use.kind == UseKind::NotContains;
    std::vector<Node> accesses;
    for (const StoreReference* other : references_) {
        if (other == &reference || shared_.storeOf(*other) != store) continue;
        ReferenceContext inner = facts::contextOf(other->node);
        if (facts::isMutation(inner)) return false;
        if (inner.kind != UseKind::GetItem || inner.key.text() != key) continue;
        bool inside = guard.field("consequence").contains(other->node);
        bool after = guard.parent().contains(other->node) && other->node.start() > guard.end();
        if (absent ? leaves && after : inside) accesses.push_back(inner.node);
    }
    if (accesses.empty()) return false;
    std::string name = snakeCase(singular(store->variable));
    for (const char* suffix : {"_db", "_store", "_table"})
        if (endsWith(name, suffix)) name = snakeCase(singular(name.substr(0, name.size() - std::string(suffix).size())));
    if (!isPythonIdentifier(name) || isPythonKeyword(name) || mentions(function_.node, name) ||
        function_.locals.count(name) || name == store->variable)
        name += "_row";
    if (mentions(function_.node, name) || module_.imports.count(name) || module_.assignments.count(name)) return false;
    for (const Node& access : accesses) fused_[access.id()] = name;
    shared_.claims.before(module_, guard,
                          {name + " = await " + call("lookup", shared_.model(module_, table) + ", " + key)});
    shared_.claims.replace(module_, use.node, name + (absent ? " is None" : " is not None"));
    return true;
}

std::vector<Node> FunctionLowering::assignmentsOf(const std::string& name) const {
    std::vector<Node> found;
    syntax::walk(function_.node.field("body"), [&](const Node& node) {
        bool binds = node.is("assignment") || node.is("augmented_assignment") || node.is("for_statement") ||
                     node.is("named_expression");
        std::set<std::string> names;
        if (binds) semantic::collectTargetNames(node.is("named_expression") ? node.field("name") : node.field("left"), names);
        bool other = (node.is("as_pattern") || node.is("delete_statement")) && mentions(node, name);
        if (other || names.count(name)) found.push_back(node);
        return true;
    });
    return found;
}

} // namespace covet::rules::exact
