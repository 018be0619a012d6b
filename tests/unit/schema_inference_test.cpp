#include "schema/inference.h"

#include <gtest/gtest.h>

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
    Store store = listStore("products_db",
                            "[{'id': 1, 'name': 'Lamp', 'price': 24.5, 'stock': 12},"
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
