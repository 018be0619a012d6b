// Records looked up by their dict key.
//
// before: user = users.get(k)          k in users                           users[k]["name"]
// after:  user = await lookup(db, User, k)   await lookup(db, User, k) is not None  (await require(db, User, k)).name
//
// A second look-up of the same key is answered from the session without a query.

#include "rules/store/exact/function_lowering.h"

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
    bool isGet = use.kind == UseKind::Get;
    if (isGet && use.value && !use.value.is("none")) return fail("get-with-default");
    rowExpression(use.node, table, isGet, filled(awaited(use.node, call(isGet ? "lookup" : "require", model + ", " + key))));
}

void FunctionLowering::rowExpression(const Node& node, const Table& table, bool maybeNone,
                                     std::function<std::string(const ModuleRewrite&)> text) {
    Node parent = node.parent();
    if (parent.is("assignment") && parent.field("right") == node) {
        Node left = parent.field("left");
        if (!left.is("identifier") || parent.parent().is("assignment")) return fail("row-in-a-pattern");
        shared_.claims.replace(module_, node, std::move(text));
        bind(std::string(left.text()), {&table, maybeNone, false, "", function_.node});
        return;
    }
    // Used where it stands: the access around it is claimed, with the row expression inside.
    shared_.claims.replace(module_, node, std::move(text));
    lowerRowUse(node, table, maybeNone, "");
}

} // namespace covet::rules::exact
