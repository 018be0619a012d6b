#include "schema/inference.h"

#include <gtest/gtest.h>

#include "schema/document.h"
#include "schema_fixture.h"

using covet::Value;
using covet::facts::IdSource;
using covet::facts::Store;
using covet::schema::ColumnRole;
using covet::schema::inferSchema;
using covet::schema::Schema;
using covet::schema::Table;
using covet::schema::tableRows;
using covet::testing::dictStore;
using covet::testing::field;
using covet::testing::listStore;
using covet::testing::python;

namespace {

Table tableOf(const Store& store) {
    const Schema schema = inferSchema({store}, {});
    return schema.tables.empty() ? Table() : schema.tables[0];
}

std::string typeOf(const Table& table, const std::string& column) {
    const covet::schema::Column* found = table.column(column);
    if (!found) return "no column";
    return toString(found->type) + (found->nullable ? " null" : "") +
           (found->optional ? " optional" : "") + (found->unique ? " unique" : "");
}

/// Type of the one field of a list of records with these values.
std::string typeOfValues(const std::vector<std::string>& values) {
    std::string rows = "[";
    for (size_t i = 0; i < values.size(); ++i)
        rows += "{'id': " + std::to_string(i + 1) + ", 'x': " + values[i] + "},";
    return typeOf(tableOf(listStore("things", rows + "]")), "x");
}

std::string columns(const Table& table) {
    std::string text;
    for (const auto& column : table.columns)
        text += (text.empty() ? "" : " ") + column.name;
    return text;
}

} // namespace

TEST(SchemaInference, ListOfRecordsWithIds) {
    Store store =
        listStore("products_db", "[{'id': 1, 'name': 'Lamp', 'price': 24.5, 'stock': 12},"
                                 " {'id': 2, 'name': 'Hub', 'price': 19.9, 'stock': 3000000000}]");
    store.idField = "id";
    store.idSource = IdSource::MaxPlusOne;
    const Table table = tableOf(store);
    EXPECT_EQ(table.name, "products");
    EXPECT_EQ(table.model, "Product");
    EXPECT_EQ(columns(table), "id name price stock");
    EXPECT_EQ(table.primaryKey, std::vector<std::string>{"id"});
    EXPECT_EQ(table.orderBy, std::vector<std::string>{"id"});
    EXPECT_TRUE(table.columns[0].identity);
    EXPECT_EQ(table.identityStart, 3);
    EXPECT_EQ(typeOf(table, "id"), "integer");
    EXPECT_EQ(typeOf(table, "name"), "text");
    EXPECT_EQ(typeOf(table, "price"), "float");
    EXPECT_EQ(typeOf(table, "stock"), "bigint");
    for (const auto& column : table.columns)
        EXPECT_FALSE(column.evidence.empty()) << column.name;
}

TEST(SchemaInference, TypesComeFromAllRows) {
    EXPECT_EQ(typeOfValues({"1", "2147483647"}), "integer");
    EXPECT_EQ(typeOfValues({"1", "2147483648"}), "bigint");
    EXPECT_EQ(typeOfValues({"1", "9223372036854775808"}), "numeric");
    EXPECT_EQ(typeOfValues({"1.5", "2.0"}), "float");
    EXPECT_EQ(typeOfValues({"1", "2.5"}), "float");
    EXPECT_EQ(typeOfValues({"True", "False"}), "boolean");
    EXPECT_EQ(typeOfValues({"True", "1"}), "json");
    EXPECT_EQ(typeOfValues({"'a'", "None"}), "text null");
    EXPECT_EQ(typeOfValues({"'a'", "1"}), "json");
    EXPECT_EQ(typeOfValues({"[1]", "[]"}), "json");
    EXPECT_EQ(typeOfValues({"{'a': 1}", "None"}), "json null");
    EXPECT_EQ(typeOfValues({"b'x'"}), "bytes");
    EXPECT_EQ(typeOfValues({"datetime.date(2024, 1, 2)"}), "date");
    EXPECT_EQ(typeOfValues({"datetime.time(1, 2)"}), "time");
    EXPECT_EQ(typeOfValues({"datetime.datetime(2024, 1, 2)"}), "timestamp");
    EXPECT_EQ(typeOfValues({"datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc)"}),
              "timestamptz");
    EXPECT_EQ(typeOfValues({"decimal.Decimal('1.50')", "decimal.Decimal('12.25')"}),
              "numeric(18,2)");
    EXPECT_EQ(typeOfValues({"decimal.Decimal('1.5')", "decimal.Decimal('12.25')"}), "numeric");
    EXPECT_EQ(typeOfValues({"uuid.UUID('12345678-1234-5678-1234-567812345678')"}), "uuid");
    EXPECT_EQ(typeOfValues({"'12345678-1234-5678-1234-567812345678'"}), "text");
    EXPECT_EQ(typeOfValues({"'a\\0b'"}), "json");
    EXPECT_EQ(typeOfValues({"'2024-01-01T00:00:00'"}), "text");
    EXPECT_EQ(typeOfValues({"None"}), "json null");
}

TEST(SchemaInference, IntsAmongFloatsStayInts) {
    const Store store = listStore("things", "[{'id': 1, 'price': 10}, {'id': 2, 'price': 10.5}]");
    const Schema schema = inferSchema({store}, {});
    EXPECT_EQ(columns(schema.tables[0]), "id price extra");
    const auto rows = tableRows(schema, {store})[0].rows;
    EXPECT_EQ(toPython(rows[0][1]), "10.0");
    EXPECT_EQ(toPython(rows[0][2]), "{\"values\": {\"price\": 10}}");
    EXPECT_TRUE(rows[1][2].isNull());
}

TEST(SchemaInference, RowsAreTheApplicationsOwn) { // D24: no invented rows
    const Store store =
        listStore("things", "[{'id': 7, 'a': 'x', 'b': None}, {'id': 8, 'a': '', 'b': 2}]");
    const Schema schema = inferSchema({store}, {});
    const auto rows = tableRows(schema, {store});
    ASSERT_EQ(rows.size(), 1u);
    ASSERT_EQ(rows[0].rows.size(), 2u);
    EXPECT_EQ(toPython(Value::list(rows[0].rows[0])), "[7, \"x\", None]");
    EXPECT_EQ(toPython(Value::list(rows[0].rows[1])), "[8, \"\", 2]");
}

TEST(SchemaInference, EveryKindOfContainerBecomesATable) { // D26: more than three lists
    Store keyed = dictStore("users_db", "{'a': {'email': 'x'}, 'b': {'email': 'y'}}", "username");
    EXPECT_EQ(columns(tableOf(keyed)), "username email position");
    EXPECT_EQ(tableOf(keyed).primaryKey, std::vector<std::string>{"username"});
    EXPECT_EQ(tableOf(keyed).columns[0].role, ColumnRole::Key);

    Store holding = dictStore("items", "{3: {'id': 3, 'n': 'c'}, 4: {'id': 4, 'n': 'a'}}");
    holding.keyField = "id";
    EXPECT_EQ(columns(tableOf(holding)), "id n");
    EXPECT_EQ(tableOf(holding).orderBy, std::vector<std::string>{"id"});

    Store lying = dictStore("items", "{3: {'id': 3, 'n': 'c'}, 4: {'id': 5, 'n': 'a'}}", "item_id");
    lying.keyField = "id"; // one row says otherwise
    EXPECT_EQ(columns(tableOf(lying)), "item_id id n");

    Store scalars = dictStore("prices", "{'a': 1.5}", "name");
    EXPECT_EQ(columns(tableOf(scalars)), "name value position");
    Store lists = dictStore("carts", "{'zoe': ['x']}", "username");
    EXPECT_EQ(typeOf(tableOf(lists), "value"), "json");
    Store names = listStore("names", "['b', 'a']");
    EXPECT_EQ(columns(tableOf(names)), "row_id value");
    Store tags = listStore("tags", "{'b', 'a'}");
    tags.container = covet::facts::Container::Set;
    EXPECT_EQ(columns(tableOf(tags)), "value");

    Store counter = listStore("next_id", "5");
    counter.container = covet::facts::Container::Scalar;
    const Schema schema = inferSchema({counter}, {});
    ASSERT_NE(schema.tableOfStore("app:next_id"), nullptr);
    EXPECT_EQ(schema.tables[0].name, "covet_state");
    EXPECT_EQ(toPython(Value::list(tableRows(schema, {counter})[0].rows[0])), "[\"next_id\", 5]");
    EXPECT_TRUE(schema.tables[0].orderBy.empty()); // modules list their variables in any order
}

TEST(SchemaInference, StoresThatAreNoDataArePassedOver) {
    Store store = listStore("sockets", "[]");
    store.leftAlone = "runtime-object";
    EXPECT_TRUE(inferSchema({store}, {}).tables.empty());
}

TEST(SchemaInference, OrderIsKeptWhereTheKeyDoesNotFollowIt) {
    Store unsorted = listStore("things", "[{'id': 2}, {'id': 1}]");
    EXPECT_EQ(tableOf(unsorted).orderBy, std::vector<std::string>{"position"});
    Store inserted = listStore("things", "[{'id': 1}, {'id': 2}]");
    inserted.idFollowsInsertion = false;
    EXPECT_EQ(tableOf(inserted).orderBy, std::vector<std::string>{"position"});
    Store taken =
        listStore("jobs", "[{'id': 2, 'position': 'boss'}, {'id': 1, 'position': 'cook'}]");
    EXPECT_EQ(tableOf(taken).orderBy, std::vector<std::string>{"row_position"});
}

TEST(SchemaInference, AbsentIsNotNone) {
    const Store store = listStore("people", "[{'id': 1, 'n': 'a', 'nick': 'x'}, {'id': 2, 'n': "
                                            "'b'}, {'id': 3, 'n': 'c', 'nick': None}]");
    const Schema schema = inferSchema({store}, {});
    EXPECT_EQ(typeOf(schema.tables[0], "nick"), "text null optional");
    const auto rows = tableRows(schema, {store})[0].rows;
    EXPECT_TRUE(rows[0].back().isNull());
    EXPECT_TRUE(rows[1].back().isNull());
    EXPECT_EQ(toPython(rows[2].back()), "{\"keys\": [\"id\", \"n\", \"nick\"]}");
}

TEST(SchemaInference, NoKeyIsEverDropped) { // D44
    const Store store = listStore("odd", "[{'id': 1, '': 2, 'A': 3, 'a': 4, 'x\"y': 5, 7: 6}]");
    const Schema schema = inferSchema({store}, {});
    EXPECT_EQ(columns(schema.tables[0]), "id A extra");
    EXPECT_EQ(toPython(tableRows(schema, {store})[0].rows[0].back()),
              "{\"keys\": [\"id\", \"\", \"A\", \"a\", \"x\\\"y\", 7], \"values\": {\"$dict\": "
              "[[\"\", 2], [\"a\", 4], [\"x\\\"y\", 5], [7, 6]]}}");
}

TEST(SchemaInference, EmptyStoresTakeTheirShapeFromTheCode) {
    Store store = listStore("orders_db", "[]");
    store.fields = {field("id", "int"), field("status", "str"), field("note", "str", true),
                    field("body", "json"), field("any", "")};
    store.idField = "id";
    store.idSource = IdSource::LenPlusOne;
    const Table table = tableOf(store);
    EXPECT_EQ(columns(table), "id status note body any");
    EXPECT_EQ(typeOf(table, "id"), "integer");
    EXPECT_EQ(typeOf(table, "status"), "text");
    EXPECT_EQ(typeOf(table, "note"), "text null");
    EXPECT_EQ(typeOf(table, "body"), "json null");
    EXPECT_FALSE(table.column("body")->tagged);
    EXPECT_TRUE(table.column("any")->tagged);
    EXPECT_EQ(table.identityStart, 1);
}

TEST(SchemaInference, RowsAndCodeThatDisagreeMakeJson) {
    Store store = listStore("things", "[{'id': 1, 'code': 'x'}]");
    store.fields = {field("id", "int"), field("code", "int")};
    EXPECT_EQ(typeOf(tableOf(store), "code"), "json");
}

TEST(SchemaInference, OpenShapesHaveADocumentAndRequireNothing) {
    Store store = listStore("events", "[{'kind': 'a'}]");
    store.openShape = true;
    const Table table = tableOf(store);
    EXPECT_EQ(columns(table), "row_id kind extra");
    EXPECT_EQ(typeOf(table, "kind"), "text null optional");
}

TEST(SchemaInference, ClientIdsThatMayRepeatAreNoKey) {
    Store store = listStore("items", "[{'id': 1}]");
    store.fields = {field("id", "json")};
    store.idField = "id";
    store.idSource = IdSource::Client;
    EXPECT_EQ(tableOf(store).primaryKey, std::vector<std::string>{"row_id"});
    store.uniqueFields = {"id"};
    EXPECT_EQ(tableOf(store).primaryKey, std::vector<std::string>{"id"});
    EXPECT_FALSE(tableOf(store).columns[0].identity);
    Store repeated = listStore("items", "[{'id': 1}, {'id': 1}]");
    EXPECT_EQ(tableOf(repeated).primaryKey, std::vector<std::string>{"row_id"});
}

TEST(SchemaInference, SaysWhyAnIdIsNoKey) {
    const auto why = [](const std::string& rows) {
        Store store = listStore("things", rows);
        const Table table = tableOf(store);
        return table.columns[0].role == ColumnRole::Surrogate ? table.columns[0].evidence : "a key";
    };
    EXPECT_EQ(why("[{'id': 1, 'x': 'a'}, {'id': 7, 'x': 'b'}, {'id': 7, 'x': 'c'}]"),
              "primary key: `id` repeats, 7 is in more than one row");
    EXPECT_EQ(why("[{'id': 1}, {'x': 'b'}]"), "primary key: some records have no `id`");
    EXPECT_EQ(why("[{'id': 1}, {'id': 'one'}]"), "primary key: the values of `id` are of several kinds, or none that a key can have");
    EXPECT_EQ(why("[{'x': 1}, {'x': 2}]"), "primary key: nothing in the records identifies them");
    EXPECT_EQ(why("[{'id': 1}, {'id': 2}]"), "a key");
}

TEST(SchemaInference, ValuesThatFitNoTypeAlone) {
    EXPECT_EQ(typeOfValues({"True", "1"}), "json");
    EXPECT_EQ(typeOfValues({"2**70", "0.5"}), "float");
    EXPECT_EQ(typeOfValues({"None", "None"}), "json null");
    EXPECT_EQ(typeOfValues({"datetime.timedelta(1)", "datetime.timedelta(2)"}), "json");
}

TEST(SchemaInference, ReferencesNeedAllRows) {
    const Store users = listStore("users_db", "[{'id': 1}, {'id': 2}]");
    const Store good =
        listStore("orders_db", "[{'id': 1, 'user_id': 2}, {'id': 2, 'user_id': None}]");
    Schema schema = inferSchema({good, users}, {});
    ASSERT_EQ(schema.tables[0].name, "users"); // referenced tables come first
    ASSERT_EQ(schema.table("orders")->foreignKeys.size(), 1u);
    EXPECT_TRUE(schema.table("orders")->foreignKeys[0].enforced);

    const Store bad = listStore("orders_db", "[{'id': 1, 'user_id': 3}]");
    schema = inferSchema({users, bad}, {});
    EXPECT_TRUE(schema.table("orders")->foreignKeys.empty());
    EXPECT_EQ(schema.table("orders")->indexes.size(), 1u);

    Store empty = listStore("orders_db", "[]");
    empty.fields = {field("id", "int"), field("user_id", "json")};
    schema = inferSchema({users, empty}, {});
    EXPECT_TRUE(schema.table("orders")->foreignKeys.empty());
    EXPECT_EQ(schema.table("orders")->indexes.size(), 1u);
    EXPECT_EQ(typeOf(*schema.table("orders"), "user_id"), "integer null");

    Store written = good;
    written.fields = {field("id", "int"), field("user_id", "json")};
    schema = inferSchema({users, written}, {});
    ASSERT_EQ(schema.table("orders")->foreignKeys.size(), 1u);
    EXPECT_FALSE(schema.table("orders")->foreignKeys[0].enforced); // a request may name nobody
}

TEST(SchemaInference, NamesArePluralDistinctAndFree) {
    Store first = listStore("MOCK_ITEMS", "[{'id': 1}]");
    Store second = listStore("items", "[{'id': 1}]");
    second.id = "shop.stock:items";
    second.module = "shop.stock";
    Store third = listStore("UserRepository._items", "[{'id': 1}]");
    Store fourth = listStore("db[\"order\"]", "[{'id': 1}]");
    covet::schema::Options options;
    options.takenNames = {"Item"};
    const Schema schema = inferSchema({first, second, third, fourth}, options);
    std::vector<std::string> names;
    for (const Table& table : schema.tables)
        names.push_back(table.name + ":" + table.model);
    EXPECT_EQ(names, (std::vector<std::string>{"items:ItemRow", "stock_items:StockItem",
                                               "users:User", "orders:Order"}));
}

TEST(SchemaInference, DocumentsKeepWhatJsonDoesNotKnow) {
    const Value value = python("{'a': (1, {2}), 'b': {1: b'x'}, '$c': datetime.date(2024, 1, 2), "
                               "'d': {'$tuple': []}, 'e': decimal.Decimal('1.50')}");
    EXPECT_EQ(toJson(covet::schema::toDocument(value, "app")),
              "{\"a\": {\"$tuple\": [1, {\"$set\": [2]}]}, \"b\": {\"$dict\": [[1, {\"$bytes\": "
              "\"78\"}]]}, "
              "\"$c\": {\"$date\": \"2024-01-02\"}, \"d\": {\"$dict\": [[\"$tuple\", []]]}, "
              "\"e\": {\"$decimal\": \"1.50\"}}");
}

TEST(SchemaInference, KeysAtTheEndOfTheirType) {
    const Table last32 = tableOf(listStore("things", "[{'id': 2147483647, 'n': 1}]"));
    EXPECT_EQ(typeOf(last32, "id"), "bigint"); // the next id has to fit, too
    EXPECT_EQ(last32.identityStart, 2147483648);
    const Table last64 = tableOf(listStore("things", "[{'id': 9223372036854775807, 'n': 1}]"));
    EXPECT_FALSE(last64.column("id")->identity);
    EXPECT_EQ(last64.identityStart, 0);
}

TEST(SchemaInference, TheSignOfZeroIsInTheDocumentAlone) {
    const Store store = listStore("things", "[{'id': 1, 'x': -0.0}, {'id': 2, 'x': 1.5}]");
    const Schema schema = inferSchema({store}, {});
    const auto rows = tableRows(schema, {store});
    const Table& table = schema.tables[0];
    for (size_t i = 0; i < table.columns.size(); ++i) {
        const std::string stored = covet::toPython(rows[0].rows[0][i]);
        if (table.columns[i].name == "x") {
            EXPECT_EQ(stored, "0.0");
        } else if (table.columns[i].role == ColumnRole::Extra) {
            EXPECT_EQ(stored, "{\"values\": {\"x\": -0.0}}");
        }
    }
}

TEST(SchemaInference, KeysWithTheNameOfTheirTable) {
    EXPECT_EQ(tableOf(listStore("teachers", "[{'teacher_id': 3, 'name': 'a'}, {'teacher_id': 4, 'name': 'b'}]")).primaryKey[0], "teacher_id");
    EXPECT_EQ(tableOf(listStore("media_types", "[{'MediaTypeId': 3, 'name': 'a'}]")).primaryKey[0], "MediaTypeId");
    EXPECT_EQ(tableOf(listStore("visits", "[{'teacher_id': 3, 'room': 'a'}, {'teacher_id': 4, 'room': 'b'}]")).primaryKey[0], "row_id");
}

TEST(SchemaInference, NaturalKeysOfRecordsThatNothingChanges) {
    const std::string rows = "[{'code': 'AT', 'name': 'Austria'}, {'code': 'DE', 'name': 'Germany'}]";
    EXPECT_EQ(tableOf(listStore("countries", rows)).primaryKey[0], "code");
    Store changed = listStore("countries", rows);
    changed.changed = true;
    EXPECT_EQ(tableOf(changed).primaryKey[0], "row_id");
    EXPECT_EQ(tableOf(listStore("places", "[{'name': 'Here'}, {'name': 'There'}]")).primaryKey[0], "row_id");
    EXPECT_EQ(tableOf(listStore("places", "[{'code': 'a b'}, {'code': 'c'}]")).primaryKey[0], "row_id");
    EXPECT_EQ(tableOf(listStore("places", "[{'code': 'a'}, {'code': 'a'}]")).primaryKey[0], "row_id");
    EXPECT_EQ(tableOf(listStore("places", "[{'name': 'x', 'code': 'a'}, {'name': 'x', 'code': 'b'}]")).primaryKey[0], "row_id");
    Store lookedUp = listStore("places", "[{'tail': 'OE-1'}, {'tail': 'OE-2'}]");
    lookedUp.filteredFields = {"tail"};
    EXPECT_EQ(tableOf(lookedUp).primaryKey[0], "tail");
}

TEST(SchemaInference, ReferencesByTheirValues) {
    const Store airports = listStore("airports", "[{'iata': c * 3, 'city': c} for c in 'ABCDEFGH']");
    const std::string trips = "[{'id': i, 'origin': 'ABCDEFGH'[i] * 3, 'letter': 'ABCDEFGH'[i]} for i in range(1, 8)]";
    const auto keys = [&](const Store& child, std::vector<Store> others) {
        others.push_back(child);
        std::string text;
        const Schema schema = inferSchema(others, {});
        for (const Table& table : schema.tables)
            if (table.name == "trips")
                for (const auto& key : table.foreignKeys) text += key.columns[0] + ">" + key.table + " ";
        return text;
    };
    EXPECT_EQ(keys(listStore("trips", trips), {airports}), "origin>airports ");
    // Either may be meant.
    EXPECT_EQ(keys(listStore("trips", trips), {airports, listStore("towns", "[{'code': c * 3} for c in 'ABCDEFGH']")}), "");
    // Too few values, and records that requests change.
    EXPECT_EQ(keys(listStore("trips", "[{'id': i, 'origin': 'AAA'} for i in range(1, 8)]"), {airports}), "");
    Store changed = listStore("trips", trips);
    changed.changed = true;
    EXPECT_EQ(keys(changed, {airports}), "");
    EXPECT_EQ(keys(listStore("trips", "[{'id': i, 'origin': 'ABCDEFGHI'[i] * 3} for i in range(1, 9)]"), {airports}), "");
}

TEST(SchemaInference, PairsThatTellRowsApart) {
    const Store orders = listStore("orders", "[{'id': i} for i in range(1, 5)]");
    const auto uniques = [&](const Store& lines) {
        const Schema schema = inferSchema({orders, lines}, {});
        const Table* table = schema.table("lines");
        return table->uniques.empty() ? "" : table->uniques[0][0] + "," + table->uniques[0][1];
    };
    const std::string rows = "[{'order_id': i % 4 + 1, 'line': i // 4, 'count': 1} for i in range(12)]";
    EXPECT_EQ(uniques(listStore("lines", rows)), "order_id,line");
    Store changed = listStore("lines", rows);
    changed.changed = true;
    EXPECT_EQ(uniques(changed), "");
    EXPECT_EQ(uniques(listStore("lines", "[{'order_id': i % 4 + 1, 'line': 1, 'count': i} for i in range(12)]")), "");
}
