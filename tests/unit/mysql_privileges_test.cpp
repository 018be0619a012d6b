#include "database/mysql_privileges.h"

#include <gtest/gtest.h>

#include "support/strings.h"

namespace covet::database {
namespace {

std::string missing(const std::vector<std::string>& grants, const std::string& database = "shop_1") {
    return join(missingPrivileges(grants, database, {"SELECT", "CREATE", "DROP"}), " ");
}

TEST(MysqlPrivileges, OfTheServerAndOfTheDatabaseCountTogether) {
    EXPECT_EQ(missing({"GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION"}), "");
    EXPECT_EQ(missing({"GRANT USAGE ON *.* TO `a`@`%`", "GRANT ALL PRIVILEGES ON `shop_1`.* TO `a`@`%`"}), "");
    EXPECT_EQ(missing({"GRANT SELECT ON *.* TO `a`@`%`", "GRANT CREATE, INSERT ON `shop_1`.* TO `a`@`%`"}), "DROP");
    EXPECT_EQ(missing({"GRANT USAGE ON *.* TO `a`@`%` IDENTIFIED BY PASSWORD '*1'"}), "SELECT CREATE DROP");
    EXPECT_EQ(missing({"GRANT ALL PRIVILEGES ON `other`.* TO `a`@`%`"}), "SELECT CREATE DROP");
}

TEST(MysqlPrivileges, NamesOfDatabasesArePatterns) {
    EXPECT_EQ(missing({"GRANT SELECT, CREATE, DROP ON `shop%`.* TO `a`@`%`"}), "");
    EXPECT_EQ(missing({"GRANT SELECT, CREATE, DROP ON `shop\\_1`.* TO `a`@`%`"}), "");
    EXPECT_EQ(missing({"GRANT SELECT, CREATE, DROP ON `shop\\_1`.* TO `a`@`%`"}, "shopX1"), "SELECT CREATE DROP");
    EXPECT_EQ(missing({"GRANT SELECT, CREATE, DROP ON `s__p_1`.* TO `a`@`%`"}), "");
    EXPECT_EQ(missing({"GRANT SELECT, CREATE, DROP ON `a``b`.* TO `a`@`%`"}, "a`b"), "");
}

TEST(MysqlPrivileges, WhatIsNotFollowedIsLeftToTheServer) {
    EXPECT_EQ(missing({"GRANT `writer` TO `a`@`%`", "GRANT USAGE ON *.* TO `a`@`%`"}), "");
    EXPECT_EQ(missing({"GRANT SELECT (`id`), INSERT ON `shop_1`.`users` TO `a`@`%`"}), "");
    EXPECT_EQ(missing({"anything else"}), "");
}

} // namespace
} // namespace covet::database
