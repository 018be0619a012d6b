#include <gtest/gtest.h>

#include "store_fixture.h"
#include "rules/store/made_values.h"

namespace covet::tests {
namespace {

const std::string kShop = R"(from covetpy import CovetApp
import itertools

app = CovetApp()

products = [{"id": 1, "name": "Lamp"}, {"id": 2, "name": "Hub"}]
next_id, seen = 3, 0
ids = itertools.count(7)
tags = set()
carts: dict = {}


@app.get("/products")
def list_products(request):
    return {"rows": products, "n": len(products), "names": sorted(products, key=str)}


@app.post("/products")
def create(request):
    global next_id, seen
    products.append({"id": next_id, "name": request["json"]["name"]})
    next_id += 1
    seen = seen + 1
    return products[-1]


@app.delete("/products")
def drop(request):
    global products
    products = [p for p in products if p["id"] != 1]
    carts[next(ids)] = {"x": 1}
    tags.add("x")
    return products
)";

TEST(StoreEngine, HandsOnTheContainerWhereTheNameEscapes) {
    StoreMigration m = migrateStoresOf({{"app.py", kShop}}, true);
    const std::string& text = m.files["app.py"];
    EXPECT_NE(text.find("{\"rows\": products.current, \"n\": len(products), \"names\": sorted(products, key=str)}"),
              std::string::npos) << text;
    EXPECT_NE(text.find("    products.current = [p for p in products if"), std::string::npos) << text;
    EXPECT_NE(text.find("    return products.current\n"), std::string::npos) << text;
}

TEST(StoreEngine, ReplacesDefinitionsByProxies) {
    StoreMigration m = migrateStoresOf({{"app.py", kShop}}, true);
    const std::string& text = m.files["app.py"];
    for (const char* line : {"products = bridged_list(Product, position=\"position\")\n",
                             "next_id, seen = bridged_value(StateValue, \"next_id\", 3), "
                             "bridged_value(StateValue, \"seen\", 0)\n",
                             "ids = bridged_counter(StateValue, \"ids\", 7)\n", "tags = bridged_set(Tag)\n",
                             "carts = bridged_dict(Cart, key=\"key\""})
        EXPECT_NE(text.find(line), std::string::npos) << line << text;
    EXPECT_EQ(text.find("import itertools"), std::string::npos);
    EXPECT_EQ(text.find("global"), std::string::npos) << text;
    EXPECT_TRUE(m.has("covet_bridge.py", "def with_stores"));
}

TEST(StoreEngine, OpensTheStoresOfEachHandlerUnderItsRoute) {
    StoreMigration m = migrateStoresOf({{"app.py", kShop}}, true);
    const std::string& text = m.files["app.py"];
    EXPECT_NE(text.find("@app.get(\"/products\")\n@with_stores(products, read_only=True)\nasync def list_products"),
              std::string::npos) << text;
    EXPECT_NE(text.find("@with_stores(products, next_id, seen)\nasync def create"), std::string::npos) << text;
    EXPECT_NE(text.find("@with_stores(products, ids, tags, carts)\nasync def drop"), std::string::npos) << text;
}

TEST(StoreEngine, FollowsHelpersMethodsAndDecoratorsAcrossModules) {
    StoreMigration m = migrateStoresOf({
        {"app.py", "from covetpy import CovetApp\nimport service\nfrom guard import admin_only\n\napp = CovetApp()\n\n\n"
                   "@app.get(\"/\")\n@admin_only\ndef index(request):\n    return service.repo.everything(sorted)\n"},
        {"guard.py", "from data import users\n\n\ndef admin_only(function):\n    def wrapper(request):\n"
                     "        if not users:\n            return {}\n        users[0][\"seen\"] = True\n"
                     "        return function(request)\n    return wrapper\n"},
        {"service.py", "class Repo:\n    def __init__(self):\n        self._rows = []\n\n    def everything(self, how):\n"
                       "        return how(self._rows)\n\n    def add(self, row):\n        self._rows.append(row)\n\n\n"
                       "repo = Repo()\n"},
        {"data.py", "users = [{\"id\": 1, \"seen\": False}]\n"}}, true);
    const std::string& app = m.files["app.py"];
    EXPECT_NE(app.find("@app.get(\"/\")\n@with_stores(users, service.repo_rows)\n@admin_only\n"), std::string::npos)
        << app << m.kept.size();
    EXPECT_NE(app.find("from data import users"), std::string::npos) << app;
    EXPECT_TRUE(m.has("service.py", "repo_rows = bridged_list(Row")) << m.files["service.py"];
    EXPECT_TRUE(m.has("service.py", "self._rows = repo_rows\n")) << m.files["service.py"];
    EXPECT_TRUE(m.has("service.py", "return how(self._rows.current)")) << m.files["service.py"];
}

TEST(StoreEngine, HealsIdsMadeFromTheLength) {
    StoreMigration m = migrateStoresOf({{"app.py", R"(from covetpy import CovetApp

app = CovetApp()
orders = []


@app.post("/orders")
def create(request):
    order = {"id": len(orders) + 1, "note": str(sorted(orders, key=str))}
    orders.append(order)
    return order, len(orders) + 1
)"}}, true);
    const std::string& text = m.files["app.py"];
    EXPECT_NE(text.find("{\"id\": max((row[\"id\"] for row in orders), default=0) + 1,"), std::string::npos) << text;
    EXPECT_NE(text.find("return order, len(orders) + 1\n"), std::string::npos) << text;
}

/// Reason code for the store `rows` of a module with this text behind its definition.
std::string reasonFor(const std::string& more, const std::string& definition = "rows = [{\"id\": 1}]") {
    StoreMigration m = migrateStoresOf(
        {{"app.py", "import threading\nimport random\nfrom covetpy import CovetApp\n\napp = CovetApp()\n" + definition +
                        "\n\n\n@app.get(\"/\")\ndef index(request):\n    rows.append({\"id\": len(rows)})\n"
                        "    return rows\n\n\n" + more}});
    auto found = m.kept.find("rows");
    return found == m.kept.end() ? "" : found->second;
}

TEST(StoreEngine, KeepsInMemoryWhatItCannotReach) {
    EXPECT_EQ(reasonFor(""), "");
    EXPECT_EQ(reasonFor("FIRST = rows[0]\n"), "module-level-use");
    EXPECT_EQ(reasonFor("def every():\n    return rows\n\n\nKEPT = every()\n"), "");
    EXPECT_EQ(reasonFor("def every():\n    return rows\n\n\nKEPT = sorted(every())\n"), "used-at-import");
    EXPECT_EQ(reasonFor("def work():\n    rows.clear()\n\n\ndef start():\n    threading.Thread(target=work).start()\n"),
              "background-work");
    EXPECT_EQ(reasonFor("def each():\n    for row in rows:\n        yield row\n\n\n@app.get(\"/e\")\n"
                        "def stream(request):\n    return each()\n"),
              "generator");
    EXPECT_EQ(reasonFor("def each():\n    for row in rows:\n        yield row\n\n\n@app.get(\"/e\")\n"
                        "def stream(request):\n    return list(each())\n"),
              "");
    EXPECT_EQ(reasonFor("@app2.middleware\ndef hook(request):\n    return len(rows)\n"), "unknown-entry-point");
    EXPECT_EQ(reasonFor("def find(request, where=rows):\n    return where\n"), "default-argument");
    EXPECT_EQ(reasonFor("def look(name):\n    return globals()[name]\n"), "hidden-access");
    EXPECT_EQ(reasonFor("if __name__ == \"__main__\":\n    index(None)\n    print(len(rows))\n"), "module-level-use");
    EXPECT_EQ(reasonFor("", "rows = [{\"id\": random.choice([1, 2])}]"), "");
    EXPECT_EQ(reasonFor("", "rows = [{\"id\": random.choice(numbers())}]"), "opaque-values");
    EXPECT_EQ(reasonFor("", "rows = other = [{\"id\": 1}]"), "shared-definition");
    EXPECT_EQ(reasonFor("", "if app:\n    rows = [{\"id\": 1}]"), "conditional-definition");
}

TEST(StoreEngine, KnowsTypesOfWhatRunningCodeMakes) {
    EXPECT_EQ(rules::typeOfMade("round(random.uniform(1, 9), 2)"), "float");
    EXPECT_EQ(rules::typeOfMade("date.today() + timedelta(days=days)"), "date");
    EXPECT_EQ(rules::typeOfMade("datetime.now().year - 3"), "int");
    EXPECT_EQ(rules::typeOfMade("os.getenv(\"OWNER\") or \"nobody\""), "str");
    EXPECT_EQ(rules::typeOfMade("os.getenv(\"OWNER\")"), "");
    EXPECT_EQ(rules::typeOfMade("secrets.token_hex(8)[:4].upper()"), "str");
    EXPECT_EQ(rules::typeOfMade("random.random() > 0.5"), "bool");
    EXPECT_EQ(rules::typeOfMade("random.choice([1, \"a\"])"), "");
    EXPECT_EQ(rules::typeOfMade("datetime.now() - start"), "");
    EXPECT_EQ(rules::typeOfMade("uuid4().hex if keyed else None"), "");
    EXPECT_EQ(rules::typeOfMade("jwt.decode(token)"), "");
    EXPECT_EQ(rules::typeOfMade("cut off (..."), "");
}

TEST(StoreEngine, KeepsAttributesOfManyObjects) {
    const std::string repo = "class Repo:\n    def __init__(self):\n        self.rows = []\n\n    def add(self, x):\n"
                             "        self.rows.append({\"id\": x})\n        return self.rows\n\n\n";
    auto reason = [&](const std::string& more, const std::string& store = "Repo.rows") {
        StoreMigration m = migrateStoresOf({{"app.py", "from covetpy import CovetApp\n\napp = CovetApp()\n\n\n" + repo + more}});
        auto found = m.kept.find(store);
        return found == m.kept.end() ? std::string() : found->second;
    };
    const std::string handler = "\n\n@app.get(\"/\")\ndef index(request):\n    return repo.add(1)\n";
    EXPECT_EQ(reason("repo = Repo()\n" + handler), "");
    EXPECT_EQ(reason("repo = Repo()\nother = Repo()\n" + handler, "repo.rows"), "");
    EXPECT_EQ(reason("repo = Repo()\nother = Repo()\nkept = other.add(2)\n" + handler, "other.rows"), "used-at-import");
    EXPECT_EQ(reason("repo = Repo()\nother = Repo()\nkept = other.add(2)\n" + handler, "repo.rows"), "used-at-import");
    EXPECT_EQ(reason("\n@app.get(\"/\")\ndef index(request):\n    repo = Repo()\n    register(repo)\n"
                     "    return repo.add(1)\n"),
              "instance-per-call");
    EXPECT_EQ(reason("repo = Repo()\n\n\nclass More(Repo):\n    pass\n" + handler), "");
    EXPECT_EQ(reason("class More(Repo):\n    rows = []\n\n\nrepo = More()\n" + handler), "subclassed");
    EXPECT_EQ(reason("class More(Repo):\n    pass\n\n\nrepo = More()\nother = Repo()\n" + handler, "other.rows"), "");
}

TEST(StoreEngine, RemovesSeedingThatHasRun) {
    StoreMigration m = migrateStoresOf({{"app.py", R"(from covetpy import CovetApp

app = CovetApp()
rows = []


def seed():
    for n in range(3):
        rows.append({"id": n, "name": "n%d" % n})


seed()


@app.get("/")
def index(request):
    rows.reverse()
    return rows
)"}});
    EXPECT_TRUE(m.kept.empty());
    EXPECT_FALSE(m.has("app.py", "seed")) << m.files["app.py"];
}

TEST(StoreEngine, TellsTestsOfStoresThatMoved) {
    StoreMigration m = migrateStoresOf(
        {{"app.py", "from covetpy import CovetApp\n\napp = CovetApp()\nrows = []\n\n\n@app.get(\"/\")\n"
                    "def index(request):\n    rows.append({\"id\": 1})\n    return rows\n"},
         {"tests/test_app.py", "from app import rows\n\n\ndef test_it():\n    rows.clear()\n"}});
    EXPECT_TRUE(m.has("tests/test_app.py", "from app import rows\n\n\ndef test_it():\n    rows.clear()\n"));
    bool told = false;
    for (const rules::Finding& finding : m.findings)
        told = told || (finding.rule == "COV209" && finding.file == "tests/test_app.py");
    EXPECT_TRUE(told);
}

} // namespace
} // namespace covet::tests
