#include <cmath>
#include <limits>

#include "backend.h"

namespace covet::test {
namespace {

using Kind = Value::Kind;
using schema::Dialect;
using schema::TypeKind;

class Refusal : public BackendTest {
protected:
    /// Loads one table (id, value) with the value, and gives the error's code.
    std::string outcome(schema::Type type, const std::string& pythonType, Value value,
                        bool nullable = true) {
        Shop made;
        schema::Table table;
        table.name = "things";
        table.columns = {column("id", {TypeKind::Integer}, "int"),
                         column("value", type, pythonType, nullable)};
        table.primaryKey = {"id"};
        table.orderBy = {"id"};
        made.schema.tables = {table};
        made.rows = {{"things", {{number(1), Value::null()}, {number(7), std::move(value)}}, nullptr}};
        if (!nullable) made.rows[0].rows.erase(made.rows[0].rows.begin());
        const auto result = load::migrate(request(made, "run-" + std::to_string(++runs_)));
        if (result) {
            EXPECT_TRUE(load::undo(url_, "run-" + std::to_string(runs_)).ok());
            return "ok";
        }
        message_ = result.error().message;
        EXPECT_TRUE(tables().empty()) << "something was written: " << message_;
        return result.error().code;
    }

    std::string message_;
    int runs_ = 0;
};

constexpr const char* kRejected = "data-rejected";

TEST_P(Refusal, NamesTableKeyAndColumn) {
    EXPECT_EQ(outcome({TypeKind::Integer}, "int", text("seven")), kRejected);
    EXPECT_NE(message_.find("things.value of id=7"), std::string::npos) << message_;
}

TEST_P(Refusal, ValuesOfAnotherKind) {
    EXPECT_EQ(outcome({TypeKind::Integer}, "int", Value::boolean(true)), kRejected);
    EXPECT_EQ(outcome({TypeKind::BigInt}, "int", real(1.0)), kRejected);
    EXPECT_EQ(outcome({TypeKind::Float}, "float", number(1)), kRejected);
    EXPECT_EQ(outcome({TypeKind::Boolean}, "bool", number(1)), kRejected);
    EXPECT_EQ(outcome({TypeKind::Text}, "str", number(1)), kRejected);
    EXPECT_EQ(outcome({TypeKind::Text}, "str", of(Kind::Bytes, "x")), kRejected);
    EXPECT_EQ(outcome({TypeKind::Bytes}, "bytes", text("x")), kRejected);
    EXPECT_EQ(outcome({TypeKind::Numeric, 0, 10, 2}, "Decimal", real(0.5)), kRejected);
    EXPECT_EQ(outcome({TypeKind::Date}, "date", text("2024-01-01")), kRejected);
    EXPECT_EQ(outcome({TypeKind::Timestamp}, "datetime", of(Kind::Date, "2024-01-01")), kRejected);
    EXPECT_EQ(outcome({TypeKind::Uuid}, "str", text("not-a-uuid")), kRejected);
    EXPECT_EQ(outcome({TypeKind::Uuid}, "str", text("00112233-4455-6677-8899-AABBCCDDEEFF")),
              kRejected);
}

TEST_P(Refusal, ValuesThatDoNotFit) {
    EXPECT_EQ(outcome({TypeKind::BigInt}, "int", Value::integerText("9223372036854775808")),
              kRejected);
    EXPECT_EQ(outcome({TypeKind::Integer}, "int", number(2147483648)),
              GetParam() == Dialect::Sqlite ? "ok" : kRejected);
    EXPECT_EQ(outcome({TypeKind::Varchar, 3}, "str", text("four")), kRejected);
    EXPECT_EQ(outcome({TypeKind::Varchar, 3}, "str", text("äöü")), "ok");
    EXPECT_EQ(outcome({TypeKind::Numeric, 0, 5, 2}, "Decimal", of(Kind::Decimal, "1.005")),
              kRejected);
    EXPECT_EQ(outcome({TypeKind::Numeric, 0, 5, 2}, "Decimal", of(Kind::Decimal, "1000.00")),
              kRejected);
    EXPECT_EQ(outcome({TypeKind::Numeric}, "Decimal", of(Kind::Decimal, "NaN")), kRejected);
}

TEST_P(Refusal, TextsThatDatabasesCannotHold) {
    EXPECT_EQ(outcome({TypeKind::Text}, "str", text("lone \xED\xA0\x80 surrogate")), kRejected);
    EXPECT_EQ(outcome({TypeKind::Text}, "str", text("bad \xFF byte")), kRejected);
    EXPECT_EQ(outcome({TypeKind::Text}, "str", text(std::string("a\0b", 3))),
              GetParam() == Dialect::Postgres ? kRejected : "ok");
}

TEST_P(Refusal, TextsThatDocumentsCannotHold) {
    const std::string halves = "\xED\xA0\xBD\xED\xB8\x80"; // "\ud83d\ude00", which JSON reads as one character
    const schema::Type document{TypeKind::Json};
    EXPECT_EQ(outcome(document, "object", Value::list({text(halves)})), kRejected);
    EXPECT_EQ(outcome(document, "object", Value::dict({{text(halves), number(1)}})), kRejected);
    EXPECT_EQ(outcome(document, "object", text("\xED\xA0\xBD \xED\xB8\x80")), "ok");
}

TEST_P(Refusal, NumbersThatDatabasesDoNotHave) {
    const double infinity = std::numeric_limits<double>::infinity();
    EXPECT_EQ(outcome({TypeKind::Float}, "float", real(infinity)),
              GetParam() == Dialect::Mysql ? kRejected : "ok");
    EXPECT_EQ(outcome({TypeKind::Float}, "float", real(std::nan(""))),
              GetParam() == Dialect::Postgres ? "ok" : kRejected);
    EXPECT_EQ(outcome({TypeKind::Float}, "float", real(-0.0)),
              GetParam() == Dialect::Postgres ? "ok" : kRejected);
}

TEST_P(Refusal, MomentsWhoseZoneWouldBeLost) {
    EXPECT_EQ(
        outcome({TypeKind::Timestamp}, "datetime", of(Kind::DateTime, "2024-01-01T00:00:00+00:00")),
        kRejected);
    EXPECT_EQ(
        outcome({TypeKind::TimestampTz}, "datetime", of(Kind::DateTime, "2024-01-01T00:00:00")),
        kRejected);
    EXPECT_EQ(outcome({TypeKind::TimestampTz}, "datetime",
                      of(Kind::DateTime, "2024-01-01T00:00:00+02:00")),
              kRejected);
}

TEST_P(Refusal, NoneAndTheUnknown) {
    EXPECT_EQ(outcome({TypeKind::Integer}, "int", Value::null(), false), kRejected);
    EXPECT_EQ(outcome({TypeKind::Integer}, "int", Value::opaque("time.time()"), false), kRejected);
    EXPECT_EQ(outcome({TypeKind::Json}, "object",
                      Value::dict({{text("at"), Value::opaque("time.time()")}})),
              kRejected);
    EXPECT_EQ(outcome({TypeKind::Integer}, "int", Value::opaque("time.time()")), "ok");
}

TEST_P(Refusal, KeysThatOccurTwice) {
    Shop made = shop();
    made.rows[0].rows[1][0] = number(1);
    auto result = load::migrate(request(made));
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, kRejected);
    EXPECT_NE(result.error().message.find("rows 1 and 2"), std::string::npos)
        << result.error().message;
    made = shop();
    made.rows[0].rows[1][1] = made.rows[0].rows[0][1];
    result = load::migrate(request(made));
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, kRejected);
    made = shop();
    made.rows[0].rows[1][1] = text("Ann@example.org"); // another text, as in Python
    EXPECT_TRUE(load::migrate(request(made)).ok());
}

TEST_P(Refusal, RowsThatReferToNothing) {
    Shop made = shop();
    made.rows[1].rows[0][1] = number(99);
    const auto result = load::migrate(request(made));
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, kRejected) << result.error().message;
    EXPECT_TRUE(tables().empty());
}

TEST_P(Refusal, UnknownValuesAreNamedWhenStoredAsNull) {
    Shop made = shop();
    made.rows[0].rows[0][3] = Value::opaque("datetime.now()");
    const auto result = load::migrate(request(made));
    ASSERT_TRUE(result.ok()) << result.error().message;
    ASSERT_EQ(result->load.notes.size(), 1u);
    EXPECT_NE(result->load.notes[0].find("customers.joined"), std::string::npos);
}

COVET_ALL_BACKENDS(Refusal);

} // namespace
} // namespace covet::test
