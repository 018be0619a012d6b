#include "schema/overridden.h"

#include <gtest/gtest.h>

#include "emit/models.h"
#include "schema/ddl.h"
#include "schema_fixture.h"

using covet::Error;
using covet::facts::Store;
using covet::schema::Column;
using covet::schema::Dialect;
using covet::schema::Schema;
using covet::schema::Table;
using covet::schema::tableRows;
using covet::testing::dictStore;
using covet::testing::listStore;

namespace {

std::vector<Store> shop() {
    Store customers = listStore("customers", "[{'id': 1, 'mail': 'ann@x.org', 'level': 'gold'},"
                                             " {'id': 2, 'mail': 'bob@x.org', 'level': 'tin'}]");
    Store orders = listStore("orders_db", "[{'id': 1, 'code': 'a', 'buyer': 2, 'total': 9.5, 'paid': 3, 'note': None},"
                                          " {'id': 2, 'code': 'b', 'buyer': 1, 'total': 10.0, 'paid': 4, 'note': 'x'}]");
    Store prices = dictStore("prices", "{'a': {'amount': 1.25}, 'b': {'amount': 3.0}}", "sku");
    customers.idField = orders.idField = "id";
    return {customers, orders, prices};
}

covet::Result<Schema> inferred(const std::vector<Store>& stores, const std::string& json) {
    const auto overrides = covet::schema::readOverrides({"covetpy-migrate.toml", json, {{"/orders", 7}}});
    if (!overrides) return overrides.error();
    return inferSchema(stores, covet::schema::Options(), *overrides);
}

/// The orders table; fails the test with the refusal where there is one.
Schema schemaOf(const std::string& json) {
    const auto schema = inferred(shop(), json);
    EXPECT_TRUE(schema.ok()) << schema.error().message;
    return schema.ok() ? *schema : Schema();
}

Error errorOf(const std::string& json) {
    const auto schema = inferred(shop(), json);
    EXPECT_FALSE(schema.ok()) << json;
    return schema.ok() ? Error() : schema.error();
}

Table orders(const std::string& settings) {
    const Schema schema = schemaOf("{\"orders\": " + settings + "}");
    const Table* table = schema.tableOfStore("app:orders_db");
    return table ? *table : Table();
}

std::string orderColumn(const std::string& settings, const std::string& column) {
    const Table table = orders("{\"columns\": {\"" + column + "\": " + settings + "}}");
    const Column* found = table.columnOfField(column);
    if (!found) return "none";
    return toString(found->type) + " " + found->pythonType + (found->nullable ? " null" : "");
}

std::string refusalOf(const std::string& settings) {
    const Error error = errorOf("{\"orders\": " + settings + "}");
    EXPECT_EQ(error.line, 7u) << error.message;
    EXPECT_EQ(error.file, "covetpy-migrate.toml");
    return error.code + ": " + error.message;
}

std::string columnRefusal(const std::string& column, const std::string& settings) {
    return refusalOf("{\"columns\": {\"" + column + "\": " + settings + "}}");
}

} // namespace

TEST(SchemaOverrides, TypesFollowTheConfigurationWhereEveryRowFits) {
    EXPECT_EQ(orderColumn("{\"type\": \"bigint\"}", "paid"), "bigint int");
    EXPECT_EQ(orderColumn("{\"type\": \"numeric\"}", "paid"), "numeric int");
    EXPECT_EQ(orderColumn("{\"type\": \"varchar(5)\"}", "code"), "varchar(5) str");
    EXPECT_EQ(orderColumn("{\"length\": 5}", "code"), "varchar(5) str");
    EXPECT_EQ(orderColumn("{\"type\": \"json\"}", "code"), "json object");
    EXPECT_EQ(orderColumn("{\"type\": \"numeric(10, 2)\"}", "total"), "numeric(10,2) float");
    EXPECT_EQ(orderColumn("{\"scale\": 1}", "total"), "numeric(18,1) float");
    EXPECT_EQ(orderColumn("{\"money\": true}", "total"), "numeric(15,2) float");
}

TEST(SchemaOverrides, ATypeThatARowContradictsIsRefusedWithTheRow) {
    EXPECT_EQ(columnRefusal("code", "{\"type\": \"integer\"}"),
              "override-refused: `orders.code` cannot be integer: row 1 (id=1) has \"a\"");
    EXPECT_EQ(columnRefusal("total", "{\"type\": \"numeric(10,0)\"}"),
              "override-refused: `orders.total` cannot be numeric(10,0): row 1 (id=1) has 9.5");
    EXPECT_EQ(columnRefusal("code", "{\"type\": \"bytes\"}"),
              "override-refused: `orders.code` cannot be bytes: row 1 (id=1) has \"a\"");
    EXPECT_EQ(columnRefusal("id", "{\"type\": \"json\"}"),
              "override-refused: `id` is a key, and no json is one in all databases");
}

TEST(SchemaOverrides, NullabilityDefaultsAndEnumerations) {
    EXPECT_EQ(orderColumn("{\"nullable\": true}", "code"), "text str null");
    EXPECT_EQ(columnRefusal("note", "{\"nullable\": false}"),
              "override-refused: `orders.note` cannot be NOT NULL: row 1 (id=1) has None");
    const Table table = orders("{\"columns\": {\"paid\": {\"default\": 7}, \"total\": {\"default\": 2}}}");
    EXPECT_EQ(toPython(*table.column("paid")->defaultValue), "7");
    EXPECT_EQ(toPython(*table.column("total")->defaultValue), "2.0");
    EXPECT_EQ(columnRefusal("paid", "{\"default\": \"x\"}"), "override-refused: `orders.paid` is integer and cannot hold \"x\"");
    EXPECT_EQ(orders("{\"columns\": {\"code\": {\"enumeration\": [\"a\", \"b\"]}}}").column("code")->enumeration.size(), 2u);
    EXPECT_EQ(columnRefusal("code", "{\"enumeration\": [\"a\"]}"),
              "override-refused: not all of `orders.code` is in the list: row 2 (id=2) has \"b\"");
}

TEST(SchemaOverrides, KeysUniquesAndIndexes) {
    const Table keyed = orders("{\"primary-key\": \"code\"}");
    EXPECT_EQ(keyed.primaryKey, std::vector<std::string>{"code"});
    EXPECT_EQ(toString(keyed.column("code")->type), "varchar(255)");
    EXPECT_NE(keyed.column("code")->evidence.find("override"), std::string::npos);
    EXPECT_FALSE(keyed.column("id")->identity);
    EXPECT_EQ(orders("{\"primary-key\": false}").primaryKey, std::vector<std::string>{"row_id"});
    EXPECT_EQ(refusalOf("{\"primary-key\": \"note\"}"),
              "override-refused: `note` cannot be the primary key: row 1 (id=1) has None");
    EXPECT_EQ(errorOf("{\"prices\": {\"primary-key\": \"amount\"}}").message,
              "the code finds the records of `prices` by `sku`, which stays the primary key");

    const Table unique = orders("{\"unique\": [\"code\", [\"buyer\", \"paid\"]], \"indexes\": [[\"paid\", \"code\"]]}");
    EXPECT_EQ(unique.uniques, (std::vector<std::vector<std::string>>{{"code"}, {"buyer", "paid"}}));
    EXPECT_EQ(unique.indexes.back().columns, (std::vector<std::string>{"paid", "code"}));
    std::vector<Store> stores = shop();
    stores[1].data = covet::testing::python("[{'id': 1, 'code': 'a'}, {'id': 2, 'code': None}, {'id': 3, 'code': 'a'}]");
    EXPECT_EQ(inferred(stores, "{\"orders\": {\"unique\": [\"code\"]}}").error().message,
              "`orders.code` is not unique: rows 1 and 3 have \"a\"");
    EXPECT_EQ(inferred(stores, "{\"orders\": {\"primary-key\": \"code\"}}").error().message,
              "`code` cannot be the primary key: row 2 (id=2) has None");
}

TEST(SchemaOverrides, ReferencesAndTheirActions) {
    const Table table = orders("{\"columns\": {\"buyer\": {\"references\": \"customers\", \"on-delete\": \"cascade\"}}}");
    ASSERT_EQ(table.foreignKeys.size(), 1u);
    EXPECT_TRUE(table.foreignKeys[0].enforced);
    EXPECT_NE(createTableSql(table, Dialect::Postgres).find("REFERENCES \"customers\" (\"id\") ON DELETE CASCADE"),
              std::string::npos);
    EXPECT_NE(covet::emit::modelsText({{table}}, {}).find("ForeignKey(\"customers.id\", ondelete=\"CASCADE\")"),
              std::string::npos);
    EXPECT_EQ(columnRefusal("paid", "{\"references\": \"customers\"}"),
              "override-refused: `orders.paid` does not refer to `customers`: row 1 (id=1) has 3, which is not there");
    EXPECT_EQ(columnRefusal("paid", "{\"enforced\": true}"), "config: `orders.paid` refers to no table");
    EXPECT_EQ(columnRefusal("buyer", "{\"references\": \"customers.level\"}"),
              "override-refused: `customers.level` is neither primary key nor unique");
    EXPECT_EQ(columnRefusal("buyer", "{\"references\": \"customers\", \"on-delete\": \"set-null\"}"),
              "override-refused: `orders.buyer` is NOT NULL, so that nothing can set it to NULL");
    EXPECT_TRUE(orders("{\"columns\": {\"buyer\": {\"references\": false}}}").foreignKeys.empty());
    std::vector<Store> stores = shop();
    stores[1].data = covet::testing::python("[{'id': 1, 'customer_id': 2}]");
    const auto apart = inferred(stores, "{\"orders\": {\"columns\": {\"customer_id\": {\"type\": \"json\"}}}}");
    ASSERT_TRUE(apart.ok()) << apart.error().message;
    EXPECT_TRUE(apart->table("orders")->foreignKeys.empty()) << "it has a type of its own";
}

TEST(SchemaOverrides, WhatRefersToAKeyTakesItsType) {
    const Schema schema = schemaOf("{\"customers\": {\"name\": \"people\", \"columns\": {\"id\": {\"type\": \"bigint\", "
                                   "\"name\": \"number\"}}}, \"orders\": {\"columns\": {\"buyer\": "
                                   "{\"references\": \"customers\"}}}}");
    const Table* table = schema.table("orders");
    ASSERT_TRUE(table && table->foreignKeys.size() == 1);
    EXPECT_EQ(toString(table->column("buyer")->type), "bigint");
    EXPECT_EQ(table->foreignKeys[0].table, "people");
    EXPECT_EQ(table->foreignKeys[0].references, std::vector<std::string>{"number"});
    EXPECT_EQ(schema.tables[0].name, "people");
    EXPECT_EQ(schema.tables[0].model, "Person");
}

TEST(SchemaOverrides, NamesChangeEverywhereButNotInTheRecords) {
    const Table table = orders("{\"name\": \"sales\", \"unique\": [[\"id\", \"code\"]], "
                               "\"columns\": {\"id\": {\"name\": \"number\"}, \"code\": {\"name\": \"class\"}}}");
    EXPECT_EQ(table.name, "sales");
    EXPECT_EQ(table.primaryKey, std::vector<std::string>{"number"});
    EXPECT_EQ(table.orderBy, std::vector<std::string>{"number"});
    EXPECT_EQ(table.uniques[0], (std::vector<std::string>{"number", "class"}));
    EXPECT_EQ(table.columnOfField("code")->attribute, "class_");
    const std::string models = covet::emit::modelsText({{table}}, {});
    EXPECT_NE(models.find("UniqueConstraint(\"number\", \"class\")"), std::string::npos) << models;
    EXPECT_NE(columnRefusal("code", "{\"name\": \"PAID\"}").find("already has a column `paid`"), std::string::npos);
    EXPECT_NE(refusalOf("{\"name\": \"customers\"}").find("there already is a table"), std::string::npos);
}

TEST(SchemaOverrides, UnknownWordsAreRefusedWithTheNearest) {
    EXPECT_EQ(errorOf("{\"ordrs\": {}}").hint, "did you mean orders?");
    EXPECT_EQ(errorOf("{\"orders\": {\"colums\": {}}}").hint, "did you mean columns?");
    EXPECT_EQ(errorOf("{\"orders\": {\"columns\": {\"totl\": {}}}}").hint, "did you mean total?");
    EXPECT_EQ(errorOf("{\"orders\": {\"columns\": {\"total\": {\"tpye\": \"text\"}}}}").hint, "did you mean type?");
    EXPECT_EQ(errorOf("{\"orders\": {\"columns\": {\"total\": {\"type\": \"nummeric\"}}}}").hint, "did you mean numeric?");
    EXPECT_EQ(errorOf("{\"orders\": {}, \"orders_db\": {}}").message, "the table `orders` is configured twice");
    std::vector<Store> stores = shop();
    stores[0].leftAlone = "unsupported-use";
    EXPECT_NE(inferred(stores, "{\"customers\": {}}").error().message.find("unsupported-use"), std::string::npos);
}

TEST(SchemaOverrides, IntsAmongAmountsOfMoneyStayInts) {
    std::vector<Store> stores = shop();
    stores[1].data = covet::testing::python("[{'id': 1, 'total': 10}, {'id': 2, 'total': 2.505}]");
    const auto schema = inferred(stores, "{\"orders\": {\"columns\": {\"total\": {\"money\": true}}}}");
    ASSERT_TRUE(schema.ok()) << schema.error().message;
    EXPECT_EQ(toString(schema->table("orders")->column("total")->type), "numeric(15,3)");
    for (const auto& rows : tableRows(*schema, stores))
        if (rows.table == "orders") {
            EXPECT_EQ(toPython(covet::Value::list(rows.rows[0])), "[1, 10.0, {\"values\": {\"total\": 10}}]");
        }
    stores[1].data = covet::testing::python("[{'id': 1, 'total': 0.00001}]");
    EXPECT_FALSE(inferred(stores, "{\"orders\": {\"columns\": {\"total\": {\"money\": true}}}}").ok());
}
