// Loops over a store.
//
// before: for p in products_db:
//             if p["id"] == pid:
//                 return p
// after:  p = await find(db, Product, pid)
//         if p is not None:
//             return p.to_dict()
//
// before: for p in products_db: total += p["price"]
// after:  for p in await db.scalars(select(Product).order_by(Product.id)): total += p.price
//
// The rows of a query are all fetched before the loop starts, so a body that writes other rows is safe.

#include "rules/store/exact/function_lowering.h"
#include "support/strings.h"
#include "syntax/flow.h"

namespace covet::rules::exact {

using facts::Container;
using facts::ReferenceContext;
using schema::Table;

namespace {

bool hasMultilineString(const Node& node) {
    bool found = false;
    syntax::walk(node, [&](const Node& part) {
        found = found || (part.is("string") && part.line() != part.endLine());
        return !found;
    });
    return found;
}

/// Lines after the first one, one step to the left.
std::string dedented(std::string text, const std::string& unit) {
    std::string out;
    for (size_t at = 0; at <= text.size();) {
        size_t end = text.find('\n', at);
        if (end == std::string::npos) end = text.size();
        std::string line = text.substr(at, end - at);
        if (at > 0 && startsWith(line, unit)) line = line.substr(unit.size());
        out += line;
        if (end == text.size()) break;
        out += "\n";
        at = end + 1;
    }
    return out;
}

} // namespace

void FunctionLowering::liftLoop(const StoreReference& reference, const Node& iterable, const Node& loop) {
    const FoundStore& store = *shared_.storeOf(reference);
    const Table& table = *shared_.tableOf(store);
    ReferenceContext use = facts::contextOf(reference.node);
    bool isDict = store.fact.container == Container::Dict;
    Node target = loop.field("left"), body = loop.field("body");
    bool enumerated = !(loop.field("right") == iterable);
    std::string row, key, index;
    std::vector<Node> parts = target.is("identifier") ? std::vector<Node>{target} : target.namedChildren();
    for (const Node& part : parts)
        if (!part.is("identifier")) return fail("nested-loop-target");
    if (enumerated) {
        if (isDict || parts.size() != 2 || loop.field("right").field("arguments").namedChildCount() != 1)
            return fail("enumerated-loop");
        index = std::string(parts[0].text());
        row = std::string(parts[1].text());
    } else if (use.kind == facts::UseKind::Items) {
        if (parts.size() != 2) return fail("nested-loop-target");
        key = std::string(parts[0].text());
        row = std::string(parts[1].text());
    } else if (parts.size() != 1) {
        return fail("nested-loop-target");
    } else {
        row = std::string(parts[0].text());
    }
    if (loop.field("alternative")) return fail("loop-else");
    bool keysOnly = isDict && use.kind != facts::UseKind::Items && use.kind != facts::UseKind::Values;
    lowered_.insert(reference.node.id());
    // Writes of the same store while it is walked over: only right before leaving the loop.
    for (const StoreReference* other : references_) {
        if (!body.contains(other->node) || shared_.storeOf(*other) != &store) continue;
        ReferenceContext inner = facts::contextOf(other->node);
        if (!facts::isMutation(inner)) continue;
        bool leaves = false;
        for (Node next = inner.statement.nextNamedSibling(); next; next = next.nextNamedSibling())
            leaves = leaves || next.is("return_statement") || next.is("break_statement") || next.is("raise_statement");
        bool slot = inner.kind == facts::UseKind::SetItem && !index.empty() && inner.key.text() == index;
        if (!leaves && !slot) return fail("changed-while-iterating");
    }
    std::string model = shared_.model(module_, table);
    if (keysOnly) {
        std::string attribute = model + "." + table.column(table.primaryKey[0])->attribute;
        std::string text = "await " + db_ + ".scalars(" + shared_.name(module_, "select") + "(" + attribute + ")" +
                           orderBy(table) + ")";
        if (use.kind == facts::UseKind::Keys) shared_.claims.replace(module_, iterable, text);
        else shared_.claims.replace(module_, reference.node, text);
        return;
    }
    RowVariable variable{&table, false, false, key, function_.node};
    bind(row, variable);
    rowValues_.insert(loop.id());
    if (!index.empty()) {
        positions_[index] = row;
        positionLoops_[index] = loop;
    }

    bool indexIsSlot = true; // every use of the index names the row's own place
    if (!index.empty())
        syntax::walk(body, [&](const Node& node) {
            if (!node.is("identifier") || node.text() != index) return true;
            Node access = node.parent();
            Node outer = access.parent();
            bool slot = (access.is("subscript") && access.field("subscript") == node) ||
                        (access.is("argument_list") && outer.field("function").is("attribute") &&
                         outer.field("function").field("attribute").text() == "pop");
            indexIsSlot = indexIsSlot && slot;
            return true;
        });
    if (!index.empty() && indexIsSlot)
        syntax::walk(function_.node.field("body"), [&](const Node& node) {
            if (node.is("identifier") && node.text() == index && !loop.contains(node)) indexIsSlot = false;
            return true;
        });

    std::vector<Node> statements = body.namedChildren();
    Node only = statements.size() == 1 && statements[0].is("if_statement") ? statements[0] : Node();
    bool hasElse = !only.fields("alternative").empty();
    bool comments = false;
    for (const Node& child : body.children()) comments = comments || child.is("comment");
    bool usable = only && !hasElse && !comments && !hasMultilineString(loop) && loop.line() != body.line() &&
                  only.line() != only.field("consequence").line() && (index.empty() || indexIsSlot);
    std::optional<Condition> condition;
    size_t mark = shared_.importMark();
    if (usable) condition = predicate(only.field("condition"), row, table);
    if (condition && !condition->onlyIf.empty()) condition.reset();
    // Comments of the condition would be lost with it; so would the row after the loop.
    bool usedAfter = false;
    syntax::walk(function_.node.field("body"), [&](const Node& node) {
        usedAfter = usedAfter || (node.is("identifier") && !loop.contains(node) && node.start() > loop.end() &&
                                  node.text() == row && !node.parent().is("for_in_clause"));
        return true;
    });
    bool scan = condition && syntax::leavesFunction(only.field("consequence")) && !usedAfter && key.empty();
    if (condition && condition->onlyByKey && !scan) condition.reset();

    if (!condition) {
        std::string text = "await " + db_ + ".scalars(" + selectAll(table) + ")";
        shared_.claims.replace(module_, iterable, text);
        if (!key.empty()) shared_.claims.replace(module_, target, row);
        shared_.setUse(reference, "Filter", only && !hasElse);
        return;
    }
    std::string where;
    for (const std::string& one : condition->where) where += (where.empty() ? "" : ", ") + one;
    std::string unit = shared_.context.rewrite(module_).indentUnit();
    std::string indent = shared_.context.rewrite(module_).indentOf(loop);
    shared_.setUse(reference, scan ? "FindFirst" : "Filter");
    if (scan) {
        if (condition->key) shared_.dropImports(mark); // a search by key has no condition
        ModuleRewrite::Render first = filled(row + " = " + searchText(table, where, condition->key, condition->onlyByKey));
        shared_.claims.replace(module_, only.field("condition"), row + " is not None");
        shared_.claims.replace(module_, loop, [first, only, indent, unit](const ModuleRewrite& rewrite) {
            return first(rewrite) + "\n" + indent + dedented(rewrite.render(only), unit);
        });
        return;
    }
    std::string query = "await " + db_ + ".scalars(" + selectAll(table, where) + ")";
    ModuleRewrite::Render header = filled("for " + row + " in " + query + ":");
    Node block = only.field("consequence");
    shared_.claims.replace(module_, loop, [header, block, indent, unit](const ModuleRewrite& rewrite) {
        return header(rewrite) + "\n" + indent + unit + dedented(rewrite.render(block), unit);
    });
}

} // namespace covet::rules::exact
