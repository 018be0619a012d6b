#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "equivalence/plan.h"
#include "syntax/evaluator/json_reader.h"

namespace covet::equivalence {
namespace {

constexpr const char* kShop = R"(from flask import Flask, jsonify, request
app = Flask(__name__)
orders = [
    {"id": 7, "customer": "Mia", "status": "open", "lines": [{"sku": "A", "quantity": 2}]},
    {"id": 9, "customer": "Jo", "status": "paid", "lines": []},
]
STATUSES = ("open", "paid", "void")


def require(data):
    return [name for name in ("customer", "lines") if name not in data]


@app.route("/orders")
def list_orders():
    found = orders
    if "status" in request.args:
        found = [o for o in found if o["status"] == request.args["status"]]
    limit = int(request.args.get("limit", 10))
    return jsonify(found[:limit])


@app.route("/orders", methods=["POST"])
def create_order():
    data = request.get_json()
    if require(data):
        return jsonify({"error": "missing"}), 400
    status = data.get("status", "open")
    if status not in STATUSES:
        return jsonify({"error": "status"}), 400
    for line in data["lines"]:
        if line["quantity"] < 1 or "@" in data["customer"]:
            return jsonify({"error": "quantity"}), 400
    orders.append({"id": orders[-1]["id"] + 1, "customer": data["customer"], "status": status, "lines": data["lines"]})
    return jsonify(orders[-1]), 201


@app.route("/orders/<int:order_id>", methods=["DELETE"])
def delete_order(order_id):
    orders[:] = [o for o in orders if o["id"] != order_id]
    return "", 204


@app.route("/orders/<int:order_id>")
def get_order(order_id):
    if request.headers.get("X-Api-Key") != "s3cret":
        return "", 401
    return jsonify(next(o for o in orders if o["id"] == order_id))
)";

Inspection shop() {
    const std::vector<InputFile> files = {{"app.py", kShop}};
    const Result<Analysis> analysis = analyze(files, {}, {});
    return inspect(files, *analysis, {});
}

const RouteHints& routeOf(const Inspection& inspection, const std::string& name) {
    for (const RouteHints& route : inspection.routes)
        if (route.name() == name) return route;
    static const RouteHints kNone;
    ADD_FAILURE() << "no route " << name;
    return kNone;
}

std::vector<std::string> namesOf(const FieldHint& fields) {
    std::vector<std::string> names;
    for (const FieldHint& field : fields.parts) names.push_back(field.name);
    std::sort(names.begin(), names.end());
    return names;
}

std::vector<Request> requestsOf(RequestPlan& plan, Phase::Kind kind) {
    for (const Phase& phase : phases())
        if (phase.kind == kind) return plan.requests(phase);
    return {};
}

bool has(const std::vector<Request>& requests, const std::string& method, const std::string& path) {
    return std::any_of(requests.begin(), requests.end(),
                       [&](const Request& request) { return request.method == method && request.path == path; });
}

TEST(EquivalencePlan, ReadsWhatHandlersTake) {
    const Inspection inspection = shop();
    EXPECT_EQ(namesOf(routeOf(inspection, "GET /orders").query), (std::vector<std::string>{"limit", "status"}));
    FieldHint body = routeOf(inspection, "POST /orders").body;
    EXPECT_EQ(namesOf(body), (std::vector<std::string>{"customer", "lines", "status"}));
    EXPECT_TRUE(body.part("lines").isList);
    EXPECT_EQ(namesOf(body.part("lines")), (std::vector<std::string>{"quantity"}));
    EXPECT_EQ(body.part("status").constants.size(), 3u);
    EXPECT_EQ(namesOf(routeOf(inspection, "GET /orders/{order_id}").headers), (std::vector<std::string>{"x-api-key"}));
}

TEST(EquivalencePlan, TakesValuesThatTheCodeWants) {
    const std::vector<InputFile> files = {{"app.py", R"(from flask import Flask, jsonify, request
app = Flask(__name__)
stock = {"bolt": 3, "nut": 5}
votes = []


@app.route("/votes", methods=["POST"])
def vote():
    data = request.get_json()
    if data["what"] not in stock:
        return "", 404
    if not 1 <= data["stars"] <= 5 or data["weight"] < 1:
        return "", 400
    votes.append({"id": len(votes) + 1, "what": data["what"], "stars": data["stars"], "weight": data["weight"]})
    return jsonify(votes[-1]), 201


@app.route("/reset", methods=["POST"])
def reset():
    votes.clear()
    return ""
)"}};
    const Result<Analysis> analysis = analyze(files, {}, {});
    const Inspection inspection = inspect(files, *analysis, {});
    EXPECT_TRUE(routeOf(inspection, "POST /reset").isAction());
    EXPECT_FALSE(routeOf(inspection, "POST /votes").isAction());
    RequestPlan plan(inspection, 1, 2000);
    const std::vector<Request> writes = requestsOf(plan, Phase::Kind::Writes);
    ASSERT_FALSE(writes.empty());
    EXPECT_EQ(*writes[0].body, R"({"what": "bolt", "stars": 3, "weight": 2})");
    for (const Request& request : writes) EXPECT_NE(request.path, "/reset");
    EXPECT_TRUE(has(requestsOf(plan, Phase::Kind::Actions), "POST", "/reset"));
}

TEST(EquivalencePlan, WritesWithIdsThatNoColumnHoldsAreLenient) {
    const std::vector<InputFile> files = {{"app.py", R"(from fastapi import FastAPI
from pydantic import BaseModel
app = FastAPI()
names = {1: {"name": "Mia"}}


class Name(BaseModel):
    name: str


@app.get("/names/{key}")
def get_name(key: int):
    return names[key]


@app.put("/names/{key}")
def put_name(key: int, name: Name):
    names[key] = {"name": name.name}
    return names[key]
)"}};
    const Result<Analysis> analysis = analyze(files, {}, {});
    const Inspection inspection = inspect(files, *analysis, {});
    RequestPlan plan(inspection, 1, 2000);
    const std::string path = "/names/99999999999999999999";
    EXPECT_TRUE(has(requestsOf(plan, Phase::Kind::OddReads), "GET", path));
    EXPECT_FALSE(has(requestsOf(plan, Phase::Kind::Writes), "PUT", path));
    EXPECT_TRUE(has(requestsOf(plan, Phase::Kind::Writes), "PUT", "/names/999999"));
    EXPECT_TRUE(has(requestsOf(plan, Phase::Kind::WrongTypes), "PUT", path));
}

TEST(EquivalencePlan, AsksWithWhatTheDataHolds) {
    const Inspection inspection = shop();
    RequestPlan plan(inspection, 1, 2000);
    const std::vector<Request> reads = requestsOf(plan, Phase::Kind::Reads);
    EXPECT_TRUE(has(reads, "GET", "/orders"));
    EXPECT_TRUE(has(reads, "GET", "/orders/7"));
    EXPECT_TRUE(has(reads, "GET", "/orders/9"));
    const auto keyed = std::find_if(reads.begin(), reads.end(), [](const Request& request) { return !request.headers.empty(); });
    ASSERT_NE(keyed, reads.end());
    EXPECT_EQ(keyed->headers[0].second, "s3cret");
    const std::vector<Request> queries = requestsOf(plan, Phase::Kind::Queries);
    for (const char* path : {"/orders?status=open", "/orders?status=paid", "/orders?status=zzz", "/orders?status=", "/orders?limit=-1"})
        EXPECT_TRUE(has(queries, "GET", path)) << path;
    const std::vector<Request> odd = requestsOf(plan, Phase::Kind::OddReads);
    for (const char* path : {"/orders/999999", "/orders/abc", "/orders/-1", "/orders/99999999999999999999"})
        EXPECT_TRUE(has(odd, "GET", path)) << path;
    const std::vector<Request> deletes = requestsOf(plan, Phase::Kind::Deletes);
    EXPECT_TRUE(has(deletes, "DELETE", "/orders/999999"));
    EXPECT_TRUE(has(deletes, "DELETE", "/orders/9"));
}

TEST(EquivalencePlan, WritesWholePartialAndRepeatedBodies) {
    const Inspection inspection = shop();
    RequestPlan plan(inspection, 1, 2000);
    std::map<std::string, Value> bodies;
    size_t twice = 0;
    for (const Request& request : requestsOf(plan, Phase::Kind::Writes)) {
        ASSERT_TRUE(request.body);
        const std::optional<Value> value = syntax::eval::readJson(*request.body);
        ASSERT_TRUE(value) << *request.body;
        bodies.emplace(request.about, *value);
        twice += request.about == "new record, again";
    }
    EXPECT_EQ(twice, 1u);
    const Value& fresh = bodies["new record"];
    for (const char* name : {"customer", "lines", "status"}) EXPECT_TRUE(fresh.find(name)) << name;
    EXPECT_NE(fresh.find("customer")->text(), "Mia");
    EXPECT_EQ(bodies["as the first record"].find("customer")->text(), "Mia");
    EXPECT_FALSE(bodies["without customer"].find("customer"));
    EXPECT_EQ(bodies["status \"void\""].find("status")->text(), "void");
}

TEST(EquivalencePlan, LearnsFromAnswers) {
    const Inspection inspection = shop();
    RequestPlan plan(inspection, 1, 2000);
    plan.learn({}, {201, "", {}, R"({"id": 12345, "customer": "new"})", false});
    plan.learn({}, {404, "", {}, R"({"id": 777})", false});
    const std::vector<Request> reads = requestsOf(plan, Phase::Kind::Reads);
    EXPECT_TRUE(has(reads, "GET", "/orders/12345"));
    EXPECT_FALSE(has(reads, "GET", "/orders/777"));
}

TEST(EquivalencePlan, KeepsTheLimitAndEveryRoute) {
    const Inspection inspection = shop();
    RequestPlan large(inspection, 1, 100000), small(inspection, 1, 60), same(inspection, 1, 60), other(inspection, 2, 60);
    size_t all = 0, few = 0;
    bool differs = false;
    std::set<std::string> routes;
    for (const Phase& phase : phases()) {
        all += large.requests(phase).size();
        const std::vector<Request> made = small.requests(phase), again = same.requests(phase), seeded = other.requests(phase);
        few += made.size();
        ASSERT_EQ(made.size(), again.size());
        for (size_t i = 0; i < made.size(); ++i) {
            EXPECT_EQ(made[i].path, again[i].path);
            differs = differs || (i < seeded.size() && made[i].path != seeded[i].path);
            routes.insert(made[i].route);
        }
    }
    EXPECT_GT(all, 150u);
    EXPECT_LE(few, 80u);
    EXPECT_TRUE(differs);
    for (const char* route : {"GET /orders", "POST /orders", "DELETE /orders/{order_id}", "GET /orders/{order_id}"})
        EXPECT_TRUE(routes.count(route)) << route;
}

} // namespace
} // namespace covet::equivalence
