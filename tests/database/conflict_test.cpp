#include "backend.h"

namespace covet::test {
namespace {

using load::OnConflict;
using schema::Dialect;

/// Tables that exist already.
class Conflict : public BackendTest {
protected:
    void createTables(const Shop& made) {
        for (const schema::Table& table : made.schema.tables)
            run(schema::createTableSql(table, GetParam()));
    }
};

TEST_P(Conflict, EmptyTablesOfTheSameMakeAreFilled) {
    const Shop made = shop();
    createTables(made);
    const auto outcome = load::migrate(request(made));
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    EXPECT_FALSE(outcome->load.tables[0].created);
    EXPECT_TRUE(compare(made).ok());
    const auto undone = load::undo(url_, "run-1");
    ASSERT_TRUE(undone.ok()) << undone.error().message;
    EXPECT_EQ(undone->emptied, (std::vector<std::string>{"customers", "orders"}));
    EXPECT_EQ(tables(), (std::vector<std::string>{"customers", "orders"}));
    EXPECT_EQ(single("SELECT count(*) FROM customers"), "0");
}

TEST_P(Conflict, OtherRowsAreNotTouchedByDefault) {
    const Shop made = shop();
    createTables(made);
    run("INSERT INTO customers (id, email, balance) VALUES (1, 'else@example.org', 3)");
    const auto outcome = load::migrate(request(made));
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error().code, database::code::kConflict);
    EXPECT_EQ(database::exitStatus(outcome.error()), 2);
    EXPECT_NE(outcome.error().message.find("customers"), std::string::npos);
    EXPECT_EQ(single("SELECT email FROM customers"), "else@example.org");
    EXPECT_EQ(tables(), (std::vector<std::string>{"customers", "orders"}));
}

TEST_P(Conflict, SkipKeepsWhatIsThere) {
    const Shop made = shop();
    createTables(made);
    run("INSERT INTO customers (id, email, balance) VALUES (1, 'else@example.org', 3)");
    run("INSERT INTO customers (id, email, balance) VALUES (70, 'more@example.org', 4)");
    load::Request skip = request(made);
    skip.onConflict = OnConflict::Skip;
    const auto outcome = load::migrate(skip);
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    EXPECT_EQ(outcome->load.tables[0].rows, 2u);
    EXPECT_EQ(outcome->load.tables[0].skipped, 1u);
    EXPECT_EQ(single("SELECT email FROM customers WHERE id = 1"), "else@example.org");
    EXPECT_EQ(single("SELECT count(*) FROM customers"), "4");
    run("INSERT INTO customers (email, balance) VALUES ('next@example.org', 4)");
    EXPECT_EQ(single("SELECT id FROM customers WHERE email = 'next@example.org'"), "71");
}

TEST_P(Conflict, UpdateOverwritesByKey) {
    const Shop made = shop();
    createTables(made);
    run("INSERT INTO customers (id, email, balance) VALUES (1, 'else@example.org', 3)");
    run("INSERT INTO customers (id, email, balance) VALUES (70, 'more@example.org', 4)");
    load::Request update = request(made);
    update.onConflict = OnConflict::Update;
    const auto outcome = load::migrate(update);
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    EXPECT_EQ(outcome->load.tables[0].rows, 3u);
    EXPECT_EQ(single("SELECT email FROM customers WHERE id = 1"), "ann@example.org");
    EXPECT_EQ(single("SELECT count(*) FROM customers"), "4");
    const auto undone = load::undo(url_, "run-1");
    ASSERT_FALSE(undone.ok()) << "merged rows cannot be told apart";
    EXPECT_EQ(undone.error().code, database::code::kConflict);
    EXPECT_EQ(single("SELECT count(*) FROM customers"), "4");
}

TEST_P(Conflict, AnotherStructureIsNamed) {
    run("CREATE TABLE customers (id integer NOT NULL PRIMARY KEY, email varchar(120), extra "
        "integer)");
    const auto outcome = load::migrate(request(shop()));
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error().code, database::code::kConflict);
    EXPECT_NE(outcome.error().message.find("built differently"), std::string::npos)
        << outcome.error().message;
    EXPECT_EQ(tables(), (std::vector<std::string>{"customers"}));
}

TEST_P(Conflict, ATakenNameIsNamedBeforeTheLoad) {
    const bool isMysql = GetParam() == Dialect::Mysql; // each table has its own names of indexes there
    run("CREATE TABLE mine (a integer NOT NULL PRIMARY KEY, b integer NOT NULL)");
    const auto refused = [&](const std::string& made, const std::string& holder, const std::string& undone) {
        run(made);
        const auto dry = load::Migration::open(request(shop()));
        EXPECT_FALSE(dry.ok()) << made;
        if (!dry) {
            EXPECT_EQ(dry.error().code, database::code::kConflict) << dry.error().message;
            EXPECT_NE(dry.error().message.find(holder), std::string::npos) << dry.error().message;
        }
        run(undone);
    };
    if (!isMysql) {
        refused("CREATE VIEW orders AS SELECT a FROM mine", "a view with the name \"orders\"", "DROP VIEW orders");
        refused("CREATE INDEX ix_orders_customer_id ON mine (b)", "an index of \"mine\" with the name \"ix_orders_customer_id\"",
                "DROP INDEX ix_orders_customer_id");
    }
    if (GetParam() == Dialect::Postgres) {
        refused("CREATE SEQUENCE customers", "a sequence", "DROP SEQUENCE customers");
        refused("CREATE TYPE customers AS ENUM ('a')", "a type", "DROP TYPE customers");
        refused("CREATE TABLE uq_customers_email (a integer)", "a table", "DROP TABLE uq_customers_email");
    }
    if (GetParam() == Dialect::Sqlite)
        refused("CREATE TABLE \"Orders\" (a integer)", "a table with the name \"orders\"", "DROP TABLE \"Orders\"");
    if (isMysql)
        refused("CREATE TABLE other (b integer, CONSTRAINT fk_orders_customer_id FOREIGN KEY (b) REFERENCES mine (a))",
                "a reference of \"other\"", "DROP TABLE other");
    EXPECT_TRUE(load::migrate(request(shop())).ok());
}

TEST_P(Conflict, AForeignHistoryTableIsNotOurs) {
    run("CREATE TABLE covet_migrations (id integer)");
    const auto outcome = load::migrate(request(shop()));
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error().code, database::code::kConflict);
}

TEST_P(Conflict, NewRoutesReplaceTheOldOnes) {
    Shop made = shop();
    ASSERT_TRUE(load::migrate(request(made)).ok());
    made.routes.pop_back();
    const auto outcome = load::migrate(request(made, "run-2"));
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    EXPECT_EQ(single("SELECT count(*) FROM covet_routes"), "1");
    EXPECT_TRUE(compare(made).ok());
}

TEST_P(Conflict, OtherTablesAreLeftAlone) {
    run("CREATE TABLE mine (a integer)");
    run("INSERT INTO mine VALUES (1)");
    ASSERT_TRUE(load::migrate(request(shop())).ok());
    EXPECT_EQ(single("SELECT a FROM mine"), "1");
    const auto undone = load::undo(url_, "run-1");
    ASSERT_TRUE(undone.ok()) << undone.error().message;
    EXPECT_FALSE(undone->fileRemoved);
    EXPECT_EQ(tables(), (std::vector<std::string>{"mine"}));
}

COVET_ALL_BACKENDS(Conflict);

class Undo : public BackendTest {};

TEST_P(Undo, DropsWhatTheRunMade) {
    ASSERT_TRUE(load::migrate(request(shop())).ok());
    const auto dry = load::undo(url_, "run-1", true);
    ASSERT_TRUE(dry.ok()) << dry.error().message;
    EXPECT_EQ(tables().size(), 4u);
    const auto undone = load::undo(url_, "run-1");
    ASSERT_TRUE(undone.ok()) << undone.error().message;
    EXPECT_EQ(undone->dropped, (std::vector<std::string>{"covet_routes", "customers", "orders"}));
    EXPECT_TRUE(tables().empty());
    EXPECT_EQ(undone->fileRemoved, GetParam() == Dialect::Sqlite);
}

TEST_P(Undo, IsDoneOnce) {
    ASSERT_TRUE(load::migrate(request(shop())).ok());
    ASSERT_TRUE(load::undo(url_, "run-1").ok());
    const auto again = load::undo(url_, "run-1");
    ASSERT_TRUE(again.ok()) << again.error().message;
    EXPECT_TRUE(again->nothingToDo);
}

TEST_P(Undo, RefusesWhenRowsWereAdded) {
    ASSERT_TRUE(load::migrate(request(shop())).ok());
    run("INSERT INTO customers (email, balance) VALUES ('new@example.org', 1)");
    const auto undone = load::undo(url_, "run-1");
    ASSERT_FALSE(undone.ok());
    EXPECT_EQ(undone.error().code, database::code::kConflict);
    EXPECT_EQ(single("SELECT count(*) FROM customers"), "4");
    EXPECT_EQ(single("SELECT count(*) FROM orders"), "3");
}

TEST_P(Undo, RefusesWhenRowsWereChanged) {
    ASSERT_TRUE(load::migrate(request(shop())).ok());
    run("UPDATE orders SET note = 'changed' WHERE code = 'a-2'");
    EXPECT_FALSE(load::undo(url_, "run-1").ok());
    EXPECT_EQ(single("SELECT count(*) FROM orders"), "3");
}

TEST_P(Undo, RefusesWhenSomethingElseRefersToATable) {
    ASSERT_TRUE(load::migrate(request(shop())).ok());
    run("CREATE TABLE invoices (id integer NOT NULL PRIMARY KEY, customer integer, "
        "FOREIGN KEY (customer) REFERENCES customers (id))");
    const auto undone = load::undo(url_, "run-1");
    ASSERT_FALSE(undone.ok());
    EXPECT_EQ(undone.error().code, database::code::kConflict);
    EXPECT_EQ(tables().size(), 5u);
}

TEST_P(Undo, KnowsOnlyItsOwnRun) {
    ASSERT_TRUE(load::migrate(request(shop())).ok());
    const auto undone = load::undo(url_, "run-9");
    ASSERT_TRUE(undone.ok()) << undone.error().message;
    EXPECT_TRUE(undone->nothingToDo);
    EXPECT_EQ(tables().size(), 4u);
}

COVET_ALL_BACKENDS(Undo);

} // namespace
} // namespace covet::test
