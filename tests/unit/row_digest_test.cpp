#include "verify/row_digest.h"

#include <gtest/gtest.h>

namespace covet::verify {
namespace {

using Rows = std::vector<schema::RowValues>;

schema::Table table() {
    schema::Table made;
    const std::pair<const char*, schema::TypeKind> columns[] = {{"id", schema::TypeKind::BigInt},
                                                                {"name", schema::TypeKind::Text},
                                                                {"note", schema::TypeKind::Text},
                                                                {"ratio", schema::TypeKind::Float},
                                                                {"flag", schema::TypeKind::Boolean},
                                                                {"data", schema::TypeKind::Bytes}};
    for (const auto& [name, kind] : columns) {
        schema::Column column;
        column.name = name;
        column.type.kind = kind;
        made.columns.push_back(column);
    }
    return made;
}

schema::RowValues row(int64_t id, const char* name, const char* note, double ratio = 0.5) {
    return {Value::integer(id), Value::string(name),    Value::string(note),
            Value::floating(ratio), Value::boolean(true), Value::scalar(Value::Kind::Bytes, "ab")};
}

/// "" when the digest does not speak for the rows.
std::string digestOf(const Rows& rows, schema::Dialect dialect = schema::Dialect::Postgres, const schema::Table& made = table()) {
    RowDigest digest(made, dialect);
    for (const schema::RowValues& one : rows)
        digest.add(one);
    digest.finish();
    return digest.isComplete() ? digest.hex() : "";
}

std::string sumOf(const Rows& stored) {
    RowSum sum;
    std::vector<database::Cell> cells;
    for (const schema::RowValues& one : stored) {
        database::cellsOf(one, cells);
        sum.add(cells);
    }
    return sum.hex();
}

const Rows kRows = {row(1, "a", "b"), row(2, "", "c"), row(3, "", "")};

TEST(RowDigest, IsTheSameForTheSameRows) {
    EXPECT_NE(digestOf(kRows), "");
    EXPECT_EQ(digestOf(kRows), sumOf(kRows));
}

TEST(RowDigest, IsAnotherForEveryChange) {
    const std::string digest = digestOf(kRows);
    const auto changed = [&](size_t at, size_t column, Value value) {
        Rows rows = kRows;
        rows[at][column] = std::move(value);
        return sumOf(rows);
    };
    EXPECT_NE(changed(0, 0, Value::integer(2)), digest);
    EXPECT_NE(changed(0, 1, Value::string("A")), digest);
    EXPECT_NE(changed(0, 1, Value::string("a ")), digest);
    EXPECT_NE(changed(1, 1, Value::null()), digest);
    EXPECT_NE(changed(0, 3, Value::floating(0.50000000000000011)), digest);
    EXPECT_NE(changed(0, 4, Value::boolean(false)), digest);
    EXPECT_NE(changed(0, 4, Value::null()), digest);
    EXPECT_NE(changed(0, 5, Value::scalar(Value::Kind::Bytes, "ac")), digest);
    EXPECT_NE(digestOf({row(1, "a", "b", 0.0)}), sumOf({row(1, "a", "b", -0.0)}));
    EXPECT_NE(digestOf({row(1, "ab", "c")}), sumOf({row(1, "a", "bc")}));
    EXPECT_NE(sumOf({row(2, "a", "b"), row(1, "", "c"), kRows[2]}), digest); // two keys have changed places
    EXPECT_NE(sumOf({kRows[0], kRows[1]}), digest);
    EXPECT_NE(sumOf({kRows[0], kRows[1], kRows[2], kRows[2]}), digest);
    EXPECT_NE(sumOf({kRows[0], kRows[1], kRows[2], kRows[2], kRows[2]}), digest);
}

TEST(RowDigest, SpeaksForAnOrderOnlyWhereTheRowsTellIt) {
    schema::Table sorted = table();
    sorted.orderBy = {"id"};
    const auto isKnown = [&](const Rows& rows) { return !digestOf(rows, schema::Dialect::Postgres, sorted).empty(); };
    EXPECT_TRUE(isKnown(kRows));
    EXPECT_FALSE(isKnown({kRows[1], kRows[0]}));
    EXPECT_FALSE(isKnown({kRows[1], kRows[1]}));
    Rows without = kRows;
    without[1][0] = Value::null();
    EXPECT_FALSE(isKnown(without));
    sorted.orderBy = {"ratio"};
    EXPECT_FALSE(isKnown(kRows));
    sorted.orderBy = {"id", "ratio"};
    EXPECT_FALSE(isKnown(kRows));
    sorted.columns[3].type.kind = schema::TypeKind::BigInt;
    const auto pairs = [&](int64_t first, int64_t second) {
        Rows rows = {kRows[1], kRows[1]};
        rows[0][3] = Value::integer(5);
        rows[1][0] = Value::integer(first);
        rows[1][3] = Value::integer(second);
        return isKnown(rows);
    };
    EXPECT_TRUE(pairs(2, 6));
    EXPECT_TRUE(pairs(3, 1));
    EXPECT_FALSE(pairs(2, 5));
    EXPECT_FALSE(pairs(1, 9));
}

TEST(RowDigest, TakesNumbersForTruthWhereTheDatabaseHasNothingElse) {
    Rows stored = kRows;
    for (schema::RowValues& one : stored)
        one[4] = Value::integer(1);
    EXPECT_EQ(sumOf(stored), digestOf(kRows, schema::Dialect::Sqlite));
    EXPECT_NE(sumOf(stored), digestOf(kRows));
    stored[0][4] = Value::integer(0);
    EXPECT_NE(sumOf(stored), digestOf(kRows, schema::Dialect::Sqlite));
}

TEST(RowDigest, LeavesOtherFormsToTheComparisonOfRows) {
    Rows rows = kRows;
    rows[1][1] = Value::integer(5); // a number in a column of texts
    EXPECT_EQ(digestOf(rows), "");
    rows[1][1] = Value::opaque("f()");
    EXPECT_EQ(digestOf(rows), "");
    rows[1].pop_back();
    EXPECT_EQ(digestOf(rows), "");
}

} // namespace
} // namespace covet::verify
