#include "rules/store/exact_lowering.h"

#include <gtest/gtest.h>

#include "engine/store_data.h"
#include "rules/wrapped_signature.h"
#include "schema/inference.h"

namespace covet::rules {
namespace {

/// What the lowering makes of a module whose functions named `h_...` are handlers.
struct Lowered {
    std::string text;
    std::string reasons; // of the groups that were given up
    size_t inPython = 0;
    bool has(const std::string& part) const { return text.find(part) != std::string::npos; }
};

std::ostream& operator<<(std::ostream& out, const Lowered& lowered) {
    return out << lowered.reasons << "\n" << lowered.text;
}

const char* const kItems = "items = [\n"
                           "    {\"id\": 1, \"name\": \"a\", \"size\": 3, \"on\": True},\n"
                           "    {\"id\": 2, \"name\": \"b\", \"size\": 4, \"on\": False},\n"
                           "]\n";
const char* const kUsers = "users = {1: {\"id\": 1, \"name\": \"a\"}, 2: {\"id\": 2, \"name\": \"b\"}}\n";

/// `wrapped`: a frontend has put a response around every returned value.
Lowered lower(const std::string& source, bool wrapped = false) {
    engine::LoadedProject loaded;
    std::vector<std::pair<text::SourceText, std::shared_ptr<const syntax::Tree>>> files;
    files.emplace_back(text::SourceText::fromUtf8("app.py", source), *syntax::Tree::parse(source));
    loaded.paths.insert("app.py");
    loaded.project = semantic::Project::build(std::move(files));
    std::vector<facts::FoundStore> stores = engine::readStores(loaded, {}, nullptr);
    std::vector<facts::Store> described;
    std::vector<const facts::FoundStore*> usable;
    for (const facts::FoundStore& store : stores) {
        described.push_back(store.fact);
        if (store.fact.leftAlone.empty()) usable.push_back(&store);
    }
    schema::Schema schema = schema::inferSchema(described, {});
    MigrationContext context(loaded.project);
    const semantic::Module& module = *loaded.project.modules()[0];
    context.placeGeneratedModules(&module, loaded.paths);
    for (const semantic::Function& function : module.functions)
        if (function.name.rfind("h_", 0) == 0) context.handlers.push_back({&module, &function, "test", true, ""});
    markFixedSignatures(context);
    if (wrapped)
        syntax::walk(module.tree->root(), [&](const syntax::Node& node) {
            bool handler = node.is("return_statement") && module.enclosingFunction(node)->name.rfind("h_", 0) == 0;
            if (handler) context.rewrite(module).wrap(node.namedChild(0), "Response(data=", ")");
            return true;
        });
    Lowered result;
    CallGraph graph(context);
    for (const FunctionGroup& group : groupFunctions(context, graph, usable)) {
        std::vector<facts::StoreUse> uses(group.references.size());
        std::string reason;
        if (!lowerExactly(context, {stores, schema}, group, uses, reason)) result.reasons += reason + ";";
        for (const facts::StoreUse& use : uses) result.inPython += use.outcome == facts::Outcome::Bridged;
    }
    context.signatures(module).apply();
    Result<SharedText> text = context.rewrite(module).apply();
    result.text = text ? text->string() : "error: " + text.error().message;
    return result;
}

std::string items(const std::string& code) { return std::string(kItems) + "\n\n" + code; }
std::string users(const std::string& code) { return std::string(kUsers) + "\n\n" + code; }

TEST(ExactLowering, GivesHandlersASession) {
    Lowered out = lower(items("def h_all(request):\n    return {\"items\": items}\n"));
    EXPECT_TRUE(out.has("DB = Annotated[AsyncSession, Depends(get_database_session)]\n")) << out;
    EXPECT_TRUE(out.has("async def h_all(request, db: DB):\n"
                        "    return {\"items\": [row.to_dict() for row in await db.scalars(select(Item).order_by(Item.id))]}\n"))
        << out;
    EXPECT_TRUE(out.has("from models import Item\n")) << out;
}

TEST(ExactLowering, DictsStayObjects) {
    Lowered out = lower(users("def h_all():\n    return users\n"));
    EXPECT_TRUE(out.has("return {row.id: row.to_dict() for row in await db.scalars(")) << out;
}

TEST(ExactLowering, ScanBecomesALookup) {
    Lowered out = lower(items("def h_one(i):\n    for p in items:\n        if p[\"id\"] == i:\n            return p\n"
                              "    return None\n"));
    EXPECT_TRUE(out.has("    p = await find(db, Item, i)\n    if p is not None:\n        return p.to_dict()\n    return None\n"))
        << out;
}

TEST(ExactLowering, ConditionalFilterIsBuiltStepByStep) {
    Lowered out = lower(items("def h_some(name):\n    rows = [p for p in items if name is None or p[\"name\"] == name]\n"
                              "    return {\"rows\": rows, \"total\": len(rows)}\n"));
    EXPECT_TRUE(out.has("    query = select(Item).order_by(Item.id)\n    if name is not None:\n"
                        "        query = query.where(equals(Item.name, name))\n"
                        "    rows = [p.to_dict() for p in await db.scalars(query)]\n"))
        << out;
}

TEST(ExactLowering, ConstantsOfAnotherTypeAreComparedInPython) {
    Lowered out = lower(items("def h_some():\n    return [p for p in items if p[\"size\"] == \"3\"]\n"));
    EXPECT_TRUE(out.has("order_by(Item.id)) if p.size == \"3\"]")) << out;
    EXPECT_EQ(out.inPython, 1u);
}

TEST(ExactLowering, OrderingOfUnknownValuesStaysInPython) {
    Lowered out = lower(items("def h_some(least):\n    return [p for p in items if p[\"size\"] >= least and p[\"on\"]]\n"));
    EXPECT_TRUE(out.has("if p.size >= least and p.on]")) << out;
}

TEST(ExactLowering, NextIdIsMadeInTheTransaction) {
    Lowered out = lower(items("def h_add(n):\n    item = {\"id\": max((p[\"id\"] for p in items), default=0) + 1, \"name\": n,\n"
                              "            \"size\": 1, \"on\": True}\n    items.append(item)\n    return item, 201\n"));
    EXPECT_TRUE(out.has("item = {\"id\": await next_id(db, Item.id), \"name\": n,")) << out;
    EXPECT_TRUE(out.has("    db.add(Item(**item))\n    await db.commit()\n    return item, 201\n")) << out;
}

TEST(ExactLowering, WhatIsWrittenBeforeAnErrorIsCommitted) {
    Lowered out = lower(items("def h_take(i, d):\n    p = next((p for p in items if p[\"id\"] == i), None)\n"
                              "    if p is None:\n        return None\n    p[\"size\"] -= 1\n    p[\"name\"] = d[\"name\"]\n"
                              "    return p\n"));
    EXPECT_TRUE(out.has("    p.size -= 1\n    await db.commit()\n    p.name = d[\"name\"]\n    await db.commit()\n"
                        "    return p.to_dict()\n"))
        << out;
}

TEST(ExactLowering, HelpersTakeTheSessionFirst) {
    Lowered out = lower(users("def one(k):\n    return users.get(k)\n\n\ndef h_one(k):\n    u = one(k)\n    return u\n"));
    EXPECT_EQ(out.reasons, "row-may-be-none;") << out;
    out = lower(users("def has(k):\n    return k in users\n\n\ndef h_one(k):\n    return {\"has\": has(k)}\n"));
    EXPECT_TRUE(out.has("async def has(db: AsyncSession, k):\n    return await lookup(db, User, k) is not None\n")) << out;
    EXPECT_TRUE(out.has("return {\"has\": await has(db, k)}")) << out;
}

TEST(ExactLowering, HelpersCommitWhereTheirCallersCannot) {
    const std::string helper = "def put(k, n):\n    users[k] = {\"id\": k, \"name\": n}\n    return k\n\n\n";
    Lowered out = lower(users(helper + "def h_put(k, n):\n    return put(k, n), 201\n"));
    EXPECT_TRUE(out.has("\"name\": n})\n    await db.commit()\n    return k\n")) << out;
    EXPECT_TRUE(out.has("    return await put(db, k, n), 201\n")) << out;
    out = lower(users(helper + "def h_put(k, n):\n    made = put(k, n)\n    return made, 201\n"));
    EXPECT_TRUE(out.has("\"name\": n})\n    return k\n")) << out;
    EXPECT_TRUE(out.has("    made = await put(db, k, n)\n    await db.commit()\n    return made, 201\n")) << out;
}

TEST(ExactLowering, DeletesWhatIsNotKept) {
    Lowered out = lower(items("def h_drop(i):\n    global items\n    items = [p for p in items if p[\"id\"] != i]\n    return None\n"));
    EXPECT_TRUE(out.has("async def h_drop(i, db: DB):\n    await db.execute(delete(Item).where(equals(Item.id, i)))\n"
                        "    await db.commit()\n    return None\n"))
        << out;
}

TEST(ExactLowering, CountersGoOn) {
    Lowered out = lower("notes = {}\nlast = 4\n\n\ndef h_add(t):\n    global last\n    last += 1\n"
                        "    notes[last] = {\"id\": last, \"text\": t}\n    return last\n");
    EXPECT_TRUE(out.has("    last = await load_value(db, StateValue, \"last\", 4, change=True)\n    last += 1\n"
                        "    await save_value(db, StateValue, \"last\", last)\n"))
        << out;
}

TEST(ExactLowering, GuardAndSubscriptBecomeOneLookup) {
    Lowered out = lower(users("def h_one(k):\n    if k not in users:\n        return None, 404\n"
                              "    return users[k]\n"));
    EXPECT_TRUE(out.has("    user = await lookup(db, User, k)\n    if user is None:\n        return None, 404\n"
                        "    return user.to_dict()\n"))
        << out;
    // Not where the key changes in between.
    out = lower(users("def h_one(k):\n    if k not in users:\n        return None, 404\n    k += 1\n    return users[k]\n"));
    EXPECT_TRUE(out.has("return (await require(db, User, k)).to_dict()")) << out;
}

TEST(ExactLowering, CountsInSql) {
    Lowered out = lower(items("def h_n(n):\n    return {\"on\": len([p for p in items if p[\"on\"]]),\n"
                              "            \"known\": any(p[\"name\"] == n for p in items)}\n"));
    EXPECT_TRUE(out.has("{\"on\": await count(db, Item, Item.on.is_(True)),")) << out;
    EXPECT_TRUE(out.has("\"known\": await count(db, Item, equals(Item.name, n)) > 0}")) << out;
}

TEST(ExactLowering, SlotsOfAnEnumeratedLoopAreTheRow) {
    Lowered out = lower(items("def h_put(i, d):\n    for k, p in enumerate(items):\n        if p[\"id\"] == i:\n"
                              "            items[k] = {\"id\": p[\"id\"], \"name\": d, \"size\": 1, \"on\": True}\n"
                              "            return items[k]\n    return None\n"));
    EXPECT_TRUE(out.has(".limit(1))\n    if p is not None:\n"
                        "        p.replace({\"id\": p.id, \"name\": d, \"size\": 1, \"on\": True})\n"
                        "        await db.commit()\n        return p.to_dict()\n"))
        << out;
}

TEST(ExactLowering, OneCommitAfterALoop) {
    Lowered out = lower(items("def h_off():\n    n = 0\n    for p in items:\n        if p[\"on\"]:\n            p[\"on\"] = False\n"
                              "            n += 1\n    return n\n"));
    EXPECT_TRUE(out.has("        p.on = False\n        n += 1\n    await db.commit()\n    return n\n")) << out;
}

// Everything below must be left to the bridge.

std::string reasonFor(const std::string& source) {
    Lowered out = lower(source);
    EXPECT_EQ(out.text, source) << "a group that is given up must stay as it is";
    return out.reasons;
}

TEST(ExactLowering, GivesUpWhereRecordsEscape) {
    EXPECT_EQ(reasonFor(items("def touch(p):\n    p[\"on\"] = True\n\n\ndef h_a():\n    for p in items:\n        touch(p)\n")),
              "row-as-argument;");
    EXPECT_EQ(reasonFor(items("def h_a():\n    rows = items\n    rows.append({\"id\": 9})\n    return rows\n")), "store-alias;");
    EXPECT_EQ(reasonFor(items("def h_a():\n    rows = [p for p in items if p[\"on\"]]\n    for r in rows:\n"
                              "        r[\"on\"] = False\n    return rows\n")),
              "rows-escape;");
}

TEST(ExactLowering, GivesUpOnNamesOfTwoKinds) {
    EXPECT_EQ(reasonFor(items("def h_a(xs):\n    out = []\n    for p in items:\n        out.append(p[\"name\"])\n"
                              "    for p in xs:\n        out.append(p[\"name\"])\n    return out\n")),
              "variable-of-two-kinds;");
    EXPECT_EQ(reasonFor(items("def h_a(p):\n    a = p[\"name\"]\n    for p in items:\n        a = p[\"name\"]\n    return a\n")),
              "parameter-becomes-a-row;");
    Lowered out = lower(items("def h_a(xs):\n    for p in items:\n        if p[\"on\"]:\n            return [p[\"n\"] for p in xs]\n"
                              "    return None\n"));
    EXPECT_TRUE(out.has("return [p[\"n\"] for p in xs]")) << out;
}

TEST(ExactLowering, GivesUpWhereRecordsHoldRecords) {
    EXPECT_EQ(reasonFor(items("orders = []\n\n\ndef h_a(i):\n    p = next((p for p in items if p[\"id\"] == i), None)\n"
                              "    orders.append({\"id\": len(orders) + 1, \"item\": p})\n    return orders\n")),
              "unknown-record;");
}

TEST(ExactLowering, NoneIsKeptWhereNothingRulesItOut) {
    Lowered out = lower(items("def h_a(i, public):\n    p = next((p for p in items if p[\"id\"] == i), None)\n"
                              "    if not public:\n        return None\n    return p\n"));
    EXPECT_TRUE(out.has("return (p.to_dict() if p is not None else None)\n")) << out;
}

TEST(ExactLowering, GivesUpWhereANumberIsUsedUpByAFailure) {
    const std::string store = "import itertools\n\nnotes = []\nids = itertools.count(5)\n\n\n";
    EXPECT_EQ(reasonFor(store + "def h_add(d):\n    note = {\"id\": next(ids), \"text\": d[\"text\"]}\n    notes.append(note)\n"
                                "    return note\n"),
              "counter-use;");
    Lowered out = lower(store + "def h_add(t):\n    note = {\"id\": next(ids), \"text\": t}\n    notes.append(note)\n    return note\n");
    EXPECT_TRUE(out.has("note = {\"id\": await next_value(db, StateValue, \"ids\", 5), \"text\": t}\n")) << out;
}

TEST(ExactLowering, OneTransactionWhereACommitWouldComeBetween) {
    Lowered out = lower(items("orders = []\n\n\ndef h_a(i, d):\n    p = next((p for p in items if p[\"id\"] == i), None)\n"
                              "    if p is None or not p[\"on\"]:\n        return None\n"
                              "    order = {\"id\": len(orders) + 1, \"item\": i}\n    orders.append(order)\n"
                              "    x = d[\"x\"]\n    p[\"size\"] -= 1\n    return x\n"));
    EXPECT_TRUE(out.has("@one_transaction\nasync def h_a(")) << out;
    EXPECT_FALSE(out.has(".commit()")) << out;
    Lowered counted = lower(items("def h_drop(i):\n    del items[i]\n    return len(items)\n"
                                  "\n\ndef h_add(d):\n    items.append({\"id\": 3, \"name\": d, \"size\": 1, \"on\": True})\n"
                                  "    return len(items)\n\n\ndef h_both(d):\n    n = h_add(d)\n    return n + 1\n"));
    EXPECT_TRUE(counted.has("@one_transaction\nasync def h_add(")) << counted;
    EXPECT_TRUE(counted.has("@one_transaction\nasync def h_both(")) << counted;
    Lowered last = lower(items("def h_on(i):\n    p = next((p for p in items if p[\"id\"] == i), None)\n"
                               "    if p is None:\n        return None\n    p[\"on\"] = True\n    return p\n"));
    EXPECT_FALSE(last.has("one_transaction")) << last;
}

TEST(ExactLowering, ChangesGoInsideWhatFrontendsPutAround) {
    const std::string source = users("def put(k, n):\n    users[k] = {\"id\": k, \"name\": n}\n    return k\n\n\n"
                                     "def h_put(k, n):\n    return put(k, n)\n\n\ndef h_one(k):\n    return users[k]\n");
    Lowered out = lower(source, true);
    EXPECT_TRUE(out.has("return Response(data=await put(db, k, n))\n")) << out;
    EXPECT_TRUE(out.has("return Response(data=(await require(db, User, k)).to_dict())\n")) << out;
}

TEST(ExactLowering, GivesUpWhereNoAwaitIsPossible) {
    EXPECT_EQ(reasonFor(items("def h_a():\n    return sorted([1], key=lambda x: len(items))\n")), "await-impossible;");
    EXPECT_EQ(reasonFor(items("def h_a():\n    return any(x == len(items) for x in [1])\n")), "await-impossible;");
}

TEST(ExactLowering, GivesUpWithoutASession) {
    EXPECT_EQ(reasonFor(items("def helper():\n    return items\n")), "no-session;");
    EXPECT_EQ(reasonFor(items("def helper():\n    return items\n\n\ncallbacks = [helper]\n\n\ndef h_a():\n    return helper()\n")),
              "helper-used-elsewhere;");
}

TEST(ExactLowering, GivesUpOnPositions) {
    EXPECT_EQ(reasonFor(items("def h_a(i):\n    return items[i]\n")), "positional-access;");
    EXPECT_EQ(reasonFor(items("def h_a(i):\n    items.insert(0, {\"id\": i})\n    return items\n")), "use-of-insert;");
}

TEST(ExactLowering, GivesUpOnUnknownRecords) {
    EXPECT_NE(reasonFor("notes = []\n\n\ndef h_add(request):\n    notes.append(request[\"json\"])\n    return notes\n"), "");
    EXPECT_NE(reasonFor(items("def h_add(d):\n    item = dict(d)\n    items.append(item)\n    return item\n")), "");
}

TEST(ExactLowering, GivesUpOnWritesInsideExpressions) {
    EXPECT_EQ(reasonFor(users("def h_a(k):\n    return users.pop(k)\n")), "write-in-an-expression;");
}

TEST(ExactLowering, AsksForWhatMayRaiseOnlyWhereThereAreRows) {
    Lowered out = lower(items("def h_a(k):\n    for p in items:\n        if p[\"id\"] == int(k):\n            return p\n    return None\n"));
    EXPECT_TRUE(out.has("p = await find(db, Item, lambda: int(k))\n")) << out;
    out = lower(items("def h_a(k):\n    return [p for p in items if p[\"size\"] == int(k)]\n"));
    EXPECT_EQ(out.inPython, 1u) << out;
    out = lower(items("def h_a(d):\n    if \"size\" not in d:\n        return None\n"
                      "    return [p for p in items if p[\"size\"] == d[\"size\"]]\n"));
    EXPECT_TRUE(out.has("equals(Item.size, d[\"size\"])")) << out;
    out = lower(items("def h_a(k):\n    n = int(k)\n    return [p for p in items if p[\"size\"] == int(k)]\n"));
    EXPECT_TRUE(out.has("equals(Item.size, int(k))")) << out;
}

TEST(ExactLowering, GivesUpWhereAnOrGivesTheStoreItself) {
    EXPECT_EQ(reasonFor(items("def h_a():\n    return items or []\n")), "store-escapes;");
    EXPECT_EQ(lower(items("def h_a(x):\n    if x and (items or x):\n        return 1\n    return 2\n")).reasons, "");
}

TEST(ExactLowering, GivesUpWhereACallerChangesWhatAHelperReturns) {
    const char* const kFind = "def find(k):\n    for p in items:\n        if p[\"id\"] == k:\n            return p\n    return None\n\n\n";
    EXPECT_EQ(reasonFor(items(kFind + std::string("def h_a(k):\n    p = find(k)\n    p[\"size\"] -= 1\n    return p\n"))),
              "returned-record-changed;");
    EXPECT_EQ(reasonFor(items(kFind + std::string("def h_a(k):\n    find(k)[\"size\"] = 7\n    return k\n"))),
              "returned-record-changed;");
    EXPECT_EQ(lower(items(kFind + std::string("def h_a(k):\n    p = find(k)\n    return p[\"size\"] if p else 0\n"))).reasons, "");
    // Numbers are nobody's record.
    EXPECT_EQ(lower(items("def size():\n    return len(items)\n\n\ndef h_a():\n    n = size()\n    n += 1\n    return n\n")).reasons, "");
}

TEST(ExactLowering, GivesUpWhereAWrapperWouldNotPassTheSessionOn) {
    const char* const kBody = "async def h_a(k):\n    return len(items)\n";
    const std::string fixed = "def guard(f):\n    async def inner(k):\n        return await f(k)\n    return inner\n\n\n@guard\n";
    const std::string open = "from functools import wraps\n\n\ndef guard(f):\n    @wraps(f)\n    async def inner(*a, **kw):\n"
                             "        return await f(*a, **kw)\n    return inner\n\n\n@guard\n";
    EXPECT_EQ(reasonFor(items(fixed + kBody)), "handler-signature;");
    EXPECT_EQ(lower(items(open + kBody)).reasons, "");
    EXPECT_EQ(reasonFor(items("import library\n\n\n@library.cached(60)\n" + std::string(kBody))), "handler-signature;");
}

TEST(ExactLowering, GivesUpWhenTheListChangesUnderTheLoop) {
    EXPECT_EQ(reasonFor(items("def h_a():\n    for p in items:\n        if p[\"on\"]:\n            items.remove(p)\n    return items\n")),
              "changed-while-iterating;");
}

} // namespace
} // namespace covet::rules
