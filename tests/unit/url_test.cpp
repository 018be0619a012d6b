#include "database/url.h"

#include <gtest/gtest.h>

#include "database/errors.h"

namespace covet::database {
namespace {

using schema::Dialect;

TEST(Url, SqlitePathsKeepTheirMeaning) {
    EXPECT_EQ(parseUrl("sqlite:///shop.db")->database, "shop.db");
    EXPECT_EQ(parseUrl("sqlite:////var/lib/shop.db")->database, "/var/lib/shop.db");
    EXPECT_EQ(parseUrl("sqlite+aiosqlite:///data/shop.db?timeout=5")->database, "data/shop.db");
    EXPECT_TRUE(parseUrl("sqlite://")->isMemory());
    EXPECT_TRUE(parseUrl("sqlite:///:memory:")->isMemory());
    EXPECT_EQ(parseUrl("sqlite:///a%20b@c.db")->database, "a%20b@c.db");
    EXPECT_FALSE(parseUrl("sqlite://shop.db").ok());
}

TEST(Url, RelativeSqlitePathsAreInsideTheProject) {
    EXPECT_EQ(parseUrl("sqlite:///db/../shop.db")->within("/srv/app").database, "/srv/app/shop.db");
    EXPECT_EQ(parseUrl("sqlite:////shop.db")->within("/srv/app").database, "/shop.db");
    EXPECT_EQ(parseUrl("mysql://h/shop")->within("/srv/app").database, "shop");
}

TEST(Url, OptionsMayHaveDashes) {
    const auto url = parseUrl("mysql://root:p?q-r@h/shop?ssl-mode=required&charset=utf8mb4");
    ASSERT_TRUE(url.ok());
    EXPECT_EQ(url->database, "shop");
    EXPECT_EQ(*url->password, "p?q-r");
    ASSERT_NE(url->option("ssl-mode"), nullptr);
    EXPECT_EQ(*url->option("ssl-mode"), "required");
}

TEST(Url, ServerPartsAreDecoded) {
    const auto url = parseUrl(
        "postgresql+asyncpg://us%40er:p%3A%2F%23w@db.example:5433/shop%20x?sslmode=require");
    ASSERT_TRUE(url.ok());
    EXPECT_EQ(url->dialect, Dialect::Postgres);
    EXPECT_EQ(url->driver, "asyncpg");
    EXPECT_EQ(url->user, "us@er");
    EXPECT_EQ(*url->password, "p:/#w");
    EXPECT_EQ(url->host, "db.example");
    EXPECT_EQ(url->port, 5433u);
    EXPECT_EQ(url->database, "shop x");
    EXPECT_EQ(*url->option("sslmode"), "require");
    EXPECT_EQ(url->neutral(),
              "postgresql://us%40er:p%3A%2F%23w@db.example:5433/shop%20x?sslmode=require");
}

TEST(Url, RawSpecialCharactersInPasswordsAreTolerated) {
    const auto url = parseUrl("mysql://root:p@ss/w?rd@127.0.0.1:3307/shop");
    ASSERT_TRUE(url.ok());
    EXPECT_EQ(*url->password, "p@ss/w?rd");
    EXPECT_EQ(url->host, "127.0.0.1");
    EXPECT_EQ(url->port, 3307u);
}

TEST(Url, AliasesAndHosts) {
    EXPECT_EQ(parseUrl("postgres://h/d")->dialect, Dialect::Postgres);
    EXPECT_EQ(parseUrl("MariaDB+pymysql://h/d")->dialect, Dialect::Mysql);
    EXPECT_EQ(parseUrl("postgresql://u@[::1]:5432/d")->host, "::1");
    EXPECT_TRUE(parseUrl("postgresql:///d?host=/run/postgresql")->isLocal());
    EXPECT_TRUE(parseUrl("postgresql://127.0.0.1/d")->isLocal());
    EXPECT_FALSE(parseUrl("postgresql://db.example/d")->isLocal());
    EXPECT_FALSE(parseUrl("postgresql://h/d?host=db.example")->isLocal());
    EXPECT_FALSE(parseUrl("postgresql://127.0.0.1,db.example/d")->isLocal());
    EXPECT_FALSE(parseUrl("postgresql://localhost/d?hostaddr=10.0.0.7")->isLocal());
    EXPECT_TRUE(parseUrl("postgresql://localhost,127.0.0.1/d")->isLocal());
    EXPECT_TRUE(parseUrl("postgresql:///?service=shop").ok());
    EXPECT_FALSE(parseUrl("mysql:///?service=shop").ok());
}

TEST(Url, SecretsAreNeverShown) {
    for (const char* text :
         {"postgresql://u:s3cret@h/d", "mysql://u:s%33cret@h/d", "postgresql://h/d?password=s3cret",
          "postgresql://u:s3cret@h/d?sslpassword=s3cret"}) {
        const auto url = parseUrl(text);
        ASSERT_TRUE(url.ok()) << text;
        EXPECT_EQ(url->redacted().find("s3cret"), std::string::npos) << url->redacted();
        EXPECT_EQ(withoutSecrets("auth failed for s3cret", *url), "auth failed for ***");
    }
    for (const char* text :
         {"oracle://u:s3cret@h/d", "u:s3cret@h", "postgresql://u:s3cret@h:port/d",
          "postgresql://u:s3cret@h", "postgresql://u:s3cret@h:99999/d"}) {
        const auto url = parseUrl(text);
        ASSERT_FALSE(url.ok()) << text;
        EXPECT_EQ(url.error().message.find("s3cret"), std::string::npos);
        EXPECT_EQ(exitStatus(url.error()), 1);
    }
}

TEST(Url, ShortSecretsAreHiddenOnlyWhereUrlsHaveThem) {
    const Result<Url> url = parseUrl("postgresql://ann:a@db/shop?sslpassword=b%26");
    ASSERT_TRUE(url.ok());
    EXPECT_EQ(withoutSecrets("a table has a column a", *url), "a table has a column a");
    EXPECT_EQ(withoutSecrets("at postgresql://ann:a@db/a: no", *url), "at postgresql://ann:***@db/a: no");
    EXPECT_EQ(withoutSecrets("password=a host=b", *url), "password=*** host=b");
    EXPECT_EQ(withoutSecrets("?sslpassword=b%26&x=1", *url), "?sslpassword=***&x=1");
    EXPECT_EQ(withoutSecrets("a=ab=a", *url), "a=ab=***");
}

} // namespace
} // namespace covet::database
