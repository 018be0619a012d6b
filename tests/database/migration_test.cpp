#include "backend.h"

namespace covet::test {
namespace {

using load::OnConflict;
using schema::Dialect;

class Migration : public BackendTest {};

std::string told(const verify::Report& report) {
    std::string text;
    for (const verify::Difference& difference : report.differences)
        text += difference.kind + " " + verify::describe(difference) + "\n";
    return text;
}

TEST_P(Migration, LoadsTablesThatReadBackAsTheyWere) {
    const Shop made = shop();
    const auto outcome = load::migrate(request(made));
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    EXPECT_EQ(outcome->load.rows, 8u); // 3 customers, 3 orders, 2 routes
    EXPECT_EQ(outcome->verification.rows, 8u);
    EXPECT_GT(outcome->verification.values, 30u);
    EXPECT_TRUE(outcome->load.tables[0].created);
    EXPECT_EQ(tables(), (std::vector<std::string>{"covet_migrations", "covet_routes", "customers",
                                                  "orders"}));
    const verify::Report report = compare(made);
    EXPECT_TRUE(report.ok()) << told(report);
}

TEST_P(Migration, KeepsEveryKindOfValue) {
    const Shop made = everything(GetParam());
    const auto outcome = load::migrate(request(made));
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    const verify::Report report = compare(made);
    EXPECT_TRUE(report.ok()) << told(report);
    EXPECT_EQ(report.values, made.rows[0].rows.size() * made.schema.tables[0].columns.size());
}

TEST_P(Migration, ReferencesKeepTheirActions) {
    Shop made = shop();
    schema::ForeignKey& key = made.schema.tables[1].foreignKeys[0];
    key.onDelete = schema::ReferenceAction::Cascade;
    key.onUpdate = schema::ReferenceAction::Restrict;
    const auto outcome = load::migrate(request(made));
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    EXPECT_TRUE(compare(made).ok()) << told(compare(made));
    key.onDelete = schema::ReferenceAction::NoAction;
    EXPECT_EQ(told(compare(made)).find("foreign-key"), 0u) << told(compare(made));
    run("DELETE FROM customers WHERE id = 5");
    EXPECT_EQ(single("SELECT count(*) FROM orders"), "2");
}

TEST_P(Migration, WhatPlainSqlLoadsIsTheSame) {
    // The statements for people and the loader must agree on how values are stored.
    const Shop made = everything(GetParam());
    const schema::Table manifest = schema::routesTable();
    run(schema::createTableSql(made.schema.tables[0], GetParam()));
    run(schema::createTableSql(manifest, GetParam()));
    const auto connection = session();
    for (const std::vector<Value>& row : made.rows[0].rows) {
        std::string values;
        for (size_t i = 0; i < row.size(); ++i)
            values += (i ? ", " : "") +
                      schema::literalSql(row[i], made.schema.tables[0].columns[i].type, GetParam());
        const Status done = connection->execute("INSERT INTO everything VALUES (" + values + ")");
        ASSERT_TRUE(done.ok()) << values << ": " << done.error().message;
    }
    const verify::Report report = compare(made);
    EXPECT_TRUE(report.ok()) << told(report);
}

TEST_P(Migration, IdentitiesContinuePastTheHighestIdEverUsed) {
    ASSERT_TRUE(load::migrate(request(shop())).ok());
    run("INSERT INTO customers (email, balance) VALUES ('new@example.org', 1)");
    EXPECT_EQ(single("SELECT id FROM customers WHERE email = 'new@example.org'"), "8");
}

TEST_P(Migration, IdentitiesFollowTheRowsWhenNoStartIsKnown) {
    Shop made = shop();
    made.schema.tables[0].identityStart = 0;
    ASSERT_TRUE(load::migrate(request(made)).ok());
    run("INSERT INTO customers (email, balance) VALUES ('new@example.org', 1)");
    EXPECT_EQ(single("SELECT id FROM customers WHERE email = 'new@example.org'"), "6");
}

TEST_P(Migration, ConstraintsHold) {
    ASSERT_TRUE(load::migrate(request(shop())).ok());
    const auto connection = session();
    EXPECT_FALSE(connection
                     ->execute("INSERT INTO customers (email, balance) VALUES "
                               "('ann@example.org', 1)")
                     .ok());
    EXPECT_FALSE(connection->execute("DELETE FROM customers WHERE id = 1").ok());
    EXPECT_FALSE(connection->execute("INSERT INTO orders VALUES ('q', 99, '[]', NULL, 9)").ok());
    EXPECT_FALSE(connection->execute("UPDATE customers SET email = NULL").ok());
}

TEST_P(Migration, NothingIsVisibleBeforePublishing) {
    auto migration = load::Migration::open(request(shop()));
    ASSERT_TRUE(migration.ok()) << migration.error().message;
    EXPECT_EQ((*migration)->report().rows, 8u);
    ASSERT_TRUE((*migration)->load().ok());
    EXPECT_FALSE((*migration)->publish().ok()) << "published without verification";
    auto report = (*migration)->verify();
    ASSERT_TRUE(report.ok()) << report.error().message;
    EXPECT_TRUE(report->ok()) << told(*report);
    for (const std::string& table : tables())
        EXPECT_EQ(table.rfind("covet_stage_", 0), 0u) << table;
    migration->reset(); // never published
    EXPECT_TRUE(tables().empty());
}

TEST_P(Migration, ADryRunChangesNothing) {
    ASSERT_TRUE(load::Migration::open(request(shop())).ok());
    EXPECT_TRUE(tables().empty());
}

TEST_P(Migration, ASecondRunHasNothingToDo) {
    ASSERT_TRUE(load::migrate(request(shop())).ok());
    const std::string before = single("SELECT count(*) FROM covet_migrations");
    const auto second = load::migrate(request(shop(), "run-2"));
    ASSERT_TRUE(second.ok()) << second.error().message;
    EXPECT_TRUE(second->load.nothingToDo);
    EXPECT_EQ(second->load.rows, 0u);
    EXPECT_EQ(single("SELECT count(*) FROM covet_migrations"), before);
}

TEST_P(Migration, WritesItsHistory) {
    ASSERT_TRUE(load::migrate(request(shop())).ok());
    const auto entries = load::history(*session());
    ASSERT_TRUE(entries.ok()) << entries.error().message;
    const size_t first = GetParam() == Dialect::Sqlite ? 1 : 0; // SQLite: the file itself
    ASSERT_EQ(entries->size(), first + 3);
    EXPECT_EQ((*entries)[first].object, "customers");
    EXPECT_EQ((*entries)[first].step, "create");
    EXPECT_EQ((*entries)[first].runId, "run-1");
    EXPECT_EQ((*entries)[first].rows, 3u);
    EXPECT_EQ((*entries)[first].checksum.size(), 64u);
    EXPECT_EQ((*entries)[first].toolVersion, version());
    EXPECT_EQ((*entries)[first].appliedAt.size(), 20u) << (*entries)[first].appliedAt;
}

TEST_P(Migration, RoutesMayComeInAnyOrderAndTwice) {
    Shop made = shop();
    std::swap(made.routes[0], made.routes[1]);
    made.routes.push_back(made.routes[0]);
    const auto first = load::migrate(request(made));
    ASSERT_TRUE(first.ok()) << first.error().message;
    EXPECT_EQ(single("SELECT count(*) FROM covet_routes"), "2");
    const auto second = load::migrate(request(made, "run-2"));
    ASSERT_TRUE(second.ok()) << second.error().message;
    EXPECT_TRUE(second->load.nothingToDo);
}

TEST_P(Migration, ProgressCanStopIt) {
    class Stop : public ProgressSink {
    public:
        bool progress(const char* step, size_t, size_t) override {
            return std::string(step) != "load";
        }
    } stop;
    const auto outcome = load::migrate(request(shop()), &stop);
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error().code, database::code::kCancelled);
    EXPECT_TRUE(tables().empty());
}

TEST_P(Migration, EmptyStoresBecomeEmptyTables) {
    Shop made = shop();
    made.rows.clear();
    made.routes.clear();
    const auto outcome = load::migrate(request(made));
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    EXPECT_EQ(outcome->load.rows, 0u);
    EXPECT_EQ(single("SELECT count(*) FROM orders"), "0");
}

TEST_P(Migration, RowsAtTheEdgesOfBatchesArrive) {
    // More than one batch by number, by size and by the buffer of a COPY.
    Shop made = shop();
    made.rows[1].rows.clear();
    for (int64_t i = 1; i <= 2503; ++i) {
        const bool isLong = i % 500 == 0 || i % 501 == 0;
        made.rows[1].rows.push_back(
            {text("c" + std::to_string(i)), number(i % 2 == 0 ? 1 : 5), Value::list({number(i)}),
             i % 3 == 0 ? Value::null() : text(std::string(isLong ? 300000 : i % 7, 'x')),
             number(i)});
    }
    const auto outcome = load::migrate(request(made));
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    EXPECT_EQ(outcome->load.rows, 2508u);
    EXPECT_TRUE(compare(made).ok()) << told(compare(made));
    made.rows[1].rows.back()[3] = text("z");
    EXPECT_EQ(compare(made).differenceCount, 1u);
    EXPECT_TRUE(load::undo(url_, "run-1").ok());
}

/// Rows that are made when they are read.
class Counted : public schema::RowSource {
public:
    explicit Counted(int64_t count) : count_(count) {}
    size_t size() const override { return static_cast<size_t>(count_); }
    std::unique_ptr<schema::RowReader> read() const override { return std::make_unique<Reader>(count_); }

private:
    class Reader : public schema::RowReader {
    public:
        explicit Reader(int64_t count) : count_(count) {}
        const schema::RowValues* next() override {
            if (at_ == count_) return nullptr;
            ++at_;
            row_ = {number(at_), text("word " + std::to_string(at_)), real(0.5), Value::boolean(at_ % 2 == 0)};
            return &row_;
        }

    private:
        int64_t count_, at_ = 0;
        schema::RowValues row_;
    };
    int64_t count_;
};

TEST_P(Migration, RowsThatTheDatabaseChangesOnTheirWayAreFound) {
    Shop made;
    schema::Table table;
    table.name = "words";
    table.columns = {column("id", {schema::TypeKind::Integer}, "int"), column("word", {schema::TypeKind::Text}, "str"),
                     column("ratio", {schema::TypeKind::Float}, "float"),
                     column("flag", {schema::TypeKind::Boolean}, "bool")};
    table.primaryKey = {"id"};
    table.orderBy = {"id"};
    made.schema.tables = {table};
    ASSERT_TRUE(load::migrate(request(made)).ok());
    schema::TableRows rows;
    rows.table = "words";
    rows.source = std::make_shared<Counted>(3000);
    made.rows = {rows};
    const std::string change = GetParam() == Dialect::Sqlite
                                   ? "CREATE TRIGGER meddle AFTER INSERT ON words WHEN NEW.id = 2999 BEGIN "
                                     "UPDATE words SET word = word || ' ' WHERE id = 2999; END"
                               : GetParam() == Dialect::Mysql
                                   ? "CREATE TRIGGER meddle BEFORE INSERT ON words FOR EACH ROW "
                                     "SET NEW.word = IF(NEW.id = 2999, CONCAT(NEW.word, ' '), NEW.word)"
                                   : "CREATE TRIGGER meddle BEFORE INSERT ON words FOR EACH ROW "
                                     "WHEN (NEW.id = 2999) EXECUTE FUNCTION meddle()";
    if (GetParam() == Dialect::Postgres)
        run("CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN NEW.word := NEW.word || chr(32); RETURN NEW; END'");
    run(change);
    const auto meddled = load::migrate(request(made, "run-2"));
    ASSERT_FALSE(meddled.ok());
    EXPECT_EQ(meddled.error().code, database::code::kVerify);
    EXPECT_NE(meddled.error().message.find("words.word of id=2999"), std::string::npos) << meddled.error().message;
    EXPECT_EQ(single("SELECT count(*) FROM words"), "0");
    run("DROP TRIGGER meddle" + std::string(GetParam() == Dialect::Postgres ? " ON words" : ""));
    const auto outcome = load::migrate(request(made, "run-3"));
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    EXPECT_EQ(outcome->verification.values, 12000u);
    EXPECT_TRUE(compare(made).ok()) << told(compare(made));
}

TEST_P(Migration, HostileNamesAreOnlyNames) {
    Shop made = shop();
    const std::string table = "x\"`; DROP TABLE y; -- $1 ? %s";
    const std::string name = "q'\"`;--";
    made.schema.tables.resize(1);
    made.rows.resize(1);
    made.schema.tables[0].name = made.rows[0].table = table;
    made.schema.tables[0].columns[1].name = name;
    made.schema.tables[0].uniques = {{name}};
    made.schema.tables[0].indexes = {{{"balance"}, false, ""}};
    const auto outcome = load::migrate(request(made));
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    EXPECT_TRUE(compare(made).ok()) << told(compare(made));
    EXPECT_EQ(tables().size(), 3u);
    const auto undone = load::undo(url_, "run-1");
    ASSERT_TRUE(undone.ok()) << undone.error().message;
    EXPECT_TRUE(tables().empty());
}

COVET_ALL_BACKENDS(Migration);

} // namespace
} // namespace covet::test
