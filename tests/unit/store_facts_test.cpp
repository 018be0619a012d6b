#include <gtest/gtest.h>

#include "engine/project_loading.h"
#include "engine/store_data.h"
#include "schema/inference.h"
#include "support/strings.h"

using covet::facts::FieldFact;
using covet::facts::Store;

namespace {

/// Stores of a project of one module.
std::vector<Store> storesOf(const std::string& source) {
    auto loaded = covet::engine::loadProject({{"app.py", source}}, {}, nullptr);
    std::vector<Store> facts;
    if (!loaded) return facts;
    for (const auto& store : covet::engine::readStores(*loaded, {}, nullptr))
        facts.push_back(store.fact);
    return facts;
}

std::string typeOf(const Store& store, const std::string& field) {
    for (const FieldFact& fact : store.fields)
        if (fact.name == field) return fact.type;
    return "no field";
}

const char* const kShop = R"(
products = [{"id": 1, "price": 2.5, "stock": 3, "name": "a"}, {"id": 2, "price": 1.0, "stock": 1, "name": None}]
users = {"zoe": {"age": 3}}
orders = []
next_id = 1

def find(pid):
    for product in products:
        if product["id"] == pid:
            return product
    return None

def order(request):
    global next_id
    body = request["json"] or {}
    product = find(body["product_id"])
    other = next((p for p in products if p["name"] == body.get("name")), None)
    user = users[body["user"]]
    total = 0
    for line in body["lines"]:
        total += line["price"]
    orders.append({"id": next_id, "product_id": product["id"], "price": product["price"] * body["quantity"],
                   "left": other["stock"] - 1, "name": other["name"], "age": user["age"], "total": total,
                   "quantity": body["quantity"], "note": body.get("note", "none"), "who": helper(body)})
    next_id += 1
    return orders[-1]
)";

} // namespace

TEST(StoreFacts, FieldsTakeTheTypesOfWhatFillsThem) {
    const std::vector<Store> stores = storesOf(kShop);
    ASSERT_EQ(stores.size(), 4u);
    const Store& orders = stores[2];
    ASSERT_EQ(orders.name, "orders");
    EXPECT_EQ(typeOf(orders, "product_id"), "int");
    EXPECT_EQ(typeOf(orders, "price"), "float");
    EXPECT_EQ(typeOf(orders, "left"), "int");
    EXPECT_EQ(typeOf(orders, "name"), "str");
    EXPECT_EQ(typeOf(orders, "age"), "int");
    EXPECT_EQ(typeOf(orders, "total"), ""); // 0, or a sum of whatever came
    EXPECT_EQ(typeOf(orders, "quantity"), "json");
    EXPECT_EQ(typeOf(orders, "note"), "json");
    EXPECT_EQ(typeOf(orders, "who"), "");
    for (const FieldFact& fact : orders.fields)
        EXPECT_EQ(fact.nullable, fact.name == "name") << fact.name;
    EXPECT_EQ(orders.idSource, covet::facts::IdSource::Counter);
}

TEST(StoreFacts, SearchedFieldsAreIndexed) {
    const std::vector<Store> stores = storesOf(kShop);
    EXPECT_EQ(stores[0].filteredFields, (std::vector<std::string>{"id", "name"}));
    const auto schema = covet::schema::inferSchema(stores, {});
    ASSERT_EQ(schema.tables[0].indexes.size(), 1u);
    EXPECT_EQ(schema.tables[0].indexes[0].columns, std::vector<std::string>{"name"});
}

TEST(StoreFacts, ChangesAreSeenThroughElementsToo) {
    const char* const kLists =
        "a = [{\"x\": 1}]\nb = [{\"x\": 1}]\nc = [{\"x\": 1}]\n"
        "def one(r):\n    return a\n"
        "def two(r):\n    for item in b:\n        item[\"x\"] = 2\n    return b\n"
        "def three(r):\n    c.remove(c[0])\n    return c\n";
    const std::vector<Store> stores = storesOf(kLists);
    ASSERT_EQ(stores.size(), 3u);
    EXPECT_FALSE(stores[0].changed);
    EXPECT_TRUE(stores[1].changed);
    EXPECT_TRUE(stores[2].changed);
}

namespace {

const char* const kAccounts = R"(
accounts = [{"id": 1, "email": "a"}]

def create(request):
    body = request["json"]
    CHECK
    accounts.append({"id": len(accounts) + 1, "email": body["email"]})
    return accounts[-1]
MORE
)";

std::string uniqueWith(const std::string& check, const std::string& more = "") {
    const std::string source =
        covet::replaceAll(covet::replaceAll(kAccounts, "CHECK", check), "MORE", more);
    const std::vector<Store> stores = storesOf(source);
    return stores.empty() ? "no store" : covet::join(stores[0].uniqueFields, ",");
}

} // namespace

TEST(StoreFacts, UniqueIsOnlyWhatEveryInsertionChecks) {
    const std::string any =
        "if any(a[\"email\"] == body[\"email\"] for a in accounts): return {}, 409";
    EXPECT_EQ(uniqueWith(any), "email");
    EXPECT_EQ(uniqueWith("for a in accounts:\n        if a[\"email\"] == body[\"email\"]:\n        "
                         "    raise ValueError"),
              "email");
    EXPECT_EQ(uniqueWith("pass"), "");
    EXPECT_EQ(
        uniqueWith("if any(a[\"email\"] == body[\"mail\"] for a in accounts): return {}, 409"), "");
    EXPECT_EQ(
        uniqueWith(
            "if body and any(a[\"email\"] == body[\"email\"] for a in accounts): return {}, 409"),
        "");
    EXPECT_EQ(uniqueWith("if any(a[\"email\"] == body[\"email\"] for a in accounts): print(1)"),
              "");
    EXPECT_EQ(
        uniqueWith(
            any,
            "def other(r):\n    accounts.append({\"id\": 9, \"email\": r[\"json\"][\"email\"]})"),
        "");
    EXPECT_EQ(
        uniqueWith(any, "def change(r):\n    accounts[0][\"email\"] = r[\"json\"][\"email\"]"), "");
    EXPECT_EQ(uniqueWith(any, "def change(r):\n    accounts[0].update(r[\"json\"])"), "");
}

TEST(StoreFacts, FieldsMayBeNoneWhereTheClientMayLeaveThemOut) {
    const std::vector<Store> stores = storesOf(R"(
books = [{"id": 1, "title": "a", "year": 1, "isbn": "x", "pages": 3, "shelf": "b"}]

def add(title, year, isbn, pages=None):
    if not isbn:
        return None
    books.append({"id": len(books) + 1, "title": title, "year": year, "isbn": isbn, "pages": pages, "shelf": "a"})

def create(request):
    data = request["json"]
    return add(data["title"], data.get("year"), data.get("isbn"))

def move(request):
    for book in books:
        book["shelf"] = request["json"].get("shelf", None)
)");
    ASSERT_EQ(stores.size(), 1u);
    std::string nullable;
    for (const FieldFact& field : stores[0].fields)
        if (field.nullable) nullable += field.name + ",";
    EXPECT_EQ(nullable, "year,pages,shelf,");
}

TEST(StoreFacts, CountersOfADictAreNumbers) {
    for (const char* change : {"counts[k] = counts.get(k, 0) + 1", "counts[k] += 1"}) {
        const std::vector<Store> stores = storesOf("counts = {}\n\ndef note(k):\n    " + std::string(change) + "\n");
        ASSERT_EQ(stores.size(), 1u) << change;
        EXPECT_EQ(typeOf(stores[0], "value"), "int") << change;
    }
}
