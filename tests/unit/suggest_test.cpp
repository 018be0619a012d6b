#include <gtest/gtest.h>

#include "support/suggest.h"

using covet::closest;

TEST(Suggest, FindsWhatWasMeant) {
    const std::vector<std::string> commands = {"analyze", "run", "code", "rollback", "rules"};
    EXPECT_EQ(closest("analyse", commands), "analyze");
    EXPECT_EQ(closest("rolback", commands), "rollback");
    EXPECT_EQ(closest("rlues", commands), "rules");
    EXPECT_EQ(closest("roll", commands), "rollback");
}

TEST(Suggest, StaysSilentWhenNothingIsNear) {
    EXPECT_EQ(closest("xyzzy", {"analyze", "run"}), "");
    EXPECT_EQ(closest("", {"analyze", "run"}), "");
    EXPECT_EQ(closest(std::string(1000, 'a'), {"analyze"}), "");
}
