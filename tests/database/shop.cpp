#include "shop.h"

#include <cstdint>
#include <limits>

namespace covet::test {

using Kind = Value::Kind;
using schema::Dialect;
using schema::TypeKind;

schema::Column column(const std::string& name, schema::Type type, const std::string& pythonType,
                      bool nullable) {
    schema::Column made;
    made.name = made.attribute = made.field = name;
    made.type = type;
    made.pythonType = pythonType;
    made.nullable = nullable;
    return made;
}

Value text(std::string utf8) {
    return Value::string(std::move(utf8));
}
Value number(int64_t value) {
    return Value::integer(value);
}
Value real(double value) {
    return Value::floating(value);
}
Value of(Kind kind, std::string text) {
    return Value::scalar(kind, std::move(text));
}

Shop shop() {
    Shop made;
    schema::Table customers;
    customers.name = "customers";
    customers.columns = {column("id", {TypeKind::Integer}, "int"),
                         column("email", {TypeKind::Varchar, 120}, "str"),
                         column("balance", {TypeKind::Float}, "float"),
                         column("joined", {TypeKind::Timestamp}, "datetime", true)};
    customers.columns[0].identity = true;
    customers.primaryKey = {"id"};
    customers.orderBy = {"id"};
    customers.uniques = {{"email"}};
    customers.identityStart = 8; // ids up to 7 were used once

    schema::Table orders;
    orders.name = "orders";
    orders.columns = {column("code", {TypeKind::Varchar, 20}, "str"),
                      column("customer_id", {TypeKind::Integer}, "int"),
                      column("lines", {TypeKind::Json}, "list"),
                      column("note", {TypeKind::Text}, "str", true),
                      column("position", {TypeKind::Integer}, "int")};
    orders.columns[4].role = schema::ColumnRole::Position;
    orders.primaryKey = {"code"};
    orders.orderBy = {"position"};
    orders.foreignKeys = {{{"customer_id"}, "customers", {"id"}, true, ""}};
    orders.indexes = {{{"customer_id"}, false, ""}};
    made.schema.tables = {customers, orders};

    const Value lines = Value::list({Value::dict(
        {{text("sku"), text("b")}, {text("qty"), number(2)}, {text("a"), real(0.1)}})});
    made.rows = {{"customers",
                  {{number(1), text("ann@example.org"), real(10.25),
                    of(Kind::DateTime, "2024-02-29T23:59:59.999999")},
                   {number(2), text("bob@example.org"), real(-0.5), Value::null()},
                   {number(5), text("cy@example.org"), real(1e300),
                    of(Kind::DateTime, "2024-01-01T00:00:00")}},
                  nullptr},
                 {"orders",
                  {{text("z-1"), number(5), lines, text(""), number(1)},
                   {text("a-2"), number(1), Value::list({}), Value::null(), number(2)},
                   {text("m-3"), number(1), lines, text("Grüße, 世界 🙂 'quoted' \\ back "),
                    number(3)}},
                  nullptr}};
    facts::Route route;
    route.method = "GET";
    route.path = "/orders/{code}";
    route.handler = "get_order";
    route.where = {"shop/app.py", 12};
    made.routes = {route};
    route.method = "POST";
    route.path = "/orders";
    route.handler = "create_order";
    made.routes.push_back(route);
    return made;
}

Shop everything(Dialect dialect) {
    Shop made;
    schema::Table table;
    table.name = "everything";
    table.columns = {column("id", {TypeKind::Integer}, "int"),
                     column("big", {TypeKind::BigInt}, "int", true),
                     column("huge", {TypeKind::Numeric}, "int", true),
                     column("ratio", {TypeKind::Float}, "float", true),
                     column("price", {TypeKind::Numeric, 0, 18, 2}, "Decimal", true),
                     column("exact", {TypeKind::Numeric}, "Decimal", true),
                     column("flag", {TypeKind::Boolean}, "bool", true),
                     column("words", {TypeKind::Text}, "str", true),
                     column("short", {TypeKind::Varchar, 10}, "str", true),
                     column("day", {TypeKind::Date}, "date", true),
                     column("clock", {TypeKind::Time}, "time", true),
                     column("moment", {TypeKind::Timestamp}, "datetime", true),
                     column("instant", {TypeKind::TimestampTz}, "datetime", true),
                     column("offset_text", {TypeKind::Varchar, 40}, "datetime", true),
                     column("uid", {TypeKind::Uuid}, "UUID", true),
                     column("uid_text", {TypeKind::Uuid}, "str", true),
                     column("document", {TypeKind::Json}, "object", true),
                     column("raw", {TypeKind::Bytes}, "bytes", true),
                     column("amount", {TypeKind::Numeric, 0, 15, 2}, "float", true)};
    table.primaryKey = {"id"};
    table.orderBy = {"id"};
    made.schema.tables = {table};

    const std::string uuid = "00112233-4455-6677-8899-aabbccddeeff";
    const Value document = Value::dict(
        {{text("zeta"), number(1)},
         {text("alpha"),
          Value::list({real(1.0), Value::null(), Value::boolean(false), text("é\n")})},
         {text("huge"), Value::integerText("123456789012345678901234567890")},
         {text("nul"), text(std::string("a\0b", 3))},
         {text("nested"), Value::dict({{text("b"), real(-0.0)}, {text("a"), Value::dict({})}})}});
    std::string everyByte;
    for (int byte = 0; byte < 256; ++byte)
        everyByte += static_cast<char>(byte);
    std::vector<std::vector<Value>> rows;
    const auto row = [&](std::vector<Value> values) {
        values.insert(values.begin(), number(static_cast<int64_t>(rows.size()) - 3));
        values.resize(table.columns.size());
        rows.push_back(std::move(values));
    };
    row({number(INT64_MAX), Value::integerText("340282366920938463463374607431768211456"),
         real(0.1), of(Kind::Decimal, "9.90"), of(Kind::Decimal, "-0.00000000000000000001"),
         Value::boolean(true), text("plain"), text("ten chars!"), of(Kind::Date, "2024-02-29"),
         of(Kind::Time, "23:59:59.999999"), of(Kind::DateTime, "1999-12-31T23:59:59.000001"),
         of(Kind::DateTime, "2024-03-31T01:30:00+00:00"),
         of(Kind::DateTime, "2024-03-31T01:30:00+05:30"), of(Kind::Uuid, uuid), text(uuid),
         document, of(Kind::Bytes, everyByte), real(19.99)});
    row({number(INT64_MIN), Value::integerText("-99999999999999999999"), real(5e-324),
         of(Kind::Decimal, "-9999999999999999.99"), of(Kind::Decimal, "12345678901234567890.5"),
         Value::boolean(false), text(""), text(""), of(Kind::Date, "1000-01-01"),
         of(Kind::Time, "00:00:00"), of(Kind::DateTime, "1000-01-01T00:00:00"),
         of(Kind::DateTime, "9999-12-31T23:59:59.999999+00:00"),
         of(Kind::DateTime, "2024-03-31T01:30:00"), of(Kind::Uuid, uuid), text(uuid),
         Value::list({}), of(Kind::Bytes, ""), real(-9999999999999.25)});
    row({}); // nothing but NULLs
    row({number(0), number(0), real(1.7976931348623157e308), of(Kind::Decimal, "0.00"),
         of(Kind::Decimal, "1.50"), Value::boolean(true), text(" trailing spaces  "),
         text("\xF0\x9F\x99\x82\t\n\r\\N\\."), of(Kind::Date, "9999-12-31"),
         of(Kind::Time, "12:00:00.000001"), of(Kind::DateTime, "9999-12-31T23:59:59.999999"),
         of(Kind::DateTime, "2000-01-01T00:00:00+00:00"),
         of(Kind::DateTime, "2024-03-31T01:30:00.500000-11:00:07"), of(Kind::Uuid, uuid), text(uuid),
         text("just a text"), of(Kind::Bytes, "\\x00"), real(0.5)});
    row({number(9007199254740993), number(7), real(123456789.123), of(Kind::Decimal, "1.00"),
         of(Kind::Decimal, "7"), Value::boolean(true), text("A\xCC\x8A \xC3\x85"), text("NULL")});
    if (dialect != Dialect::Postgres) {
        row({});
        rows.back()[7] = text(std::string("nul\0inside", 10));
    }
    if (dialect != Dialect::Mysql) {
        row({});
        rows.back()[3] = real(std::numeric_limits<double>::infinity());
        row({});
        rows.back()[3] = real(-std::numeric_limits<double>::infinity());
        row({});
        rows.back()[11] = of(Kind::DateTime, "0001-01-01T00:00:00");
        rows.back()[9] = of(Kind::Date, "0001-01-01");
    }
    if (dialect == Dialect::Postgres) {
        row({});
        rows.back()[3] = real(-0.0);
        row({});
        rows.back()[3] = real(std::numeric_limits<double>::quiet_NaN());
    }
    made.rows = {{"everything", std::move(rows), nullptr}};
    return made;
}

} // namespace covet::test
