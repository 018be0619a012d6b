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
std::string digestOf(const Rows& rows, bool isStored = false, schema::Dialect dialect = schema::Dialect::Postgres) {
    const schema::Table made = table();
    RowDigest digest(made);
    for (const schema::RowValues& one : rows) {
        if (!isStored)
            digest.add(one);
        else if (!digest.add(one, dialect))
            break;
    }
    digest.finish();
    return digest.isComplete() ? digest.hex() : "";
}

const Rows kRows = {row(1, "a", "b"), row(2, "", "c"), row(3, "", "")};

TEST(RowDigest, IsTheSameForTheSameRows) {
    EXPECT_NE(digestOf(kRows), "");
    EXPECT_EQ(digestOf(kRows), digestOf(kRows, true));
}

TEST(RowDigest, IsAnotherForEveryChange) {
    const std::string digest = digestOf(kRows);
    const auto changed = [&](size_t at, size_t column, Value value) {
        Rows rows = kRows;
        rows[at][column] = std::move(value);
        return digestOf(rows, true);
    };
    EXPECT_NE(changed(0, 0, Value::integer(2)), digest);
    EXPECT_NE(changed(0, 1, Value::string("A")), digest);
    EXPECT_NE(changed(0, 1, Value::string("a ")), digest);
    EXPECT_NE(changed(1, 1, Value::null()), digest);
    EXPECT_NE(changed(0, 3, Value::floating(0.50000000000000011)), digest);
    EXPECT_NE(changed(0, 4, Value::boolean(false)), digest);
    EXPECT_NE(changed(0, 4, Value::null()), digest);
    EXPECT_NE(changed(0, 5, Value::scalar(Value::Kind::Bytes, "ac")), digest);
    EXPECT_NE(digestOf({row(1, "a", "b", 0.0)}), digestOf({row(1, "a", "b", -0.0)}, true));
    EXPECT_NE(digestOf({row(1, "ab", "c")}), digestOf({row(1, "a", "bc")}, true));
    EXPECT_NE(digestOf({kRows[1], kRows[0], kRows[2]}, true), digest);
    EXPECT_NE(digestOf({kRows[0], kRows[1]}, true), digest);
    EXPECT_NE(digestOf({kRows[0], kRows[1], kRows[2], kRows[2]}, true), digest);
}

TEST(RowDigest, TakesNumbersForTruthWhereTheDatabaseHasNothingElse) {
    Rows stored = kRows;
    for (schema::RowValues& one : stored)
        one[4] = Value::integer(1);
    EXPECT_EQ(digestOf(stored, true, schema::Dialect::Sqlite), digestOf(kRows));
    EXPECT_EQ(digestOf(stored, true, schema::Dialect::Postgres), "");
    stored[0][4] = Value::integer(0);
    EXPECT_NE(digestOf(stored, true, schema::Dialect::Sqlite), digestOf(kRows));
    stored[0][4] = Value::integer(2);
    EXPECT_EQ(digestOf(stored, true, schema::Dialect::Sqlite), "");
}

TEST(RowDigest, LeavesOtherFormsToTheComparisonOfRows) {
    Rows rows = kRows;
    rows[1][1] = Value::integer(5); // a number in a column of texts
    EXPECT_EQ(digestOf(rows), "");
    EXPECT_EQ(digestOf(rows, true), "");
    rows[1][1] = Value::opaque("f()");
    EXPECT_EQ(digestOf(rows), "");
    rows[1].pop_back();
    EXPECT_EQ(digestOf(rows, true), "");
}

} // namespace
} // namespace covet::verify
