#include "rules/store/exact/function_lowering.h"

#include <algorithm>

#include "support/strings.h"

namespace covet::rules::exact {

using facts::Container;
using facts::ReferenceContext;
using facts::UseKind;
using schema::ColumnRole;
using schema::Table;

FunctionLowering::FunctionLowering(GroupLowering& shared, const Function& function,
                                   std::vector<const StoreReference*> references)
    : shared_(shared), function_(function), module_(*shared.moduleOf(function)),
      references_(std::move(references)), db_(shared.context.sessionName(*shared.moduleOf(function))) {}

void FunctionLowering::run() {
    liftScalars();
    // Loops first: they give names to the rows that other uses refer to.
    for (bool loops : {true, false})
        for (const StoreReference* reference : references_) {
            if (shared_.failed()) return;
            if (lowered_.count(reference->node.id())) continue;
            bool isLoop = reference->node.ancestor({"for_statement"}).field("right").contains(reference->node);
            if (isLoop == loops) lift(*reference);
        }
    if (shared_.failed()) return;
    lowerRowUses();
    lowerCalls();
    if (!shared_.failed()) placeCommits();
}

void FunctionLowering::lift(const StoreReference& reference) {
    const FoundStore& store = *shared_.storeOf(reference);
    const Table& table = *shared_.tableOf(store);
    if (reference.node.parent().is("global_statement")) return shared_.setUse(reference, "Global");
    ReferenceContext use = facts::contextOf(reference.node);
    shared_.setUse(reference, facts::useKindName(use.kind));
    if (table.columnOfRole(ColumnRole::Value)) return fail("scalar-elements");
    if (table.primaryKey.size() != 1 || table.columnOfRole(ColumnRole::ParentKey)) return fail("compound-key");
    if (!awaitIsPossible(reference.node)) return fail("await-impossible");
    bool isDict = store.fact.container == Container::Dict;
    if (!isDict && store.fact.container != Container::List) return fail("set-store");
    Node call = use.node;
    switch (use.kind) {
    case UseKind::Truth:
        return shared_.claims.replace(module_, reference.node, awaited(reference.node, this->call("count", shared_.model(module_, table))));
    case UseKind::Length:
        if (liftNextId(reference)) return;
        return shared_.claims.replace(module_, use.node, awaited(use.node, this->call("count", shared_.model(module_, table))));
    case UseKind::Contains:
    case UseKind::NotContains:
    case UseKind::Get:
    case UseKind::Pop:
        if (isDict) return liftKey(reference, use);
        return use.kind == UseKind::Pop ? liftPosition(reference, use) : fail("value-membership");
    case UseKind::GetItem:
        if (isDict) return liftKey(reference, use);
        if (liftNextId(reference)) return;
        return liftPosition(reference, use);
    case UseKind::Values:
    case UseKind::Items:
    case UseKind::Keys: {
        if (!isDict || call.field("arguments").namedChildCount() > 0) return fail("not-a-dict");
        Node parent = call.parent();
        if (parent.is("for_statement")) return liftLoop(reference, call, parent);
        if (parent.is("for_in_clause")) return liftComprehension(reference, call, parent);
        return liftWhole(reference, use, call);
    }
    case UseKind::Iterate:
        if (use.node.is("for_statement")) return liftLoop(reference, reference.node, use.node);
        return liftComprehension(reference, reference.node, use.node);
    case UseKind::Read:
    case UseKind::Slice:
        return liftWhole(reference, use, reference.node);
    case UseKind::Append:
    case UseKind::SetItem:
        if (use.kind == UseKind::SetItem && !isDict) return liftPosition(reference, use);
        return liftInsert(reference, use);
    case UseKind::DelItem:
        if (!isDict) return liftPosition(reference, use);
        return liftWrite(reference, use);
    case UseKind::Remove:
    case UseKind::Clear:
        return liftWrite(reference, use);
    case UseKind::SetSlice:
    case UseKind::Rebind:
        return liftReplaceAll(reference, use);
    default:
        return fail(std::string("use-of-") + toLower(facts::useKindName(use.kind)));
    }
}

void FunctionLowering::bind(const std::string& name, RowVariable variable) {
    if (variable.scope == function_.node)
        for (const Node& parameter : function_.node.field("parameters").namedChildren())
            if (parameterName(parameter) == name) return fail("parameter-becomes-a-row");
    for (const RowVariable& known : variables_[name])
        if (known.scope == variable.scope && (known.table != variable.table || known.isList != variable.isList))
            return fail("variable-of-two-kinds");
    variables_[name].push_back(std::move(variable));
}

std::string FunctionLowering::call(const std::string& helper, const std::string& arguments) {
    return shared_.name(module_, helper) + "(" + db_ + (arguments.empty() ? "" : ", ") + arguments + ")";
}

std::string FunctionLowering::orderBy(const Table& table) {
    std::string model = shared_.model(module_, table), text;
    for (const std::string& column : table.orderBy)
        text += (text.empty() ? "" : ", ") + model + "." + table.column(column)->attribute;
    return text.empty() ? "" : ".order_by(" + text + ")";
}

std::string FunctionLowering::selectAll(const Table& table, const std::string& where) {
    std::string text = shared_.name(module_, "select") + "(" + shared_.model(module_, table) + ")";
    if (!where.empty()) text += ".where(" + where + ")";
    return text + orderBy(table);
}

std::string FunctionLowering::searchText(const Table& table, const std::string& where, const Node& key, bool isLazy) {
    if (key)
        return "await " + call("find", shared_.model(module_, table) + ", " + (isLazy ? "lambda: " : "") + placeholder(key));
    return "await " + db_ + ".scalar(" + selectAll(table, where) + ".limit(1))";
}

bool FunctionLowering::isClosed(const Table& table) const {
    return table.columnOfRole(ColumnRole::Extra) == nullptr;
}

bool FunctionLowering::mentions(const Node& node, const std::string& name) const {
    bool found = false;
    syntax::walk(node, [&](const Node& part) {
        found = found || (part.is("identifier") && part.text() == name &&
                          !(part.parent().is("attribute") && part.parent().field("attribute") == part) &&
                          !(part.parent().is("keyword_argument") && part.parent().field("name") == part));
        return !found;
    });
    return found;
}

/// A mark for source text that other claims may change before it is written.
std::string FunctionLowering::placeholder(const Node& node) {
    placeholders_.push_back(node);
    return "\x01" + std::to_string(placeholders_.size() - 1) + "\x02";
}

ModuleRewrite::Render FunctionLowering::filled(std::string text) {
    std::vector<std::pair<std::string, Node>> marks;
    for (size_t i = 0; i < placeholders_.size(); ++i) {
        std::string mark = "\x01" + std::to_string(i) + "\x02";
        if (text.find(mark) != std::string::npos) marks.emplace_back(mark, placeholders_[i]);
    }
    return [text = std::move(text), marks = std::move(marks)](const ModuleRewrite& rewrite) {
        std::string out = text;
        for (const auto& [mark, node] : marks) out = replaceAll(std::move(out), mark, rewrite.render(node));
        return out;
    };
}

void FunctionLowering::wrote(const Node& node) {
    Node statement = facts::statementOf(node);
    if (statement.is("return_statement") || statement.is("if_statement") || statement.is("while_statement") ||
        statement.is("for_statement") || statement.is("with_statement"))
        return fail("write-in-an-expression");
    if (std::none_of(writes_.begin(), writes_.end(), [&](const Node& known) { return known == statement; }))
        writes_.push_back(statement);
}

} // namespace covet::rules::exact
