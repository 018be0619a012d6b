// Records put in, taken out, replaced.
//
// before: orders.append(order)   users[k] = {...}              del users[k]                 orders.clear()
// after:  db.add(Order(**order)) await put(db, User, k, {...}) await db.delete(await ...)   await db.execute(delete(Order))
//
// before: products[:] = [p for p in products if p["id"] != pid]
// after:  await db.execute(delete(Product).where(equals(Product.id, pid)))
//
// A record is put in only if it is a dict made in the same function and not changed afterwards: the
// variable then keeps the values that the application goes on with.

#include <algorithm>

#include "rules/store/exact/function_lowering.h"
#include "semantic/module_index.h"

namespace covet::rules::exact {

using facts::Container;
using facts::ReferenceContext;
using facts::UseKind;
using schema::Column;
using schema::ColumnRole;
using schema::Table;

namespace {

/// The pairs of a dict literal with constant keys, when these are exactly the table's fields.
bool hasExactlyTheFields(const Node& dictionary, const Table& table) {
    size_t fields = 0, found = 0;
    for (const Column& column : table.columns) fields += column.role == ColumnRole::Field;
    for (const Node& pair : dictionary.namedChildren()) {
        std::string field;
        if (!pair.is("pair") || !constantText(pair.field("key"), field)) return false;
        const Column* column = table.columnOfField(field);
        if (!column || column->attribute != field) return false;
        ++found;
    }
    return found == fields;
}

bool hasOnlyConstantKeys(const Node& dictionary) {
    std::string field;
    for (const Node& pair : dictionary.namedChildren())
        if (!pair.is("pair") || !constantText(pair.field("key"), field)) return false;
    return true;
}

} // namespace

/// Whether a record to be stored holds other records, which would go on being shared.
bool FunctionLowering::holdsRecords(const Node& dictionary) {
    bool holds = false;
    syntax::walk(dictionary, [&](const Node& node) {
        Node parent = node.parent();
        bool looksUp = (parent.is("subscript") && parent.field("value") == node) ||
                       (parent.is("attribute") && parent.field("object") == node);
        auto known = node.is("identifier") && !looksUp ? variables_.find(std::string(node.text())) : variables_.end();
        if (known != variables_.end() && !semantic::boundByComprehension(node))
            for (const RowVariable& variable : known->second) holds = holds || variable.scope == function_.node;
        for (const StoreReference* reference : references_)
            if (reference->node == node && shared_.storeOf(*reference)->fact.container != Container::Scalar) {
                UseKind kind = facts::contextOf(node).kind;
                holds = holds || kind == UseKind::Read || kind == UseKind::Values || kind == UseKind::Items ||
                        kind == UseKind::GetItem || kind == UseKind::Get || kind == UseKind::Slice;
                Node clause = node.ancestor({"for_in_clause"});
                holds = holds || (clause && dictionary.contains(clause) && clause.parent().field("body").is("identifier"));
                // A field of the record is a value of its own.
                Node outer = facts::contextOf(node).node.parent();
                if ((kind == UseKind::GetItem || kind == UseKind::Get) && outer.is("subscript")) holds = false;
            }
        return !holds;
    });
    return holds;
}

/// Whether the value is a dict made here that nothing changes after `statement`.
bool FunctionLowering::isPlainRecord(const Node& value, const Node& statement) {
    if (value.is("dictionary")) return !holdsRecords(value);
    if (!value.is("identifier") || statement.ancestor({"for_statement", "while_statement"})) return false;
    std::string name(value.text());
    bool good = true;
    int made = 0;
    syntax::walk(function_.node, [&](const Node& node) {
        if (!node.is("identifier") || node.text() != name || !good) return good;
        Node parent = node.parent();
        if (parent.is("attribute") && parent.field("attribute") == node) return true;
        if (parent.is("keyword_argument") && parent.field("name") == node) return true;
        if (parent.is("assignment") && parent.field("left") == node) {
            good = parent.field("right").is("dictionary") && node.start() < statement.start() &&
                   !holdsRecords(parent.field("right"));
            ++made;
        } else if (node.start() > statement.end()) {
            good = readOnlyUse(node, true, 0);
        } else if (node == value) {
            return true;
        } else {
            // Before it is put in, its own fields may be set.
            Node outer = parent.parent();
            bool sets = parent.is("subscript") && outer.is("assignment") && outer.field("left") == parent;
            good = sets || readOnlyUse(node, true, 0);
        }
        return good;
    });
    return good && made == 1;
}

/// The row of a record as an expression with marks.
std::string FunctionLowering::recordText(const Table& table, const Node& value) {
    std::string model = shared_.model(module_, table);
    Node made = value;
    bool changed = false;
    if (value.is("identifier"))
        syntax::walk(function_.node.field("body"), [&](const Node& node) {
            if (node.is("assignment") && node.field("left").text() == value.text()) made = node.field("right");
            bool sets = node.is("subscript") && node.field("value").text() == value.text() &&
                        node.parent().is("assignment") && node.parent().field("left") == node;
            changed = changed || sets;
            return true;
        });
    bool exact = isClosed(table) && !changed && hasExactlyTheFields(made, table);
    if (isClosed(table) && !exact) {
        fail("record-with-other-fields");
        return "";
    }
    if (!exact) return model + ".from_dict(" + placeholder(value) + ")";
    if (value.is("identifier")) return model + "(**" + placeholder(value) + ")";
    std::string text;
    for (const Node& pair : value.namedChildren()) {
        std::string field;
        constantText(pair.field("key"), field);
        text += (text.empty() ? "" : ", ") + field + "=" + placeholder(pair.field("value"));
    }
    return model + "(" + text + ")";
}

void FunctionLowering::liftInsert(const StoreReference& reference, const ReferenceContext& use) {
    const FoundStore& store = *shared_.storeOf(reference);
    const Table& table = *shared_.tableOf(store);
    Node value = use.value;
    lowered_.insert(reference.node.id());
    if (use.kind == UseKind::Append) {
        if (!isWholeStatement(use.node) || use.node.field("arguments").namedChildCount() != 1) return fail("append-in-an-expression");
        if (!isPlainRecord(value, use.statement)) return fail("unknown-record");
        std::string record = recordText(table, value);
        shared_.claims.replace(module_, use.node, filled(db_ + ".add(" + record + ")"));
        return wrote(use.node);
    }
    if (!use.node.is("assignment") || !isWholeStatement(use.node)) return fail("assignment-in-an-expression");
    if (!isPlainRecord(value, use.statement)) return fail("unknown-record");
    if (value.is("dictionary") && !hasOnlyConstantKeys(value)) return fail("unknown-record");
    if (isClosed(table)) recordText(table, value); // only to see whether it has the fields
    std::string text = call("put", shared_.model(module_, table) + ", " + placeholder(use.key) + ", " + placeholder(value));
    shared_.claims.replace(module_, use.node, filled("await " + text));
    wrote(use.node);
}

void FunctionLowering::liftWrite(const StoreReference& reference, const ReferenceContext& use) {
    const Table& table = *shared_.tableOf(*shared_.storeOf(reference));
    std::string model = shared_.model(module_, table);
    lowered_.insert(reference.node.id());
    if (use.kind == UseKind::Clear) {
        if (!isWholeStatement(use.node)) return fail("clear-in-an-expression");
        shared_.claims.replace(module_, use.node,
                               "await " + db_ + ".execute(" + shared_.name(module_, "delete") + "(" + model + "))");
        return wrote(use.node);
    }
    if (use.kind == UseKind::DelItem) {
        if (use.node.namedChildCount() != 1 || !use.node.namedChild(0).is("subscript")) return fail("several-deletions");
        std::string row = "await " + call("require", model + ", " + placeholder(use.key));
        shared_.claims.replace(module_, use.node, filled("await " + db_ + ".delete(" + row + ")"));
        return wrote(use.node);
    }
    // S.remove(row)
    if (!isWholeStatement(use.node)) return fail("remove-in-an-expression");
    Node value = use.value;
    Node owner = value.is("subscript") ? value.field("value") : value;
    auto known = owner.is("identifier") ? variables_.find(std::string(owner.text())) : variables_.end();
    bool isRow = known != variables_.end() &&
                 std::any_of(known->second.begin(), known->second.end(), [&](const RowVariable& variable) {
                     return variable.table == &table && variable.isList == value.is("subscript") &&
                            variable.scope.contains(value);
                 });
    if (!isRow) return fail("removed-record-unknown");
    lowered_.insert(owner.id());
    shared_.claims.replace(module_, use.node, filled("await " + db_ + ".delete(" + placeholder(value) + ")"));
    wrote(use.node);
}

void FunctionLowering::liftPosition(const StoreReference& reference, const ReferenceContext& use) {
    // `xs[i] = record`, `del xs[i]`, `xs.pop(i)` where `i, row` come from enumerate(xs)
    std::string index(use.key.text());
    auto found = positions_.find(index);
    const FoundStore& store = *shared_.storeOf(reference);
    const Table& table = *shared_.tableOf(store);
    bool known = found != positions_.end() && positionLoops_[index].field("body").contains(reference.node) &&
                 positionLoops_[index].field("right").namedChild(1).namedChild(0).text() == reference.node.text();
    if (!known) return fail("positional-access");
    std::string row = found->second;
    lowered_.insert(reference.node.id());
    if (use.kind == UseKind::GetItem) return namedRow(use.node, table, row);
    if (use.kind == UseKind::SetItem) {
        if (!use.node.is("assignment") || !isWholeStatement(use.node)) return fail("positional-access");
        if (!use.value.is("dictionary") || holdsRecords(use.value)) return fail("unknown-record");
        if (isClosed(table)) recordText(table, use.value);
        // The key must stay: another key would be another row.
        const Column& key = *table.column(table.primaryKey[0]);
        bool keeps = key.role == ColumnRole::Surrogate;
        for (const Node& pair : use.value.namedChildren()) {
            std::string field;
            if (!pair.is("pair") || !constantText(pair.field("key"), field) || field != key.field) continue;
            Node value = pair.field("value");
            keeps = value.is("subscript") && value.field("value").text() == row &&
                    constantText(value.field("subscript"), field) && field == key.field;
            keeps = keeps || isComparedKey(positionLoops_[index], row, key.field, value);
        }
        if (!keeps) return fail("key-changed");
        shared_.claims.replace(module_, use.node, filled(row + ".replace(" + placeholder(use.value) + ")"));
        return wrote(use.node);
    }
    if (use.kind == UseKind::DelItem && use.node.namedChildCount() == 1) {
        shared_.claims.replace(module_, use.node, "await " + db_ + ".delete(" + row + ")");
        return wrote(use.node);
    }
    if (use.kind == UseKind::Pop && isWholeStatement(use.node)) {
        shared_.claims.replace(module_, use.node, "await " + db_ + ".delete(" + row + ")");
        return wrote(use.node);
    }
    fail("positional-access");
}

/// Whether the loop's single condition is `row["id"] == value`.
bool FunctionLowering::isComparedKey(const Node& loop, const std::string& row, const std::string& field, const Node& value) {
    std::vector<Node> statements = loop.field("body").namedChildren();
    if (statements.size() != 1 || !statements[0].is("if_statement")) return false;
    std::vector<Node> parts = statements[0].field("condition").children();
    std::string found;
    return value.is("identifier") && parts.size() == 3 && parts[1].text() == "==" && parts[2].text() == value.text() &&
           parts[0].is("subscript") && parts[0].field("value").text() == row &&
           constantText(parts[0].field("subscript"), found) && found == field;
}

void FunctionLowering::liftReplaceAll(const StoreReference& reference, const ReferenceContext& use) {
    const FoundStore& store = *shared_.storeOf(reference);
    const Table& table = *shared_.tableOf(store);
    std::string model = shared_.model(module_, table);
    Node assignment = use.node, value = use.value;
    if (!assignment.is("assignment") || !isWholeStatement(assignment)) return fail("rebinding");
    std::string remove = "await " + db_ + ".execute(" + shared_.name(module_, "delete") + "(" + model + ")";
    lowered_.insert(reference.node.id());
    bool empty = (value.is("list") || value.is("dictionary")) && value.namedChildCount() == 0;
    if (empty) {
        shared_.setUse(reference, "Clear");
        shared_.claims.replace(module_, assignment, remove + ")");
        return wrote(assignment);
    }
    std::vector<Node> parts = value.namedChildren();
    bool isFilter = value.is("list_comprehension") && parts.size() == 3 && parts[1].is("for_in_clause") &&
                    parts[2].is("if_clause") && parts[0].text() == parts[1].field("left").text() &&
                    store.fact.container == Container::List;
    const StoreReference* source = nullptr;
    for (const StoreReference* other : references_)
        if (isFilter && parts[1].field("right") == other->node && shared_.storeOf(*other) == &store) source = other;
    if (!source) return fail("rebinding");
    lowered_.insert(source->node.id());
    std::string row(parts[0].text());
    Node condition = parts[2].namedChild(0);
    shared_.setUse(reference, "Delete");
    shared_.setUse(*source, "Delete");
    if (std::optional<std::string> where = predicateText(condition, row, table, true)) {
        shared_.claims.replace(module_, assignment, filled(remove + ".where(" + *where + "))"));
        return wrote(assignment);
    }
    fail("untranslatable-deletion");
}

} // namespace covet::rules::exact
