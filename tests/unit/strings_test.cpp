#include "support/strings.h"

#include <gtest/gtest.h>

using namespace covet;

TEST(Strings, SplitKeepsEmptyParts) {
    EXPECT_EQ(split(",a,,b,", ','), (std::vector<std::string>{"", "a", "", "b", ""}));
    EXPECT_EQ(split("", ','), (std::vector<std::string>{""}));
    EXPECT_EQ(join({"a", "b"}, ", "), "a, b");
}

TEST(Strings, ReplaceAllDoesNotRescan) {
    EXPECT_EQ(replaceAll("aaa", "a", "aa"), "aaaaaa");
    EXPECT_EQ(replaceAll("\r\n\n", "\r\n", "\n"), "\n\n");
    EXPECT_EQ(replaceAll("x", "", "y"), "x");
}

TEST(Strings, CaseConversions) {
    EXPECT_EQ(snakeCase("orderItems"), "order_items");
    EXPECT_EQ(snakeCase("HTTPServer"), "http_server");
    EXPECT_EQ(snakeCase("order-items"), "order_items");
    EXPECT_EQ(upperCamel("order_items"), "OrderItems");
    EXPECT_EQ(upperCamel("usersDB"), "UsersDB");
}

TEST(Strings, NumberOfNouns) {
    const std::pair<const char*, const char*> words[] = {
        {"product", "products"}, {"category", "categories"}, {"box", "boxes"}, {"person", "people"},
        {"order_item", "order_items"}, {"status", "statuses"}, {"class", "classes"},
        {"house", "houses"}, {"day", "days"}, {"cause", "causes"}, {"bus", "buses"},
        {"address", "addresses"}, {"news", "news"}, {"batch", "batches"}};
    for (auto [one, many] : words) {
        EXPECT_EQ(plural(one), many);
        EXPECT_EQ(singular(many), one);
    }
    EXPECT_EQ(singular("status"), "status");
    EXPECT_EQ(singular("address"), "address");
    EXPECT_EQ(plural("inventory"), "inventories");
}

TEST(Strings, PythonQuoting) {
    EXPECT_EQ(pythonQuote("a\"\\\n\x01\xC3\xA9"), "\"a\\\"\\\\\\n\\x01\xC3\xA9\"");
    EXPECT_TRUE(isPythonIdentifier("_a1"));
    EXPECT_FALSE(isPythonIdentifier("1a"));
    EXPECT_FALSE(isPythonIdentifier("a-b"));
    EXPECT_FALSE(isPythonIdentifier(""));
    EXPECT_TRUE(isPythonKeyword("lambda"));
    EXPECT_FALSE(isPythonKeyword("match"));
}
