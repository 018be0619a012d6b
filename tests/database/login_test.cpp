#include "backend.h"

namespace covet::test {
namespace {

using schema::Dialect;

/// Servers that let nobody in.
class Logins : public BackendTest {
protected:
    static void expect(const database::Url& url, const char* code, const char* words) {
        const auto opened = database::connect(url);
        const std::string said = opened ? std::string("let in") : opened.error().code + ": " + opened.error().message + " = " + opened.error().hint;
        EXPECT_EQ(said.rfind(std::string(code) + ": ", 0), 0u) << said;
        EXPECT_NE(said.find(words), std::string::npos) << said;
        EXPECT_EQ(said.find("LOCATION"), std::string::npos) << said;
    }
    bool isMysql() const { return GetParam() == Dialect::Mysql; }
};

TEST_P(Logins, WhatRefusesThemIsNamedAtOnce) {
    database::Url url = url_;
    url.password = "another one";
    expect(url, database::code::kLogin, "the server refuses the login");
    url.password.reset();
    expect(url, database::code::kLogin, isMysql() ? "MYSQL_PWD" : "PGPASSWORD");
    url = url_;
    url.database = "no_such_database";
    expect(url, database::code::kLogin, "there is no such database");
    url = url_;
    url.host = "no.such.host.invalid";
    expect(url, database::code::kLogin, "the host is not known");
    url = url_;
    url.port = 1;
    expect(url, database::code::kConnection, "cannot connect");
}

TEST_P(Logins, AreRefusedWithoutTheEncryptionThatWasAskedFor) {
    // The servers of the tests have none.
    for (const char* mode : {isMysql() ? "required" : "require", "verify-full"}) {
        database::Url url = url_;
        url.options.emplace_back(isMysql() ? "ssl-mode" : "sslmode", mode);
        expect(url, database::code::kLogin, "TLS that was asked for");
    }
}

/// A role of PostgreSQL can have a limit of its own.
class LimitedLogins : public Logins {};

TEST_P(LimitedLogins, NoConnectionThatIsLeftIsNamed) {
    run("CREATE ROLE covet_crowded LOGIN PASSWORD 'crowd' CONNECTION LIMIT 0");
    database::Url url = url_;
    url.user = "covet_crowded";
    url.password = "crowd";
    expect(url, database::code::kConnection, "no connection left");
    run("DROP ROLE covet_crowded");
}

INSTANTIATE_TEST_SUITE_P(Databases, Logins, ::testing::Values(Dialect::Postgres, Dialect::Mysql), backendName);
INSTANTIATE_TEST_SUITE_P(Databases, LimitedLogins, ::testing::Values(Dialect::Postgres), backendName);

} // namespace
} // namespace covet::test
