#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "backend.h"

namespace covet::test {
namespace {

using schema::Dialect;
using schema::TypeKind;

/// What only MySQL and MariaDB have.
class Mysql : public BackendTest {
protected:
    int exitOf(const load::Request& wanted) {
        const auto outcome = load::migrate(wanted);
        if (outcome) return 0;
        message_ = outcome.error().message;
        return database::exitStatus(outcome.error());
    }
    std::string message_;
};

TEST_P(Mysql, TablesAreInnodbAndCompareTextsAsPythonDoes) {
    ASSERT_EQ(exitOf(request(shop())), 0) << message_;
    EXPECT_EQ(
        single("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() "
               "AND engine = 'InnoDB' AND table_collation = 'utf8mb4_bin'"),
        "4");
    EXPECT_EQ(single("SELECT COUNT(*) FROM customers WHERE email = 'ANN@example.org'"), "0");
}

TEST_P(Mysql, NamesOfConstraintsAreTheOnesOfAScript) {
    ASSERT_EQ(exitOf(request(shop())), 0) << message_;
    EXPECT_EQ(single("SELECT GROUP_CONCAT(constraint_name ORDER BY constraint_name) FROM "
                     "information_schema.table_constraints WHERE table_schema = DATABASE() AND "
                     "table_name IN ('orders', 'customers') AND constraint_type <> 'PRIMARY KEY'"),
              "fk_orders_customer_id,uq_customers_email");
}

TEST_P(Mysql, ServersThatTakeNoLocalDataGetStatements) {
    Shop made = shop();
    for (int64_t i = 10; i < 2500; ++i)
        made.rows[0].rows.push_back({number(i), text("c" + std::to_string(i)), real(1), Value::null()});
    run("SET GLOBAL local_infile = 0");
    EXPECT_EQ(exitOf(request(made)), 0) << message_;
    run("SET GLOBAL local_infile = 1");
    EXPECT_TRUE(compare(made).ok());
}

TEST_P(Mysql, BulkLoadsKeepEveryByte) {
    // Enough rows that they travel by LOAD DATA, each with what its format gives a meaning to.
    Shop made;
    schema::Table table;
    table.name = "bulk";
    table.columns = {column("id", {TypeKind::Integer}, "int"), column("words", {TypeKind::Text}, "str", true),
                     column("raw", {TypeKind::Bytes}, "bytes", true), column("ratio", {TypeKind::Float}, "float", true),
                     column("document", {TypeKind::Json}, "object")};
    table.primaryKey = table.orderBy = {"id"};
    made.schema.tables = {table};
    made.rows = {{"bulk", {}, nullptr}};
    const std::vector<std::string> words = {"", "\\N", "NULL", "tab\there", "line\nend", "\r\n", "back\\slash", "\x1A",
                                            "'q' \"d\" `b`", " spaces ", "\xF0\x9F\x99\x82", std::string("n\0l", 3)};
    for (int64_t i = 0; i < 3000; ++i) {
        const std::string& word = words[static_cast<size_t>(i) % words.size()];
        made.rows[0].rows.push_back({number(i), i % 13 == 0 ? Value::null() : text(word),
                                     i % 17 == 0 ? Value::null() : of(Value::Kind::Bytes, word + "\xFF"),
                                     real(static_cast<double>(i) / 7), i % 19 == 0 ? Value::null() : text(word)});
    }
    EXPECT_EQ(exitOf(request(made)), 0) << message_;
    EXPECT_TRUE(compare(made).ok());
}

TEST_P(Mysql, BulkLoadsWithARepeatedKeyLeaveNothing) {
    Shop made = shop();
    for (int64_t i = 10; i < 2500; ++i)
        made.rows[0].rows.push_back({number(i), text("c" + std::to_string(i)), real(1), Value::null()});
    made.rows[0].rows.push_back({number(3000), text("c77  "), real(1), Value::null()});
    EXPECT_EQ(exitOf(request(made)), 4);
    EXPECT_TRUE(tables().empty());
}

TEST_P(Mysql, ZeroIsAnId) {
    Shop made = shop();
    made.rows[0].rows[0][0] = number(0);
    made.rows[1].rows[1][1] = made.rows[1].rows[2][1] = number(0);
    EXPECT_EQ(exitOf(request(made)), 0) << message_;
    EXPECT_TRUE(compare(made).ok());
}

TEST_P(Mysql, KeysThatDifferOnlyInSpacesAtTheEndAreRefused) {
    Shop made = shop();
    made.rows[1].rows[1][0] = text("z-1 ");
    EXPECT_EQ(exitOf(request(made)), 4);
    EXPECT_TRUE(tables().empty());
}

TEST_P(Mysql, LongTextsInKeysAreRefused) {
    Shop made = shop();
    made.schema.tables[1].columns[0].type = {TypeKind::Text};
    made.rows[1].rows[0][0] = text(std::string(255, 'x'));
    EXPECT_EQ(exitOf(request(made)), 0) << message_;
    ASSERT_TRUE(load::undo(url_, "run-1").ok());
    made.rows[1].rows[0][0] = text(std::string(256, 'x'));
    EXPECT_EQ(exitOf(request(made)), 4);
}

TEST_P(Mysql, PasswordsAreNotShown) {
    load::Request made = request(shop());
    made.url.password = "s3cr3t/wrong";
    EXPECT_EQ(exitOf(made), 5);
    EXPECT_EQ(message_.find("s3cr3t"), std::string::npos) << message_;
}

TEST_P(Mysql, PasswordsComeFromTheEnvironmentToo) {
    load::Request made = request(shop());
    ASSERT_EQ(setenv("MYSQL_PWD", url_.password->c_str(), 1), 0);
    made.url.password.reset();
    EXPECT_EQ(exitOf(made), 0) << message_;
    unsetenv("MYSQL_PWD");
}

TEST_P(Mysql, MissingPrivilegesAreNamed) {
    run("CREATE USER guest IDENTIFIED BY 'gu/est@1'");
    run("GRANT SELECT ON " + quoted(url_.database) + ".* TO guest");
    load::Request made = request(shop());
    made.url.user = "guest";
    made.url.password = "gu/est@1";
    EXPECT_EQ(exitOf(made), 2) << message_;
    EXPECT_TRUE(tables().empty());
    run("DROP USER guest");
}

TEST_P(Mysql, PrivilegesThatWouldBeMissedInTheMiddleAreNamedBefore) {
    run("CREATE USER guest IDENTIFIED BY 'gu/est@1'");
    run("GRANT SELECT, INSERT, CREATE ON " + quoted(url_.database) + ".* TO guest");
    load::Request made = request(shop());
    made.url.user = "guest";
    made.url.password = "gu/est@1";
    EXPECT_EQ(exitOf(made), 2) << message_;
    EXPECT_NE(message_.find("ALTER, DROP"), std::string::npos) << message_;
    EXPECT_TRUE(tables().empty());
    run("GRANT ALTER, DROP ON " + quoted(url_.database) + ".* TO guest");
    EXPECT_EQ(exitOf(made), 0) << message_;
    run("DROP USER guest");
}

TEST_P(Mysql, StatementsFitIntoThePacketsOfTheServer) {
    Shop made = shop();
    for (int64_t i = 10; i < 2500; ++i)
        made.rows[0].rows.push_back({number(i), text("c" + std::to_string(i) + std::string(90, 'x')), real(1), Value::null()});
    run("SET GLOBAL local_infile = 0");
    run("SET GLOBAL max_allowed_packet = 16384");
    const int exit = exitOf(request(made));
    run("SET GLOBAL local_infile = 1");
    run("SET GLOBAL max_allowed_packet = 16777216");
    EXPECT_EQ(exit, 0) << message_;
    EXPECT_TRUE(compare(made).ok());
}

TEST_P(Mysql, ARowThatIsLargerThanTheServerTakesIsNamed) {
    for (const int64_t rows : {20, 2000}) { // INSERT and LOAD DATA
        Shop made = shop();
        for (int64_t i = 10; i < rows; ++i)
            made.rows[0].rows.push_back({number(i), text("c" + std::to_string(i)), real(1), Value::null()});
        made.rows[1].rows[1][3] = text(std::string(70000, 'x'));
        if (rows > 1000)
            for (int64_t i = 0; i < rows; ++i)
                made.rows[1].rows.push_back({text("more" + std::to_string(i)), number(1), Value::list({}), Value::null(), number(i + 10)});
        run("SET GLOBAL max_allowed_packet = 65536");
        const int exit = exitOf(request(made));
        run("SET GLOBAL max_allowed_packet = 16777216");
        EXPECT_EQ(exit, 4) << message_;
        EXPECT_NE(message_.find("the row of \"orders\" with code=\"a-2\" has 70"), std::string::npos) << message_;
        EXPECT_TRUE(tables().empty());
    }
}

/// Settings that an administrator has made for applications.
TEST_P(Mysql, LimitsForApplicationsDoNotCount) {
    const std::vector<std::string> names = {"max_statement_time", "sql_select_limit", "sql_safe_updates", "idle_transaction_timeout"};
    std::vector<std::string> before;
    for (const std::string& name : names)
        before.push_back(single("SELECT @@global." + name));
    Shop made = shop();
    ASSERT_EQ(exitOf(request(made)), 0) << message_;
    made.routes.pop_back(); // the manifest is replaced
    const std::vector<std::string> values = {"600", "1", "1", "600"};
    for (size_t i = 0; i < names.size(); ++i)
        run("SET GLOBAL " + names[i] + " = " + values[i]);
    const int exit = exitOf(request(made, "run-2"));
    const bool same = compare(made).ok();
    const std::string limits = single("SELECT @@max_statement_time + @@idle_transaction_timeout");
    for (size_t i = 0; i < names.size(); ++i)
        run("SET GLOBAL " + names[i] + " = " + before[i]);
    EXPECT_EQ(exit, 0) << message_;
    EXPECT_TRUE(same);
    EXPECT_EQ(std::stod(limits), 0) << limits;
}

TEST_P(Mysql, TablesWithoutTransactionsAreNamed) {
    const Shop made = shop();
    ASSERT_EQ(exitOf(request(made)), 0) << message_;
    ASSERT_TRUE(load::undo(url_, "run-1").ok());
    run(schema::createTableSql(made.schema.tables[0], GetParam()));
    run("ALTER TABLE customers ENGINE = Aria TRANSACTIONAL = 0");
    EXPECT_EQ(exitOf(request(made, "run-2")), 2) << message_;
    EXPECT_NE(message_.find("is kept by Aria"), std::string::npos) << message_;
    EXPECT_EQ(tables(), std::vector<std::string>{"customers"});
    run("ALTER TABLE customers ENGINE = InnoDB");
    EXPECT_EQ(exitOf(request(made, "run-3")), 0) << message_;
}

TEST_P(Mysql, ATableThatAnotherSessionHasLockedIsNamed) {
    Shop made = shop();
    ASSERT_EQ(exitOf(request(made)), 0) << message_;
    run("DELETE FROM orders");
    const auto other = session();
    ASSERT_TRUE(other->execute("LOCK TABLES customers WRITE, orders WRITE").ok());
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(exitOf(request(made, "run-2")), 7) << message_;
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
    ASSERT_TRUE(other->execute("UNLOCK TABLES").ok());
    EXPECT_EQ(exitOf(request(made, "run-2")), 0) << message_;
}

TEST_P(Mysql, ManyTablesAreMadeAtOnceWithTheirReferences) {
    Shop made;
    for (int i = 0; i < 60; ++i) {
        schema::Table table;
        table.name = "part_" + std::to_string(i);
        table.columns = {column("id", {TypeKind::Integer}, "int"), column("other", {TypeKind::Integer}, "int")};
        table.primaryKey = table.orderBy = {"id"};
        // Forwards, backwards and to itself.
        if (i % 4 != 0) table.foreignKeys = {{{"other"}, "part_" + std::to_string((i * 7 + 3) % 60), {"id"}, true, "", {}, {}}};
        table.indexes = {{{"other"}, false, ""}};
        made.schema.tables.push_back(table);
        made.rows.push_back({table.name, {{number(1), number(1)}, {number(2), number(1)}}, nullptr});
    }
    ASSERT_EQ(exitOf(request(made)), 0) << message_;
    EXPECT_TRUE(compare(made).ok());
    EXPECT_EQ(single("SELECT COUNT(*) FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE() "
                     "AND referenced_table_name LIKE 'part%'"),
              "45");
    EXPECT_EQ(tables().size(), 62u);
}

TEST_P(Mysql, AnErrorInOneOfManyTablesTakesAllBack) {
    Shop made;
    for (int i = 0; i < 60; ++i) {
        schema::Table table;
        table.name = "part_" + std::to_string(i);
        for (int at = 0; at < (i == 41 ? 1100 : 2); ++at) // more columns than InnoDB has
            table.columns.push_back(column("c" + std::to_string(at), {TypeKind::Integer}, "int"));
        table.primaryKey = table.orderBy = {"c0"};
        made.schema.tables.push_back(table);
    }
    EXPECT_NE(exitOf(request(made)), 0);
    EXPECT_TRUE(tables().empty());
}

TEST_P(Mysql, WhatAKilledLoadLeftIsClearedAway) {
    const pid_t child = fork();
    if (child == 0) {
        auto migration = load::Migration::open(request(shop()));
        const bool loaded = migration.ok() && (*migration)->load().ok();
        raise(loaded ? SIGKILL : SIGTERM);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    for (const std::string& table : tables())
        EXPECT_EQ(table.rfind("covet_stage_", 0), 0u) << table;
    EXPECT_EQ(exitOf(request(shop())), 0) << message_;
    EXPECT_TRUE(compare(shop()).ok()) << message_;
    EXPECT_EQ(tables().size(), 4u);
}

/// So many that they are not staged.
Shop manyTables() {
    Shop made;
    for (int i = 0; i < 60; ++i) {
        schema::Table table;
        table.name = "part_" + std::to_string(i);
        table.columns = {column("id", {TypeKind::Integer}, "int")};
        table.primaryKey = table.orderBy = {"id"};
        made.schema.tables.push_back(table);
        made.rows.push_back({table.name, {{number(1)}, {number(2)}}, nullptr});
    }
    return made;
}

/// What a process does that is killed after loading.
void loadAndDie(const load::Request& request) {
    const pid_t child = fork();
    if (child == 0) {
        auto migration = load::Migration::open(request);
        const bool loaded = migration.ok() && (*migration)->load().ok();
        raise(loaded ? SIGKILL : SIGTERM);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

TEST_P(Mysql, ManyTablesOfAKilledLoadAreClearedAway) {
    loadAndDie(request(manyTables()));
    EXPECT_EQ(tables().size(), 62u);
    EXPECT_EQ(single("SELECT COUNT(*) FROM covet_migrations WHERE step <> 'begin'"), "0");
    const auto connection = session();
    EXPECT_TRUE(load::history(*connection)->empty());
    EXPECT_EQ(exitOf(request(manyTables(), "run-2")), 0) << message_;
    EXPECT_TRUE(compare(manyTables()).ok());
    EXPECT_EQ(tables().size(), 62u);
    EXPECT_EQ(single("SELECT COUNT(*) FROM covet_migrations WHERE step <> 'create'"), "0");
    EXPECT_TRUE(load::undo(url_, "run-2").ok());
    EXPECT_TRUE(tables().empty());
}

TEST_P(Mysql, UndoingClearsManyTablesOfAKilledLoadAway) {
    loadAndDie(request(manyTables()));
    EXPECT_TRUE(load::undo(url_, "run-1").ok());
    EXPECT_TRUE(tables().empty());
}

TEST_P(Mysql, TablesOfOthersAreNoLeftoversWhateverTheirName) {
    run("CREATE TABLE covet_stage_mine (id int)");
    run("CREATE TABLE covet_stage_copy LIKE covet_stage_mine");
    loadAndDie(request(manyTables()));
    // Somebody clears up by hand and makes tables of the same names, one as a copy of one of ours.
    run("DROP TABLE part_3, part_4");
    run("CREATE TABLE part_3 LIKE part_5");
    run("CREATE TABLE part_4 (id int PRIMARY KEY) COMMENT 'mine'");
    run("INSERT INTO part_3 VALUES (7)");
    EXPECT_EQ(exitOf(request(manyTables(), "run-2")), 2) << message_;
    EXPECT_TRUE(load::undo(url_, "run-1").ok());
    EXPECT_EQ(tables(), (std::vector<std::string>{"covet_stage_copy", "covet_stage_mine", "part_3", "part_4"}));
    EXPECT_EQ(single("SELECT id FROM part_3"), "7");
}

TEST_P(Mysql, ALostConnectionIsNamed) {
    auto migration = load::Migration::open(request(shop()));
    ASSERT_TRUE(migration.ok());
    ASSERT_TRUE((*migration)->load().ok());
    const auto admin = session();
    std::string id;
    ASSERT_TRUE(
        admin
            ->query("SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND "
                    "id <> CONNECTION_ID()",
                    {},
                    [&](database::Row& row) {
                        id = row[0].text();
                        return true;
                    })
            .ok());
    ASSERT_TRUE(admin->execute("KILL " + id).ok());
    const auto report = (*migration)->verify();
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(database::exitStatus(report.error()), 5) << report.error().message;
    migration->reset();
    EXPECT_EQ(exitOf(request(shop())), 0) << message_;
}

TEST_P(Mysql, CancelStopsTheRunningStatement) {
    const auto connection = session();
    std::thread canceller([&] {
        usleep(300000);
        connection->cancel();
    });
    const Status slept = connection->execute("DO SLEEP(30) + (SELECT COUNT(*) FROM "
                                             "information_schema.columns a, "
                                             "information_schema.columns b, "
                                             "information_schema.columns c)");
    canceller.join();
    ASSERT_FALSE(slept.ok());
    EXPECT_EQ(slept.error().code, database::code::kCancelled) << slept.error().message;
    EXPECT_TRUE(connection->execute("DO 1").ok());
}

TEST_P(Mysql, WarningsAreErrors) {
    run("CREATE TABLE narrow (a varchar(3))");
    const auto connection = session();
    ASSERT_TRUE(connection->execute("SET SESSION sql_mode = ''").ok());
    const Status done = connection->execute("INSERT INTO narrow VALUES ('long text')");
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().code, database::code::kData);
}

INSTANTIATE_TEST_SUITE_P(Databases, Mysql, ::testing::Values(Dialect::Mysql), backendName);

} // namespace
} // namespace covet::test
