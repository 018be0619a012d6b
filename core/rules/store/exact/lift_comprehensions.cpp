// Comprehensions and generator expressions over a store.
//
// before: rows = [p for p in products_db if wanted is None or p["category"] == wanted]
// after:  query = select(Product).order_by(Product.id)
//         if wanted is not None:
//             query = query.where(Product.category == wanted)
//         rows = [p.to_dict() for p in await db.scalars(query)]
//
// before: next((p for p in products_db if p["id"] == k), None)
// after:  await find(db, Product, k)
//
// The first iterable of a comprehension is evaluated where the comprehension stands, so an `await` there
// is right even in a generator expression. Conditions without an equal in SQL stay behind `if`.

#include "rules/store/exact/function_lowering.h"
#include "support/strings.h"

namespace covet::rules::exact {

using facts::Container;
using facts::ReferenceContext;
using facts::UseKind;
using schema::Table;

namespace {

struct Clauses {
    std::vector<Node> all; // after the first `for`
    std::vector<Node> conditions; // the first ones of them, which are about the first `for` alone
};

Clauses clausesOf(const Node& comprehension, const Node& first) {
    Clauses result;
    bool started = false, plain = true;
    for (const Node& part : comprehension.namedChildren()) {
        if (part == first) {
            started = true;
            continue;
        }
        if (!started) continue;
        plain = plain && part.is("if_clause");
        if (plain) result.conditions.push_back(part);
        result.all.push_back(part);
    }
    return result;
}

bool hasComment(const Node& node) {
    bool found = false;
    syntax::walk(node, [&](const Node& part) {
        found = found || part.is("comment");
        return !found;
    });
    return found;
}

/// The `next(<generator>, None)` around a generator expression; null if there is none.
Node nextCallOf(const Node& generator) {
    Node arguments = generator.parent();
    Node call = arguments.parent();
    if (!generator.is("generator_expression") || !arguments.is("argument_list") || !call.is("call")) return {};
    std::vector<Node> list = arguments.namedChildren();
    bool none = list.size() == 2 && list[0] == generator && list[1].is("none");
    return none && call.field("function").text() == "next" ? call : Node();
}

} // namespace

void FunctionLowering::liftComprehension(const StoreReference& reference, const Node& iterable, const Node& clause) {
    const FoundStore& store = *shared_.storeOf(reference);
    const Table& table = *shared_.tableOf(store);
    UseKind kind = facts::contextOf(reference.node).kind;
    bool isDict = store.fact.container == Container::Dict;
    Node whole = clause.parent();
    if (!(clause.field("right") == iterable)) return fail("nested-iterable");
    if (hasComment(whole)) return fail("comment-in-comprehension");
    Node target = clause.field("left");
    std::vector<Node> parts = target.is("identifier") ? std::vector<Node>{target} : target.namedChildren();
    for (const Node& part : parts)
        if (!part.is("identifier")) return fail("nested-loop-target");
    lowered_.insert(reference.node.id());
    std::string model = shared_.model(module_, table);
    if (isDict && kind != UseKind::Items && kind != UseKind::Values) {
        if (parts.size() != 1) return fail("nested-loop-target");
        std::string attribute = model + "." + table.column(table.primaryKey[0])->attribute;
        shared_.claims.replace(module_, iterable, "await " + db_ + ".scalars(" + shared_.name(module_, "select") + "(" +
                                                      attribute + ")" + orderBy(table) + ")");
        return;
    }
    std::string row(parts.back().text()), key;
    if (kind == UseKind::Items) {
        if (parts.size() != 2) return fail("nested-loop-target");
        key = std::string(parts[0].text());
    } else if (parts.size() != 1) {
        return fail("nested-loop-target");
    }
    RowVariable variable{&table, false, false, key, whole};
    bind(row, variable);

    if (liftHighestPlusOne(reference, whole, row)) return;
    Clauses clauses = clausesOf(whole, clause);
    std::vector<std::string> where;
    std::string onlyIf;
    Node searchedKey;
    bool onlyByKey = false;
    size_t pushed = 0;
    for (const Node& one : clauses.conditions) {
        if (!onlyIf.empty()) break;
        std::optional<Condition> condition = predicate(one.namedChild(0), row, table);
        if (!condition) break;
        onlyByKey = condition->onlyByKey;
        bool searches = nextCallOf(whole) && whole.field("body").text() == row && clauses.all.size() == 1;
        if (onlyByKey && !searches) break;
        if (!condition->onlyIf.empty() && (clauses.conditions.size() > 1 || pushed > 0)) break;
        onlyIf = condition->onlyIf;
        searchedKey = condition->key;
        where.insert(where.end(), condition->where.begin(), condition->where.end());
        ++pushed;
    }
    std::string conditions;
    for (const std::string& one : where) conditions += (conditions.empty() ? "" : ", ") + one;
    shared_.setUse(reference, where.empty() ? "All" : "Filter", pushed < clauses.conditions.size());

    if (liftCount(reference, table, whole, row, conditions, onlyIf.empty() && pushed == clauses.all.size())) return;
    Node body = whole.field("body");
    Node next = nextCallOf(whole);
    bool isRow = body.is("identifier") && body.text() == row;
    if (next && isRow) {
        shared_.setUse(reference, "FindFirst", pushed < clauses.conditions.size());
        lowered_.insert(body.id());
        if (pushed == clauses.conditions.size() && clauses.all.size() == pushed && onlyIf.empty() && pushed > 0) {
            std::string search = searchText(table, conditions, pushed == 1 ? searchedKey : Node(), onlyByKey);
            return rowExpression(next, table, true, filled(awaited(next, search.substr(6))));
        }
        if (!onlyIf.empty()) return fail("conditional-search");
        rowExpression(next, table, true, [next](const ModuleRewrite& rewrite) {
            return "next(" + rewrite.render(next.field("arguments").namedChildren()[0]) + ", None)";
        });
    } else if (next) {
        if (!onlyIf.empty()) return fail("conditional-search");
    }

    // What is made of the rows must not be the way to change them.
    Node statement = facts::statementOf(whole);
    Node assignment = whole.parent();
    if (isRow && !next) {
        if (!readOnlyUse(whole, false, 0)) {
            bool named = whole.is("list_comprehension") && assignment.is("assignment") &&
                         assignment.field("left").is("identifier");
            if (!named) return fail("filtered-rows-are-changed");
            lowered_.insert(body.id());
            rowValues_.insert(whole.id());
            bind(std::string(assignment.field("left").text()), {&table, false, true, "", function_.node});
        }
    }

    bool stepwise = !onlyIf.empty() && assignment.is("assignment") && assignment.parent().is("expression_statement") &&
                    assignment.parent() == statement && !mentions(function_.node, "query");
    if (!onlyIf.empty() && !stepwise) {
        // One expression: the condition decides what is asked for.
        conditions = conditions + " if " + onlyIf + " else " + shared_.name(module_, "true") + "()";
    }
    std::string rows = stepwise ? "query" : selectAll(table, conditions);
    std::string iterText = "await " + db_ + ".scalars(" + rows + ")";
    std::vector<Node> rest(clauses.all.begin() + static_cast<std::ptrdiff_t>(pushed), clauses.all.end());
    std::string open(whole.child(0).text()), close(whole.child(whole.childCount() - 1).text());
    bool bare = whole.parent().is("call"); // f(x for x in xs)
    if (bare) open = "(", close = ")";
    ModuleRewrite::Render iter = filled(iterText);
    shared_.claims.replace(module_, whole, [=](const ModuleRewrite& rewrite) {
        std::string text = open + rewrite.render(body) + " for " + row + " in " + iter(rewrite);
        for (const Node& part : rest) text += " " + rewrite.render(part);
        return text + close;
    });
    if (!stepwise) return;
    ModuleRewrite::Render step = filled("query = query.where(" + conditions + ")");
    std::string start = "query = " + selectAll(table);
    std::string indent = shared_.context.rewrite(module_).indentOf(statement);
    std::string unit = shared_.context.rewrite(module_).indentUnit();
    shared_.claims.replace(module_, assignment, [=](const ModuleRewrite& rewrite) {
        return start + "\n" + indent + "if " + onlyIf + ":\n" + indent + unit + step(rewrite) + "\n" + indent +
               rewrite.render(assignment.field("left")) + " = " + rewrite.render(whole);
    });
}

// before: len([p for p in xs if p["on"]])        sum(1 for p in xs if p["on"])     any(p["name"] == n for p in xs)
// after:  await count(db, Item, Item.on.is_(True)) (the same)                        await count(db, Item, ...) > 0
bool FunctionLowering::liftCount(const StoreReference& reference, const Table& table, const Node& whole,
                                 const std::string& row, std::string where, bool allInSql) {
    Node call = whole.parent().is("argument_list") ? whole.parent().parent() : whole.parent();
    std::string callee(call.is("call") ? call.field("function").text() : "");
    Node body = whole.field("body");
    bool alone = !whole.parent().is("argument_list") || whole.parent().namedChildCount() == 1;
    if (!allInSql || !alone || (callee != "len" && callee != "sum" && callee != "any")) return false;
    if (callee == "len" && (!whole.is("list_comprehension") || canRaise(body))) return false;
    if (callee == "sum" && (body.text() != "1" || !whole.is("generator_expression"))) return false;
    std::string test;
    if (callee == "any") {
        std::optional<Condition> condition = predicate(body, row, table);
        if (!condition || !condition->onlyIf.empty() || condition->onlyByKey) return false;
        for (const std::string& one : condition->where) where += (where.empty() ? "" : ", ") + one;
        test = " > 0";
    }
    variables_[row].pop_back();
    shared_.setUse(reference, callee == "any" ? "Exists" : "Count");
    std::string text = this->call("count", shared_.model(module_, table) + (where.empty() ? "" : ", ") + where);
    bool compared = call.parent().is("comparison_operator") || call.parent().is("binary_operator");
    text = test.empty() ? awaited(call, text) : "await " + text + test;
    shared_.claims.replace(module_, call, filled(!test.empty() && compared ? "(" + text + ")" : text));
    return true;
}

bool FunctionLowering::liftHighestPlusOne(const StoreReference& reference, const Node& generator, const std::string& row) {
    const Table& table = *shared_.tableOf(*shared_.storeOf(reference));
    const schema::Column& key = *table.column(table.primaryKey[0]);
    bool isInteger = key.type.kind == schema::TypeKind::Integer || key.type.kind == schema::TypeKind::BigInt;
    Node call = generator.parent().is("argument_list") ? generator.parent().parent() : generator.parent();
    Node sum = call.parent();
    std::string field;
    Node body = generator.field("body");
    bool isKey = body.is("subscript") && body.field("value").text() == row && generator.namedChildCount() == 2 &&
                 constantText(body.field("subscript"), field) && field == key.field;
    bool plusOne = sum.is("binary_operator") && sum.field("left") == call && sum.field("operator").text() == "+" &&
                   sum.field("right").text() == "1";
    if (!isInteger || !isKey || !plusOne || !call.is("call") || call.field("function").text() != "max") return false;
    Node whole = sum;
    std::vector<Node> arguments = call.field("arguments").namedChildren();
    bool zero = arguments.size() == 2 && arguments[0] == generator && arguments[1].text() == "default=0";
    // `max(...) + 1 if xs else 1`
    Node choice = sum.parent().is("parenthesized_expression") ? sum.parent().parent() : sum.parent();
    const StoreReference* tested = nullptr;
    for (const StoreReference* other : references_)
        if (choice.is("conditional_expression") && choice.namedChild(1) == other->node &&
            shared_.storeOf(*other) == shared_.storeOf(reference) && choice.namedChild(2).text() == "1")
            tested = other;
    if (!zero && !tested) return false;
    if (tested) {
        whole = choice;
        lowered_.insert(tested->node.id());
        shared_.setUse(*tested, "NextId");
    }
    variables_[row].pop_back();
    shared_.setUse(reference, "NextId");
    std::string text = this->call("next_id", shared_.model(module_, table) + "." + key.attribute);
    shared_.claims.replace(module_, whole, awaited(whole, text));
    return true;
}

bool FunctionLowering::liftNextId(const StoreReference& reference) {
    // before: len(orders) + 1 | max((o["id"] for o in orders), default=0) + 1 | orders[-1]["id"] + 1 if orders else 1
    // after:  await next_id(db, Order.id)
    const FoundStore& store = *shared_.storeOf(reference);
    const Table& table = *shared_.tableOf(store);
    const schema::Column& key = *table.column(table.primaryKey[0]);
    bool isInteger = key.type.kind == schema::TypeKind::Integer || key.type.kind == schema::TypeKind::BigInt;
    if (!isInteger) return false;
    size_t mark = shared_.importMark();
    std::string text = call("next_id", shared_.model(module_, table) + "." + key.attribute);
    Node node = facts::contextOf(reference.node).node;
    if (node.is("call")) {
        Node sum = node.parent();
        Node pair = sum.parent();
        std::string field;
        bool plusOne = sum.is("binary_operator") && sum.field("left") == node && sum.field("right").text() == "1" &&
                       sum.field("operator").text() == "+";
        if (!plusOne || !pair.is("pair") || !constantText(pair.field("key"), field) || field != key.field) {
            shared_.dropImports(mark);
            return false;
        }
        shared_.claims.replace(module_, sum, "await " + text);
        shared_.setUse(reference, "NextId");
        return true;
    }
    // xs[-1]["id"] + 1 if xs else 1
    Node access = node.parent();
    Node sum = access.parent();
    Node choice = sum.parent();
    while (choice.is("parenthesized_expression")) choice = choice.parent();
    std::string field;
    bool matches = node.is("subscript") && node.field("subscript").text() == "-1" && access.is("subscript") &&
                   constantText(access.field("subscript"), field) && field == key.field &&
                   sum.is("binary_operator") && sum.field("operator").text() == "+" &&
                   sum.field("right").text() == "1" && choice.is("conditional_expression") &&
                   choice.namedChildCount() == 3 && choice.namedChild(2).text() == "1" &&
                   choice.namedChild(1).text() == reference.node.text();
    if (!matches) {
        shared_.dropImports(mark);
        return false;
    }
    for (const StoreReference* other : references_)
        if (choice.namedChild(1) == other->node) {
            lowered_.insert(other->node.id());
            shared_.setUse(*other, "NextId");
        }
    if (table.orderBy != table.primaryKey) {
        // The last one need not be the highest.
        shared_.dropImports(mark);
        std::string model = shared_.model(module_, table);
        text = db_ + ".scalar(" + shared_.name(module_, "select") + "(" + model + "." + key.attribute + ").order_by(" + model +
               "." + table.column(table.orderBy[0])->attribute + ".desc()).limit(1))";
        shared_.claims.replace(module_, choice, "(await " + text + " or 0) + 1");
    } else {
        shared_.claims.replace(module_, choice, awaited(choice, text));
    }
    shared_.setUse(reference, "NextId");
    return true;
}

} // namespace covet::rules::exact
