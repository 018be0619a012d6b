#include "backend.h"

namespace covet::test {
namespace {

using schema::Dialect;

/// Each test loads the rows, changes one thing behind the verifier's back and wants it found.
class Verifier : public BackendTest {
protected:
    void SetUp() override {
        BackendTest::SetUp();
        if (HasFatalFailure()) return;
        shop_ = shop();
        everything_ = everything(GetParam());
        shop_.schema.tables.push_back(everything_.schema.tables[0]);
        shop_.rows.push_back(everything_.rows[0]);
        const auto outcome = load::migrate(request(shop_));
        ASSERT_TRUE(outcome.ok()) << outcome.error().message;
        ASSERT_TRUE(compare(shop_).ok());
    }

    /// The one place of a change: "kind table.column key".
    std::string found(const std::string& sql) {
        run(sql);
        const verify::Report report = compare(shop_);
        std::string text;
        for (const verify::Difference& difference : report.differences)
            text += (text.empty() ? "" : "; ") + difference.kind + " " + difference.table +
                    (difference.column.empty() ? "" : "." + difference.column) +
                    (difference.key.empty() ? "" : " " + difference.key);
        return text;
    }

    std::string ifMysql(const std::string& mysql, const std::string& others) const {
        return GetParam() == Dialect::Mysql ? mysql : others;
    }
    bool isPostgres() const { return GetParam() == Dialect::Postgres; }
    bool isSqlite() const { return GetParam() == Dialect::Sqlite; }

    Shop shop_, everything_;
};

TEST_P(Verifier, OneMoreInAnInteger) {
    EXPECT_EQ(found("UPDATE everything SET big = big - 1 WHERE id = -3"),
              "value everything.big id=-3");
}

TEST_P(Verifier, OneBitOfAFloat) {
    EXPECT_EQ(found("UPDATE everything SET ratio = 0.10000000000000002 WHERE id = -3"),
              "value everything.ratio id=-3");
}

TEST_P(Verifier, OneUnitOfADecimal) {
    EXPECT_EQ(found("UPDATE everything SET price = '9.91' WHERE id = -3"),
              "value everything.price id=-3");
}

TEST_P(Verifier, TheLastDigitOfABigInteger) {
    EXPECT_EQ(found("UPDATE everything SET huge = '340282366920938463463374607431768211457' "
                    "WHERE id = -3"),
              "value everything.huge id=-3");
}

TEST_P(Verifier, TheLastDigitOfALongDecimal) {
    EXPECT_EQ(found("UPDATE everything SET exact = '12345678901234567890.6' WHERE id = -2"),
              "value everything.exact id=-2");
}

TEST_P(Verifier, AFlippedBoolean) {
    EXPECT_EQ(found("UPDATE everything SET flag = " + std::string(isPostgres() ? "false" : "0") +
                    " WHERE id = -3"),
              "value everything.flag id=-3");
}

TEST_P(Verifier, NullForEmptyText) {
    EXPECT_EQ(found("UPDATE everything SET words = NULL WHERE id = -2"),
              "value everything.words id=-2");
}

TEST_P(Verifier, EmptyTextForNull) {
    EXPECT_EQ(found("UPDATE everything SET words = '' WHERE id = -1"),
              "value everything.words id=-1");
}

TEST_P(Verifier, ASpaceAtTheEnd) {
    EXPECT_EQ(found("UPDATE everything SET words = 'plain ' WHERE id = -3"),
              "value everything.words id=-3");
}

TEST_P(Verifier, ALostSpaceAtTheEnd) {
    EXPECT_EQ(found("UPDATE everything SET words = ' trailing spaces ' WHERE id = 0"),
              "value everything.words id=0");
}

TEST_P(Verifier, NegativeZero) {
    if (!isPostgres()) return; // the others cannot hold it, and loading refuses it
    EXPECT_EQ(found("UPDATE everything SET ratio = '-0' WHERE id = -3"), "value everything.ratio id=-3");
    EXPECT_EQ(found("UPDATE everything SET ratio = 0.1 WHERE id = -3"), "");
    EXPECT_EQ(found("UPDATE everything SET ratio = 0.0 WHERE ratio = 0"), "value everything.ratio id=5");
}

TEST_P(Verifier, ADeletedFirstRowAndAChangeAfterIt) {
    run("DELETE FROM everything WHERE id = -3");
    EXPECT_EQ(found("UPDATE everything SET words = 'x' WHERE id = 1"),
              "value everything.words id=1; missing-row everything id=-3; count everything");
}

TEST_P(Verifier, AnotherCase) {
    EXPECT_EQ(found("UPDATE everything SET words = 'Plain' WHERE id = -3"),
              "value everything.words id=-3");
}

TEST_P(Verifier, AnotherUnicodeForm) {
    EXPECT_EQ(found("UPDATE everything SET words = '\xC3\x85 \xC3\x85' WHERE id = 1"),
              "value everything.words id=1");
}

TEST_P(Verifier, AnotherDay) {
    EXPECT_EQ(found("UPDATE everything SET day = '2024-02-28' WHERE id = -3"),
              "value everything.day id=-3");
}

TEST_P(Verifier, OneMicrosecondOfATime) {
    EXPECT_EQ(found("UPDATE everything SET clock = '23:59:59.999998' WHERE id = -3"),
              "value everything.clock id=-3");
}

TEST_P(Verifier, OneMicrosecondOfAMoment) {
    EXPECT_EQ(found("UPDATE everything SET moment = '1999-12-31 23:59:59.000002' WHERE id = -3"),
              "value everything.moment id=-3");
}

TEST_P(Verifier, AShiftedZone) {
    EXPECT_EQ(found("UPDATE everything SET instant = '2024-03-31 02:30:00.000000" +
                    std::string(isPostgres() ? "+00" : "") + "' WHERE id = -3"),
              "value everything.instant id=-3");
}

TEST_P(Verifier, AnotherOffsetOfTheSameInstant) {
    EXPECT_EQ(
        found("UPDATE everything SET offset_text = '2024-03-30T20:00:00+00:00' WHERE id = -3"),
        "value everything.offset_text id=-3");
}

TEST_P(Verifier, OneDigitOfAUuid) {
    EXPECT_EQ(found("UPDATE everything SET uid = '00112233445566778899aabbccddeefe' WHERE id = -3"),
              "value everything.uid id=-3");
}

TEST_P(Verifier, AnotherOrderOfKeysInADocument) {
    Result<Value> stored = session()->single("SELECT document FROM everything WHERE id = -3");
    std::string changed = stored->text();
    const size_t at = changed.find("\"b\": -0.0, \"a\": {}");
    ASSERT_NE(at, std::string::npos) << changed;
    changed.replace(at, 18, "\"a\": {}, \"b\": -0.0");
    const auto connection = session();
    ASSERT_TRUE(connection
                    ->execute("UPDATE everything SET document = " + connection->placeholder(1) +
                                  " WHERE id = -3",
                              {text(changed)})
                    .ok());
    EXPECT_EQ(found("UPDATE everything SET flag = flag"), "value everything.document id=-3");
}

TEST_P(Verifier, AnIntegerThatWasAFloatInADocument) {
    Result<Value> stored = session()->single("SELECT document FROM everything WHERE id = -3");
    std::string changed = stored->text();
    const size_t at = changed.find("1.0");
    ASSERT_NE(at, std::string::npos) << changed;
    changed.replace(at, 3, "1");
    const auto connection = session();
    ASSERT_TRUE(connection
                    ->execute("UPDATE everything SET document = " + connection->placeholder(1) +
                                  " WHERE id = -3",
                              {text(changed)})
                    .ok());
    EXPECT_EQ(found("UPDATE everything SET flag = flag"), "value everything.document id=-3");
}

TEST_P(Verifier, OneByte) {
    EXPECT_EQ(found(std::string("UPDATE everything SET raw = ") +
                    (isPostgres() ? "'\\x01'" : "X'01'") + " WHERE id = -2"),
              "value everything.raw id=-2");
}

TEST_P(Verifier, ARowTooFew) {
    EXPECT_EQ(found("DELETE FROM orders WHERE code = 'a-2'"),
              "missing-row orders code=\"a-2\"; count orders");
}

TEST_P(Verifier, ARowTooMany) {
    EXPECT_EQ(found("INSERT INTO orders VALUES ('new', 1, '[]', NULL, 4)"),
              "extra-row orders code=\"new\"; count orders");
}

TEST_P(Verifier, ARowUnderAnotherKey) {
    EXPECT_EQ(found("UPDATE orders SET code = 'A-2' WHERE code = 'a-2'"),
              "missing-row orders code=\"a-2\"; extra-row orders code=\"A-2\"");
}

TEST_P(Verifier, TwoSwappedValues) {
    EXPECT_EQ(found("UPDATE customers SET balance = CASE id WHEN 1 THEN -0.5 ELSE 10.25 END "
                    "WHERE id IN (1, 2)"),
              "value customers.balance id=1; value customers.balance id=2");
}

TEST_P(Verifier, AnotherOrderOfRows) {
    const std::string text = found("UPDATE orders SET position = 4 - position");
    EXPECT_NE(text.find("order orders"), std::string::npos) << text;
}

TEST_P(Verifier, ARowThatRefersToNothing) {
    if (GetParam() == Dialect::Sqlite) {
        const auto connection = session();
        ASSERT_TRUE(connection->execute("PRAGMA foreign_keys=OFF").ok());
        ASSERT_TRUE(
            connection->execute("UPDATE orders SET customer_id = 9 WHERE code = 'a-2'").ok());
    } else if (GetParam() == Dialect::Mysql) {
        const auto connection = session();
        ASSERT_TRUE(connection->execute("SET foreign_key_checks = 0").ok());
        ASSERT_TRUE(
            connection->execute("UPDATE orders SET customer_id = 9 WHERE code = 'a-2'").ok());
    } else {
        run("ALTER TABLE orders DROP CONSTRAINT fk_orders_customer_id");
        run("UPDATE orders SET customer_id = 9 WHERE code = 'a-2'");
    }
    const std::string text = found("UPDATE everything SET flag = flag");
    EXPECT_NE(text.find("value orders.customer_id code=\"a-2\""), std::string::npos) << text;
    EXPECT_NE(text.find("foreign-key orders.customer_id"), std::string::npos) << text;
}

TEST_P(Verifier, ALostTable) {
    EXPECT_EQ(found("DROP TABLE everything"), "missing-table everything");
}

TEST_P(Verifier, ALostColumn) {
    const std::string text = found("ALTER TABLE everything DROP COLUMN clock");
    EXPECT_NE(text.find("missing-column everything.clock"), std::string::npos) << text;
}

TEST_P(Verifier, ALostConstraint) {
    if (isSqlite()) GTEST_SUCCEED() << "SQLite cannot drop constraints";
    if (isSqlite()) return;
    EXPECT_EQ(found(isPostgres() ? "ALTER TABLE customers DROP CONSTRAINT uq_customers_email"
                                 : "ALTER TABLE customers DROP INDEX uq_customers_email"),
              "unique customers.email");
    EXPECT_EQ(found(isPostgres() ? "ALTER TABLE orders DROP CONSTRAINT fk_orders_customer_id"
                                 : "ALTER TABLE orders DROP FOREIGN KEY fk_orders_customer_id"),
              "unique customers.email; foreign-key orders.customer_id");
}

TEST_P(Verifier, AColumnThatAllowsNull) {
    if (isSqlite()) return;
    EXPECT_EQ(found(isPostgres() ? "ALTER TABLE customers ALTER COLUMN balance DROP NOT NULL"
                                 : "ALTER TABLE customers MODIFY balance double NULL"),
              "nullability customers.balance");
}

TEST_P(Verifier, AnotherType) {
    if (isSqlite()) return;
    const std::string text =
        found(isPostgres() ? "ALTER TABLE customers ALTER COLUMN joined TYPE timestamp(3)"
                           : "ALTER TABLE customers MODIFY joined datetime(3) NULL");
    EXPECT_NE(text.find("column-type customers.joined"), std::string::npos) << text;
    EXPECT_NE(text.find("value customers.joined id=1"), std::string::npos) << text;
}

TEST_P(Verifier, AnIdentityThatWouldRepeatIds) {
    if (GetParam() == Dialect::Mysql) return; // InnoDB does not let it fall behind
    EXPECT_EQ(found(isPostgres() ? "ALTER TABLE customers ALTER COLUMN id RESTART WITH 6"
                                 : "UPDATE sqlite_sequence SET seq = 5 WHERE name = 'customers'"),
              "identity customers.id");
}

TEST_P(Verifier, AChangedRoute) {
    EXPECT_EQ(found("UPDATE covet_routes SET handler = 'other' WHERE method = 'GET'").substr(0, 33),
              "value covet_routes.handler method");
}

TEST_P(Verifier, NothingComparedIsAFailure) {
    Shop none;
    const auto connection = session();
    verify::Options options;
    options.compareRoutes = false;
    const auto report = verify::verifyDatabase(*connection, none.schema, none.rows, {}, options);
    ASSERT_TRUE(report.ok());
    EXPECT_FALSE(report->ok());
    EXPECT_EQ(report->differences[0].kind, "nothing-compared");
}

TEST_P(Verifier, DifferencesAreTold) {
    run("UPDATE customers SET balance = 10.26 WHERE id = 1");
    const verify::Report report = compare(shop_);
    ASSERT_EQ(report.differences.size(), 1u);
    EXPECT_EQ(verify::describe(report.differences[0]),
              "customers.balance of id=1: expected 10.25, found 10.26");
}

COVET_ALL_BACKENDS(Verifier);

} // namespace
} // namespace covet::test
