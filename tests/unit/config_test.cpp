#include <gtest/gtest.h>

#include "emit/config.h"
#include "emit/manifest.h"

namespace covet::emit {
namespace {

std::string configOf(const std::string& existing, const std::string& url) {
    return *configText(existing, catalog::defaultTarget(), url);
}

TEST(Config, PasswordsAreLeftOut) {
    EXPECT_EQ(withoutPassword("postgresql://app:s3cret@db:5432/shop").url, "postgresql://app@db:5432/shop");
    EXPECT_EQ(withoutPassword("postgresql://app:p@ss@db/shop").url, "postgresql://app@db/shop");
    EXPECT_EQ(withoutPassword("postgresql://db/shop?user=a&password=x&ssl=1").url, "postgresql://db/shop?user=a&ssl=1");
    EXPECT_FALSE(withoutPassword("sqlite:////data/a:b@c.db").passwordLeftOut);
    EXPECT_FALSE(withoutPassword("postgresql://app@db:5432/shop").passwordLeftOut);
    EXPECT_EQ(configOf("", "mysql://u:pw@h/d").find("pw"), std::string::npos);
}

TEST(Config, KeysThatAreThereAreKept) {
    const std::string before = "{\n    \"cache\": {\"ttl\": 5},\n    \"database\": {\"url\": \"sqlite:///a.db\", \"echo\": true}\n}";
    EXPECT_EQ(configOf(before, "sqlite:///b.db"),
              "{\n    \"cache\": {\n        \"ttl\": 5\n    },\n    \"database\": {\n"
              "        \"url\": \"sqlite:///b.db\",\n        \"echo\": true,\n        \"pool_size\": 20,\n"
              "        \"max_overflow\": 30\n    },\n    \"version\": 1\n}");
}

TEST(Config, SecondRunChangesNothing) {
    const std::string first = configOf("", "sqlite:///shop.db");
    EXPECT_EQ(configOf(first, "sqlite:///shop.db"), first);
    EXPECT_EQ(configOf(first, ""), first);
}

TEST(Config, SomethingElseIsRefused) {
    EXPECT_FALSE(configText("[1, 2]", catalog::defaultTarget(), ""));
    EXPECT_FALSE(configText("{\"a\": ", catalog::defaultTarget(), ""));
    EXPECT_FALSE(configText("{\"database\": \"sqlite\"}", catalog::defaultTarget(), ""));
}

TEST(Manifest, RoutesOfEarlierRunsStay) {
    facts::Route route{{"app.py", 3}, "GET", "/a", "index", "covetpy-0.1", true};
    const std::string first = manifestText("", {route});
    route.path = "/b";
    const std::string both = manifestText(first, {route});
    EXPECT_NE(both.find("\"/a\""), std::string::npos);
    EXPECT_NE(both.find("\"/b\""), std::string::npos);
    EXPECT_EQ(manifestText(both, {route}).size(), both.size());
}

} // namespace
} // namespace covet::emit
