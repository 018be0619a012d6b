#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "backend.h"

namespace covet::test {
namespace {

using schema::Dialect;
using schema::TypeKind;

/// What only PostgreSQL has.
class Postgres : public BackendTest {
protected:
    int exitOf(const load::Request& wanted) {
        const auto outcome = load::migrate(wanted);
        if (outcome) return 0;
        message_ = outcome.error().message;
        return database::exitStatus(outcome.error());
    }
    /// The URL of a new user without rights.
    database::Url guest(const std::string& name) {
        run("CREATE ROLE " + name + " LOGIN PASSWORD 'gu/est@1'");
        database::Url url = url_;
        url.user = name;
        url.password = "gu/est@1";
        return url;
    }
    std::string message_;
};

TEST_P(Postgres, ALockInTheWayIsNamedAndNotWaitedForLong) {
    ASSERT_TRUE(load::migrate(request(shop())).ok());
    Shop made = shop();
    made.rows[0].rows.push_back({number(6), text("dee@example.org"), real(1), Value::null()});
    const auto other = session();
    ASSERT_TRUE(other->begin().ok());
    ASSERT_TRUE(other->execute("LOCK TABLE customers IN EXCLUSIVE MODE").ok());
    load::Request update = request(made, "run-2");
    update.onConflict = load::OnConflict::Skip;
    EXPECT_EQ(exitOf(update), 7) << message_;
    other->rollback();
    EXPECT_EQ(exitOf(update), 0) << message_;
}

TEST_P(Postgres, ALockThatGoesAwayIsWaitedFor) {
    ASSERT_TRUE(load::migrate(request(shop())).ok());
    Shop made = shop();
    made.rows[0].rows.push_back({number(6), text("dee@example.org"), real(1), Value::null()});
    const auto other = session();
    ASSERT_TRUE(other->begin().ok());
    ASSERT_TRUE(other->execute("LOCK TABLE customers IN EXCLUSIVE MODE").ok());
    std::thread owner([&] {
        usleep(1500000); // longer than one attempt
        other->rollback();
    });
    load::Request update = request(made, "run-2");
    update.onConflict = load::OnConflict::Skip;
    EXPECT_EQ(exitOf(update), 0) << message_;
    owner.join();
    EXPECT_EQ(single("SELECT count(*) FROM customers"), "4");
}

TEST_P(Postgres, MissingPrivilegesAreNamed) {
    load::Request made = request(shop());
    made.url = guest("guest1");
    EXPECT_EQ(exitOf(made), 2);
    EXPECT_NE(message_.find("may not create tables in the schema \"public\""), std::string::npos)
        << message_;
    run("DROP ROLE guest1");
}

TEST_P(Postgres, ReadOnlyUsersAreNamed) {
    load::Request made = request(shop());
    made.url = guest("guest2");
    run("GRANT CREATE ON SCHEMA public TO guest2");
    run("ALTER ROLE guest2 SET default_transaction_read_only = on");
    EXPECT_EQ(exitOf(made), 2);
    EXPECT_NE(message_.find("read-only"), std::string::npos) << message_;
    run("REVOKE CREATE ON SCHEMA public FROM guest2");
    run("DROP ROLE guest2");
}

TEST_P(Postgres, LimitsForApplicationsDoNotCount) {
    // None so small that the session's first statements would be hit.
    const std::vector<std::string> names = {"statement_timeout", "idle_session_timeout", "idle_in_transaction_session_timeout"};
    for (const std::string& name : names)
        run("ALTER DATABASE " + quoted(url_.database) + " SET " + name + " = '10min'");
    run("ALTER DATABASE " + quoted(url_.database) + " SET default_transaction_isolation = 'serializable'");
    for (const std::string& name : names)
        EXPECT_EQ(single("SHOW " + name), "0") << name;
    EXPECT_EQ(single("SHOW transaction_isolation"), "read committed");
}

TEST_P(Postgres, HiddenRowsAreNamed) {
    Shop made = shop();
    ASSERT_EQ(exitOf(request(made)), 0) << message_;
    load::Request skip = request(made, "run-2");
    skip.url = guest("guest3");
    skip.onConflict = load::OnConflict::Skip;
    run("GRANT CREATE ON SCHEMA public TO guest3");
    run("GRANT ALL ON ALL TABLES IN SCHEMA public TO guest3");
    run("ALTER TABLE customers ENABLE ROW LEVEL SECURITY");
    run("CREATE POLICY one_row ON customers USING (id = 1)");
    EXPECT_EQ(exitOf(skip), 2) << message_;
    EXPECT_NE(message_.find("row-level security"), std::string::npos) << message_;
    run("DROP OWNED BY guest3");
    run("DROP ROLE guest3");
}

TEST_P(Postgres, OtherEncodingsAreNamed) {
    const auto admin = session();
    ASSERT_TRUE(admin
                    ->execute("CREATE DATABASE covet_latin ENCODING 'LATIN1' TEMPLATE template0 "
                              "LC_COLLATE 'C' LC_CTYPE 'C'")
                    .ok());
    load::Request made = request(shop());
    made.url.database = "covet_latin";
    EXPECT_EQ(exitOf(made), 2);
    EXPECT_NE(message_.find("LATIN1"), std::string::npos) << message_;
    EXPECT_TRUE(admin->execute("DROP DATABASE covet_latin").ok());
}

TEST_P(Postgres, PasswordsAreNotShown) {
    load::Request made = request(shop());
    made.url.password = "s3cr3t/wrong";
    EXPECT_EQ(exitOf(made), 5);
    EXPECT_EQ(message_.find("s3cr3t"), std::string::npos) << message_;
    made.url = url_;
    made.url.port = 1;
    EXPECT_EQ(exitOf(made), 5);
    EXPECT_EQ(message_.find(*url_.password), std::string::npos) << message_;
}

TEST_P(Postgres, PasswordsComeFromTheEnvironmentToo) {
    load::Request made = request(shop());
    ASSERT_EQ(setenv("PGPASSWORD", url_.password->c_str(), 1), 0);
    made.url.password.reset();
    EXPECT_EQ(exitOf(made), 0) << message_;
    unsetenv("PGPASSWORD");
}

TEST_P(Postgres, PasswordsComeFromThePasswordFileToo) {
    const std::string file = folder_ + "/pgpass";
    std::ofstream(file) << "# comment\ndb.invalid:*:*:*:other\n127.0.0.1:" << url_.port << ":*:" << url_.user << ":"
                        << *url_.password << "\n";
    ASSERT_EQ(chmod(file.c_str(), 0600), 0);
    setenv("PGPASSFILE", file.c_str(), 1);
    load::Request made = request(shop());
    made.url.password.reset();
    EXPECT_EQ(exitOf(made), 0) << message_;
    EXPECT_TRUE(compare(shop()).ok());
    // A file that others may read is not used, and what it says is not shown.
    ASSERT_EQ(chmod(file.c_str(), 0644), 0);
    made = request(shop(), "again");
    made.url.password.reset();
    EXPECT_EQ(exitOf(made), 5);
    EXPECT_EQ(message_.find(*url_.password), std::string::npos) << message_;
    unsetenv("PGPASSFILE");
}

TEST_P(Postgres, ServicesAreKnown) {
    const std::string file = folder_ + "/services.conf";
    std::ofstream(file) << "[shop]\nhost=127.0.0.1\nport=" << url_.port << "\nuser=" << url_.user
                        << "\npassword=" << *url_.password << "\ndbname=" << url_.database
                        << "\n[far]\nhost=db.invalid\ndbname=shop\n";
    setenv("PGSERVICEFILE", file.c_str(), 1);
    load::Request made = request(shop());
    made.url = *database::parseUrl("postgresql:///?service=shop");
    EXPECT_EQ(exitOf(made), 0) << message_;
    EXPECT_TRUE(compare(shop()).ok());
    const auto far = database::connect(*database::parseUrl("postgresql:///?service=far"));
    ASSERT_FALSE(far.ok());
    EXPECT_NE(far.error().hint.find("verified TLS"), std::string::npos) << far.error().hint;
    unsetenv("PGSERVICEFILE");
}

TEST_P(Postgres, AKilledLoadLeavesNothing) {
    const pid_t child = fork();
    if (child == 0) {
        auto migration = load::Migration::open(request(shop()));
        const bool loaded = migration.ok() && (*migration)->load().ok();
        raise(loaded ? SIGKILL : SIGTERM);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    for (int i = 0; i < 50 && exitOf(request(shop())) == 7; ++i)
        usleep(100000); // the server notices within a second
    EXPECT_TRUE(compare(shop()).ok()) << message_;
}

TEST_P(Postgres, ALostConnectionLeavesNothing) {
    auto migration = load::Migration::open(request(shop()));
    ASSERT_TRUE(migration.ok());
    ASSERT_TRUE((*migration)->load().ok());
    run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "
        "datname = current_database() AND application_name = 'covetpy-migrate'");
    const auto report = (*migration)->verify();
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(database::exitStatus(report.error()), 5) << report.error().message;
    migration->reset();
    EXPECT_TRUE(tables().empty());
    EXPECT_EQ(exitOf(request(shop())), 0) << message_;
}

TEST_P(Postgres, CancelStopsTheRunningStatement) {
    const auto connection = session();
    std::thread canceller([&] {
        usleep(300000);
        connection->cancel();
    });
    const Status slept = connection->execute("SELECT pg_sleep(30)");
    canceller.join();
    ASSERT_FALSE(slept.ok());
    EXPECT_EQ(slept.error().code, database::code::kCancelled);
    EXPECT_TRUE(connection->execute("SELECT 1").ok());
}

TEST_P(Postgres, TheSearchPathDecidesWhere) {
    run("CREATE SCHEMA shop");
    load::Request made = request(shop());
    made.url.options.emplace_back("options", "-csearch_path=shop");
    EXPECT_EQ(exitOf(made), 0) << message_;
    EXPECT_TRUE(tables().empty()); // of public
    EXPECT_EQ(single("SELECT count(*) FROM shop.orders"), "3");
    EXPECT_TRUE(load::undo(made.url, "run-1").ok());
    EXPECT_EQ(single("SELECT count(*) FROM pg_class WHERE relnamespace = 'shop'::regnamespace"),
              "0");
}

TEST_P(Postgres, AViewKeepsATableFromBeingDropped) {
    ASSERT_EQ(exitOf(request(shop())), 0);
    run("CREATE VIEW rich AS SELECT * FROM customers WHERE balance > 1");
    const auto undone = load::undo(url_, "run-1");
    ASSERT_FALSE(undone.ok());
    EXPECT_EQ(undone.error().code, database::code::kConflict) << undone.error().message;
    EXPECT_EQ(single("SELECT count(*) FROM orders"), "3");
    EXPECT_EQ(single("SELECT count(*) FROM rich"), "2");
}

TEST_P(Postgres, ReferencesInARingAreLoaded) {
    Shop made = shop();
    made.schema.tables[0].columns.push_back(
        column("last_order", {TypeKind::Varchar, 20}, "str", true));
    made.schema.tables[0].foreignKeys = {{{"last_order"}, "orders", {"code"}, true, ""}};
    for (auto& row : made.rows[0].rows)
        row.push_back(text("a-2"));
    EXPECT_EQ(exitOf(request(made)), 0) << message_;
    EXPECT_TRUE(compare(made).ok());
    EXPECT_TRUE(load::undo(url_, "run-1").ok());
    EXPECT_TRUE(tables().empty());
}

TEST_P(Postgres, ServersThatAreElsewhereNeedVerifiedTls) {
    database::Url remote = url_;
    remote.host = "localhost.localdomain.invalid";
    const auto opened = database::connect(remote);
    ASSERT_FALSE(opened.ok());
    EXPECT_NE(opened.error().hint.find("sslmode"), std::string::npos) << opened.error().hint;
}

TEST_P(Postgres, ManyRowsAreReadAsTheSameValuesAsFew) {
    const std::string select =
        "SELECT true AS a, NULL::int AS b, (-32768)::int2 AS c, (-2147483648)::int4 AS d, "
        "(-9223372036854775807 - 1)::int8 AS e, 'caf\xC3\xA9 \xF0\x9F\x98\x80'::text AS f, ''::varchar AS g, 'x'::char(3) AS h, "
        "'{\"b\": 1, \"a\":2}'::json AS i, '\\x00ff10'::bytea AS j, gen_random_uuid() AS k, 'n'::name AS l "
        "UNION ALL SELECT false, 1, 32767, 2147483647, 9223372036854775807, repeat('y', 100000), 'v', 'xyz', "
        "'[]', '', '00000000-0000-0000-0000-0000000000ab', 'm'";
    const std::string numbers =
        "SELECT n::numeric AS a, f::float8 AS b FROM (VALUES ('0', '0'), ('-0.00', '-0'), ('1.50', '0.1'), "
        "('12345678901234567890.000012', '1e22'), ('0.00000001', '5e-324'), ('-10000', 'NaN'), ('1e30', 'Infinity'), "
        "('NaN', '-Infinity'), ('99999999.9999', '1.7976931348623157e308'), ('0.00012345', '123456789.125')) AS v(n, f)";
    const std::string moments =
        "SELECT d::date AS a, t::time AS b, m::timestamp AS c, m::timestamptz AS d FROM (VALUES "
        "('2024-02-29', '00:00', '2024-02-29 23:59:59.999999'), ('0001-01-01', '24:00', '0001-01-01 00:00:00'), "
        "('9999-12-31', '23:59:59.5', '9999-12-31 23:59:59.5'), ('infinity', '01:02:03', 'infinity'), "
        "('-infinity', '01:02:03.000001', '-infinity'), ('0044-03-15 BC', '1:1', '0044-03-15 01:02:03.25 BC'), "
        "('12024-01-01', '1:1', '12024-01-01 01:02:03'), ('1999-12-31', '1:1', '1999-12-31 23:59:59.000007'), "
        "(NULL, NULL, NULL)) AS v(d, t, m)";
    const std::string others = "SELECT 0.1::float4 AS a, ARRAY[1, 2] AS b, '1 day'::interval AS c"; // no COPY for them
    const auto open = session();
    run("CREATE TABLE many AS " + select);
    run("CREATE TABLE numbers AS " + numbers);
    run("CREATE TABLE moments AS " + moments);
    run("CREATE TABLE others AS " + others);
    for (const char* name : {"many", "numbers", "moments", "others"}) {
        std::vector<database::Row> few, many;
        const std::string sql = std::string("SELECT * FROM ") + name;
        const auto into = [](std::vector<database::Row>& rows) {
            return [&rows](database::Row& row) {
                rows.push_back(row);
                return true;
            };
        };
        ASSERT_TRUE(open->query(sql, {}, into(few)).ok()) << name;
        ASSERT_TRUE(open->queryMany(sql, 1000000, into(many)).ok()) << name;
        ASSERT_FALSE(few.empty());
        ASSERT_EQ(few.size(), many.size()) << name;
        for (size_t i = 0; i < few.size(); ++i)
            for (size_t k = 0; k < few[i].size(); ++k)
                EXPECT_TRUE(few[i][k].identical(many[i][k]))
                    << name << " row " << i << " column " << k << ": " << toPython(few[i][k]) << " and "
                    << toPython(many[i][k]);
    }
    uint64_t seen = 0;
    EXPECT_TRUE(open->queryMany("SELECT i FROM generate_series(1, 50000) AS i", 50000, [&](database::Row&) {
                        return ++seen < 3;
                    }).ok());
    EXPECT_EQ(seen, 3u);
    EXPECT_FALSE(open->queryMany("SELECT 1 / (i - 400) FROM generate_series(1, 50000) AS i", 50000,
                                 [](database::Row&) { return true; }).ok());
    EXPECT_FALSE(open->queryMany("SELECT nothing", 50000, [](database::Row&) { return true; }).ok());
    EXPECT_EQ(open->single("SELECT 5")->text(), "5"); // the session still answers
}

/// Many tables, whose statements go to the server together.
Shop manyTables(int count) {
    Shop made;
    for (int i = 0; i < count; ++i) {
        schema::Table table;
        table.name = "many_" + std::to_string(i);
        schema::Column id;
        id.name = id.attribute = id.field = "id";
        id.type = {TypeKind::Integer};
        id.pythonType = "int";
        schema::Column name = id;
        name.name = name.attribute = name.field = "name";
        name.type = {TypeKind::Text};
        name.pythonType = "str";
        table.columns = {id, name};
        table.primaryKey = table.orderBy = {"id"};
        made.schema.tables.push_back(table);
        schema::TableRows rows;
        rows.table = table.name;
        for (int row = 0; row <= i % 4; ++row)
            rows.rows.push_back({number(row), text("row " + std::to_string(row) + " of " + table.name)});
        made.rows.push_back(std::move(rows));
    }
    return made;
}

TEST_P(Postgres, StatementsThatGoTogetherFailAsAlone) {
    Shop made = manyTables(230);
    made.rows[217].rows.push_back({number(0), text("again")}); // the key that is there
    EXPECT_NE(exitOf(request(made)), 0);
    EXPECT_NE(message_.find("many_217"), std::string::npos) << message_;
    run("CREATE TYPE many_205 AS (a int)"); // takes the name that the table's row type wants
    EXPECT_NE(exitOf(request(manyTables(230))), 0);
    EXPECT_NE(message_.find("many_205"), std::string::npos) << message_;
    const auto left = session()->tables();
    ASSERT_TRUE(left.ok());
    EXPECT_TRUE(left->empty());
    run("DROP TYPE many_205");
    const auto outcome = load::migrate(request(manyTables(230)));
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    EXPECT_EQ(outcome->verification.tables.size(), 231u);
}

TEST_P(Postgres, QueriesThatGoTogetherKeepTheirRowsApart) {
    const auto connection = session();
    std::vector<database::Select> selects;
    for (int i = 0; i < 250; ++i) // one with many rows, and some without any
        selects.push_back({"SELECT " + std::to_string(i) + " FROM generate_series(1, " + std::to_string(i == 120 ? 3000 : i % 3) + ")",
                           i == 120 ? 3000u : static_cast<unsigned>(i % 3)});
    std::vector<int> found(selects.size());
    const auto count = [&](size_t at, database::Row& row) { found[at] += row[0].text() == std::to_string(at); };
    ASSERT_TRUE(connection->queryEach(selects, count).ok());
    for (int i = 0; i < 250; ++i)
        EXPECT_EQ(found[static_cast<size_t>(i)], i == 120 ? 3000 : i % 3) << i;
    selects[40].sql = "SELECT missing_column FROM pg_class";
    const Status failed = connection->queryEach(selects, count);
    ASSERT_FALSE(failed.ok());
    EXPECT_NE(failed.error().message.find("missing_column"), std::string::npos);
    EXPECT_TRUE(connection->single("SELECT 1").ok());
}

INSTANTIATE_TEST_SUITE_P(Databases, Postgres, ::testing::Values(Dialect::Postgres), backendName);

} // namespace
} // namespace covet::test
